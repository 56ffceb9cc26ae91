"""An account that has every piece is ready once each works: what was heard and gone through since it lacked one."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.identifiers import Region
from strongroom.domain.tags.inventory.firsts import AGAIN
from strongroom.domain.tags.inventory.lists import LISTS
from strongroom.domain.tags.inventory.runs import Mark, Place, Run
from strongroom.services.accounts.first_signs import look_for_signs
from tests.builders.places import HOME, PAYMENTS, REPORTS
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
BEFORE = NOW - timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
FAR = Region("eu-central-1")
VERDICT = AccountVerdict(account=REPORTS, state=AccountState.READY, reason="all is in place", unit="Production")
INVENTORY = f"first inventory in {HOME}"
BLIND = dict.fromkeys(LISTS, "the role cannot be assumed")


def look(world: World, *, now: datetime = NOW) -> AccountVerdict:
    return look_for_signs(VERDICT, since=NOW, needs=world.needs.signs, now=now)


@pytest.fixture
def heard(world: World) -> World:
    """The account is heard, and nobody has gone through it."""
    world.show_nothing()
    world.hear(at=NOW)
    return world


def test_what_was_heard_and_gone_through_is_ready_as_it_was_judged(heard: World) -> None:
    heard.go_through(at=NOW)
    assert look(heard) is VERDICT


def test_what_shows_nothing_awaits_every_sign_and_is_owed_an_inventory(world: World) -> None:
    world.show_nothing()
    verdict = look(world)
    assert (verdict.state, verdict.awaits_signs, verdict.is_owed) == (AccountState.NOT_READY, True, True)
    assert verdict.missing[-1] == INVENTORY
    assert verdict.reason == f"3 missing: {'; '.join(verdict.missing)}"


def test_an_exempt_account_says_so_before_what_it_awaits(heard: World) -> None:
    exempt = replace(VERDICT, exemption="exempt until 2026-09-02")
    verdict = look_for_signs(exempt, since=NOW, needs=heard.needs.signs, now=NOW)
    assert verdict.reason == f"exempt until 2026-09-02 (1 missing: {INVENTORY})"


@pytest.mark.parametrize(("at", "is_missing"), [(BEFORE, True), (NOW, False)], ids=["from before", "since"])
def test_a_sign_counts_from_the_moment_at_which_the_account_began_to_lack_something(
    at: datetime,
    *,
    is_missing: bool,
    world: World,
) -> None:
    world.show_nothing()
    world.hear(at=at)
    world.go_through(at=at)
    assert bool(look(world).missing) is is_missing


def test_each_governed_region_is_gone_through(heard: World) -> None:
    organization = replace(heard.intent.organization, governed_regions=(HOME, FAR))
    heard.intent = replace(heard.intent, organization=organization)
    heard.hear(at=NOW)
    heard.go_through(HOME, at=NOW)
    assert look(heard).missing == (f"first inventory in {FAR}",)
    heard.go_through(FAR, at=NOW + MINUTE)
    assert look(heard) is VERDICT


def test_an_inventory_of_another_account_shows_nothing(heard: World) -> None:
    heard.inventories.keep_run(Run(id="other", begun_at=NOW, accounts=(PAYMENTS,)))
    assert (look(heard).missing, look(heard).is_owed) == ((INVENTORY,), True)


def test_one_of_all_that_has_yet_to_come_is_waited_for_until_it_has_passed_by(heard: World) -> None:
    heard.inventories.keep_run(Run(id="all", begun_at=BEFORE))
    assert (look(heard).missing, look(heard).is_owed) == ((INVENTORY,), False)
    passed = Mark(place=Place("all", REPORTS, HOME), left=(), seen_at=NOW, ended_at=BEFORE)
    assert heard.inventories.keep(passed, was=None)
    assert (look(heard).missing, look(heard).is_owed) == ((INVENTORY,), True)


def test_one_of_all_that_a_later_one_has_replaced_is_not_waited_for(heard: World) -> None:
    heard.inventories.keep_run(Run(id="2026-08-31", begun_at=NOW - timedelta(days=1)))
    heard.inventories.keep_run(Run(id="2026-09-01", begun_at=BEFORE, ended_at=BEFORE))
    assert look(heard).is_owed


def test_a_list_that_is_refused_keeps_nobody_back_and_all_of_them_do(heard: World) -> None:
    heard.go_through(at=NOW, unread={"fsx:DescribeVolumes": "an explicit deny"})
    assert look(heard) is VERDICT
    heard.show_nothing()
    heard.hear(at=NOW)
    heard.go_through(at=NOW, unread=BLIND)
    said = f"{INVENTORY} (nothing could be listed: the role cannot be assumed)"
    assert look(heard).missing == (said,)
    owed = [look(heard, now=NOW + after).is_owed for after in (MINUTE, AGAIN - MINUTE, AGAIN)]
    assert owed == [False, False, True]
    heard.go_through(at=NOW + AGAIN)
    assert look(heard, now=NOW + AGAIN) is VERDICT
