"""The benchmarks measure what they say, at sizes that take no time; nothing is expected of how long anything took."""

import json
import py_compile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.__main__ import report
from benchmarks.built_layers import BuiltLayers
from benchmarks.cold_import import measure_cold_imports
from benchmarks.compile_intent import measure_compile
from benchmarks.decisions import measure_decisions
from benchmarks.evidence_chain import measure_evidence
from benchmarks.layer_sizes import measure_layer_sizes
from benchmarks.ledger_tables import measure_ledger_tables
from benchmarks.measurement import Measurement, NotMeasuredError, compared
from benchmarks.overdue_sweep import measure_overdue_sweep
from strongroom.adapters.ledger.promises import LedgerPromises
from strongroom.domain.copies.promises import Promise
from strongroom.domain.intent.model import Intent


class ReadsWhatIsOpen(LedgerPromises):
    """Throws away what is not due only after it has read it."""

    def due(self, now: datetime) -> Iterator[Promise]:
        for promise in super().due(now + timedelta(days=1)):
            if promise.due_at <= now:
                yield promise


@pytest.fixture
def layers(tmp_path: Path) -> BuiltLayers:
    """One layer of one module whose byte-code and source differ, so that it shows which of them was imported."""
    python = tmp_path / "layer" / "python"
    python.mkdir(parents=True)
    module = python / "stored.py"
    module.write_text("")
    py_compile.compile(str(module), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    module.write_text("import colorsys\n")
    return BuiltLayers({"layer": tmp_path / "layer"})


@pytest.fixture
def functions(tmp_path: Path) -> Path:
    """Two functions, both on the layer."""
    for name in ("open_door", "shut_door"):
        (tmp_path / "functions" / name).mkdir(parents=True)
        (tmp_path / "functions" / name / "app.py").write_text("import stored\n")
    return tmp_path / "functions"


def test_a_cold_import_with_byte_code_is_compared_with_one_of_the_source(
    layers: BuiltLayers, functions: Path, tmp_path: Path
) -> None:
    rows = {row.name: row for row in measure_cold_imports(layers, tmp_path / "scratch", functions=functions, runs=1)}
    assert set(rows["cold_import.slowest"].detail["functions"]) == {"open_door", "shut_door"}
    for label in ("slowest", "median", "fastest"):
        compiled, bare = rows[f"cold_import.{label}"], rows[f"cold_import.{label}.without_byte_code"]
        assert compiled.detail["function"] == bare.detail["function"]
        assert (compiled.detail["modules"], bare.detail["modules"]) == (2, 3)
        assert compiled.ratio_to == bare.name


def test_a_function_sees_the_layers_and_nothing_else_that_is_installed(
    layers: BuiltLayers, functions: Path, tmp_path: Path
) -> None:
    (functions / "open_door" / "app.py").write_text("import msgspec\n")
    with pytest.raises(NotMeasuredError, match="open_door cannot be imported"):
        measure_cold_imports(layers, tmp_path / "scratch", functions=functions, runs=1)


def test_the_sizes_of_the_layers_add_up(layers: BuiltLayers) -> None:
    layer, total = measure_layer_sizes(layers)
    assert (layer.name, total.name) == ("layer_size.layer", "layer_size.total")
    assert layer.detail["files"] == total.detail["files"] == 2
    assert layer.value == total.value > 0
    assert layer.ratio == 1


def test_every_decision_is_measured_on_cases_that_end_differently(intent: Intent) -> None:
    bare, *rows = measure_decisions(intent, loops=1, runs=1)
    outcomes = {row.name.removeprefix("decisions."): set(row.detail["outcomes"]) for row in rows}
    assert outcomes["judge_copy"] == {"VERIFIED", "PENDING", "FAILED"}
    assert outcomes["decide_tag"] == {"LEFT_ALONE", "TAGGED", "CORRECTED", "NOT_GOVERNED"}
    assert outcomes["judge_tampering"] == {"SUCCEEDED", "ATTEMPTED", "OURS", "IRRELEVANT"}
    assert outcomes["decide_quorum"] == {"pending", "approved", "denied"}
    assert outcomes["find_contradictions"] == {"calendar-years", "replica-region", "root-id", "unit-id", "tag-key"}
    assert {row.ratio_to for row in rows} == {bare.name}


def test_compiling_is_measured_on_files_that_were_written(tmp_path: Path) -> None:
    row, base = measure_compile(tmp_path, runs=1)
    assert (tmp_path / "rendered" / "intent.json").is_file()
    assert row.detail["written_bytes"] > 0
    assert row.ratio_to == base.name


def test_an_intent_that_does_not_compile_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "strongroom.yaml").write_text("nonsense: true\n")
    with pytest.raises(NotMeasuredError, match="does not compile"):
        measure_compile(tmp_path, intent=tmp_path / "strongroom.yaml", runs=1)


def test_a_sweep_reads_the_same_however_many_promises_are_open(intent: Intent) -> None:
    rows = measure_overdue_sweep(intent, sizes=(4, 40), overdue=3)
    assert [row.detail["returned_by_queries"] for row in rows] == [3, 3]
    assert [row.detail["read"] for row in rows] == [{"Query": 3, "GetItem": 3}] * 2
    assert [row.ratio for row in rows] == [1, 1]
    assert not any(row.is_refuted for row in rows)


def test_a_sweep_that_reads_what_is_merely_open_is_refuted(intent: Intent) -> None:
    rows = measure_overdue_sweep(intent, sizes=(4, 40), overdue=3, promises=ReadsWhatIsOpen)
    assert [row.detail["swept"] for row in rows] == [3, 3]
    assert [row.detail["returned_by_queries"] for row in rows] == [4, 40]
    assert rows[1].is_refuted


def test_a_promise_lives_on_either_table_and_the_one_in_memory_is_compared_with_moto() -> None:
    moto, memory = measure_ledger_tables(runs=1, loops=2)
    assert (moto.name, memory.name, memory.ratio_to) == ("ledger_promise.moto", "ledger_promise.memory", moto.name)
    assert min(moto.value, memory.value) > 0
    assert memory.detail["holds"] == (memory.value <= memory.detail["at_most"] * moto.value)


def test_a_chain_verifies_and_a_changed_fact_in_it_is_found(tmp_path: Path) -> None:
    row, base = measure_evidence(tmp_path, entries=20, runs=1)
    assert (row.name, base.name) == ("evidence_verify.20_entries", "evidence_verify.2_entries")
    assert row.detail["holds"]


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)], ids=["claim holds", "claim refuted"])
def test_the_report_has_every_row_and_the_exit_code_of_its_claims(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    holds: bool,  # noqa: FBT001
    code: int,
) -> None:
    base = Measurement(name="slow", value=4.0, unit="ms")
    assert report([compared("quick", 1.0, "ms", to=base, holds=holds), base], tmp_path / "build" / "bench.json") == code
    written = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert set(written) == {"benchmarks", "machine"}
    assert written["benchmarks"][0] == {
        "name": "quick",
        "value": 1.0,
        "unit": "ms",
        "ratio_to": "slow",
        "ratio": 0.25,
        "detail": {"holds": holds},
    }
    printed = capsys.readouterr()
    assert "quick" in printed.out
    assert ("quick: its claim does not hold" in printed.err) is not holds
