"""What is wrong with a document, where it stands in it, and whether that stops us."""

from enum import StrEnum

from msgspec import Struct


class Level(StrEnum):
    """An error stops the work; a warning is told and the work goes on; a note is nothing wrong."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """One thing that is wrong or risky; `path` is its place in the document, such as `targets[0].tiers`."""

    level: Level
    code: str
    path: str
    message: str


def error(code: str, path: str, message: str) -> Finding:
    """A finding that stops the work."""
    return Finding(Level.ERROR, code, path, message)


def warning(code: str, path: str, message: str) -> Finding:
    """A finding that is told while the work goes on."""
    return Finding(Level.WARNING, code, path, message)


def note(code: str, path: str, message: str) -> Finding:
    """A finding that only says what follows from what is written."""
    return Finding(Level.NOTE, code, path, message)
