"""Judging accounts: read again, remembered, published, alerted only when it lasts."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountNotice, AccountState
from strongroom.domain.accounts.readiness import Inspection
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Exemption, Intent, Target
from strongroom.services.accounts.assess_account import (
    AccountAssessmentNeeds,
    Unconcerned,
    assess_account,
    assess_notice,
)
from strongroom.services.accounts.reassess_accounts import GRACE, reassess_accounts
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX, TIERS, a_complete_inspection, an_effective_policy
from tests.builders.places import BUS, PRODUCTION, REPORTS
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeMembers, FakeOrganization

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
EMPTY = Inspection(refusal="cannot be assumed: AccessDenied")
OTHER = AccountId("444444444444")


@dataclass
class World:
    """An organisation with one account in Production that has everything."""

    intent: Intent
    organization: FakeOrganization = field(
        default_factory=lambda: FakeOrganization({REPORTS: IN_PRODUCTION}, an_effective_policy(*TIERS))
    )
    members: FakeMembers = field(default_factory=lambda: FakeMembers({REPORTS: a_complete_inspection()}))
    book: FakeAccountBook = field(default_factory=FakeAccountBook)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    @property
    def needs(self) -> AccountAssessmentNeeds:
        return AccountAssessmentNeeds(
            intent=self.intent,
            central_bus=BUS,
            organization=self.organization,
            members=self.members,
            book=self.book,
            alerts=self.alerts.notifier,
            publisher=self.alerts,
        )


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_a_ready_account_is_remembered_and_published(world: World) -> None:
    verdict = assess_account(REPORTS, needs=world.needs, now=NOW)
    assert verdict.state is AccountState.READY
    known = world.book.known[REPORTS]
    assert (known.state, known.units, known.not_ready_since) == (AccountState.READY, (PRODUCTION,), None)
    (fact,) = world.alerts.of(AccountAssessed)
    assert (fact.account, fact.state, fact.missing) == (REPORTS, "READY", ())


def test_an_account_that_is_not_ready_is_published_with_what_is_missing_and_raises_no_alert_yet(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    (fact,) = world.alerts.of(AccountAssessed)
    assert (fact.state, fact.missing) == ("NOT_READY", ("inspection role: cannot be assumed: AccessDenied",))
    assert world.book.known[REPORTS].not_ready_since == NOW
    assert world.alerts.told == []


def test_an_account_outside_every_target_is_not_looked_into(world: World) -> None:
    world.organization.memberships[REPORTS] = IN_SANDBOX
    world.members.inspections.clear()
    assert assess_account(REPORTS, needs=world.needs, now=NOW).state is AccountState.NOT_GOVERNED


def test_an_account_that_left_is_remembered_as_such(world: World) -> None:
    world.organization.memberships.clear()
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert world.book.known[REPORTS].state is AccountState.LEFT


def test_an_event_about_no_account_changes_nothing(world: World) -> None:
    verdict = assess_notice(AccountNotice(account=None, reason="failed"), needs=world.needs, now=NOW)
    assert verdict == Unconcerned(reason="failed")
    assert (world.book.known, world.alerts.facts) == ({}, [])


def test_the_first_moment_of_not_being_ready_is_kept(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    for minutes in (0, 10, 20):
        assess_account(REPORTS, needs=world.needs, now=NOW + timedelta(minutes=minutes))
    assert world.book.known[REPORTS].not_ready_since == NOW


@pytest.mark.parametrize(
    ("after", "alerts"),
    [(GRACE - timedelta(seconds=1), 0), (GRACE, 1), (GRACE * 3, 1)],
    ids=["inside the grace", "at its end", "long after"],
)
def test_the_scheduled_pass_complains_once_the_grace_is_over(world: World, after: timedelta, alerts: int) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    for later in (after, after + timedelta(seconds=0)):
        verdict = reassess_accounts(needs=world.needs, now=NOW + later)
        assert verdict.not_ready == (REPORTS,)
    assert len(world.alerts.told) == alerts
    assert all(REPORTS in alert.reason and "inspection role" in alert.reason for alert in world.alerts.told)


def test_the_alert_is_settled_when_the_account_is_mended(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    reassess_accounts(needs=world.needs, now=NOW + GRACE)
    world.members.inspections[REPORTS] = a_complete_inspection()
    assert reassess_accounts(needs=world.needs, now=NOW + GRACE * 2).mended == (REPORTS,)
    assert world.alerts.settled == world.alerts.told
    assert world.alerts.told != []


def test_one_account_that_cannot_be_read_does_not_hide_the_others(world: World) -> None:
    world.members.inspections = {REPORTS: EMPTY, OTHER: EMPTY}
    world.organization.memberships = {REPORTS: IN_PRODUCTION, OTHER: IN_PRODUCTION}
    for account in (REPORTS, OTHER):
        assess_account(account, needs=world.needs, now=NOW)
    world.organization.busy.add(REPORTS)
    verdict = reassess_accounts(needs=world.needs, now=NOW + timedelta(minutes=10))
    assert (verdict.unseen, verdict.not_ready) == ((REPORTS,), (OTHER,))


def test_nobody_is_alerted_about_an_exempted_account_until_the_exemption_has_ended(world: World) -> None:
    until = (NOW + timedelta(days=1)).date()
    exemption = Exemption(account=REPORTS, until=until, reason="it is being closed", granted_by="sana")
    world.intent = replace(world.intent, exceptions=(exemption,))
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    for later in (GRACE, timedelta(days=1)):
        assert reassess_accounts(needs=world.needs, now=NOW + later).not_ready == (REPORTS,)
    assert world.alerts.told == []
    assert all("it is being closed" in fact.reason for fact in world.alerts.of(AccountAssessed))
    reassess_accounts(needs=world.needs, now=NOW + timedelta(days=2))
    assert [alert.subject for alert in world.alerts.told] == [REPORTS]


def test_an_exemption_settles_the_alert_that_is_open(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    reassess_accounts(needs=world.needs, now=NOW + GRACE)
    exemption = Exemption(account=REPORTS, until=NOW.date(), reason="it is being closed", granted_by="sana")
    world.intent = replace(world.intent, exceptions=(exemption,))
    reassess_accounts(needs=world.needs, now=NOW + GRACE * 2)
    assert world.alerts.settled == world.alerts.told
    assert world.alerts.told != []


def test_an_account_with_a_target_of_its_own_is_judged_by_that(world: World) -> None:
    own = Target(account=REPORTS, tiers=("daily-prod",), default_tier="daily-prod")
    world.intent = replace(world.intent, targets=(own,))
    world.organization.memberships[REPORTS] = IN_SANDBOX
    verdict = assess_account(REPORTS, needs=world.needs, now=NOW)
    assert (verdict.state, verdict.unit) == (AccountState.READY, f"account {REPORTS}")
