"""Who lacks something for long is told of: slow after half an hour, not ready after four hours."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.services.accounts.tell_lateness import tell_lateness
from tests.builders.places import REPORTS
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LACKING = AccountVerdict(
    account=REPORTS, state=AccountState.NOT_READY, reason="1 missing: role x", missing=("role x",), unit="Production"
)


@pytest.mark.parametrize(
    ("minutes", "kinds"),
    [(None, []), (29, []), (30, ["account-slow"]), (239, ["account-slow"]), (240, ["account-not-ready"])],
)
def test_what_is_told_when(minutes: int | None, kinds: list[str], world: World) -> None:
    since = None if minutes is None else NOW - timedelta(minutes=minutes)
    tell_lateness(LACKING, since=since, needs=world.needs, now=NOW)
    assert world.alerts.kinds == kinds
    assert all(alert.reason.endswith("Production is not protected: 1 missing: role x") for alert in world.alerts.told)


def test_slow_ends_where_not_ready_begins(world: World) -> None:
    for hours in (1, 5):
        tell_lateness(LACKING, since=NOW - timedelta(hours=hours), needs=world.needs, now=NOW)
    assert world.alerts.kinds == [AlertKind.ACCOUNT_SLOW, AlertKind.ACCOUNT_NOT_READY]
    assert world.alerts.settled == world.alerts.told[:1]


def test_nobody_is_told_of_an_exempt_account(world: World) -> None:
    exempt = replace(LACKING, exemption="exempt until 2026-12-01")
    tell_lateness(exempt, since=NOW - timedelta(days=1), needs=world.needs, now=NOW)
    assert world.alerts.told == []
