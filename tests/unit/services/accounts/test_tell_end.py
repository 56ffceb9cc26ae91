"""That an account is protected no more is an alert of its own, which says everything that people must know."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.events import AccountNotice, Follow
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.status.resources import CopyStatus, ResourceStatus, VerifiedCopy
from strongroom.domain.status.states import Protection
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.place_account import place_account
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX, a_complete_inspection
from tests.builders.places import CENTRAL_VAULT, HOME, PRODUCTION, REPORTS
from tests.unit.services.accounts.surroundings import EMPTY, World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
ORDERS = f"arn:aws:rds:{HOME}:{REPORTS}:db:orders"
CLOSED = Membership(status="SUSPENDED", units=(PRODUCTION,), name="reports")


def a_resource(arn: str = ORDERS, *, is_copied: bool = True) -> ResourceStatus:
    """A resource of the tier `daily-prod`, with a verified copy of last night or without."""
    of = datetime(2026, 9, 1, 2, tzinfo=UTC)
    copy = CopyStatus(
        tier="daily-prod",
        rule="backup-and-copy",
        destination=CENTRAL_VAULT,
        recovery_point="arn:any",
        created_at=of,
        state=PromiseState.VERIFIED,
        reason="verified",
        opened_by=Learnt.EVENT,
        verified=VerifiedCopy(copy="arn:copy", at=of, of=of),
    )
    return ResourceStatus(
        resource=arn,
        account=REPORTS,
        region=HOME,
        tier="daily-prod",
        state=Protection.PROTECTED,
        reason="verified",
        since=of,
        seen_at=of,
        copies=(copy,) if is_copied else (),
    )


def lose(world: World, membership: Membership | None, *, actor: str = "arn:sana") -> str:
    """Have the account that was ready stand elsewhere; what people are told."""
    if REPORTS not in world.book.known:
        assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.memberships = {} if membership is None else {REPORTS: membership}
    notice = AccountNotice(account=REPORTS, reason="any", follow=Follow.JUDGE, actor=actor)
    place_account(REPORTS, notice=notice, needs=world.placing, now=NOW)
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.PROTECTION_ENDED, REPORTS, REPORTS)
    return alert.reason


@pytest.mark.parametrize(
    ("membership", "said"),
    [
        pytest.param(IN_SANDBOX, ("move it back into Production", "stay until their retention ends"), id="moved out"),
        pytest.param(
            None, ("not in the organisation any more", "invite it again, and move it back into Production"), id="left"
        ),
        pytest.param(
            CLOSED,
            ("SUSPENDED", "deleted with it on 2026-11-30", "have AWS Support reopen it before that day"),
            id="closed",
        ),
    ],
)
def test_it_is_told_with_who_did_it_and_what_undoes_it(
    membership: Membership | None, said: tuple[str, ...], world: World
) -> None:
    reason = lose(world, membership)
    assert f"account {REPORTS}" in reason
    assert "done by arn:sana" in reason
    assert all(each in reason for each in said), reason


def test_the_last_verified_copy_of_each_resource_is_told_with_its_end(world: World) -> None:
    other = ORDERS.replace("orders", "carts")
    world.resources.known[REPORTS] = (a_resource(), a_resource(other, is_copied=False))
    reason = lose(world, IN_SANDBOX)
    assert f"{ORDERS}: last verified copy of 2026-09-01 02:00 UTC in central-backup-vault of 999999999999" in reason
    assert "kept until 2033-08-30 under lock" in reason
    assert f"{other}: no verified copy in central-backup-vault of 999999999999" in reason


def test_of_very_many_resources_the_worst_are_told(world: World) -> None:
    world.resources.known[REPORTS] = tuple(a_resource(f"{ORDERS}-{number}") for number in range(40))
    reason = lose(world, IN_SANDBOX)
    assert reason.endswith("and more, which `strongroom status` lists")
    assert reason.count("last verified copy") == 25


def test_whoever_no_event_names_is_not_known(world: World) -> None:
    assert "nobody told who did it" in lose(world, IN_SANDBOX, actor="")


def test_it_is_told_once_and_settled_when_the_account_is_ready_again(world: World) -> None:
    lose(world, IN_SANDBOX)
    lose(world, IN_SANDBOX)
    world.organization.memberships = {REPORTS: IN_PRODUCTION}
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert world.alerts.settled == []
    world.members.inspections[REPORTS] = a_complete_inspection()
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert world.alerts.settled == world.alerts.told


def test_an_account_that_was_never_governed_loses_nothing(world: World) -> None:
    world.organization.memberships = {REPORTS: IN_SANDBOX}
    for membership in (IN_SANDBOX, CLOSED):
        world.organization.memberships[REPORTS] = replace(membership)
        assess_account(REPORTS, needs=world.needs, now=NOW)
    assert world.alerts.told == []


def test_a_verdict_that_comes_late_ends_nothing(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.memberships = {REPORTS: IN_SANDBOX}
    assess_account(REPORTS, needs=world.needs, now=NOW - timedelta(seconds=1))
    assert world.alerts.told == []
