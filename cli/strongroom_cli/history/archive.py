"""An archive of the bus: one EventBridge event on each line, as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from strongroom.domain.copies.found import FAILED_JOB_STATES
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
from strongroom.domain.errors import MalformedRecordError

_COPY_FACTS: Final = frozenset({VERIFIED, FAILED, MISSING, VANISHED})
_ALERTS: Final = frozenset({OPENED, RESOLVED})
_JOB: Final = ("aws.backup", "Copy Job State Change")
# Of a composite a copy that came about in part is told as one that failed.
_JOB_ENDS: Final = {JOB_COMPLETED: JOB_COMPLETED} | dict.fromkeys(FAILED_JOB_STATES, JOB_FAILED)


@dataclass(slots=True)
class Archive:
    """What was read: the events that are judged, how many there were in all, and when the last one was."""

    copies: list[CopyEvent] = field(default_factory=list)
    alerts: list[AlertEvent] = field(default_factory=list)
    events: int = 0
    until: datetime | None = None


def read_archive(lines: Iterable[str]) -> Archive:
    """The archive; an event that comes twice (EventBridge delivers at least once) counts once.

    MalformedRecordError names the first line that is no event.
    """
    archive, seen = Archive(), set[str]()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            at = datetime.fromisoformat(event["time"])
            key, detail = str(event["id"]), event["detail"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise MalformedRecordError(f"line {number} is no event of EventBridge as JSON") from error
        if key in seen:
            continue
        seen.add(key)
        _take(archive, event, detail, at=at if at.tzinfo else at.replace(tzinfo=UTC))
    return archive


def _take(archive: Archive, event: dict[str, Any], detail: Any, *, at: datetime) -> None:
    archive.events += 1
    archive.until = max(archive.until, at) if archive.until else at
    source, kind = str(event.get("source")), str(event.get("detail-type"))
    if not isinstance(detail, dict):
        return
    if source == "strongroom" and kind in _COPY_FACTS:
        _copy(archive, kind, detail.get("recovery_point"), detail.get("destination"), at=at)
    elif source == "strongroom" and kind in _ALERTS:
        subject, fingerprint = str(detail.get("resource", "")), str(detail.get("fingerprint", ""))
        alert = str(detail.get("kind", ""))
        archive.alerts.append(AlertEvent(at=at, kind=kind, fingerprint=fingerprint, subject=subject, alert=alert))
    elif (source, kind) == _JOB and str(detail.get("state")) in _JOB_ENDS:
        points = event.get("resources")
        point = points[0] if isinstance(points, list) and points else None
        _copy(archive, _JOB_ENDS[str(detail["state"])], point, detail.get("destinationBackupVaultArn"), at=at)


def _copy(archive: Archive, kind: str, point: Any, destination: Any, *, at: datetime) -> None:
    if isinstance(point, str) and isinstance(destination, str):
        archive.copies.append(CopyEvent(at=at, kind=kind, recovery_point=point, destination=destination))
