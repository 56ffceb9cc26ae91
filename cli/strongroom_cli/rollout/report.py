"""How a plan is told: a line for each step, a summary, or JSON with everything."""

from typing import Any, Final

from strongroom.domain.rollout.steps import RolloutPlan, Step, StepKind
from strongroom_cli.errors import as_told

_TOLD: Final = ("id", "kind", "account", "region", "what", "before", "after")
_CREATING: Final = (StepKind.CREATE_STACK, StepKind.CREATE_ROLE)


def line_of(step: Step) -> str:
    """A step on one line."""
    place = f"{step.account}  {step.region:<14}"
    return f"{step.kind:<12}  {place}  {step.what}: {step.before} -> {step.after}"


def summary_of(plan: RolloutPlan) -> dict[str, int]:
    """How many steps create and change something, and how many findings there are of each level."""
    created = sum(step.kind in _CREATING for step in plan.steps)
    return {
        "create": created,
        "change": len(plan.steps) - created,
        "warnings": len(plan.findings) - len(plan.errors),
        "errors": len(plan.errors),
    }


def summary_line(plan: RolloutPlan) -> str:
    """The summary on one line."""
    count = summary_of(plan)
    nothing = "" if plan.steps else "nothing to change: "
    warnings, errors = (f"{count[name]} {name[:-1] if count[name] == 1 else name}" for name in ("warnings", "errors"))
    return f"{nothing}{count['create']} to create, {count['change']} to change, {warnings}, {errors}"


def steps_told(plan: RolloutPlan) -> list[dict[str, str]]:
    """What is told of each step."""
    return [{name: str(getattr(step, name)) for name in _TOLD} for step in plan.steps]


def as_json(plan: RolloutPlan) -> dict[str, Any]:
    """The plan as `{"summary": {...}, "steps": [...], "findings": [...]}`."""
    findings = [as_told(finding) for finding in plan.findings]
    return {"summary": summary_of(plan), "steps": steps_told(plan), "findings": findings}
