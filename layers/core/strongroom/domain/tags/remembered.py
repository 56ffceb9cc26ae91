"""What is remembered of a resource, and what is to be."""

from msgspec import Struct

from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.domain.tags.waiting import Task


class Remembered(Struct, frozen=True, kw_only=True):
    """The tier and the state of a resource as it was judged last, and the event that it was judged for.

    It `waits` where somebody looks at it again.

    `is_told` where people know that it is in no tier.
    """

    waits: bool = False
    tier: str | None = None
    state: str | None = None
    event_id: str | None = None
    is_told: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether its backups or copies have a limit."""
        return self.state == TagState.CANNOT


class Judged(Struct, frozen=True, kw_only=True):
    """The verdict on a resource, and the event that it is about.

    `expected` are the first backups that plans owe it, `waits` what it is until it is looked at next, if it waits.
    """

    verdict: TagVerdict
    event_id: str
    expected: tuple[ExpectedBackup, ...] = ()
    waits: Task | None = None
