"""What was measured, as a page of the documentation: each row with its claim, and whether that held."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from benchmarks.measurement import Measurement

_HEAD: Final = """# Benchmarks

Written by `make bench-peers BENCH="--page docs/benchmarks.md"` on {day}: Python {python}, built
{built} profile-guided optimization, {system} {architecture}, {cpus} processors. Absolute times are this machine's. What
is claimed is a ratio of two rows of one run, a number of calls or bytes, or a sum of counted calls and listed prices; a
claim that does not hold ends the command with 1. A run may be had in parts (`--only NAME`, `--beside FILE`); what was
measured on a busy machine says at which load. Where a ratio is a median of pairs, both took the same events in turns,
one right after the other.

| row | value | ratio | claim | holds |
|---|---:|---|---|---|
"""


def render_page(measured: Iterable[Measurement], *, machine: Mapping[str, Any], day: date) -> str:
    """The page in Markdown; `machine` is what `describe_machine` says."""
    return _HEAD.format(day=day, **machine) + "".join(map(_row, measured))


def beside(earlier: Iterable[Measurement], measured: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """The rows of earlier runs, in their places what was measured anew, and behind them what is new."""
    rows = {row.name: row for row in earlier} | {row.name: row for row in measured}
    return tuple(rows.values())


def value_of(row: Measurement) -> str:
    """The value as people read it, without its unit."""
    return f"{row.value:,.4g}" if row.value < 100 else f"{row.value:,.0f}"


def _row(row: Measurement) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.3f} of `{row.ratio_to}`"
    holds = {True: "yes", False: "**no**"}.get(row.detail.get("holds"), "")  # type: ignore[arg-type]
    if pairs := row.detail.get("pairs"):
        ratio += f", median of {pairs} pairs"
    load = row.detail.get("measured_at_load")
    value = f"{value_of(row)} {row.unit}" + ("" if load is None else f" (at load {load:g})")
    return f"| `{row.name}` | {value} | {ratio} | {row.detail.get('target', '')} | {holds} |\n"
