"""When an open end is looked at, and from when on it is overdue."""

from copy import replace
from datetime import datetime, timedelta

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.restores.ends.standing import (
    EndState,
    OpenEnd,
    arrived,
    begun,
    closed,
    left_nothing,
    there,
    unsure,
)
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import COPIED_POINT, NOW, a_request

REQUEST = a_request(copy_kept_for=timedelta(days=15))
EXPIRES_AT = REQUEST.recovery_point_created_at + timedelta(days=15)
GONE_BY = EXPIRES_AT + timedelta(hours=8)
ARRIVING = begun(REQUEST, vault=TEMPORARY_VAULT, job="copy-1", since=NOW, now=NOW)
OPEN = arrived(
    ARRIVING, recovery_point=COPIED_POINT, vault=TEMPORARY_VAULT, reason="copy job copy-1 is COMPLETED", now=NOW
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_an_end_has_an_owner_and_a_time_from_its_beginning() -> None:
    """AWS Backup Developer Guide, "Deleting backups": within eight hours after it expired."""
    assert (ARRIVING.owner, ARRIVING.expires_at, ARRIVING.gone_by) == ("idp|omar", EXPIRES_AT, GONE_BY)
    assert (ARRIVING.state, ARRIVING.is_open, ARRIVING.due_at) == (EndState.ARRIVING, True, NOW)


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        pytest.param(NOW, NOW + DAY, id="each day while it is kept"),
        pytest.param(EXPIRES_AT - HOUR, EXPIRES_AT, id="when it expires"),
        pytest.param(EXPIRES_AT, EXPIRES_AT + HOUR, id="each hour from then on"),
        pytest.param(GONE_BY - MINUTE, GONE_BY + 10 * MINUTE, id="when it is overdue"),
        pytest.param(GONE_BY + 10 * MINUTE, GONE_BY + 70 * MINUTE, id="each hour while it is overdue"),
    ],
)
def test_what_is_there_is_looked_at_again(now: datetime, due_at: datetime) -> None:
    assert there(OPEN, reason="it is there, COMPLETED", now=now).due_at == due_at


def test_where_a_look_told_too_little_another_one_follows_soon() -> None:
    assert unsure(OPEN, reason="throttled", now=NOW).due_at == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    ("end", "now", "is_overdue"),
    [
        pytest.param(OPEN, GONE_BY + 10 * MINUTE - timedelta(seconds=1), False, id="not yet"),
        pytest.param(OPEN, GONE_BY + 10 * MINUTE, True, id="ten minutes late"),
        pytest.param(ARRIVING, GONE_BY + 10 * MINUTE, True, id="nobody knows what came of it"),
        pytest.param(
            unsure(OPEN, reason="", now=NOW, is_missing=True), GONE_BY + HOUR, False, id="it did not show itself"
        ),
        pytest.param(closed(OPEN, EndState.GONE, reason=""), GONE_BY + HOUR, False, id="gone"),
        pytest.param(closed(OPEN, EndState.NOTHING, reason=""), GONE_BY + HOUR, False, id="never there"),
        pytest.param(left_nothing(REQUEST, now=NOW), GONE_BY + HOUR, False, id="none taken"),
    ],
)
def test_an_end_is_overdue_ten_minutes_after_it_was_to_be_gone(
    end: OpenEnd, now: datetime, *, is_overdue: bool
) -> None:
    assert end.is_overdue(now) is is_overdue


@pytest.mark.parametrize("state", [EndState.GONE, EndState.NOTHING])
def test_what_is_closed_is_looked_at_no_more(state: EndState) -> None:
    end = closed(OPEN, state, reason="so it was found")
    assert (end.is_open, end.due_at, end.reason) == (False, None, "so it was found")


def test_what_was_missing_and_is_seen_again_is_missing_no_more() -> None:
    missing = unsure(OPEN, reason="", now=NOW, is_missing=True)
    assert missing.is_missing
    assert not there(missing, reason="it is there, COMPLETED", now=NOW).is_missing


def test_each_write_counts() -> None:
    assert [each.revision for each in (ARRIVING, OPEN, there(OPEN, reason="", now=NOW))] == [1, 2, 3]


def test_the_alert_is_one_whatever_becomes_of_it_and_says_what_was_to_be_gone_and_when() -> None:
    late = there(OPEN, reason="it is there, EXPIRED", now=GONE_BY)
    assert late.alert.fingerprint == ARRIVING.alert.fingerprint
    assert late.alert.fingerprint != replace(late, request_id="r-another").alert.fingerprint
    assert late.alert.kind is AlertKind.TEMPORARY_COPY_OVERDUE
    assert late.alert.reason == (
        f"{COPIED_POINT} in strongroom-restores, taken back for {REQUEST.id} of {REQUEST.resource}, was to be gone by "
        f"{GONE_BY:%Y-%m-%d %H:%M} UTC: it is there, EXPIRED"
    )
    assert f"the copy of {REQUEST.recovery_point} in " in ARRIVING.alert.reason
