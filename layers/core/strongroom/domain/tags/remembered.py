"""What is remembered of a resource, and what is to be."""

from msgspec import Struct

from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.tags.quarrels import Quarrel
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.domain.tags.waiting import Task


class Remembered(Struct, frozen=True, kw_only=True):
    """The tier and the state of a resource as it was judged last, and the event that it was judged for.

    It `waits` where somebody looks at it again. `is_told` where people know that it is in no tier. `had` is the last
    tier that it was in. `label` is that of its exact type, and `limits` are the facts that its creation has shown.
    `quarrels` are with whoever takes it out of its tier. `is_key_untold` where nobody has said yet who manages a key
    that it lies under. `told_in` is the subject of the alert that tells of it, where that tells of others, too.
    """

    waits: bool = False
    tier: str | None = None
    state: str | None = None
    event_id: str | None = None
    is_told: bool = False
    had: str | None = None
    label: str | None = None
    limits: tuple[str, ...] = ()
    quarrels: tuple[Quarrel, ...] = ()
    is_key_untold: bool = False
    told_in: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether its backups or copies have a limit."""
        return self.state == TagState.CANNOT


class Judged(Struct, frozen=True, kw_only=True):
    """The verdict on a resource, and the event that it is about.

    `expected` are the first backups that plans owe it, `waits` what it is until it is looked at next, if it waits. The
    rest is as it is to be remembered.
    """

    verdict: TagVerdict
    event_id: str
    expected: tuple[ExpectedBackup, ...] = ()
    waits: Task | None = None
    had: str | None = None
    label: str = ""
    limits: tuple[str, ...] = ()
    quarrels: tuple[Quarrel, ...] = ()
    is_key_untold: bool = False
    told_in: str = ""
