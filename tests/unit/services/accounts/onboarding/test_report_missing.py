"""At the deadline people are told exactly what is missing, once."""

from copy import replace
from datetime import UTC, datetime

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.intent.model import Exemption
from strongroom.services.accounts.assess_account import assess_account
from strongroom.services.accounts.onboarding.report_missing import (
    MissingReportNeeds,
    ReportVerdict,
    report_missing,
)
from tests.builders.places import REPORTS
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def report(world: World, *, error: str = "", missing: str = "1 missing: role x") -> ReportVerdict:
    """The execution `one` reports."""
    needs = MissingReportNeeds(
        intent=world.intent, book=world.book, onboardings=world.onboardings, alerts=world.alerts.notifier
    )
    return report_missing(REPORTS, execution="one", error=error, missing=missing, needs=needs, now=NOW)


@pytest.fixture
def claimed(world: World) -> World:
    """The execution `one` has the account."""
    world.place(NOW)
    world.claim("one", NOW)
    return world


def test_the_alert_names_exactly_what_is_missing_once(claimed: World) -> None:
    for _ in range(2):
        assert report(claimed).is_told
    [alert] = claimed.alerts.told
    assert alert.kind is AlertKind.ACCOUNT_NOT_READY
    assert alert.reason == f"account {REPORTS} is not protected: 1 missing: role x"
    found = claimed.onboardings.find(REPORTS)
    assert found is not None
    assert found.claim == ""


def test_what_kept_it_from_being_looked_at_is_told_and_it_is_judged_by_the_next_pass(claimed: World) -> None:
    assess_account(REPORTS, needs=claimed.needs, now=NOW)
    report(claimed, error="CallRefusedError", missing="GetRole answered ValidationError")
    [alert] = claimed.alerts.told
    assert alert.reason.endswith("GetRole answered ValidationError (CallRefusedError)")
    assert claimed.book.doubted == {REPORTS}


def test_nobody_is_told_of_an_exempt_account(claimed: World) -> None:
    exemption = Exemption(account=REPORTS, until=NOW.date(), reason="it is being closed", granted_by="sana")
    claimed.intent = replace(claimed.intent, exceptions=(exemption,))
    assert not report(claimed).is_told
    assert claimed.alerts.told == []
