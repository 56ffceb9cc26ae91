"""How long the decision over what a restore sends takes: of the kept cases the slowest, and all of them on average."""

from functools import partial
from typing import Any, Final

from benchmarks.measurement import MILLISECONDS, Measurement, at_most, compared, quickest_seconds
from strongroom.domain.restores.deciding.decide import decide_restore
from tests.builders.deciding.restore_cases import CASES, a_restore

# It is asked before anybody is disturbed, and again before the act.
_BUDGET: Final = Measurement(name="restore_decision.budget", value=1.0, unit=MILLISECONDS)


def measure_restore_decisions(*, loops: int = 20, runs: int = 5) -> tuple[Measurement, ...]:
    """The budget, and beside it the milliseconds of the slowest case and of the average one."""
    cases = {case["id"]: partial(decide_restore, _of(case["input"])) for case in CASES["cases"]}
    seconds = quickest_seconds(cases, runs=runs, loops=loops)
    slowest = max(seconds, key=seconds.__getitem__)
    average = sum(seconds.values()) / len(seconds)
    return (
        _BUDGET,
        at_most(_row("slowest", seconds[slowest], case=slowest), 1.0),
        at_most(_row("average", average, cases=len(cases)), 1.0),
    )


def _row(name: str, seconds: float, **detail: Any) -> Measurement:
    return compared(f"restore_decision.{name}", round(seconds * 1000, 4), MILLISECONDS, to=_BUDGET, **detail)


def _of(said: dict[str, Any]) -> Any:
    return a_restore(said["type"], **{name: value for name, value in said.items() if name != "type"})
