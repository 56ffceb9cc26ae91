"""Contenders take turns at the same work, each in a process of its own on an AWS that was set up anew.

What counts is the CPU time of the contender's process, and of its turns the quickest: whatever else the machine does
only ever adds. After each turn every subject is read back: work that was not
done is not measured.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from benchmarks.aws.stage import Stage
from benchmarks.measurement import NotMeasuredError
from benchmarks.workloads.workload import Json, Workload

_PROBE: Final = Path(__file__).parents[1] / "contenders" / "probe.py"
_PYTHON: Final = (sys.executable, "-I", "-S", "-B", str(_PROBE))
# What lies in the folder of a turn.
_JOB: Final = "job.json"
_RESULT: Final = "result.json"
_SAID: Final = ("stdout", "stderr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How often each contender has its turn, how many of its events only warm it up, and how many count."""

    runs: int
    warming: int
    counting: int


# In each turn fewer than a hundred resources exist: from there on Cloud Custodian lists their names in several pages.
WARM: Final = Size(runs=3, warming=10, counting=80)
COLD: Final = Size(runs=7, warming=0, counting=0)


@dataclass(frozen=True, slots=True)
class Scene:
    """An AWS that was set up: the names of the control plane's parts, and the tokens of the subjects, by batch."""

    parts: Mapping[str, str]
    batches: tuple[tuple[str, ...], ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of all subjects."""
        return tuple(token for batch in self.batches for token in batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Who takes part: the file that is loaded, what it may import, its variables and its form of the events.

    `configuration` is what it finds as `config.json` in its working folder.
    """

    name: str
    script: str
    paths: Sequence[str]
    variables: Callable[[Scene], Mapping[str, str]]
    events: Callable[[Scene], Sequence[Any]]
    configuration: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU milliseconds: those of import and first batch, and of one event once warm; 0 where no event counted."""

    cold: float
    warm: float


class Ground(Protocol):
    """The AWS on which they compete."""

    @property
    def stage(self) -> Stage:
        """Where what was done can be read."""

    def set_up(self, workload: Workload, batches: int) -> Scene:
        """Make that many batches of subjects on an AWS that knows nothing else."""


def compete(contenders: Sequence[Contender], workload: Workload, *, size: Size, on: Ground) -> dict[str, Cost]:
    """The quickest turn of each contender; the first batch of each finds everything cold."""
    costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
    warming, counting = (events // workload.batch for events in (size.warming, size.counting))
    for _ in range(size.runs):
        for contender in contenders:
            scene = on.set_up(workload, 1 + warming + counting)
            told = play(contender, scene, warming=warming)
            check_done(workload, on.stage, scene, by=contender.name)
            costs[contender.name].append(_cost(told, per_batch=workload.batch))
    return {
        name: Cost(
            cold=round(min(each.cold for each in turns), 2),
            warm=round(min(each.warm for each in turns), 3),
        )
        for name, turns in costs.items()
    }


def play(contender: Contender, scene: Scene, *, warming: int = 0, record: bool = False) -> Json:
    """Hand the contender all events of the scene, and return what its process tells."""
    with playing(contender, scene, warming=warming, record=record) as turn:
        return turn.told()


class Turn:
    """A contender's process, at work; whoever gave it pipes hands it each event by a byte, and hears of its end."""

    def __init__(self, contender: Contender, process: subprocess.Popen[bytes], folder: Path) -> None:
        """`folder` is where the process leaves its files."""
        self._contender = contender
        self._process = process
        self._folder = folder

    def told(self) -> Json:
        """What the process tells once it has ended; NotMeasuredError where it gave up."""
        if self._process.wait():
            ends = "\n".join(_end_of((self._folder / said).read_text(encoding="utf-8")) for said in _SAID)
            raise NotMeasuredError(f"{self._contender.name} gave up:\n{ends}")
        told: Json = json.loads((self._folder / _RESULT).read_text(encoding="utf-8"))
        return told


@contextmanager
def playing(
    contender: Contender, scene: Scene, *, warming: int = 0, record: bool = False, pipes: tuple[int, int] | None = None
) -> Iterator[Turn]:
    """The contender at work on all events of the scene; `pipes` are what it reads its turns from, and tells ends to."""
    with TemporaryDirectory(prefix="strongroom-turn-") as name:
        folder = Path(name)
        order = {
            "contender": contender.script,
            "paths": [str(_PROBE.parent), *contender.paths],
            "events": contender.events(scene),
            "warming": warming,
            "record": record,
            "pipes": pipes,
        }
        (folder / _JOB).write_text(json.dumps(order), encoding="utf-8")
        if contender.configuration is not None:
            (folder / "config.json").write_text(json.dumps(contender.configuration), encoding="utf-8")
        with ExitStack() as stack:
            # Files: a pipe that nobody empties would stop the process that fills it.
            out, error = (stack.enter_context((folder / said).open("wb")) for said in _SAID)
            process = subprocess.Popen(  # noqa: S603 this interpreter and our own probe
                [*_PYTHON, _JOB, _RESULT],
                cwd=folder,
                env=dict(contender.variables(scene)),
                pass_fds=pipes or (),
                stdout=out,
                stderr=error,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            yield Turn(contender, process, folder)


def check_done(workload: Workload, stage: Stage, scene: Scene, *, by: str) -> None:
    """NotMeasuredError where a subject shows nothing of the work."""
    undone = workload.left_undone(stage, scene.tokens)
    if undone:
        raise NotMeasuredError(f"{by} left {len(undone)} of {len(scene.tokens)} of {workload.name} undone: {undone[0]}")


def _cost(told: Json, *, per_batch: int) -> Cost:
    warm = statistics.median(told["warm"]) / per_batch if told["warm"] else 0.0
    return Cost(cold=told["cold"] * 1000, warm=warm * 1000)


def _end_of(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-20:])
