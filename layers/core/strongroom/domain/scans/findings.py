"""How a backup is called that malware was found in, whichever of its copies was scanned."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

_SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"
# AWS Backup tells when one backup was made to the millisecond here, and to the second there.
_DETAIL: Final = timedelta(seconds=1)


def subject_of(resource: str, *, made_at: datetime) -> str:
    """The backup of the resource that was made then, to the second: what the alert is about."""
    return f"{resource} {made_at.astimezone(UTC):{_SECOND}}"


def subjects_of(resource: str, *, made_at: datetime) -> Iterator[str]:
    """What the backup may be called, of which one copy says that it was made then, and another a little earlier."""
    yield subject_of(resource, made_at=made_at)
    yield subject_of(resource, made_at=made_at - _DETAIL)
