"""An assumption about AWS or the organisation, and what a look at the live organisation says of it."""

import json
from collections.abc import Iterable, Iterator
from copy import replace
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

_TOLD: Final = 5


class Outcome(StrEnum):
    """What the look says of the assumption."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNSEEN = "cannot be seen"


class Diagnosis(Struct, frozen=True, kw_only=True):
    """One line of the doctor; `remedy` is empty where the assumption holds.

    `protects` says that backups are less protected, or less watched, where the assumption does not hold.
    """

    check: str
    assumption: str
    outcome: Outcome
    where: str
    evidence: str
    remedy: str
    protects: bool

    @property
    def is_alarming(self) -> bool:
        """Whether something that protects is off."""
        return self.protects and self.outcome is Outcome.FAILS


class Check(Struct, frozen=True, kw_only=True):
    """An assumption, the actions of IAM by which it is looked at, and what to do where it does not hold.

    `shown_by` is the call or event that would show it where a look finds nothing yet.
    """

    id: str
    assumption: str
    calls: tuple[str, ...]
    remedy: str
    shown_by: str = ""
    protects: bool = True

    def holds(self, where: str, evidence: str) -> Diagnosis:
        """The assumption is seen to hold."""
        return self._says(Outcome.HOLDS, where, evidence, "")

    def fails(self, where: str, evidence: str, *, remedy: str = "") -> Diagnosis:
        """The assumption is seen not to hold; `remedy` replaces the check's own."""
        return self._says(Outcome.FAILS, where, evidence, remedy or self.remedy)

    def unseen(self, where: str, evidence: str, *, remedy: str = "") -> Diagnosis:
        """Nothing shows it; `remedy` says how it becomes visible, else the check's `shown_by` does."""
        return self._says(Outcome.UNSEEN, where, evidence, remedy or self.shown_by or self.least_policy)

    def judged(self, where: str, evidence: str, *, wrong: Iterable[str]) -> Diagnosis:
        """It holds where nothing is wrong."""
        told = "; ".join(wrong)
        return self.fails(where, told) if told else self.holds(where, evidence)

    @property
    def least_policy(self) -> str:
        """The statement that allows the check and nothing else."""
        return f"grant {json.dumps(statement(self.calls), separators=(',', ':'))}"

    def _says(self, outcome: Outcome, where: str, evidence: str, remedy: str) -> Diagnosis:
        return Diagnosis(
            check=self.id,
            assumption=self.assumption,
            outcome=outcome,
            where=where,
            evidence=evidence,
            remedy=remedy,
            protects=self.protects,
        )


def statement(actions: Iterable[str]) -> dict[str, Any]:
    """A statement of IAM that allows these readings of everything."""
    return {"Effect": "Allow", "Action": sorted(set(actions)), "Resource": "*"}


def summed(found: Iterable[Diagnosis]) -> Iterator[Diagnosis]:
    """What does not hold, a line each as it is found; then a line for all that hold, and one for each thing unseen."""
    groups: dict[tuple[Outcome, str], list[Diagnosis]] = {}
    for each in found:
        if each.outcome is Outcome.FAILS:
            yield each
        else:
            reason = each.evidence if each.outcome is Outcome.UNSEEN else ""
            groups.setdefault((each.outcome, reason), []).append(each)
    for group in groups.values():
        yield _joined(group)


def _joined(group: list[Diagnosis]) -> Diagnosis:
    first = group[0]
    if len(group) == 1:
        return first
    places = listed(each.where for each in group)
    return replace(first, where=f"{len(group)} places", evidence=f"{places}; the first: {first.evidence}")


def listed(names: Iterable[str]) -> str:
    """The first names, and how many follow; `none` where there are none."""
    kept = list(names)
    told = ", ".join(kept[:_TOLD]) or "none"
    return told + (f" and {len(kept) - _TOLD} more" if len(kept) > _TOLD else "")
