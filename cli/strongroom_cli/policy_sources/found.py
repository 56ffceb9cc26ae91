"""What is found in a text: the backup policies with their places, what cannot be judged, and what is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from strongroom.domain.backup_policy.documents import PolicyText
from strongroom.domain.errors import StrongroomError

type Steps = tuple[str | int, ...]


class NoPolicyError(StrongroomError):
    """A text holds no backup policy that could be read; the message says what it is instead."""


class UnreadableError(NoPolicyError):
    """A text could not even be read as what it seems to be."""


class Form(StrEnum):
    """How a policy is written."""

    BARE = "a policy that is all of its text"
    HELD = "a policy that something else holds"
    EFFECTIVE = "an effective policy, without operators"


class Lines(Protocol):
    """Where the places of a policy stand in the text that holds it."""

    def of(self, places: Sequence[Steps]) -> list[int | None]:
        """The line of each place, counted from 1; that of the nearest object around what is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPolicy:
    """A backup policy with its lines, and what it belongs to: a resource, or a place in a file of levels, or neither.

    Where it `has_placeholders`, `${...}` stands for what only its deployment tells.
    """

    text: PolicyText
    form: Form
    lines: Lines
    resource: str = ""
    place: Steps = ()
    has_placeholders: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What its reader must know of a backup policy that is there and is not judged: `is_of_all` of it, or in part."""

    text: str
    resource: str = ""
    line: int | None = None
    is_of_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that a text holds; `others` counts the policies of other types.

    A file of levels says which policies are in `levels`, root first, and what was valid before.
    """

    policies: tuple[FoundPolicy, ...] = ()
    levels: tuple[tuple[FoundPolicy, ...], ...] | None = None
    last_valid: Any = None
    remarks: tuple[Remark, ...] = ()
    others: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is no backup policy in it, judged or not."""
        return not self.policies and not self.remarks and self.levels is None


def joined(parts: Iterable[Found]) -> Found:
    """What several parts hold together."""
    found = list(parts)
    return Found(
        policies=tuple(policy for part in found for policy in part.policies),
        remarks=tuple(each for part in found for each in part.remarks),
        others=sum(part.others for part in found),
    )


@dataclass(frozen=True, slots=True)
class OneLine:
    """The lines of a policy that stands in its text as one string."""

    line: int | None

    def of(self, places: Sequence[Steps]) -> list[int | None]:
        """That one line for every place."""
        return [self.line] * len(places)
