"""Which histories are broken, and which are not."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.history.events import (
    FAILED,
    JOB_COMPLETED,
    JOB_FAILED,
    MISSING,
    OPENED,
    RESOLVED,
    VANISHED,
    VERIFIED,
    AlertEvent,
    CopyEvent,
)
from strongroom.domain.copies.history.judging import judge_history, still_open
from tests.builders.copies import CONTINUOUS

MIDNIGHT = datetime(2026, 9, 1, tzinfo=UTC)
END = MIDNIGHT + timedelta(hours=24)
UNVERIFIED, UNTOLD = "a finished copy is verified", "a failed copy is told"
TURNED, TWICE = "a verified copy stays verified", "opened and resolved alternate"


def a_history(*events: tuple[int, str], point: str = "p", vault: str = "v") -> list[CopyEvent]:
    """What happened at which hour; another copy into the same vault was verified, so that it is known as ours."""
    known = CopyEvent(at=MIDNIGHT, kind=VERIFIED, recovery_point="another", destination="v")
    told = [
        CopyEvent(at=MIDNIGHT + timedelta(hours=hour), kind=kind, recovery_point=point, destination=vault)
        for hour, kind in events
    ]
    return [known, *told]


@pytest.mark.parametrize(
    ("events", "broken"),
    [
        pytest.param([(2, JOB_COMPLETED), (3, VERIFIED)], [], id="a good copy is verified"),
        pytest.param([(2, VERIFIED), (3, JOB_COMPLETED)], [], id="a sweep was there before the event"),
        pytest.param([(2, JOB_COMPLETED)], [UNVERIFIED], id="nobody verified it"),
        pytest.param([(2, JOB_COMPLETED), (6, VERIFIED)], [UNVERIFIED], id="it was verified too late"),
        pytest.param([(2, JOB_COMPLETED), (3, FAILED)], [], id="it is there and not as promised"),
        pytest.param([(23, JOB_COMPLETED)], [], id="the archive ends too early to say"),
        pytest.param([(2, JOB_FAILED)], [UNTOLD], id="a failure was not told"),
        pytest.param([(2, JOB_FAILED), (3, FAILED)], [], id="a failure was told"),
        pytest.param([(1, FAILED), (2, JOB_FAILED)], [UNTOLD], id="an earlier failure tells nothing of a later one"),
        pytest.param([(2, VERIFIED), (3, MISSING)], [TURNED], id="a good copy is called missing"),
        pytest.param([(2, VERIFIED), (3, VANISHED)], [], id="a good copy may vanish"),
        pytest.param([(2, MISSING), (3, VERIFIED)], [], id="a late copy comes"),
    ],
)
def test_a_history_of_copies(events: list[tuple[int, str]], broken: list[str]) -> None:
    found = judge_history(a_history(*events), [], until=END)
    assert [each.property for each in found] == broken


def test_a_copy_into_a_foreign_vault_is_nobodys_promise() -> None:
    assert judge_history(a_history((2, JOB_COMPLETED), vault="foreign"), [], until=END) == []


def test_each_night_of_a_continuous_backup_is_a_promise_of_its_own() -> None:
    assert judge_history(a_history((2, VERIFIED), (9, MISSING), point=CONTINUOUS), [], until=END) == []


@pytest.mark.parametrize(
    ("kinds", "broken"),
    [
        pytest.param([OPENED, RESOLVED, OPENED], [], id="they alternate"),
        pytest.param([RESOLVED, OPENED], [], id="it was open before the archive began"),
        pytest.param([OPENED, OPENED, RESOLVED], [TWICE], id="opened twice"),
        pytest.param([OPENED, RESOLVED, RESOLVED], [TWICE], id="resolved twice"),
    ],
)
def test_a_history_of_one_alert(kinds: list[str], broken: list[str]) -> None:
    alerts = [
        AlertEvent(at=MIDNIGHT + timedelta(hours=hour), kind=kind, fingerprint="f", subject="s")
        for hour, kind in enumerate(kinds)
    ]
    others = [AlertEvent(at=MIDNIGHT, kind=OPENED, fingerprint="g", subject="s")]
    assert [each.property for each in judge_history([], [*alerts, *others], until=END)] == broken


@pytest.mark.parametrize(
    ("before", "alert", "broken"),
    [
        pytest.param("copy-slow", "copy-missing", [], id="worse"),
        pytest.param("copy-missing", "copy-slow", [TWICE], id="milder"),
        pytest.param("backup-expired", "backup-failed", [], id="a backup that ended in another way"),
        pytest.param("backup-expired", "backup-expired", [TWICE], id="in the same way"),
        pytest.param("backup-missing", "backup-failed", [TWICE], id="one that never began stands for all after it"),
        pytest.param("backup-expired", "of a later release", [TWICE], id="a kind that nobody knows"),
    ],
)
def test_an_alert_is_opened_twice_where_the_second_is_news(before: str, alert: str, broken: list[str]) -> None:
    alerts = [
        AlertEvent(at=MIDNIGHT + timedelta(hours=hour), kind=OPENED, fingerprint="f", subject="s", alert=kind)
        for hour, kind in enumerate((before, alert))
    ]
    assert [each.property for each in judge_history([], alerts, until=END)] == broken


def test_what_is_not_mended_at_the_end_is_named() -> None:
    assert still_open(a_history((2, MISSING), (3, VERIFIED))) == []
    assert [each.kind for each in still_open(a_history((2, MISSING), (3, FAILED)))] == [FAILED]
