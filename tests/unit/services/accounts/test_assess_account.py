"""Judging an account: read again, remembered, published."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountState, Membership
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.health.heartbeats import BeatState, forwarders_of
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Target
from strongroom.services.accounts.assess_account import assess_account
from tests.builders.accounts import IN_SANDBOX, a_complete_inspection
from tests.builders.health import a_heartbeat
from tests.builders.places import PRODUCTION, REPORTS
from tests.unit.services.accounts.surroundings import EMPTY, World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
OTHER = AccountId("444444444444")


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


def test_the_first_moment_of_not_being_ready_is_kept(world: World) -> None:
    world.members.inspections[REPORTS] = EMPTY
    for minutes in (0, 10, 20):
        assess_account(REPORTS, needs=world.needs, now=NOW + timedelta(minutes=minutes))
    assert world.book.known[REPORTS].not_ready_since == NOW


def test_an_account_with_a_target_of_its_own_is_judged_by_that(world: World) -> None:
    own = Target(account=REPORTS, tiers=("daily-prod",), default_tier="daily-prod")
    world.intent = replace(world.intent, targets=(own,))
    world.organization.memberships[REPORTS] = IN_SANDBOX
    verdict = assess_account(REPORTS, needs=world.needs, now=NOW)
    assert (verdict.state, verdict.unit) == (AccountState.READY, f"account {REPORTS}")


def test_the_forwarders_of_an_account_are_listened_to_once_it_has_its_pieces(world: World) -> None:
    world.show_nothing()
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert world.beats.held == {}
    world.members.inspections[REPORTS] = a_complete_inspection()
    assert assess_account(REPORTS, needs=world.needs, now=NOW).state is AccountState.NOT_READY
    assert world.beats.held.keys() == set(forwarders_of(REPORTS, world.intent))


def test_a_ready_account_that_lacks_something_for_a_while_goes_on_being_listened_to(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.members.inspections[REPORTS] = EMPTY
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert {beat.state for beat in world.beats.held.values()} == {BeatState.BEATING}


@pytest.mark.parametrize("memberships", [{}, {REPORTS: IN_SANDBOX}], ids=["it left", "it moved"])
def test_nobody_listens_to_an_account_that_is_ours_no_more(memberships: dict[str, Membership], world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    world.organization.memberships = memberships
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert {beat.state for beat in world.beats.held.values()} == {BeatState.ENDED}
    assert world.alerts.kinds == [AlertKind.PROTECTION_ENDED]


def test_nobody_listens_where_nothing_is_governed_any_more(world: World) -> None:
    assess_account(REPORTS, needs=world.needs, now=NOW)
    far = replace(a_heartbeat(account=REPORTS), region=Region("ap-south-1"))
    world.beats.held[far.key] = far
    assess_account(REPORTS, needs=world.needs, now=NOW)
    assert [beat.region for beat in world.beats.held.values() if beat.state is BeatState.ENDED] == ["ap-south-1"]
