"""What was measured, as a page of the documentation: each row with its claim, and whether that held."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from benchmarks.measurement import Measurement

_HEAD: Final = """# Benchmarks

Written by `make bench BENCH="--page docs/benchmarks.md"` on {day}: Python {python}, {system} {architecture},
{cpus} processors, load {load} before. Absolute times are this machine's. What is claimed is a ratio of two rows of one
run, a number of calls or bytes, or a sum of counted calls and listed prices; a claim that does not hold ends the
command with 1.

| row | value | ratio | claim | holds |
|---|---:|---|---|---|
"""


def render_page(measured: Iterable[Measurement], *, machine: Mapping[str, Any], day: date) -> str:
    """The page in Markdown; `machine` is what `describe_machine` says."""
    return _HEAD.format(day=day, **machine) + "".join(map(_row, measured))


def value_of(row: Measurement) -> str:
    """The value as people read it, without its unit."""
    return f"{row.value:,.4g}" if row.value < 100 else f"{row.value:,.0f}"


def _row(row: Measurement) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.3f} of `{row.ratio_to}`"
    holds = {True: "yes", False: "**no**"}.get(row.detail.get("holds"), "")  # type: ignore[arg-type]
    return f"| `{row.name}` | {value_of(row)} {row.unit} | {ratio} | {row.detail.get('target', '')} | {holds} |\n"
