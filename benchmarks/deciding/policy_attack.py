"""How many hostile documents a second are merged against the rendered policies, and against the same without locks."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.measurement import PER_SECOND, Measurement, compared, quickest_seconds
from strongroom.domain.backup_policy.attack import attack
from strongroom.domain.backup_policy.documents import CHILD_CONTROL, Document
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.intent.model import Intent


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


def _attacked(documents: Sequence[Document]) -> list[Sequence[Document]]:
    return [[], documents, [], []]


def _unlocked(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {name: _unlocked(child) for name, child in node.items() if name != CHILD_CONTROL}
