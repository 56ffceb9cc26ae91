"""The scheduled pass over accounts that were not ready: it mends what is mended, and complains about what lasts."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.accounts.onboarding import DEADLINE as GRACE
from strongroom.domain.accounts.onboarding import SLOW_AFTER
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.health.heartbeats import BeatState, forwarders_at_home
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Exemption
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.reassess_accounts import reassess_accounts
from tests.builders.accounts import IN_PRODUCTION, a_complete_inspection
from tests.builders.places import HOME, REPORTS
from tests.unit.services.accounts.surroundings import EMPTY, World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
OTHER = AccountId("444444444444")


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (SLOW_AFTER - timedelta(seconds=1), []),
        (SLOW_AFTER, [AlertKind.ACCOUNT_SLOW]),
        (GRACE - timedelta(seconds=1), [AlertKind.ACCOUNT_SLOW]),
        (GRACE, [AlertKind.ACCOUNT_NOT_READY]),
        (GRACE * 3, [AlertKind.ACCOUNT_NOT_READY]),
    ],
    ids=["early", "slow", "still slow", "at the deadline", "long after"],
)
def test_the_scheduled_pass_complains_once_as_time_goes_by(
    world: World, after: timedelta, kinds: list[AlertKind]
) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    for later in (after, after + timedelta(seconds=0)):
        verdict = reassess_accounts(needs=world.needs, now=NOW + later)
        assert verdict.not_ready == (REPORTS,)
    assert world.alerts.kinds == kinds
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


def test_who_is_ready_is_not_looked_at_again(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    verdict = reassess_accounts(needs=world.needs, now=NOW + GRACE)
    assert (verdict.mended, verdict.not_ready, verdict.unseen) == ((), (), ())
    assert len(world.alerts.of(AccountAssessed)) == 1


def test_who_left_in_the_meantime_is_no_longer_complained_about(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.memberships.clear()
    assert reassess_accounts(needs=world.needs, now=NOW + GRACE).mended == (REPORTS,)
    assert world.alerts.kinds == [AlertKind.PROTECTION_ENDED]
    assert world.book.known[REPORTS].state is AccountState.LEFT


def test_the_complaint_names_the_account_its_unit_and_what_is_missing_where_we_are_at_home(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    reassess_accounts(needs=world.needs, now=NOW + GRACE)
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.ACCOUNT_NOT_READY, REPORTS, REPORTS)
    assert alert.region == HOME
    assert alert.reason.startswith(f"account {REPORTS} in Production is not protected: ")


def test_an_account_that_could_not_be_read_is_looked_at_again_the_next_time(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.busy.add(REPORTS)
    assert reassess_accounts(needs=world.needs, now=NOW + GRACE).unseen == (REPORTS,)
    assert world.alerts.told == []
    world.organization.busy.clear()
    assert reassess_accounts(needs=world.needs, now=NOW + GRACE * 2).not_ready == (REPORTS,)
    assert len(world.alerts.told) == 1


def test_an_account_in_doubt_is_judged_again_though_it_was_ready(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.book.doubt(REPORTS, now=NOW)
    world.organization.memberships.clear()
    assert reassess_accounts(needs=world.needs, now=NOW).mended == (REPORTS,)
    assert {beat.state for beat in world.beats.held.values() if beat.account == REPORTS} == {BeatState.ENDED}


def test_from_the_first_pass_on_our_own_forwarders_are_expected_to_be_heard(world: World) -> None:
    world.show_nothing()
    reassess_accounts(needs=world.needs, now=NOW)
    assert world.beats.held.keys() == set(forwarders_at_home(world.intent))
