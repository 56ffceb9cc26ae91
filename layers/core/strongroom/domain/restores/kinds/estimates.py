"""What is known of how long a kind takes to come back, and of when what is in its backups was there.

From the AWS Backup Developer Guide for EFS and for what lies in cold storage, from public records for Aurora; of the
others nobody has said, and they are a guess until three restores of the type were seen.
"""

from datetime import timedelta
from typing import Final

from msgspec import Struct

USUALLY_BEHIND: Final = timedelta(minutes=5)
_GIB: Final = 2**30


class Pace(Struct, frozen=True, kw_only=True):
    """Minutes that a job takes in any case, and for each GiB."""

    fixed: float
    per_gib: float = 0.0

    def minutes(self, size: int | None) -> float | None:
        """The minutes for so many bytes; None where they depend on a size that is not known."""
        if size is None:
            return None if self.per_gib else self.fixed
        return self.fixed + self.per_gib * size / _GIB


class Estimate(Struct, frozen=True, kw_only=True):
    """What is known of a kind: its pace, and how many minutes longer it takes out of cold storage.

    A backup `is_of_its_start` where it holds what was there when it began, and else what was there when it ended. A log
    ends so far `behind` the present ("Point-in-time recovery" of the RDS User Guide; AWS Backup Developer Guide,
    "Continuous backups and point-in-time recovery").
    """

    pace: Pace
    cold: float = 240
    is_of_its_start: bool = True
    behind: timedelta = USUALLY_BEHIND
