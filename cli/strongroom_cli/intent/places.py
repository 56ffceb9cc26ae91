"""Where in a file each part of its document stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

type Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, counted from 1; `typed` is what stands there without quotes, where a single value does."""

    line: int
    column: int
    typed: str | None = None


def path_of(steps: Iterable[str | int]) -> str:
    """`targets[0].tiers`, or `.` for the document itself."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".") or "."


def parent_of(path: str) -> str:
    """The path of what a part of the document lies in."""
    return path[: max(path.rfind("."), path.rfind("["), 0)] or "."


def nearest_place(path: str, places: Mapping[str, Place]) -> Place | None:
    """The place of a path, or of the nearest of its parents that stands in the file."""
    while path not in places and path != ".":
        path = parent_of(path)
    return places.get(path)
