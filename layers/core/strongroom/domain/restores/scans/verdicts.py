"""What scans of a backup for malware came to, each alone and all of them together."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Scan(StrEnum):
    """What looking for malware in the backup came to."""

    CLEAN = "clean"
    THREATS = "threats"
    INCOMPLETE = "incomplete"
    NEVER = "never"


# What one scan says holds for the whole backup, the first of these that any says: its data never changes.
_COUNTS_FIRST: Final = (Scan.THREATS, Scan.CLEAN, Scan.INCOMPLETE)
# How much each alarms whoever decides.
_BY_GRAVITY: Final = (Scan.CLEAN, Scan.NEVER, Scan.INCOMPLETE, Scan.THREATS)


def told_together(verdicts: Iterable[Scan]) -> Scan:
    """What is known of a backup by the verdicts on all its copies."""
    said = set(verdicts)
    return next((each for each in _COUNTS_FIRST if each in said), Scan.NEVER)


def graver(first: Scan, second: Scan) -> Scan:
    """That of the two which alarms more."""
    return max(first, second, key=_BY_GRAVITY.index)
