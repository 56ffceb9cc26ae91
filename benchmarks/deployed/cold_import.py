"""What `import app` costs a new execution environment, beside boto3 with one client, which every function pays anyway.

Each import is a process of its own that sees the standard library, the layers and one function, or the SDK, and nothing
else. The SDK is compiled exactly as the layers are. What counts is CPU time, without the start of the interpreter, and
of several imports the quickest: whatever else the machine does only ever adds. No function carries byte-code of its
own, as in its deployed zip.

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
from typing import Final

from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import MILLISECONDS, ROOT, Measurement, NotMeasuredError, at_most, compared

IMPORT_RATIO: Final = 0.45
MOST_MODULES: Final = 300
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


@dataclass(frozen=True, slots=True)
class ColdImport:
    """The quickest of several imports, and how many modules were loaded."""

    milliseconds: float
    modules: int


def measure_cold_imports(
    layers: BuiltLayers, sdk: Path, scratch: Path, *, functions: Path = ROOT / "functions", runs: int = 7
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
    cold = _quickest([_import(_FUNCTION, [str(function), *BuiltLayers(bare).import_paths]) for _ in range(runs)])
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
    # Each import next to one of the SDK, so that a busy moment of the machine does not fall on one of the two.
    turns: dict[str, list[_Turn]] = {function.name: [] for function in functions}
    of_sdk: list[_Turn] = []
    for _ in range(runs):
        for function in functions:
            turns[function.name].append(_import(_FUNCTION, [str(function), *layers.import_paths]))
            of_sdk.append(_import(_SDK, [str(sdk)]))
    return {name: _quickest(told) for name, told in turns.items()}, _quickest(of_sdk)


def _quickest(turns: Sequence[_Turn]) -> ColdImport:
    return ColdImport(round(min(milliseconds for milliseconds, _ in turns), 2), turns[0][1])


def _import(work: str, path: list[str]) -> _Turn:
    try:
        done = subprocess.run(  # noqa: S603 this interpreter and our own probe
            [*_PYTHON, f"{_BEFORE}{work}{_AFTER}", *path], check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise NotMeasuredError(f"{Path(path[0]).name} cannot be imported:\n{error.stderr.strip()}") from error
    milliseconds, modules = json.loads(done.stdout)
    return milliseconds, modules
