"""`python -m benchmarks`: measure, print a table, write the numbers; exit code 1 when a claim does not hold."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.aws.stage import aws
from benchmarks.contests.entrants import Arena
from benchmarks.contests.peers import measure_peers
from benchmarks.contests.warm_events import DRIFT, measure_first_event, measure_warm_events
from benchmarks.deciding.candidates import measure_candidates
from benchmarks.deciding.compile_intent import measure_compile
from benchmarks.deciding.decisions import measure_decisions
from benchmarks.deciding.organization_policies import measure_organization_policies
from benchmarks.deciding.policy_attack import measure_attack_of_many, measure_policy_attack
from benchmarks.deciding.preview import measure_preview
from benchmarks.deciding.restore_decisions import measure_restore_decisions
from benchmarks.deciding.tag_rules import measure_tag_rules
from benchmarks.deployed.built_layers import build_layers
from benchmarks.deployed.ceremony import measure_ceremony
from benchmarks.deployed.cold_import import measure_cold_imports
from benchmarks.deployed.layer_sizes import measure_layer_sizes
from benchmarks.deployed.sdk import build_sdk
from benchmarks.ledger.evidence_chain import measure_evidence
from benchmarks.ledger.ledger_tables import measure_ledger_tables
from benchmarks.ledger.overdue_sweep import measure_overdue_sweep
from benchmarks.ledger.proven_evidence import measure_proven_evidence
from benchmarks.machine import MOST_LOAD, describe_machine, load_of_machine, marked, refuse_if_busy
from benchmarks.measurement import ROOT, Measurement, NotMeasuredError
from benchmarks.night.burst import measure_burst
from benchmarks.night.cost import measure_cost
from benchmarks.night.inventory import measure_inventory
from benchmarks.night.reconciliation import measure_reconciliation
from benchmarks.night.simulation import measure_simulation
from benchmarks.night.sweep_reads import measure_sweep_reads
from benchmarks.page import beside, render_page, value_of
from strongroom.domain.errors import StrongroomError
from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.file import load_intent_file

_PIPED_WIDTH: Final = 160
_PEERS: Final = "peers"


class _Report(msgspec.Struct, frozen=True):
    """What is read of the numbers that an earlier run wrote."""

    benchmarks: list[Measurement]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    arena: Arena
    intent: Intent
    scratch: Path
    peers: Path | None


_BENCHMARKS: Final[dict[str, Callable[[_Ground], tuple[Measurement, ...]]]] = {
    "cold imports": lambda on: measure_cold_imports(on.arena.layers, on.arena.sdk, on.scratch),
    "first event": lambda on: measure_first_event(on.arena),
    "warm events": lambda on: measure_warm_events(on.arena),
    "warm drift": lambda on: measure_warm_events(on.arena, workloads=DRIFT),
    _PEERS: lambda on: () if on.peers is None else measure_peers(on.arena, on.peers),
    "layer sizes": lambda on: measure_layer_sizes(on.arena.layers),
    "decisions": lambda on: measure_decisions(on.intent),
    "tag rules": lambda on: measure_tag_rules(on.intent),
    "restore decisions": lambda on: measure_restore_decisions(),  # noqa: ARG005 it stands on nothing
    "candidates": lambda on: measure_candidates(on.intent),
    "compile": lambda on: measure_compile(on.scratch),
    "organization policies": lambda on: measure_organization_policies(on.intent),
    "preview": lambda on: measure_preview(on.intent),
    "overdue sweep": lambda on: measure_overdue_sweep(on.intent),
    "sweep reads": lambda on: measure_sweep_reads(on.intent),
    "inventory": lambda on: measure_inventory(on.intent),
    "reconciliation": lambda on: measure_reconciliation(),  # noqa: ARG005 it reads its own intent
    "burst": lambda on: measure_burst(),  # noqa: ARG005 it reads its own intent
    "cost": lambda on: measure_cost(on.arena),
    "simulation": lambda on: measure_simulation(),  # noqa: ARG005 it reads its own intent
    "ledger tables": lambda on: measure_ledger_tables(),  # noqa: ARG005 it stands on nothing
    "evidence": lambda on: (*measure_evidence(on.scratch), *measure_proven_evidence(on.scratch)),
    "ceremony": lambda on: measure_ceremony(),  # noqa: ARG005 it stands on a sandbox of its own
    "policy attack": lambda on: (*measure_policy_attack(on.intent), *measure_attack_of_many(on.intent)),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run every benchmark; exit code 2 when one could not be run."""
    asked = _parser().parse_args(argv)
    start, load = time.monotonic(), load_of_machine()
    try:
        if not asked.on_busy_machine:
            refuse_if_busy(load)
        earlier = [row for file in asked.beside for row in read_report(file)]
        measured = measure_all(
            peers=asked.peers, only=asked.only, tell=lambda told: print(f"{told} ...", file=sys.stderr, flush=True)
        )
    except (NotMeasuredError, StrongroomError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    rows = marked(measured, load)
    code = report(rows, asked.out, load=load)
    if asked.page is not None:
        today = datetime.now(UTC).date()
        page = render_page(beside(earlier, rows), machine=describe_machine(load), day=today)
        asked.page.write_text(page, encoding="utf-8")
    print(f"{time.monotonic() - start:.0f} s; ratio = value / value of the row named; written to {asked.out}")
    return code


def report(measured: Sequence[Measurement], out: Path, *, load: float) -> int:
    """Write the numbers, print the table, name every claim that does not hold; the exit code."""
    write_report(measured, out, load=load)
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH).print(table_of(measured))
    refuted = [row for row in measured if row.is_refuted]
    for row in refuted:
        print(f"benchmarks: {row.name}: its claim does not hold: ratio {row.ratio}, {row.detail}", file=sys.stderr)
    return int(bool(refuted))


def measure_all(
    *, tell: Callable[[str], None], peers: Path | None = None, only: Sequence[str] = ()
) -> tuple[Measurement, ...]:
    """Every benchmark at its full size, or only those named; Cloud Custodian where `peers` is its environment."""
    chosen = _chosen(only, has_peers=peers is not None)
    intent, _ = load_intent_file(ROOT / "strongroom.yaml")
    with TemporaryDirectory(prefix="strongroom-bench-") as folder, aws(Path(folder, "aws")) as stage:
        scratch = Path(folder)
        tell("building the layers")
        arena = Arena(stage=stage, layers=build_layers(scratch / "layers"), sdk=build_sdk(scratch / "sdk"))
        ground = _Ground(arena=arena, intent=intent, scratch=scratch, peers=peers)
        measured: list[Measurement] = []
        for name in chosen:
            tell(name)
            measured += _BENCHMARKS[name](ground)
    return tuple(measured)


def _chosen(only: Sequence[str], *, has_peers: bool) -> tuple[str, ...]:
    """The names in the order of the table; NotMeasuredError for one that is not there."""
    offered = tuple(name for name in _BENCHMARKS if has_peers or name != _PEERS)
    for name in only:
        if name not in offered:
            raise NotMeasuredError(f"there is no benchmark {name!r}, but {', '.join(offered)}")
    return tuple(name for name in offered if name in only or not only)


def write_report(measured: Iterable[Measurement], out: Path, *, load: float) -> None:
    """Write `{"benchmarks": [...], "machine": {...}}`."""
    report = {"benchmarks": [asdict(row) for row in measured], "machine": describe_machine(load)}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def read_report(file: Path) -> list[Measurement]:
    """The rows that an earlier run wrote; NotMeasuredError where it wrote none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Report).benchmarks
    except (OSError, msgspec.DecodeError) as error:
        raise NotMeasuredError(f"{file} holds no rows of an earlier run: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to write the numbers as JSON")
    parser.add_argument("--page", type=Path, metavar="FILE", help="where to write them as Markdown, with their claims")
    parser.add_argument(
        "--beside",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="for the page: the rows of an earlier run that this one does not measure (repeatable)",
    )
    parser.add_argument("--peers", type=Path, metavar="VENV", help="measure Cloud Custodian, too, which lives there")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="run this benchmark only (repeatable)"
    )
    parser.add_argument(
        "--on-busy-machine", action="store_true", help=f"measure at a load above {MOST_LOAD}, too, and mark every row"
    )
    return parser


def table_of(measured: Iterable[Measurement]) -> Table:
    """The rows for people; details within details are left to the file."""
    table = Table(title="Strongroom benchmarks")
    table.add_column("name", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("to")
    table.add_column("detail")
    for row in measured:
        ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
        table.add_row(
            row.name,
            value_of(row),
            row.unit,
            ratio,
            row.ratio_to or "",
            _told(row.detail),
        )
    return table


def _told(detail: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in detail.items() if not isinstance(value, dict))


if __name__ == "__main__":
    sys.exit(main())
