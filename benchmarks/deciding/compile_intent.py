"""How long `strongroom compile` takes in process: read, check, render and write everything."""

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import yaml

from benchmarks.measurement import MILLISECONDS, ROOT, Measurement, NotMeasuredError, compared, quickest_seconds
from strongroom_cli.main import main


def measure_compile(
    scratch: Path, *, intent: Path = ROOT / "strongroom.yaml", runs: int = 15
) -> tuple[Measurement, ...]:
    """The whole command, beside the mere parsing of its file."""
    out = scratch / "rendered"

    def compile_once() -> None:
        told = io.StringIO()
        with redirect_stdout(told), redirect_stderr(told):
            code = main(["compile", str(intent), "--out", str(out)])
        if code:
            raise NotMeasuredError(f"{intent} does not compile:\n{told.getvalue().strip()}")

    text = intent.read_text(encoding="utf-8")
    works = {"compile": compile_once, "parse": lambda: yaml.safe_load(text)}
    milliseconds = {name: round(seconds * 1000, 2) for name, seconds in quickest_seconds(works, runs=runs).items()}
    base = Measurement(name="compile.parse_yaml", value=milliseconds["parse"], unit=MILLISECONDS)
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return compared(
        "compile", milliseconds["compile"], MILLISECONDS, to=base, files=len(files), written_bytes=size
    ), base
