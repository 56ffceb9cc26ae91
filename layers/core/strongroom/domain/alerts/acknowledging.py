"""That somebody looks after an alert: a mark beside its status, on the version that they saw."""

import re
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.errors import AlertChangedError, MalformedRequestError, NotFoundError

_FINGERPRINT: Final = r"[0-9a-f]{32}"
_SEEN: Final = r"([0-9a-f]{32})@([1-9][0-9]{0,8})"


def parse_fingerprint(text: str) -> str:
    """The fingerprint of an alert, 32 hexadecimal digits; MalformedRequestError for anything else."""
    if not re.fullmatch(_FINGERPRINT, text):
        raise MalformedRequestError("an alert is named by the 32 digits of its fingerprint")
    return text


def seen_text(state: AlertState) -> str:
    """The alert and its version, as people name what they saw."""
    return f"{state.alert.fingerprint}@{state.version}"


def parse_seen(text: str) -> tuple[str, int]:
    """The fingerprint and the version that somebody saw; MalformedRequestError for anything else."""
    named = re.fullmatch(_SEEN, text)
    if named is None:
        raise MalformedRequestError("what was seen is named by the alert's fingerprint and its version")
    return named[1], int(named[2])


def acknowledged(kept: AlertState | None, *, seen: int, by: str, now: datetime) -> AlertState:
    """The alert with the mark of whoever was first; the same where it is marked already.

    NotFoundError where there is none. AlertChangedError where it is over, or says something else than the version that
    was `seen`: nobody looks after what they do not know.
    """
    if kept is None:
        raise NotFoundError("there is no such alert")
    if kept.status is AlertStatus.RESOLVED:
        raise AlertChangedError(f"the alert is over: {kept.resolution}")
    if kept.version != seen:
        raise AlertChangedError(
            f"the alert has changed since you saw it; it says now: {kept.alert.reason} (version {kept.version})"
        )
    return kept if kept.is_acknowledged else replace(kept, acknowledged_by=by, acknowledged_at=now)
