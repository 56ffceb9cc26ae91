"""How many attacks a second are tried on the rendered policies, without their locks, and on many full documents."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from benchmarks.measurement import PER_SECOND, Measurement, at_least, compared, quickest_seconds
from strongroom.domain.backup_policy.attacking.attack import attack
from strongroom.domain.backup_policy.documents import CHILD_CONTROL, NONE, Document
from strongroom.domain.backup_policy.linting.reading import minified_characters
from strongroom.domain.backup_policy.quotas import POLICY_CHARACTERS
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.intent.model import Intent

DOCUMENTS: Final = (2, 6)
LEAST_LINEAR: Final = 0.6  # an attack among many documents may be so much slower than one among few


def measure_policy_attack(intent: Intent, *, runs: int = 3) -> tuple[Measurement, ...]:
    """All policies on one unit, attacked from a unit and an account below; the claim is that nothing sticks."""
    rendered = list(render_backup_policies(intent).values())
    paths = {"rendered": _attacked(rendered), "without_locks": _attacked([_unlocked(each) for each in rendered])}
    seconds = quickest_seconds({name: partial(attack, levels) for name, levels in paths.items()}, runs=runs)
    reports = {name: attack(levels) for name, levels in paths.items()}
    rates = {name: round(report.tried / seconds[name], 1) for name, report in reports.items()}
    locked, unlocked = reports["rendered"], reports["without_locks"]
    base = Measurement(
        name="policy_attack.without_locks",
        value=rates["without_locks"],
        unit=PER_SECOND,
        detail={"tried": unlocked.tried, "stuck": len(unlocked.stuck), "holds": bool(unlocked.stuck)},
    )
    row = compared(
        "policy_attack.rendered",
        rates["rendered"],
        PER_SECOND,
        to=base,
        tried=locked.tried,
        stuck=len(locked.stuck),
        rests_on_container_controls=len(locked.rests_on_container_controls),
        holds=not locked.stuck,
    )
    return row, base


def measure_attack_of_many(
    intent: Intent, *, sizes: tuple[int, int] = DOCUMENTS, runs: int = 1
) -> tuple[Measurement, ...]:
    """The rate on few full documents and on many; the claim is that the time grows as the documents do."""
    rendered = next(iter(render_backup_policies(intent).values()))
    paths = {str(size): _attacked([_full(rendered, number) for number in range(size)]) for size in sizes}
    seconds = quickest_seconds({name: partial(attack, levels) for name, levels in paths.items()}, runs=runs)
    tried = {name: attack(levels).tried for name, levels in paths.items()}
    few, many = (
        Measurement(
            name=f"policy_attack.{name}_full_documents",
            value=round(tried[name] / seconds[name], 1),
            unit=PER_SECOND,
            detail={"tried": tried[name]},
        )
        for name in paths
    )
    return few, at_least(compared(many.name, many.value, PER_SECOND, to=few, **many.detail), LEAST_LINEAR)


def _full(rendered: Document, number: int) -> Document:
    """A locked document with as many plans of its own as AWS takes."""
    locked = {CHILD_CONTROL: [NONE]}
    [plan] = [plan for name, plan in rendered["plans"].items() if name != CHILD_CONTROL]
    plans: Mapping[str, Any] = locked
    while minified_characters({"plans": (more := _with_plan(plans, plan, number)), **locked}) <= POLICY_CHARACTERS:
        plans = more
    return {"plans": plans, **locked}


def _with_plan(plans: Mapping[str, Any], plan: Any, number: int) -> dict[str, Any]:
    return {**plans, f"plan-{number}-{len(plans)}": plan}


def _attacked(documents: Sequence[Document]) -> list[Sequence[Document]]:
    return [[], documents, [], []]


def _unlocked(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {name: _unlocked(child) for name, child in node.items() if name != CHILD_CONTROL}
