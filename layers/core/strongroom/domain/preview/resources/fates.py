"""What becomes of each resource: which plans make backups of it, or why none does."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.preview.plans import Plan
from strongroom.domain.preview.resources.inventory import OptIns, Resource
from strongroom.domain.preview.resources.selections import Choice, Chooser
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


class Verdict(Struct, frozen=True):
    """The fate of a resource, with the plans that make its backups: as choices, and by name."""

    fate: Fate
    choices: tuple[Choice, ...] = ()
    plans: tuple[str, ...] = ()


class Judge(Struct, frozen=True):
    """One effective policy, ready to be asked about many resources."""

    plans: Mapping[str, Plan]
    chooser: Chooser
    spelling: Spelling

    def verdict(self, resource: Resource, rows: tuple[ResourceType, ...]) -> Verdict:
        """What becomes of the resource, which is of one of these types, under this policy."""
        if not rows:
            return _WHY[Fate.UNPROTECTABLE]
        chosen = self.chooser.chosen(resource, rows)
        if chosen.made:
            return Verdict(Fate.CAUGHT, chosen.made, chosen.plans)
        return _WHY[_why_not(chosen.choices, resource.tags, self.spelling)]


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


_WHY: Final = {fate: Verdict(fate) for fate in Fate}
