"""What stands beside the draft as a comment: what was seen, and what a person must still decide."""

from msgspec import Struct

from strongroom.domain.errors import StrongroomError


class UnsayableError(StrongroomError):
    """Something that AWS takes, or refuses, cannot be said in the intent file; the message says what and why."""


class Remark(Struct, frozen=True):
    """A comment in a section of the file; an open one is a question that somebody must answer."""

    section: str
    text: str
    is_open: bool = False

    @property
    def told(self) -> str:
        """The comment as it stands in the file."""
        return f"TODO {self.text}" if self.is_open else self.text


def todo(section: str, text: str) -> Remark:
    """A question that is left to whoever edits the file."""
    return Remark(section, text, is_open=True)
