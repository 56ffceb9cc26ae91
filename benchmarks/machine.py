"""The machine that measures: what the numbers depend on, and whether it rests enough for a ratio to be no noise."""

import os
import platform
import sysconfig
from collections.abc import Iterable
from copy import replace
from typing import Any, Final

from benchmarks.measurement import Measurement, NotMeasuredError

MOST_LOAD: Final = 1.5


def describe_machine(load: float) -> dict[str, Any]:
    """What the absolute numbers depend on; `load` is that before anything was measured."""
    return {
        "python": platform.python_version(),
        "built": "with" if _is_optimized() else "without",
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "cpus": os.process_cpu_count(),
        "load": load,
    }


def _is_optimized() -> bool:
    """Whether the interpreter was built with what its own run had measured, which makes it a third faster."""
    return "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def load_of_machine() -> float:
    """How many processes wanted a processor in the last minute, on average."""
    return round(os.getloadavg()[0], 2)


def refuse_if_busy(load: float) -> None:
    """NotMeasuredError where others use the machine so much that a ratio would be noise."""
    if load > MOST_LOAD:
        raise NotMeasuredError(
            f"the machine's load is {load}, above {MOST_LOAD}, so that a ratio would be noise: wait until it rests, "
            "or measure all the same with --on-busy-machine, which marks every row"
        )


def marked(measured: Iterable[Measurement], load: float) -> tuple[Measurement, ...]:
    """The rows, each with the load in its detail where that was too high."""
    if load <= MOST_LOAD:
        return tuple(measured)
    return tuple(replace(row, detail={"measured_at_load": load} | row.detail) for row in measured)
