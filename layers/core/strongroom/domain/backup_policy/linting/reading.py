"""Looking into a document that may hold anything: absent, misspelt and ill-typed all read as None."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import APPEND, ASSIGN, Document, Path, PolicyText
from strongroom.domain.intent.cron import in_numbers
from strongroom.domain.intent.schedules import fault_of_cron

_SHOWN: Final = 60
_DIGITS: Final = 18  # more than any number that a policy could mean


class VaultRange(Struct, frozen=True):
    """The days for which a locked vault keeps what is put into it."""

    least: int
    most: int


class Place(Struct, frozen=True):
    """An object of a document, and where it stands."""

    path: Path
    node: Document

    @property
    def name(self) -> str:
        """The key under which it stands."""
        return self.path[-1] if self.path else "$"

    def at(self, *names: str) -> "Place | None":
        """The object below these keys, in any letter case; None where there is none."""
        place: Place | None = self
        for name in names:
            if place is None:
                return None
            place = next((inner for inner in place.children() if inner.name.lower() == name.lower()), None)
        return place

    def children(self) -> Iterator["Place"]:
        """Every object right below, operators left out."""
        for name, child in self.node.items():
            if isinstance(child, Mapping) and not name.startswith("@@"):
                yield Place((*self.path, name), child)

    def below(self, *names: str) -> Iterator["Place"]:
        """Every object in the collection below these keys."""
        place = self.at(*names)
        return place.children() if place else iter(())

    def lacks(self, *names: str) -> list[str]:
        """Which of these keys do not stand here, whatever they hold."""
        present = {name.lower() for name in self.node}
        return [name for name in names if name not in present]

    def text(self, *names: str) -> str | None:
        """The text that is assigned below these keys."""
        value = self._assigned(*names)
        return value if isinstance(value, str) else None

    def whole(self, *names: str) -> int | None:
        """The whole number that is assigned below these keys."""
        return whole(self._assigned(*names))

    def flag(self, *names: str) -> bool | None:
        """The flag that is assigned below these keys."""
        return flag(self._assigned(*names))

    def members(self, *names: str) -> Iterator[tuple[Path, int, str]]:
        """The texts that are assigned or appended below these keys, each with its operator's path and its number."""
        place = self.at(*names)
        for operator in (ASSIGN, APPEND) if place else ():
            listed = place.node.get(operator) if place else None
            for number, member in enumerate(listed if isinstance(listed, list) else ()):
                if place and isinstance(member, str):
                    yield (*place.path, operator), number, member

    def _assigned(self, *names: str) -> Any:
        place = self.at(*names)
        return place.node.get(ASSIGN) if place else None


@dataclass(frozen=True)
class Subject:
    """What is looked at, and in the light of which facts.

    `vault_lock` is for every copy into a vault that `vault_locks` does not name, by its name or its ARN. What
    `must_be_complete` has no policy further up to rely on. `partitions` holds the Regions that are known of each
    partition; where it is empty, no Region is judged.
    """

    text: PolicyText
    vault_lock: VaultRange | None = None
    vault_locks: Mapping[str, VaultRange] = field(default_factory=dict)
    must_be_complete: bool = False
    today: date | None = None
    partitions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def partition_of(self) -> Mapping[str, str]:
        """The partition of each Region that is known."""
        return {region: name for name, regions in self.partitions.items() for region in regions}

    @cached_property
    def root(self) -> Place:
        """The document itself; an empty one when it is no object at all."""
        document = self.text.document
        return Place((), document if isinstance(document, Mapping) else {})

    @cached_property
    def plans(self) -> tuple[Place, ...]:
        """Every plan of the document."""
        return tuple(self.root.below("plans"))

    @cached_property
    def rules(self) -> tuple[Place, ...]:
        """Every rule of every plan."""
        return tuple(rule for plan in self.plans for rule in plan.below("rules"))


def is_standalone(plan: Place) -> bool:
    """Whether a plan is whole by itself: a fragment relies on a policy further up."""
    return not plan.lacks("regions", "rules", "selections")


def schedule_of(rule: Place) -> str | None:
    """The cron expression of a rule, as the calendar reads it; None where there is none, or AWS would refuse it."""
    schedule = in_numbers(rule.text("schedule_expression") or "")
    return schedule if fault_of_cron(schedule) is None else None


def whole(value: Any) -> int | None:
    """A whole number, also as text; None for everything else, `true` and 60.5 among it."""
    if isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any) -> bool | None:
    """True or false, also as lower-case text; None for everything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def shown(value: Any) -> str:
    """A value as a message may repeat it: short, and on one line."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    written = json.dumps(value[:_SHOWN] if isinstance(value, str) else value)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."


def minified_characters(document: Any) -> int:
    """How many characters a document has without white space, as near as its parsed form tells."""
    characters = 0
    pending = [document]
    while pending:
        node = pending.pop()
        match node:
            case Mapping():
                characters += 2 + max(0, 2 * len(node) - 1)  # braces, colons and commas
                pending += [*node.keys(), *node.values()]
            case list():
                characters += 2 + max(0, len(node) - 1)
                pending += node
            case _:
                characters += len(json.dumps(node, ensure_ascii=False))
    return characters
