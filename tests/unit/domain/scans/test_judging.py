"""What is believed of a scan: what the recovery point shows, and of the event only that it is worth a look."""

from datetime import timedelta

import pytest

from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.scans.judging import ScanState, judge_scan, read_result, scan_verdict
from tests.builders.deciding.candidates import a_listed_point, a_scan_notice
from tests.builders.restores import NOW

INFECTED, CLEAN, NEVER = (a_listed_point(scan=scan) for scan in (Scan.THREATS, Scan.CLEAN, Scan.NEVER))


@pytest.mark.parametrize(
    ("state", "result", "says"),
    [
        ("COMPLETED", "THREATS_FOUND", Scan.THREATS),
        ("COMPLETED_WITH_ISSUES", "THREATS_FOUND", Scan.THREATS),
        ("FAILED", "THREATS_FOUND", Scan.THREATS),
        ("COMPLETED", "NO_THREATS_FOUND", Scan.CLEAN),
        ("COMPLETED_WITH_ISSUES", "NO_THREATS_FOUND", Scan.INCOMPLETE),
        ("COMPLETED", "UNKNOWN", Scan.INCOMPLETE),
        ("COMPLETED", "A_WORD_OF_NEXT_YEAR", Scan.INCOMPLETE),
        ("COMPLETED", None, Scan.INCOMPLETE),
        ("FAILED", None, Scan.INCOMPLETE),
        ("CANCELED", None, Scan.INCOMPLETE),
    ],
)
def test_what_a_job_says_is_its_result_and_not_its_state(state: str, result: str | None, says: Scan) -> None:
    assert read_result(state, result) is says


@pytest.mark.parametrize(
    ("says", "point", "age", "state"),
    [
        pytest.param(Scan.THREATS, INFECTED, 0, ScanState.INFECTED, id="told and shown"),
        pytest.param(Scan.THREATS, INFECTED, 900, ScanState.INFECTED, id="told long ago and shown"),
        pytest.param(Scan.INCOMPLETE, INFECTED, 0, ScanState.INFECTED, id="shown and not told"),
        pytest.param(Scan.THREATS, NEVER, 0, ScanState.AWAITED, id="not shown yet"),
        pytest.param(Scan.THREATS, CLEAN, 599, ScanState.AWAITED, id="another scan is shown, so far"),
        pytest.param(Scan.THREATS, None, 0, ScanState.AWAITED, id="no such point yet"),
        pytest.param(Scan.THREATS, NEVER, 600, ScanState.UNCONFIRMED, id="never shown"),
        pytest.param(Scan.THREATS, CLEAN, 600, ScanState.UNCONFIRMED, id="shown to be clean"),
        pytest.param(Scan.THREATS, None, 600, ScanState.UNCONFIRMED, id="no such point"),
        pytest.param(Scan.THREATS, NEVER, -600, ScanState.UNCONFIRMED, id="told in the future"),
        pytest.param(Scan.INCOMPLETE, CLEAN, 0, ScanState.INCOMPLETE, id="incomplete"),
        pytest.param(Scan.INCOMPLETE, None, 0, ScanState.INCOMPLETE, id="incomplete, and no such point"),
    ],
)
def test_a_scan_is_believed_as_its_point_shows_it(
    says: Scan, point: ListedPoint | None, age: int, state: ScanState
) -> None:
    notice = a_scan_notice(says=says, told_at=NOW - timedelta(seconds=age))
    verdict = judge_scan(notice, point=point, now=NOW)
    assert verdict.state is state
    assert (verdict.recovery_point, verdict.vault, verdict.resource) == (
        notice.recovery_point,
        notice.vault,
        notice.resource,
    )
    assert verdict.reason


@pytest.mark.parametrize(
    ("says", "point", "age", "logged"),
    [
        (Scan.THREATS, INFECTED, 0, "infected: AWS Backup shows malware in the recovery point"),
        (Scan.INCOMPLETE, CLEAN, 0, "incomplete: the scan did not look at all of it, and found nothing"),
        (
            Scan.THREATS,
            CLEAN,
            0,
            "awaited: the event says malware, and AWS Backup shows its scans as: clean, so far",
        ),
        (Scan.THREATS, None, 900, "unconfirmed: the event says malware, and AWS Backup has no such recovery point"),
    ],
)
def test_the_log_says_what_is_believed_and_why(says: Scan, point: ListedPoint | None, age: int, logged: str) -> None:
    notice = a_scan_notice(says=says, told_at=NOW - timedelta(seconds=age))
    verdict = judge_scan(notice, point=point, now=NOW)
    assert f"{verdict.state}: {verdict.reason}" == logged


def test_what_was_not_looked_at_is_logged_as_such() -> None:
    verdicts = [scan_verdict(a_scan_notice(), state, "why") for state in (ScanState.CLEAN, ScanState.NOT_OURS)]
    assert [f"{verdict.state}: {verdict.reason}" for verdict in verdicts] == ["clean: why", "not ours: why"]
