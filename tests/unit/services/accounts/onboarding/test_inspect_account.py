"""A look names everything that is missing; READY is said once, and of the path that was read last."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.accounts.onboarding import CLAIM, DEADLINE, SLOW_AFTER
from strongroom.domain.accounts.readiness import Inspection
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Exemption
from strongroom.domain.regions import enabling
from strongroom.domain.tags.inventory.firsts import AGAIN
from strongroom.domain.tags.inventory.lists import LISTS
from strongroom.services.accounts.onboarding.inspect_account import LookState
from strongroom.services.accounts.reassess_accounts import reassess_accounts
from tests.builders.accounts import (
    IN_PRODUCTION,
    IN_SANDBOX,
    TIERS,
    a_complete_inspection,
    a_complete_region,
    an_effective_policy,
)
from tests.builders.places import HOME, MANAGEMENT, PRODUCTION, REPORTS
from tests.unit.services.accounts.surroundings import EMPTY, World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
WHOLE = a_complete_inspection()
FAR = Region("us-east-1")
ENABLING_HOME = enabling(HOME, REPORTS, opt_status="DISABLED", management=MANAGEMENT)
INVENTORY = f"first inventory in {HOME}"


@pytest.fixture
def claimed(world: World) -> World:
    """The execution `one` has the account."""
    world.place(NOW)
    world.claim("one", NOW)
    return world


def without_role(name: str) -> Inspection:
    """The account without one of the roles that are borrowed there."""
    return replace(WHOLE, role_arns=frozenset(arn for arn in WHOLE.role_arns if not arn.endswith(name)))


def in_region(**changed: object) -> Inspection:
    """The account with something else in its Region."""
    return replace(WHOLE, regions=(a_complete_region(**changed),))


WITHHELD: dict[str, Callable[[], Inspection]] = {
    "inspection role: cannot be assumed: AccessDenied": lambda: EMPTY,
    "role strongroom/strongroom-backup": lambda: without_role("backup"),
    "role strongroom/strongroom-tagging": lambda: without_role("tagging"),
    "role strongroom/strongroom-restore": lambda: without_role("restore"),
    "role strongroom/strongroom-restore-after": lambda: without_role("restore-after"),
    "role strongroom/strongroom-bucket-names": lambda: without_role("bucket-names"),
    "role strongroom/strongroom-copying": lambda: without_role("copying"),
    f"vault local-prod-vault in {HOME}": lambda: in_region(vaults={}),
    f"customer-managed key of vault local-prod-vault in {HOME}": lambda: in_region(vaults={"local-prod-vault": "AWS"}),
    f"enabled rule strongroom-forwarder in {HOME}": lambda: in_region(forwarder_enabled=False),
    f"Region {HOME}, which is DISABLED: {ENABLING_HOME}": lambda: in_region(opt_status="DISABLED"),
    f"AWS Backup opt-in for EFS in {HOME}": lambda: in_region(types_switched_off=("EFS",)),
    f"advanced DynamoDB backup (without it no copy leaves the account) in {HOME}": lambda: in_region(
        types_managed_in_part=("DynamoDB",)
    ),
}


@pytest.mark.parametrize("missing", WITHHELD)
def test_each_prerequisite_that_is_withheld_is_named_by_one_look_and_by_the_deadline(
    missing: str, claimed: World
) -> None:
    claimed.members.inspections[REPORTS] = WITHHELD[missing]()
    look = claimed.look("one", NOW)
    assert (look.state, look.missing) == (LookState.WAITING, (missing,))
    late = claimed.look("one", NOW + DEADLINE)
    assert (late.state, late.missing) == (LookState.LATE, (missing,))


@pytest.mark.parametrize("tier", TIERS)
def test_a_plan_that_does_not_reach_the_account_is_named_by_one_look(tier: str, claimed: World) -> None:
    claimed.organization.policy = an_effective_policy(*(each for each in TIERS if each != tier))
    look = claimed.look("one", NOW)
    assert look.state is LookState.WAITING
    [missing] = look.missing
    assert tier in missing


def test_a_policy_that_does_not_hold_is_named_though_the_last_one_has_every_plan(claimed: World) -> None:
    claimed.organization.invalid.add(REPORTS)
    look = claimed.look("one", NOW)
    said = "effective backup policy: it is not valid, and AWS keeps to the last one that was"
    assert (look.state, look.missing) == (LookState.WAITING, (said,))
    claimed.organization.invalid.clear()
    assert claimed.look("one", LATER).state is LookState.READY


def test_everything_that_is_missing_is_named_in_one_list(claimed: World) -> None:
    claimed.organization.policy = {}
    claimed.members.inspections[REPORTS] = in_region(vaults={}, forwarder_enabled=False)
    assert len(claimed.look("one", NOW).missing) == len(TIERS) + 2


def test_an_account_that_has_everything_is_ready_and_given_up(claimed: World) -> None:
    assert claimed.look("one", NOW).state is LookState.READY
    assert claimed.book.known[REPORTS].state is AccountState.READY
    found = claimed.onboardings.find(REPORTS)
    assert found is not None
    assert (found.claim, found.ended) == ("", "one")


def test_each_first_sign_is_named_by_one_look_and_by_the_deadline_once_every_piece_is_there(claimed: World) -> None:
    claimed.show_nothing()
    claimed.members.inspections[REPORTS] = in_region(forwarder_enabled=False)
    assert claimed.look("one", NOW).missing == (f"enabled rule strongroom-forwarder in {HOME}",), "a cause, no effects"
    claimed.members.inspections[REPORTS] = WHOLE
    first = claimed.look("one", NOW)
    assert first.state is LookState.WAITING
    assert first.missing == (*(f"heartbeat of the forwarder in {each}" for each in (HOME, FAR)), INVENTORY)
    late = claimed.look("one", NOW + DEADLINE)
    assert (late.state, late.missing) == (LookState.LATE, first.missing)


@pytest.mark.parametrize("region", [HOME, FAR])
def test_a_forwarder_that_is_not_heard_keeps_its_account_back_alone(region: Region, claimed: World) -> None:
    claimed.show_nothing()
    claimed.go_through()
    claimed.look("one", NOW)
    claimed.hear(at=NOW - timedelta(seconds=1))
    claimed.hear(*({HOME, FAR} - {region}), at=NOW)
    look = claimed.look("one", LATER)
    assert (look.state, look.missing) == (LookState.WAITING, (f"heartbeat of the forwarder in {region}",))
    claimed.hear(region, at=NOW)
    assert claimed.look("one", LATER).state is LookState.READY


def test_a_region_that_is_not_gone_through_keeps_its_account_back_and_says_by_what(claimed: World) -> None:
    claimed.show_nothing()
    claimed.hear()
    claimed.look("one", NOW)
    unread = {"fsx:DescribeVolumes": "fsx is busy"}
    claimed.go_through(at=NOW, left=("fsx:DescribeVolumes",), unread=unread, ended_at=None)
    said = f"{INVENTORY} (to be listed: fsx:DescribeVolumes; fsx:DescribeVolumes: fsx is busy)"
    for at, state in ((LATER, LookState.WAITING), (NOW + DEADLINE, LookState.LATE)):
        look = claimed.look("one", at)
        assert (look.state, look.missing) == (state, (said,))
    claimed.go_through(at=LATER, unread=unread)
    assert claimed.look("one", LATER).state is LookState.READY, "what stays refused is an alert of its own"


def test_where_nothing_could_be_listed_the_account_is_not_ready(claimed: World) -> None:
    claimed.show_nothing()
    claimed.hear()
    claimed.look("one", NOW)
    claimed.inventories.begin_owed([REPORTS])
    claimed.go_through(at=NOW, unread=dict.fromkeys(LISTS, "the tagging role cannot be assumed"))
    said = f"{INVENTORY} (nothing could be listed: the tagging role cannot be assumed)"
    assert (claimed.look("one", LATER).missing, claimed.inventories.owed()) == ((said,), ())
    claimed.look("one", NOW + AGAIN)
    assert claimed.inventories.owed() == (REPORTS,), "it is tried anew after a while"


def test_a_first_inventory_is_asked_for_as_soon_as_every_piece_is_there_and_once(claimed: World) -> None:
    claimed.show_nothing()
    claimed.members.inspections[REPORTS] = EMPTY
    claimed.look("one", NOW)
    assert claimed.inventories.owed() == ()
    claimed.members.inspections[REPORTS] = WHOLE
    claimed.look("one", LATER)
    assert claimed.inventories.owed() == (REPORTS,)
    claimed.inventories.begin_owed([REPORTS])
    claimed.go_through(at=LATER, left=("ec2:DescribeVolumes",), ended_at=None)
    claimed.look("one", LATER)
    assert claimed.inventories.owed() == (), "somebody goes through it"


def test_who_is_ready_and_moves_to_another_unit_is_gone_through_once_more(claimed: World) -> None:
    claimed.look("one", NOW)
    claimed.place(LATER)
    claimed.claim("two", LATER)
    assert claimed.look("two", LATER).state is LookState.READY
    assert claimed.inventories.owed() == (), "it stands where it stood"
    claimed.organization.memberships[REPORTS] = replace(IN_PRODUCTION, units=("ou-strg-below000", PRODUCTION))
    claimed.place(LATER)
    claimed.claim("three", LATER)
    assert claimed.look("three", LATER).state is LookState.READY
    assert claimed.inventories.owed() == (REPORTS,)


def test_who_is_ready_stays_so_when_its_forwarder_falls_silent_which_is_an_alert_of_its_own(claimed: World) -> None:
    claimed.look("one", NOW)
    claimed.show_nothing()
    claimed.claim("two", LATER)
    assert claimed.look("two", LATER).state is LookState.READY


def test_a_step_that_is_tried_again_after_its_end_says_the_same(claimed: World) -> None:
    assert [claimed.look("one", NOW).state for _ in range(2)] == [LookState.READY] * 2
    assert len(claimed.alerts.of(AccountAssessed)) == 1


def test_four_events_for_one_account_give_one_ready(world: World) -> None:
    for number, name in enumerate(("one", "two", "three", "four")):
        at = NOW + timedelta(seconds=number)
        world.place(at)
        world.claim(name, at)
    states = [world.look(name, LATER).state for name in ("two", "one", "four", "three")]
    assert states == [LookState.ENDED, LookState.READY, LookState.ENDED, LookState.ENDED]
    assert [fact.state for fact in world.alerts.of(AccountAssessed)] == ["READY"]


def test_events_that_come_after_one_another_say_ready_once_too(world: World) -> None:
    for name in ("one", "two", "three", "four"):
        world.place(NOW)
        world.claim(name, NOW)
        assert world.look(name, NOW).state is LookState.READY
    assert [fact.state for fact in world.alerts.of(AccountAssessed)] == ["READY"]


def test_a_move_during_a_look_has_it_looked_at_again(claimed: World) -> None:
    members = claimed.members
    inspect = members.inspect

    def inspect_and_move(account: str) -> Inspection:
        claimed.organization.memberships[REPORTS] = IN_SANDBOX
        claimed.place(LATER)
        return inspect(account)  # type: ignore[arg-type]

    members.inspect = inspect_and_move  # type: ignore[method-assign]
    assert claimed.look("one", NOW).state is LookState.AGAIN
    assert claimed.book.known == {}
    assert claimed.look("one", LATER).state is LookState.ENDED
    assert claimed.alerts.of(AccountAssessed) == []


def test_an_execution_whose_claim_ran_out_does_nothing(claimed: World) -> None:
    claimed.claim("two", NOW + CLAIM)
    assert claimed.look("one", NOW + CLAIM).state is LookState.ENDED
    assert claimed.book.known == {}


def test_whoever_nobody_read_is_not_looked_at(world: World) -> None:
    assert world.look("one", NOW).state is LookState.ENDED


def test_it_is_told_as_slow_after_half_an_hour_and_settled_when_it_is_ready(claimed: World) -> None:
    claimed.members.inspections[REPORTS] = EMPTY
    for after in (timedelta(), SLOW_AFTER - timedelta(seconds=1)):
        claimed.look("one", NOW + after)
    assert claimed.alerts.told == []
    claimed.look("one", NOW + SLOW_AFTER)
    [alert] = claimed.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.ACCOUNT_SLOW, REPORTS)
    claimed.members.inspections[REPORTS] = WHOLE
    claimed.look("one", NOW + SLOW_AFTER)
    assert claimed.alerts.settled == [alert]


def test_an_exempt_account_is_looked_at_and_nobody_is_told(claimed: World) -> None:
    until = (NOW + timedelta(days=1)).date()
    exemption = Exemption(account=REPORTS, until=until, reason="it is being closed", granted_by="sana")
    claimed.intent = replace(claimed.intent, exceptions=(exemption,))
    claimed.members.inspections[REPORTS] = EMPTY
    for after in (timedelta(), SLOW_AFTER):
        assert claimed.look("one", NOW + after).state is LookState.WAITING
    assert claimed.alerts.told == []


def test_the_scheduled_pass_takes_over_where_nobody_looks_any_more(claimed: World) -> None:
    claimed.members.inspections[REPORTS] = EMPTY
    claimed.look("one", NOW)
    assert reassess_accounts(needs=claimed.needs, now=NOW + CLAIM - timedelta(seconds=1)).not_ready == ()
    assert reassess_accounts(needs=claimed.needs, now=NOW + CLAIM).not_ready == (REPORTS,)
