"""`python -m benchmarks.night.alone WHAT NUMBER`: one night in a process of its own; prints what it took as JSON."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.measurement import ROOT, NotMeasuredError

type Taken = dict[str, Any]
type Night = Callable[[int], Taken]

# Of what the function has at most, in megabytes.
MEMORY: Final = 256
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def play_alone(what: str, number: int) -> Taken:
    """What the night of this size took; NotMeasuredError where it did not come to its end."""
    command = [sys.executable, "-m", "benchmarks.night.alone", what, str(number)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S603 this interpreter
    if run.returncode:
        raise NotMeasuredError(f"{what} of {number} failed: {run.stderr.strip().splitlines()[-1:]}")
    taken: Taken = json.loads(run.stdout)
    return taken


def peak_megabytes() -> float:
    """The most memory that this process ever had."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="utf-8"))
    if found is None:
        raise NotMeasuredError("this system does not tell how much memory a process had")
    return round(int(found[1]) / 1_000, 1)


class Clock:
    """Seconds of this process, user and system, since it was made."""

    def __init__(self) -> None:
        self._since = time.process_time()

    @property
    def seconds(self) -> float:
        return round(time.process_time() - self._since, 2)


def _nights() -> dict[str, Night]:
    from benchmarks.night.afterwards import play_month
    from benchmarks.night.burst import play_burst
    from benchmarks.night.reconciliation import play_reconciliation
    from benchmarks.night.simulation import play_simulation

    return {
        "burst": play_burst,
        "month": play_month,
        "reconciliation": play_reconciliation,
        "simulation": play_simulation,
    }


if __name__ == "__main__":
    json.dump(_nights()[sys.argv[1]](int(sys.argv[2])), sys.stdout)
