"""A replay is planned within what the archive has."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.health.replays import CALL_RULES, SAFE_RULES, ReplayState, plan_replay
from tests.contract.templates import CONTROL_PLANE

NOW = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)


def test_a_replay_goes_from_then_until_now() -> None:
    replay = plan_replay(since="2026-11-23T00:00:00Z", until=None, with_calls=False, now=NOW)
    assert (replay.since, replay.until) == (datetime(2026, 11, 23, tzinfo=UTC), NOW)
    assert (replay.name, replay.rules) == ("strongroom-20261127T043000", SAFE_RULES)


def test_a_moment_without_zone_is_in_utc_and_no_replay_reaches_into_the_future() -> None:
    replay = plan_replay(since="2026-11-23", until="2026-12-31T00:00", with_calls=True, now=NOW)
    assert (replay.since, replay.until) == (datetime(2026, 11, 23, tzinfo=UTC), NOW)
    assert set(replay.rules) == {*SAFE_RULES, *CALL_RULES}


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        pytest.param("yesterday", None, "no moment like", id="no moment"),
        pytest.param("2026-11-23", "soon", "--until soon is no moment", id="no end"),
        pytest.param("2026-11-28", None, "is not before now", id="in the future"),
        pytest.param("2026-11-23", "2026-11-22", "is not before 2026-11-22", id="ends before it begins"),
        pytest.param("2026-08-01", None, "more than 90 days ago", id="older than the archive"),
    ],
)
def test_what_the_archive_cannot_have_is_refused(since: str, until: str | None, words: str) -> None:
    with pytest.raises(MalformedRequestError, match=words):
        plan_replay(since=since, until=until, with_calls=False, now=NOW)


def test_the_archive_keeps_as_long_as_it_is_asked_for_and_has_the_rules() -> None:
    assert CONTROL_PLANE["BusArchive"]["Properties"]["RetentionDays"] == 90
    earliest = (NOW - timedelta(days=90)).isoformat()
    assert plan_replay(since=earliest, until=None, with_calls=False, now=NOW).since == NOW - timedelta(days=90)
    on_the_bus = {
        name
        for name, each in CONTROL_PLANE.items()
        if each["Type"] == "AWS::Events::Rule" and "EventBusName" in each["Properties"]
    }
    # What we say ourselves follows from the events that come again; an old heartbeat says nothing.
    ours = {"AlertsRule", "InventoriesRule", "NoteSettingsRule", "RollUpStatusRule", "SweepEndsRule", "TicketsRule"}
    assert {*SAFE_RULES, *CALL_RULES} == on_the_bus - ours - {"HeartbeatsRule"}


def test_three_states_are_ends() -> None:
    assert {state for state in ReplayState if state.has_ended} == {"COMPLETED", "CANCELLED", "FAILED"}
