"""The benchmarks measure what they say, at sizes that take no time; nothing is expected of how long anything took."""

import itertools
import json
import py_compile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks.__main__ import main, read_report, report, write_report
from benchmarks.contests.lambda_environment import variables_of
from benchmarks.deciding import candidates
from benchmarks.deciding.candidates import measure_candidates
from benchmarks.deciding.compile_intent import measure_compile
from benchmarks.deciding.decisions import measure_decisions
from benchmarks.deciding.restore_decisions import measure_restore_decisions
from benchmarks.deciding.tag_rules import measure_tag_rules
from benchmarks.deployed import cold_import
from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.deployed.ceremony import ceremony_rows
from benchmarks.deployed.cold_import import measure_cold_imports
from benchmarks.deployed.layer_sizes import measure_layer_sizes
from benchmarks.ledger.evidence_chain import measure_evidence
from benchmarks.ledger.ledger_tables import measure_ledger_tables
from benchmarks.ledger.overdue_sweep import measure_overdue_sweep
from benchmarks.ledger.proven_evidence import measure_proven_evidence
from benchmarks.machine import MOST_LOAD, describe_machine, marked
from benchmarks.measurement import Measurement, NotMeasuredError, at_least, at_most, compared
from benchmarks.night import burst, cost, reconciliation
from benchmarks.night.alone import play_alone
from benchmarks.night.burst import WRITES, measure_burst
from benchmarks.night.cost import count_month, parts_of, parts_of_kept, parts_of_notes, parts_of_views
from benchmarks.night.inventory import measure_inventory
from benchmarks.night.reconciliation import measure_reconciliation
from benchmarks.night.simulation import measure_simulation
from benchmarks.night.sweep_reads import measure_sweep_reads
from benchmarks.page import beside, render_page
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.table import Item, Table
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.copies.turns import DueKey
from strongroom.domain.intent.model import Intent
from strongroom.wiring.copies.sweeping import due_list
from tests.fakes.many.units import units_to_read, units_to_write


class ReadsWhatIsOpen:
    """Throws away what is not due only after it has read it."""

    def __init__(self, table: Table) -> None:
        self._due, self._promises = due_list(table), LedgerPromises(table)

    def due(self, now: datetime) -> Iterator[DueKey]:
        for key in self._due.due(now + timedelta(days=1)):
            promise = self._promises.current(key) if isinstance(key, PromiseKey) else None
            if promise is not None and promise.is_due(now):
                yield key


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


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """A boto3 that makes clients and nothing else."""
    folder = tmp_path / "sdk"
    folder.mkdir()
    (folder / "boto3.py").write_text("def client(service, region_name): ...\n")
    return folder


def test_each_function_is_compared_with_the_sdk_and_the_slowest_with_itself_without_byte_code(
    layers: BuiltLayers, functions: Path, sdk: Path, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    rows = {row.name: row for row in measure_cold_imports(layers, sdk, scratch, functions=functions, runs=1)}
    compiled = [rows["cold_import.open_door"], rows["cold_import.shut_door"]]
    assert [row.ratio_to for row in compiled] == ["cold_import.boto3_with_one_client"] * 2
    assert [row.detail["modules"] for row in compiled] == [2, 2]
    assert rows["cold_import.boto3_with_one_client"].detail["modules"] == 1
    bare = rows["cold_import.without_byte_code"]
    assert bare.ratio_to == f"cold_import.{bare.detail['function']}"
    assert bare.detail["modules"] == 3


def test_a_machine_that_slows_down_for_a_while_bends_no_ratio(
    layers: BuiltLayers, functions: Path, sdk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = itertools.count()

    def imported(work: str, path: list[str]) -> tuple[float, int]:
        slowness = 1 + next(calls) // 2 % 5
        return (100.0 if "boto3" in work else 30.0 if "open_door" in path[0] else 40.0) * slowness, 1

    monkeypatch.setattr(cold_import, "_import", imported)
    measured = measure_cold_imports(layers, sdk, tmp_path / "scratch", functions=functions, runs=5)
    ratios = {row.name: row.ratio for row in measured}
    assert (ratios["cold_import.open_door"], ratios["cold_import.shut_door"]) == (0.3, 0.4)
    assert ratios["cold_import.without_byte_code"] == 1


def test_a_function_that_loads_too_many_modules_is_refuted_however_quick_it_is(
    layers: BuiltLayers, functions: Path, sdk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cold_import, "IMPORT_RATIO", 1_000_000.0)
    monkeypatch.setattr(cold_import, "MOST_MODULES", 2)
    (functions / "shut_door" / "app.py").write_text("import stored, colorsys\n")
    measured = measure_cold_imports(layers, sdk, tmp_path / "scratch", functions=functions, runs=1)
    assert {row.name for row in measured if row.is_refuted} == {"cold_import.shut_door"}


def test_a_function_sees_the_layers_and_nothing_else_that_is_installed(
    layers: BuiltLayers, functions: Path, sdk: Path, tmp_path: Path
) -> None:
    (functions / "open_door" / "app.py").write_text("import msgspec\n")
    with pytest.raises(NotMeasuredError, match="open_door cannot be imported"):
        measure_cold_imports(layers, sdk, tmp_path / "scratch", functions=functions, runs=1)


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
    assert outcomes["judge_resource"] == {"COMPLIANT", "TAGGED", "CORRECTED", "NOT_GOVERNED"}
    assert outcomes["judge_tampering"] == {"SUCCEEDED", "ATTEMPTED", "OURS", "IRRELEVANT"}
    assert outcomes["decide_approval"] == {"pending", "approved", "denied"}
    assert outcomes["find_contradictions"] == {
        *("calendar-years", "upsets-tools", "account-twice", "root-id", "unit-id", "tag-key"),
    }
    assert {row.ratio_to for row in rows} == {bare.name}


def test_five_rows_are_found_and_kept_with_all_looks_taken(intent: Intent) -> None:
    rows = {row.name: row for row in measure_candidates(intent, points=100, runs=1)}
    assert [name for name, row in rows.items() if row.is_refuted] == []
    assert {name: row.value for name, row in rows.items() if row.unit == "calls"} == {
        "find_candidates.100_points.looks": 20,
        "keep_candidates.100_points.looks": 20,
    }
    assert [rows[f"{name}_candidates.100_points"].detail["rows"] for name in ("find", "keep")] == [5, 6]


def test_too_many_looks_too_long_or_too_few_rows_refute_the_claim(
    intent: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST_LOOKS", 1)
    monkeypatch.setattr(candidates, "ROWS", 9)
    assert all(row.is_refuted for row in measure_candidates(intent, points=100, runs=1))


def test_decisions_over_restores_are_measured_on_every_kept_case() -> None:
    budget, slowest, average = measure_restore_decisions(loops=1, runs=1)
    assert slowest.ratio_to == average.ratio_to == budget.name
    assert slowest.value >= average.value > 0
    assert average.detail["cases"] > 100


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
    rows = measure_overdue_sweep(intent, sizes=(4, 40), overdue=3, due=ReadsWhatIsOpen)
    assert [row.detail["swept"] for row in rows] == [3, 3]
    assert [row.detail["returned_by_queries"] for row in rows] == [4, 40]
    assert rows[1].is_refuted


def test_a_sweep_asks_the_same_whatever_is_open_and_however_late(intent: Intent) -> None:
    rows = measure_sweep_reads(intent, sizes=(4, 40))
    assert {row.name.rpartition(".")[2]: row.value for row in rows} == {"0_overdue": 9, "10_overdue": 29}
    assert len(rows) == 8
    assert not any(row.is_refuted for row in rows)


def test_a_long_list_is_read_twice_and_the_second_time_nothing_is_written() -> None:
    first, again, weekly, memory = measure_reconciliation(jobs=30)
    assert (first.detail["jobs"], first.detail["came_to"]) == (33, {"PROMISED": 11, "VERIFIED": 22})
    assert first.detail["writes"] == {"RESOURCE": 11, "COPY": 44}
    assert (again.detail["writes"], again.detail["asked"], again.detail["reads"]) == (
        {},
        {"List": 3, "ListVault": 2},
        17,
    )
    assert (weekly.detail["writes"], set(weekly.detail["asked"])) == ({}, {"List", "ListVault"})
    assert memory.value == max(row.detail["peak_mb"] for row in (first, again, weekly))
    assert [row.detail.get("target") for row in (first, again, weekly, memory)] == [
        None,
        "no write but of marks, no call but for lists",
        "no write but of marks, no call but for lists",
        "< 256",
    ]
    assert [row.is_refuted for row in (first, again, weekly, memory)] == [False] * 4


@pytest.mark.parametrize(
    ("again", "holds"),
    [
        ({}, True),
        ({"writes": {"COPY": 1}}, False),
        ({"asked": {"List": 2, "ListVault": 2, "DescribeCopyJob": 1}}, False),
    ],
    ids=["only lists", "a write", "a call"],
)
def test_a_second_reading_that_does_more_than_read_is_refuted(
    again: dict[str, Any], *, holds: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = {"seconds": 1.0, "peak_mb": 255.9, "writes": {}, "asked": {"List": 2, "ListVault": 2}}
    looks = {"asked": {"List": 33, "ListVault": 60}}
    taken = {"first": quiet | {"peak_mb": 256.0}, "again": quiet | again, "weekly": quiet | looks}
    monkeypatch.setattr(reconciliation, "play_alone", lambda _what, _number: taken)
    _, row, weekly, memory = measure_reconciliation(jobs=3)
    assert row.is_refuted is not holds
    assert not weekly.is_refuted
    assert memory.is_refuted


@pytest.mark.parametrize(
    "more", [{"writes": {"COPY": 1}}, {"asked": {"List": 33, "DescribeRecoveryPoint": 1}}], ids=["a write", "a call"]
)
def test_a_weekly_reading_of_what_is_all_there_does_no_more_than_read(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = {"seconds": 1.0, "peak_mb": 255.9, "writes": {}, "asked": {"List": 2, "ListVault": 2}}
    taken = {"first": quiet, "again": quiet, "weekly": quiet | more}
    monkeypatch.setattr(reconciliation, "play_alone", lambda _what, _number: taken)
    _, again, weekly, _ = measure_reconciliation(jobs=3)
    assert (again.is_refuted, weekly.is_refuted) == (False, True)


def test_a_burst_is_handled_whole_and_its_writes_are_counted() -> None:
    half, whole, memory, writes = measure_burst(backups=20)
    assert (half.detail["backups"], whole.detail["copies"]) == (10, 40)
    # One is of what the rule owes, two of each promise, and the index follows six times, of the sample once more.
    assert 11 <= writes.value <= WRITES
    assert writes.detail["target"] == "<= 13 with those of the index"
    assert whole.detail["aws_calls_per_backup"] == 7
    assert (memory.value, memory.detail["target"]) == (whole.detail["peak_mb"], "< 256")
    assert [row.is_refuted for row in (memory, writes)] == [False, False]


@pytest.mark.parametrize(
    ("peak", "written", "refuted"),
    [(255.9, 13.0, []), (256.0, 13.0, ["night.burst.memory"]), (255.9, 13.01, ["night.burst.writes"])],
)
def test_a_burst_that_takes_too_much_is_refuted(
    peak: float, written: float, refuted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = {"peak_mb": peak, "writes_per_backup": written, "index_writes_per_backup": 4.0}
    monkeypatch.setattr(burst, "play_alone", lambda _what, number: {"seconds": number} | taken)
    assert [row.name for row in measure_burst(backups=2) if row.is_refuted] == refuted


def test_simulated_nights_are_counted_in_a_process_of_their_own() -> None:
    speed, memory = measure_simulation(nights=5)
    assert speed.detail["nights"] == 5
    assert speed.is_refuted is (speed.value < 25)
    assert 0 < memory.value < 128


_A_NIGHT: Final[dict[str, float]] = {
    "writes_per_backup": 10,
    "write_units_per_backup": 10,
    "index_writes_per_backup": 4,
    "reads_per_backup": 2,
    "read_units_per_backup": 2,
    "aws_calls_per_backup": 0,
    "facts_per_backup": 2,
    "kb_told_per_backup": 5,
    "kb_logged_per_backup": 2,
    "later_write_units_per_backup": 0.4,
    "later_read_units_per_backup": 8,
    "later_seconds_per_backup": 0,
    "view_write_units_per_backup": 8,
    "view_read_units_per_backup": 14,
    "view_calls_per_backup": 17,
    "ledger_staying_bytes_per_backup": 800,
    "ledger_expiring_bytes_per_backup": 2_000,
    "view_staying_bytes_per_backup": 2_000,
    "view_expiring_bytes_per_backup": 500,
}


def test_a_month_costs_what_was_counted_at_the_prices_of_the_table() -> None:
    parts = parts_of(_A_NIGHT, cpu_seconds=0)
    # 300,000 units of writes and 60,000 of reads, later 12,000 and 240,000; eight calls of 5 ms, two of 12 in 192 MB.
    # Of three events a night, one comes with four others within its window of a minute, two with eight: 0.41 batches.
    assert (parts["dynamodb"], parts["later looks"]) == (0.195, 0.037)
    assert (parts["sqs"], parts["lambda"]) == (0.046, 0.008)
    assert (parts["archive"], parts["logs"]) == (0.015, 0.032)


def test_views_cost_what_was_counted_of_them() -> None:
    parts = parts_of_views(_A_NIGHT, cpu_seconds=0)
    # 240,000 units of writes and 420,000 of reads; 17 calls of 5 ms in 512 MB. Two facts come with eight others within
    # a minute: 0.21 batches.
    assert (parts["dynamodb"], parts["lambda"]) == (0.203, 0.023)
    assert (parts["sqs"], parts["logs"]) == (0.029, 0.021)


def test_notes_cost_their_calls_once_a_week_and_a_question_with_each_copy() -> None:
    parts = parts_of_notes(_A_NIGHT, cpu_seconds=0)
    # 30 nights of two questions each, ten in a batch; 4.3 weeks of twenty calls of 0.1 s in 320 MB, and three units.
    assert parts == {"lambda": 0.047, "dynamodb": 0.016, "sqs": 0.029, "logs": 0.012}
    assert parts_of_notes(_A_NIGHT, cpu_seconds=0.1)["lambda"] > parts["lambda"]


def test_what_is_kept_costs_as_much_as_the_tables_have_once_a_night_goes_for_each_that_comes() -> None:
    # 400 nights of 2,000 and 500 bytes beside 800 and 2,000 that stay; 90 days of five kilobytes.
    assert parts_of_kept(_A_NIGHT) == {"ledger": 0.2, "views": 0.051, "backups of both": 0.201, "archive": 0.01}


@pytest.mark.parametrize(
    ("counted", "parts"),
    [
        ("view_write_units_per_backup", {"dynamodb"}),
        ("view_read_units_per_backup", {"dynamodb"}),
        ("view_calls_per_backup", {"lambda"}),
        ("kb_logged_per_backup", {"logs"}),
        ("ledger_staying_bytes_per_backup", {"ledger", "backups of both"}),
        ("ledger_expiring_bytes_per_backup", {"ledger", "backups of both"}),
        ("view_staying_bytes_per_backup", {"views", "backups of both"}),
        ("view_expiring_bytes_per_backup", {"views", "backups of both"}),
        ("kb_told_per_backup", {"archive"}),
    ],
)
def test_whatever_is_counted_of_views_and_of_what_is_kept_costs(counted: str, parts: set[str]) -> None:
    less, more = (
        parts_of_views(night, cpu_seconds=0) | parts_of_kept(night)
        for night in (_A_NIGHT, _A_NIGHT | {counted: _A_NIGHT[counted] + 10_000})
    )
    assert {name for name in less if more[name] > less[name]} == parts


@pytest.mark.parametrize(
    ("counted", "part"),
    [
        ("write_units_per_backup", "dynamodb"),
        ("read_units_per_backup", "dynamodb"),
        ("later_write_units_per_backup", "later looks"),
        ("later_read_units_per_backup", "later looks"),
        ("later_seconds_per_backup", "later looks"),
        ("kb_told_per_backup", "archive"),
        ("kb_logged_per_backup", "logs"),
        ("aws_calls_per_backup", "lambda"),
    ],
)
def test_whatever_is_counted_costs(counted: str, part: str) -> None:
    more = parts_of(_A_NIGHT | {counted: _A_NIGHT[counted] + 10}, cpu_seconds=0)
    less = parts_of(_A_NIGHT, cpu_seconds=0)
    assert {name for name, dollars in more.items() if dollars > less[name]} == {part}


def test_the_time_of_a_functions_own_work_costs() -> None:
    assert parts_of(_A_NIGHT, cpu_seconds=0.1)["lambda"] > parts_of(_A_NIGHT, cpu_seconds=0)["lambda"]


def test_what_is_paid_once_is_no_part_of_what_a_backup_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = dict.fromkeys(
        (name.removesuffix("_per_backup") for name in _A_NIGHT if name.startswith(("later", "view", "ledger"))), 90
    )
    monkeypatch.setattr(
        cost, "play_alone", lambda _what, number: {name: fixed + 2 * number for name, fixed in taken.items()}
    )
    month = count_month(10)
    assert {name: month[f"{name}_per_backup"] for name in taken} == dict.fromkeys(taken, 2)


def test_the_later_looks_at_a_night_are_counted_in_a_process_of_their_own() -> None:
    month = count_month(20)
    # Two copies are read each week of four, and with their backup in each of two hours, each for half a unit.
    assert 9 <= month["later_read_units_per_backup"] < 10
    # What no job will tell of any more is noted, many copies in one item; one in twenty is looked at once more.
    assert 0 < month["later_write_units_per_backup"] < 1
    # Of the two looks at a resource one writes: two units of its status, its night, its line and its account's mark;
    # two more count its account.
    assert 7 <= month["view_write_units_per_backup"] < 7.1
    # Each reads the resource's status with six nights, and in the ledger its runs and its promises.
    assert 11 <= month["view_read_units_per_backup"] < 12
    # Two promises, and one line, with a hundred bytes beside each.
    assert 1_300 < month["ledger_expiring_bytes_per_backup"] < 1_500
    assert 350 < month["view_expiring_bytes_per_backup"] < 450
    # No item that a night writes has more than a kilobyte.
    assert month["write_units_per_backup"] == month["writes_per_backup"]


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        pytest.param({}, {}, 1, id="in vain"),
        pytest.param({}, {"pk": "x" * 900}, 1, id="a kilobyte at most"),
        pytest.param({}, {"pk": "x" * 1_000}, 2, id="with its signature more"),
        pytest.param({"pk": "x" * 3_000}, {"pk": "x"}, 3, id="what was there, too"),
        pytest.param({}, {"pk": ["ä"] * 300, "absent": None}, 1, id="lists, and text by its bytes"),
        pytest.param({}, {"pk": ["ä"] * 400}, 2, id="a longer list"),
    ],
)
def test_a_write_is_charged_by_the_larger_of_what_was_and_is(before: Item, after: Item, units: int) -> None:
    assert units_to_write(before, after) == units


def test_a_read_is_charged_by_four_kilobytes_and_half_where_it_may_be_late() -> None:
    assert [units_to_read(size, is_latest=True) for size in (0, 4_096, 4_097)] == [1, 1, 2]
    assert [units_to_read(size, is_latest=False) for size in (0, 4_097)] == [0.5, 1]


def test_a_night_that_cannot_be_played_is_not_measured() -> None:
    with pytest.raises(NotMeasuredError, match="burst of -1 failed"):
        play_alone("burst", -1)


def test_a_promise_lives_on_either_table_and_the_one_in_memory_is_compared_with_moto() -> None:
    moto, memory = measure_ledger_tables(runs=1, loops=2)
    assert (moto.name, memory.name, memory.ratio_to) == ("ledger_promise.moto", "ledger_promise.memory", moto.name)
    assert min(moto.value, memory.value) > 0
    assert memory.detail["holds"] == (memory.value <= memory.detail["at_most"] * moto.value)


def test_a_chain_verifies_and_a_changed_fact_in_it_is_found(tmp_path: Path) -> None:
    row, base = measure_evidence(tmp_path, entries=20, runs=1)
    assert (row.name, base.name) == ("evidence_verify.20_entries", "evidence_verify.2_entries")
    assert row.detail["holds"]


def test_rules_and_looks_are_counted(intent: Intent) -> None:
    rows = {row.name: row for row in measure_tag_rules(intent)}
    assert rows["rule.creations"].value == 1813
    assert rows["waiting.table_of_2_hours"].value > 10
    assert [row.name for row in rows.values() if row.is_refuted] == []


def test_a_proven_bundle_and_a_proof_of_the_log_stand_beside_smaller_ones(tmp_path: Path) -> None:
    proven, whole, many, few = measure_proven_evidence(tmp_path, leaves=3_000, fewer=300, runs=1)
    assert (proven.name, proven.ratio_to) == ("evidence_bundle.proven", whole.name)
    assert (many.name, many.value, few.value) == ("log_proof.3000_leaves", 0.384, 0.288)
    assert many.detail["holds"]


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)], ids=["claim holds", "claim refuted"])
def test_the_report_has_every_row_and_the_exit_code_of_its_claims(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    holds: bool,  # noqa: FBT001
    code: int,
) -> None:
    base = Measurement(name="slow", value=4.0, unit="ms")
    out = tmp_path / "build" / "bench.json"
    assert report([compared("quick", 1.0, "ms", to=base, holds=holds), base], out, load=0.5) == code
    written = json.loads(out.read_text())
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


def test_a_claim_about_a_ratio_holds_up_to_its_limit_and_no_further() -> None:
    row = compared("ours", 5.0, "ms", to=Measurement(name="base", value=4.0, unit="ms"))
    assert at_most(row, 1.25).detail == {"target": "<= 1.25", "holds": True}
    assert at_most(row, 1.24).is_refuted
    assert at_least(row, 1.25).detail == {"target": ">= 1.25", "holds": True}
    assert at_least(row, 1.26).is_refuted


def test_a_second_claim_does_not_mend_the_first() -> None:
    row = compared("ours", 1.0, "ms", to=Measurement(name="base", value=4.0, unit="ms"), holds=False)
    assert at_most(row, 1.25).is_refuted


def test_a_busy_machine_is_not_measured_on_and_the_way_around_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (MOST_LOAD + 0.5, 0.0, 0.0))
    assert main(["--out", str(tmp_path / "bench.json")]) == 2
    assert "the machine's load is 2.0, above 1.5" in (told := capsys.readouterr().err)
    assert "--on-busy-machine" in told
    assert not (tmp_path / "bench.json").exists()


def test_rows_from_a_busy_machine_are_marked_and_others_are_not() -> None:
    row = Measurement(name="slow", value=4.0, unit="ms")
    assert marked([row], MOST_LOAD) == (row,)
    assert marked([row], 2.0)[0].detail == {"measured_at_load": 2.0}


def test_a_function_has_the_variables_that_the_template_gives_it(tmp_path: Path) -> None:
    (tmp_path / "amazon-roots.pem").touch()
    layers = BuiltLayers({"vendor": tmp_path})
    variables = variables_of("enforce_tags", layers=layers, parts={"LedgerTable": "ledger"})
    assert variables["STRONGROOM_LEDGER"] == "ledger"
    assert variables["LOG_LEVEL"] == "INFO"
    assert variables["STRONGROOM_BUS"] == "Bus"
    machine = variables_of("enforce_tags", layers=layers, parts={"AWS::Region": "eu-west-1"})[
        "STRONGROOM_RESTORE_MACHINE"
    ]
    assert machine == "arn:AWS::Partition:states:eu-west-1:AWS::AccountId:stateMachine:strongroom-restore-approval"


def test_an_unknown_benchmark_is_refused_with_the_names_of_the_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0))
    assert main(["--out", str(tmp_path / "bench.json"), "--only", "cold import"]) == 2
    told = capsys.readouterr().err
    assert "there is no benchmark 'cold import'" in told
    assert "cold imports, first event" in told


def test_a_run_may_be_had_in_parts(tmp_path: Path) -> None:
    first = (Measurement(name="quick", value=1.0, unit="ms"), Measurement(name="slow", value=4.0, unit="ms"))
    write_report(first, tmp_path / "first.json", load=0.2)
    again = compared("quick", 2.0, "ms", to=first[0])
    assert beside(read_report(tmp_path / "first.json"), [again]) == (again, first[1])


@pytest.mark.parametrize("content", ["", "[]", '{"benchmarks": [{"name": "slow"}]}'])
def test_what_holds_no_rows_is_refused_before_anything_is_measured(content: str, tmp_path: Path) -> None:
    (tmp_path / "first.json").write_text(content)
    with pytest.raises(NotMeasuredError, match="holds no rows of an earlier run"):
        read_report(tmp_path / "first.json")


def test_the_page_says_at_which_load_a_row_was_measured() -> None:
    rows = marked([Measurement(name="slow", value=4.0, unit="ms")], 2.0)
    page = render_page(rows, machine=describe_machine(2.0), day=date(2026, 9, 1))
    assert page.splitlines()[-1] == "| `slow` | 4 ms (at load 2) |  |  |  |"


@pytest.mark.parametrize(
    ("arguments", "how"),
    [("'--enable-optimizations' '--with-lto'", "with"), ("'--enable-shared'", "without"), (None, "without")],
)
def test_the_page_says_how_the_interpreter_was_built(
    arguments: str | None, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_config_var", {"CONFIG_ARGS": arguments}.get)
    page = render_page([], machine=describe_machine(0.2), day=date(2026, 9, 1))
    assert f"built\n{how} profile-guided optimization, " in page


def test_the_page_says_of_each_claim_whether_it_held() -> None:
    base = Measurement(name="base", value=2_000, unit="ms")
    rows = (base, at_most(compared("ours", 30, "ms", to=base), 0.1), at_least(compared("worse", 1, "ms", to=base), 2))
    page = render_page(rows, machine=describe_machine(0.2), day=date(2026, 9, 1))
    assert "on 2026-09-01" in page
    assert page.splitlines()[-3:] == [
        "| `base` | 2,000 ms |  |  |  |",
        "| `ours` | 30 ms | 0.015 of `base` | <= 0.1 | yes |",
        "| `worse` | 1 ms | 0.001 of `base` | >= 2 | **no** |",
    ]


def test_the_page_says_which_ratios_are_of_pairs() -> None:
    base = Measurement(name="base", value=2, unit="ms")
    row = Measurement(name="ours", value=3, unit="ms", ratio_to="base", ratio=1.5, detail={"pairs": 160})
    page = render_page([base, row], machine=describe_machine(0.2), day=date(2026, 9, 1))
    assert page.splitlines()[-1] == "| `ours` | 3 ms | 1.500 of `base`, median of 160 pairs |  |  |"


def test_an_inventory_asks_for_lists_and_of_what_is_known_for_nothing_else(intent: Intent) -> None:
    first, again, large = measure_inventory(intent)
    assert [row.name for row in (first, again, large)] == ["inventory.first", "inventory.again", "inventory.large"]
    assert not any(row.is_refuted for row in (first, again, large))
    assert (again.value, again.detail["things"], again.detail["looked_at_by_themselves"]) == (58, 654, 0)
    assert large.detail["things"] == 10 * again.detail["things"]


@pytest.mark.parametrize(
    ("to_job", "to_acknowledge", "refuted"),
    [
        ([30.0, 10.0], [3.0, 0.5], []),
        ([10.01, 10.02], [0.5], ["ceremony.request_to_job"]),
        ([10.0], [0.51], ["ceremony.click_to_answer"]),
    ],
    ids=["as claimed", "a slow machine", "a slow answer"],
)
def test_a_ceremony_is_as_quick_as_its_quickest(
    to_job: list[float], to_acknowledge: list[float], refuted: list[str]
) -> None:
    rows = ceremony_rows(to_job, to_acknowledge)
    assert [row.value for row in rows] == [min(to_job) * 1000, min(to_acknowledge) * 1000]
    assert [row.name for row in rows if row.is_refuted] == refuted
