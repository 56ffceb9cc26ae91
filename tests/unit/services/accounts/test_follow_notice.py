"""What is done about an event of an account's life."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.accounts.events import AccountHeard, Follow
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.identifiers import AccountId
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.follow_notice import EventFollowingNeeds, Followed, follow_event
from strongroom.services.accounts.place_account import Begun
from tests.builders.places import HOME, PRODUCTION, REPORTS
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
MANAGEMENT = "111111111111"
POLICY = "p-examplepolicyid111"


@dataclass
class FakePolicies:
    """The accounts below each target, and the targets of each policy."""

    below: dict[str, list[AccountId]] = field(default_factory=dict)
    attached: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def targets_of(self, policy: str) -> tuple[str, ...]:
        return self.attached.get(policy, ())

    def accounts_below(self, target: str) -> Iterator[AccountId]:
        yield from self.below.get(target, [])


@pytest.fixture
def policies() -> FakePolicies:
    return FakePolicies({PRODUCTION: [REPORTS, AccountId("444444444444")]}, {POLICY: (PRODUCTION,)})


@pytest.fixture
def needs(world: World, policies: FakePolicies) -> EventFollowingNeeds:
    return EventFollowingNeeds(
        assessment=world.needs, onboardings=world.onboardings, machine=world.machine, policies=policies
    )


def heard(name: str, *, service: str = "organizations", account: str = MANAGEMENT, **detail: Any) -> AccountHeard:
    """An event as it came."""
    return AccountHeard(service=service, name=name, account=account, region=HOME, detail=detail, actor="arn:sana")


def validated(state: str) -> AccountHeard:
    """What AWS says of an account's effective policy."""
    details = {"accountId": REPORTS, "policyType": "BACKUP_POLICY", "state": state}
    return heard("EffectivePolicyValidation", serviceEventDetails=details)


def enrolled(state: str) -> AccountHeard:
    """What Control Tower says of an account."""
    status = {"updateManagedAccountStatus": {"state": state, "account": {"accountId": REPORTS}}}
    return heard("UpdateManagedAccount", service="controltower", serviceEventDetails=status)


def test_an_account_that_moved_is_read_and_seen_to(world: World, needs: EventFollowingNeeds) -> None:
    verdict = follow_event(heard("MoveAccount", requestParameters={"accountId": REPORTS}), needs=needs, now=NOW)
    assert isinstance(verdict, Begun)
    assert (verdict.account, verdict.unit) == (REPORTS, "Production")
    assert [*world.machine.begun.values()] == [REPORTS]


def test_what_is_noted_changes_nothing(world: World, needs: EventFollowingNeeds) -> None:
    verdict = follow_event(heard("InviteAccountToOrganization"), needs=needs, now=NOW)
    assert isinstance(verdict, Followed)
    assert verdict.state is Follow.NOTE
    assert (world.book.known, world.alerts.facts) == ({}, [])


@pytest.mark.parametrize(
    "asked",
    [{"policyId": POLICY, "targetId": PRODUCTION}, {"policyId": POLICY}],
    ids=["at its target", "wherever it is attached"],
)
def test_the_known_accounts_that_a_policy_reaches_are_judged_again(
    asked: dict[str, str], world: World, needs: EventFollowingNeeds
) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    name = "DetachPolicy" if "targetId" in asked else "UpdatePolicy"
    follow_event(heard(name, requestParameters=asked), needs=needs, now=NOW)
    assert world.book.doubted == {REPORTS}


def test_a_policy_that_is_not_valid_is_told_once_and_settled_when_it_is(
    world: World, needs: EventFollowingNeeds
) -> None:
    for _ in range(2):
        follow_event(validated("INVALID"), needs=needs, now=NOW)
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.POLICIES_STOPPED, REPORTS, REPORTS)
    follow_event(validated("VALID"), needs=needs, now=NOW)
    assert world.alerts.settled == [alert]


def test_a_plan_that_is_not_taken_is_told_of_its_account_and_region(world: World, needs: EventFollowingNeeds) -> None:
    follow_event(heard("InvalidOrganizationBackupPlan", service="backup", account=REPORTS), needs=needs, now=NOW)
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject, alert.region) == (AlertKind.POLICIES_STOPPED, f"{REPORTS} {HOME}", HOME)


@pytest.mark.parametrize("name", ["CreateOrganizationalBackupPlan", "DeleteOrganizationalBackupPlan"])
def test_an_account_in_which_a_plan_comes_or_goes_is_judged_again_once_it_is_known(
    name: str, world: World, needs: EventFollowingNeeds, policies: FakePolicies
) -> None:
    policies.below[REPORTS] = [REPORTS]
    event = heard(name, service="backup", account=REPORTS)
    assert isinstance(follow_event(event, needs=needs, now=NOW), Followed)
    assert world.book.doubted == set()
    assess_account(REPORTS, needs=world.needs, now=NOW)
    follow_event(event, needs=needs, now=NOW)
    assert world.book.doubted == {REPORTS}
    assert world.alerts.told == []


def test_a_type_of_policies_that_is_switched_off_is_told_with_who_did_it(
    world: World, needs: EventFollowingNeeds
) -> None:
    asked = {"rootId": "r-a1b2", "policyType": "BACKUP_POLICY"}
    follow_event(heard("DisablePolicyType", requestParameters=asked), needs=needs, now=NOW)
    [alert] = world.alerts.told
    assert (alert.account, alert.subject) == (MANAGEMENT, "BACKUP_POLICY")
    assert "arn:sana" in alert.reason


def test_what_control_tower_could_not_do_is_told_until_it_can(world: World, needs: EventFollowingNeeds) -> None:
    follow_event(enrolled("FAILED"), needs=needs, now=NOW)
    [alert] = world.alerts.told
    assert (alert.kind, alert.account) == (AlertKind.ENROLMENT_FAILED, REPORTS)
    assert isinstance(follow_event(enrolled("SUCCEEDED"), needs=needs, now=NOW), Begun)
    assert world.alerts.settled == [alert]


def test_an_event_of_a_stranger_is_refused_and_told(world: World, needs: EventFollowingNeeds) -> None:
    stranger = heard("MoveAccount", account="444444444444", requestParameters={"accountId": REPORTS})
    verdict = follow_event(stranger, needs=needs, now=NOW)
    assert isinstance(verdict, Followed)
    assert verdict.state is Follow.REFUSE
    assert (world.book.known, [alert.kind for alert in world.alerts.told]) == ({}, [AlertKind.TAMPERING_ATTEMPTED])
