"""What becomes of each resource: which plans make backups of it, or why none does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from strongroom.domain.preview.plans import Plan
from strongroom.domain.preview.resources.inventory import OptIns, Resource, types_of
from strongroom.domain.preview.resources.selections import Answer, Choice, Chooser
from strongroom.domain.preview.resources.spelling import Spelling, spelling_of


class Fate(StrEnum):
    """Whether backups of a resource are made, or the first reason why not."""

    CAUGHT = "caught"
    NOT_OPTED_IN = "in types that are not opted in"
    ELSEWHERE = "in Regions where their plan does not run"
    UNTAGGED = "untagged"
    MISSPELLED = "spelled otherwise"
    OTHER = "for other reasons"
    UNPROTECTABLE = "of types that AWS Backup cannot protect"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of a resource, and the plans that make its backups; `is_open` where AWS alone can tell whether any."""

    fate: Fate
    choices: tuple[Choice, ...] = ()

    @property
    def plans(self) -> tuple[str, ...]:
        """The names of the plans that make its backups."""
        return tuple(choice.plan for choice in self.choices)

    @property
    def is_open(self) -> bool:
        """Whether every one of the plans catches it only as AWS documents it."""
        return bool(self.choices) and all(choice.answer is Answer.OPEN for choice in self.choices)


_UNPROTECTABLE: Final = Verdict(Fate.UNPROTECTABLE)


@dataclass(frozen=True, slots=True)
class Judge:
    """One effective policy, ready to be asked about many resources."""

    plans: Mapping[str, Plan]
    chooser: Chooser
    spelling: Spelling

    def verdict(self, resource: Resource) -> Verdict:
        """What becomes of the resource under this policy."""
        choices = self.chooser.choices(resource)
        made = tuple([choice for choice in choices if choice.is_made])
        if made:
            return Verdict(Fate.CAUGHT, made)
        if not choices and not types_of(resource):
            return _UNPROTECTABLE
        return Verdict(_why_not(choices, resource.tags, self.spelling))


def judge_of(plans: Iterable[Plan], opt_ins: OptIns) -> Judge:
    """The judge of an effective policy that has these plans."""
    listed = tuple(plans)
    return Judge({plan.name: plan for plan in listed}, Chooser(listed, opt_ins), spelling_of(listed))


def _why_not(choices: tuple[Choice, ...], tags: Mapping[str, str], spelling: Spelling) -> Fate:
    if any(choice.runs_there for choice in choices):
        return Fate.NOT_OPTED_IN
    if choices:
        return Fate.ELSEWHERE
    if spelling.is_missed(tags):
        return Fate.MISSPELLED
    return Fate.OTHER if spelling.has_key(tags) else Fate.UNTAGGED
