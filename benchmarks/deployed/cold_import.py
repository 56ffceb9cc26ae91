"""What `import app` costs a new execution environment, beside boto3 with one client, which every function pays anyway.

Each import is a process of its own that sees the standard library, the layers and one function, or the SDK, and nothing
else. The SDK is compiled exactly as the layers are. What counts is CPU time, without the start of the interpreter. No
function carries byte-code of its own, as in its deployed zip.

Imports come in pairs, one of the function and at once one of the SDK, and the ratio is the median of the pairs'. A
machine shared with others halves its speed for minutes: that bends a pair as a whole, while the quickest of a few
imports beside the quickest of all those of the SDK would tell when each of them was measured.

Modules are counted so that nobody drags in a room unseen. The house has many small ones, which cost time by what they
define and hardly by their number; the bound lies below the SDK's own 341.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import MILLISECONDS, ROOT, Measurement, NotMeasuredError, at_most, compared

IMPORT_RATIO: Final = 0.45
MOST_MODULES: Final = 320
_BEFORE: Final = """
import json, sys, time
sys.path[:0] = sys.argv[1:]
before = set(sys.modules)
start = time.process_time()
"""
_AFTER: Final = """
seconds = time.process_time() - start
print(json.dumps([seconds * 1000, len(set(sys.modules) - before)]))
"""
_FUNCTION: Final = "import app"
_SDK: Final = "import boto3\nboto3.client('dynamodb', region_name='eu-west-1')"
_PYTHON: Final = (sys.executable, "-I", "-S", "-B", "-c")

type _Turn = tuple[float, int]
type _Pair = tuple[_Turn, _Turn]
type _Probe = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class ColdImport:
    """What an import takes where the SDK takes its median of the run, and how many modules were loaded."""

    milliseconds: float
    modules: int


def measure_cold_imports(
    layers: BuiltLayers, sdk: Path, scratch: Path, *, functions: Path = ROOT / "functions", runs: int = 9
) -> tuple[Measurement, ...]:
    """Every function, the slowest first, then the SDK, then the slowest function without the layers' byte-code."""
    copies = _copies_of(functions, scratch / "functions")
    imported, boto3 = _import_all(copies, layers, sdk, runs=runs)
    base = Measurement(
        name="cold_import.boto3_with_one_client",
        value=boto3.milliseconds,
        unit=MILLISECONDS,
        detail={"modules": boto3.modules},
    )
    ranked = sorted(imported, key=lambda name: imported[name].milliseconds, reverse=True)
    rows = [_beside_sdk(name, imported[name], base) for name in ranked]
    slowest = next(copy for copy in copies if copy.name == ranked[0])
    return *rows, base, _without_byte_code(slowest, rows[0], layers, scratch / "without", runs=runs)


def _beside_sdk(name: str, cold: ColdImport, base: Measurement) -> Measurement:
    row = compared(
        f"cold_import.{name}",
        cold.milliseconds,
        MILLISECONDS,
        to=base,
        target=f"<= {IMPORT_RATIO}, modules <= {MOST_MODULES}",
        modules=cold.modules,
        holds=cold.modules <= MOST_MODULES,
    )
    return at_most(row, IMPORT_RATIO)


def _without_byte_code(
    function: Path, compiled: Measurement, layers: BuiltLayers, scratch: Path, *, runs: int
) -> Measurement:
    bare = {name: scratch / name for name in layers.folders}
    for name, folder in layers.folders.items():
        shutil.copytree(folder, bare[name], ignore=shutil.ignore_patterns("__pycache__"))
    pairs = [_pair(function, BuiltLayers(bare), beside=_of(function, layers)) for _ in range(runs)]
    cold = _median(pairs, compiled.value)
    return compared(
        "cold_import.without_byte_code",
        cold.milliseconds,
        MILLISECONDS,
        to=compiled,
        function=function.name,
        modules=cold.modules,
    )


def _copies_of(functions: Path, scratch: Path) -> list[Path]:
    apps = sorted(functions.glob("*/app.py"))
    if not apps:
        raise NotMeasuredError(f"{functions} holds no function")
    for app in apps:
        (scratch / app.parent.name).mkdir(parents=True)
        shutil.copy(app, scratch / app.parent.name)
    return [scratch / app.parent.name for app in apps]


def _import_all(
    functions: list[Path], layers: BuiltLayers, sdk: Path, *, runs: int
) -> tuple[dict[str, ColdImport], ColdImport]:
    pairs: dict[str, list[_Pair]] = {function.name: [] for function in functions}
    for _ in range(runs):
        for function in functions:
            pairs[function.name].append(_pair(function, layers, beside=(_SDK, [str(sdk)])))
    of_sdk = [beside for each in pairs.values() for _, beside in each]
    boto3 = ColdImport(round(median(milliseconds for milliseconds, _ in of_sdk), 2), of_sdk[0][1])
    return {name: _median(each, boto3.milliseconds) for name, each in pairs.items()}, boto3


def _pair(function: Path, layers: BuiltLayers, *, beside: _Probe) -> _Pair:
    return _import(*_of(function, layers)), _import(*beside)


def _of(function: Path, layers: BuiltLayers) -> _Probe:
    return _FUNCTION, [str(function), *layers.import_paths]


def _median(pairs: Sequence[_Pair], usual: float) -> ColdImport:
    ratio = median(milliseconds / beside for (milliseconds, _), (beside, _) in pairs)
    return ColdImport(round(ratio * usual, 2), pairs[0][0][1])


def _import(work: str, path: list[str]) -> _Turn:
    try:
        done = subprocess.run(  # noqa: S603 this interpreter and our own probe
            [*_PYTHON, f"{_BEFORE}{work}{_AFTER}", *path], check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise NotMeasuredError(f"{Path(path[0]).name} cannot be imported:\n{error.stderr.strip()}") from error
    milliseconds, modules = json.loads(done.stdout)
    return milliseconds, modules
