"""What a scan job says of a recovery point, and what is believed of it.

A job that is COMPLETED may have found malware: only its result says (Developer Guide, "Monitoring AWS Backup events
using Amazon EventBridge"). Of a scan that failed, or left something out, nobody is told: the intent promises none, the
backup is as good as it was, `restore find` and the approvers are shown it, and an alert each night about what no
scanner can open would hide the one that matters.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.scans.verdicts import Scan

# What a job found may be told before its recovery point shows it; the queue tries again for longer.
_SHOWN_WITHIN: Final = timedelta(minutes=10)


class ScanNotice(Struct, frozen=True, kw_only=True):
    """What an event says that a scan came to, and when it was told."""

    account: AccountId
    region: Region
    recovery_point: str
    vault: str
    resource: str
    says: Scan
    told_at: datetime


class ScanState(StrEnum):
    """What is believed."""

    INFECTED = "infected"
    CLEAN = "clean"
    INCOMPLETE = "incomplete"
    AWAITED = "awaited"
    UNCONFIRMED = "unconfirmed"
    NOT_OURS = "not ours"


class ScanVerdict(Struct, frozen=True, kw_only=True):
    """What is believed of a scan, and why."""

    state: ScanState
    reason: str
    recovery_point: str
    vault: str
    resource: str


def read_result(state: str, result: str | None) -> Scan:
    """What a job that ended so says; a result that nobody knows yet is not taken for a clean one."""
    if result == "THREATS_FOUND":
        return Scan.THREATS
    is_clean = result == "NO_THREATS_FOUND" and state == "COMPLETED"
    return Scan.CLEAN if is_clean else Scan.INCOMPLETE


def judge_scan(notice: ScanNotice, *, point: ListedPoint | None, now: datetime) -> ScanVerdict:
    """Believe what the recovery point shows, None where it is not there; a word of its own the event has not."""
    if point is not None and point.scan is Scan.THREATS:
        return scan_verdict(notice, ScanState.INFECTED, "AWS Backup shows malware in the recovery point")
    if notice.says is not Scan.THREATS:
        return scan_verdict(notice, ScanState.INCOMPLETE, "the scan did not look at all of it, and found nothing")
    shows = "has no such recovery point" if point is None else f"shows its scans as: {point.scan}"
    if abs(now - notice.told_at) < _SHOWN_WITHIN:
        return scan_verdict(notice, ScanState.AWAITED, f"the event says malware, and AWS Backup {shows}, so far")
    return scan_verdict(notice, ScanState.UNCONFIRMED, f"the event says malware, and AWS Backup {shows}")


def scan_verdict(notice: ScanNotice, state: ScanState, reason: str) -> ScanVerdict:
    """The verdict on what the notice is about."""
    return ScanVerdict(
        state=state,
        reason=reason,
        recovery_point=notice.recovery_point,
        vault=notice.vault,
        resource=notice.resource,
    )
