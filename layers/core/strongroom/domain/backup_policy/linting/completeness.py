"""What a plan that looks whole still lacks; a fragment may leave to others whatever it likes."""

from collections.abc import Iterator
from copy import replace
from typing import Final, assert_never

from strongroom.domain.backup_policy.documents import Path
from strongroom.domain.backup_policy.grammar import BACKUP_POLICY, Block, Collection, Node, Setting
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, is_standalone

_UNLESS: Final = ", unless a policy further up does"


def find_gaps(subject: Subject) -> Iterator[Fault]:
    """Every required key that a plan with rules lacks, and every rule of a whole plan that has no schedule.

    What must be complete may leave nothing to others, so there every plan counts as whole.
    """
    for gap in _gaps(subject):
        yield replace(gap, instead=gap.instead.removesuffix(_UNLESS)) if subject.must_be_complete else gap


def _gaps(subject: Subject) -> Iterator[Fault]:
    plans = BACKUP_POLICY.children["plans"]
    for plan in subject.plans:
        if not subject.must_be_complete and not any(plan.below("rules")):
            continue
        if subject.must_be_complete or is_standalone(plan):
            yield from _missing(plan, plans.of if isinstance(plans, Collection) else plans)
            yield from _unscheduled(plan)
        else:
            yield _incomplete(plan.path, plan.lacks("regions", "selections"))
        if subject.must_be_complete:
            yield from _empty(plan)


def _empty(plan: Place) -> Iterator[Fault]:
    for name in ("rules", "selections"):
        place = plan.at(name)
        if place is not None and not any(place.children()):
            yield _incomplete(place.path, ["everything"])
        elif name == "selections" and place and not any((*place.below("tags"), *place.below("resources"))):
            yield _incomplete(place.path, ["every selection in tags or resources"])


def _missing(place: Place, grammar: Node) -> Iterator[Fault]:
    match grammar:
        case Setting():
            return
        case Block(children=children):
            if lacking := place.lacks(*(name for name, child in children.items() if child.required)):
                yield _incomplete(place.path, lacking)
            for name, child in children.items():
                if (inner := place.at(name)) is not None:
                    yield from _missing(inner, child)
        case Collection(of=body):
            for inner in place.children():
                yield from _missing(inner, body)
        case _:
            assert_never(grammar)


def _unscheduled(plan: Place) -> Iterator[Fault]:
    for rule in plan.below("rules"):
        if rule.lacks("schedule_expression"):
            instead = "write schedule_expression, for instance cron(0 2 ? * * *)"
            yield Fault("no-schedule", rule.path, f"the rule {rule.name} has no schedule_expression", instead)


def _incomplete(path: Path, lacking: list[str]) -> Fault:
    names = " and ".join(lacking)
    return Fault("incomplete", path, f"{names} is missing", f"write {names}{_UNLESS}")
