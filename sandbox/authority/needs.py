"""Which statements somebody needs: a question that was asked is answered otherwise once the statement is taken away."""

from collections.abc import Callable, Iterable, Mapping
from copy import replace
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from sandbox.seams.iam.questions import Asked


class Part(StrEnum):
    """Where a statement stands: in the policies of who asks, or in the policy of what is asked for."""

    OWN = "own"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as deployed: its place in the template, who or what it speaks for, and its two spellings."""

    name: str
    part: Part
    holders: frozenset[str]
    written: Mapping[str, Any]
    parsed: Any = None

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that it names."""
        return tuple(_listed(self.written["Action"]))

    def speaks_for(self, asked: Asked) -> bool:
        """Whether it is one of the statements that were in force for the question."""
        if self.part is Part.OWN:
            return asked.asker in self.holders and asked.own is not None
        return asked.document is not None and any(fnmatchcase(asked.resource, each) for each in self.holders)


def without(asked: Asked, statement: Statement) -> Asked:
    """The same question, had the statement never been written."""
    if statement.part is Part.OWN:
        own = tuple(tuple(each for each in policy if each != statement.parsed) for policy in asked.own or ())
        return replace(asked, own=own)
    document = asked.document or {}
    left = [each for each in _listed(document.get("Statement", [])) if each != statement.written]
    return replace(asked, document={**document, "Statement": left})


type Decide = Callable[[Asked], str]
type Names = Callable[[str, str], bool]


def needed_actions(statement: Statement, questions: Iterable[Asked], *, decide: Decide, names: Names) -> set[str]:
    """The actions of the statement for which a question was asked that it alone allows, or alone refuses.

    `names(action, pattern)` tells whether an action of a statement means the action of a request.
    """
    found: set[str] = set()
    for asked in questions:
        if not statement.speaks_for(asked):
            continue
        meant = {pattern for pattern in statement.actions if names(asked.action, pattern)}
        if meant - found and turns(statement, decide(asked), decide(without(asked, statement))):
            found |= meant
    return found


def turns(statement: Statement, with_it: str, without_it: str) -> bool:
    """Whether the answer hangs on the statement: it allows what else is not allowed, or denies what else is not."""
    effect: str = statement.written["Effect"]
    return with_it == effect != without_it


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
