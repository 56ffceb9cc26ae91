"""How well a resource is protected, worst first."""

from enum import StrEnum
from typing import Final


class Protection(StrEnum):
    """Where a resource stands; the order is that of their ranks, the worst first."""

    LOST = "LOST"
    NO_BACKUP = "NO_BACKUP"
    COPY_SHORT = "COPY_SHORT"
    NOT_KNOWN = "NOT_KNOWN"
    AWAITED = "AWAITED"
    PROTECTED = "PROTECTED"
    ENDED = "ENDED"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 is the worst."""
        return _ORDER.index(self)

    @property
    def words(self) -> str:
        """What people read."""
        return _WORDS[self]

    @property
    def is_wrong(self) -> bool:
        """Whether somebody should look."""
        return self.rank <= Protection.NOT_KNOWN.rank


_ORDER: Final = tuple(Protection)
_WORDS: Final = {
    Protection.LOST: "a copy vanished",
    Protection.NO_BACKUP: "not backed up",
    Protection.COPY_SHORT: "not fully protected",
    Protection.NOT_KNOWN: "not known",
    Protection.AWAITED: "first backup awaited",
    Protection.PROTECTED: "protected",
    Protection.ENDED: "not to be protected any more",
}
