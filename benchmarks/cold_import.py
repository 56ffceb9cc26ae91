"""How long a new execution environment waits for `import app`, with the layers' byte-code and without it.

Each import is a process of its own that sees the standard library, the layers and one function, and nothing else.
The start of the interpreter itself does not count. No function carries byte-code of its own, as in its deployed zip.
"""

import json
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.built_layers import BuiltLayers
from benchmarks.measurement import MILLISECONDS, ROOT, Measurement, NotMeasuredError, compared

_PROBE: Final = """
import json, sys, time
sys.path[:0] = sys.argv[1:]
before = set(sys.modules)
start = time.perf_counter()
import app
seconds = time.perf_counter() - start
print(json.dumps([seconds * 1000, len(set(sys.modules) - before)]))
"""
_PYTHON: Final = (sys.executable, "-I", "-S", "-B", "-c", _PROBE)


@dataclass(frozen=True, slots=True)
class ColdImport:
    """The median of one function's imports, and how many modules were loaded."""

    function: str
    milliseconds: float
    modules: int


def measure_cold_imports(
    layers: BuiltLayers, scratch: Path, *, functions: Path = ROOT / "functions", runs: int = 3
) -> tuple[Measurement, ...]:
    """The slowest, the fastest and the median function, each beside itself without byte-code."""
    copies = _copies_of(functions, scratch / "functions")
    paths = layers.import_paths, _without_byte_code(layers, scratch / "without")
    compiled, bare = _import_all(copies, paths, runs=runs)
    ranked = sorted(compiled.values(), key=lambda each: each.milliseconds)
    chosen = {"slowest": ranked[-1], "median": ranked[(len(ranked) - 1) // 2], "fastest": ranked[0]}
    rows: list[Measurement] = []
    for label, cold in chosen.items():
        other = bare[cold.function]
        base = Measurement(
            name=f"cold_import.{label}.without_byte_code",
            value=other.milliseconds,
            unit=MILLISECONDS,
            detail={"function": other.function, "modules": other.modules},
        )
        row = compared(
            f"cold_import.{label}",
            cold.milliseconds,
            MILLISECONDS,
            to=base,
            function=cold.function,
            modules=cold.modules,
        )
        rows += [row, base]
    rows[0].detail["functions"] = {each.function: each.milliseconds for each in reversed(ranked)}
    return tuple(rows)


def _copies_of(functions: Path, scratch: Path) -> list[Path]:
    apps = sorted(functions.glob("*/app.py"))
    if not apps:
        raise NotMeasuredError(f"{functions} holds no function")
    for app in apps:
        (scratch / app.parent.name).mkdir(parents=True)
        shutil.copy(app, scratch / app.parent.name)
    return [scratch / app.parent.name for app in apps]


def _without_byte_code(layers: BuiltLayers, scratch: Path) -> list[str]:
    bare = {name: scratch / name for name in layers.folders}
    for name, folder in layers.folders.items():
        shutil.copytree(folder, bare[name], ignore=shutil.ignore_patterns("__pycache__"))
    return BuiltLayers(bare).import_paths


def _import_all(
    functions: list[Path], paths: tuple[list[str], list[str]], *, runs: int
) -> tuple[dict[str, ColdImport], dict[str, ColdImport]]:
    # Round by round and in turns, so that a busy moment of the machine does not fall on one of two that are compared.
    rounds = [
        {function.name: [_import(function, path) for path in paths] for function in functions} for _ in range(runs)
    ]
    compiled, bare = (
        {
            function.name: ColdImport(
                function=function.name,
                milliseconds=round(statistics.median(each[function.name][place][0] for each in rounds), 2),
                modules=rounds[0][function.name][place][1],
            )
            for function in functions
        }
        for place in range(len(paths))
    )
    return compiled, bare


def _import(function: Path, path: list[str]) -> tuple[float, int]:
    try:
        done = subprocess.run(  # noqa: S603 this interpreter and our own probe
            [*_PYTHON, str(function), *path], check=True, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise NotMeasuredError(f"{function.name} cannot be imported:\n{error.stderr.strip()}") from error
    milliseconds, modules = json.loads(done.stdout)
    return milliseconds, modules
