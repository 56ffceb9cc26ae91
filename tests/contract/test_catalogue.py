"""The catalogue of resource types: each fact stands there once, and whatever needs it reads it there."""

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from strongroom.adapters import tagging
from strongroom.domain import catalogue, forms
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS
from tests.contract import fictional_type
from tests.contract.templates import ROOT

FILES: dict[str, tuple[ResourceType, ...]] = {
    each.name: importlib.import_module(f"{catalogue.__name__}.{each.name}").TYPES
    for each in pkgutil.iter_modules(catalogue.__path__)
    if each.name not in {"model", "rows"}
}
CATALOGUE = Path(catalogue.__path__[0]).relative_to(ROOT)
TAGGING = Path(tagging.__path__[0]).relative_to(ROOT)


def calls_of(row: ResourceType) -> set[str]:
    """Every call that a row names, as IAM names its action."""
    native = row.native
    return {
        *(creation.call for creation in row.creations),
        *(threat.call for threat in row.threats),
        *row.tagging,
        *row.untagging,
        *row.unseen_tagging,
        *row.clearing,
        *native.changes,
        *native.readings,
        *native.restores,
        *native.unmarked,
    }


def facts_of(row: ResourceType) -> set[str]:
    """Everything of a row that would betray another place which knows its type."""
    calls = calls_of(row)
    names = {call.split(":")[1] for call in calls}
    return {row.name, row.label, row.arn, row.pattern, *row.native.arns} | calls | names


def texts(path: Path) -> Iterator[str]:
    """Every text that stands in a module's code by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.fixture(scope="module")
def places() -> dict[str, set[Path]]:
    """For each text in the product's code, the files that have it."""
    found: dict[str, set[Path]] = defaultdict(set)
    for root in ("layers/core/strongroom", "functions", "cli"):
        for path in (ROOT / root).rglob("*.py"):
            for text in texts(path):
                found[text].add(path.relative_to(ROOT))
    return found


@pytest.mark.parametrize(("file", "types"), FILES.items(), ids=FILES)
def test_a_type_stands_in_one_file_and_at_most_in_the_tagging_adapter_of_its_service(
    file: str, types: tuple[ResourceType, ...], places: dict[str, set[Path]]
) -> None:
    for row in types:
        allowed = {CATALOGUE / f"{file}.py", TAGGING / f"{row.service.replace('-', '_')}.py"}
        found = {fact: places[fact] - allowed for fact in facts_of(row) - set(forms.ACTION.examples)}
        assert {fact: paths for fact, paths in found.items() if paths} == {}
        assert places[row.name] == {CATALOGUE / f"{file}.py"}


def test_every_file_of_the_catalogue_is_joined() -> None:
    assert sorted(row.label for types in FILES.values() for row in types) == sorted({row.label for row in ROWS})
    assert len({row.label for row in ROWS}) == len(ROWS)


@pytest.fixture(scope="module")
def fiction() -> tuple[dict[str, bool], dict[str, bool]]:
    """What the tables know of a type that does not exist, without its row and with it."""
    without, known = (
        json.loads(subprocess.check_output([sys.executable, "-m", fictional_type.__name__, *given], cwd=ROOT))
        for given in ([], ["with"])
    )
    return without, known


def test_a_new_row_reaches_every_table(fiction: tuple[dict[str, bool], dict[str, bool]]) -> None:
    without, known = fiction
    assert [table for table, knows in known.items() if not knows] == []
    assert [table for table, knows in without.items() if knows] == []


def test_a_call_that_several_rows_name_is_the_same_call_in_each() -> None:
    creations = Counter(creation.call for row in ROWS for creation in row.creations)
    assert [call for call, count in creations.items() if count > 1] == []
    threats = {threat for row in ROWS for threat in row.threats}
    assert len({threat.call for threat in threats}) == len(threats)


@pytest.mark.parametrize("row", [row for row in ROWS if row.is_watched], ids=lambda row: row.label)
def test_what_is_tagged_is_tagged_by_a_call_that_the_row_knows(row: ResourceType) -> None:
    adapter = importlib.import_module(f"{tagging.__name__}.{row.service.replace('-', '_')}")
    assert {*row.tagging, *row.unseen_tagging} & {*adapter.MEMBER_ACTIONS}


def test_who_only_reads_the_intent_does_not_pay_for_the_catalogue() -> None:
    said = (
        "import sys, strongroom.runtime.compiled_intent; print([name for name in sys.modules if 'catalogue' in name])"
    )
    assert subprocess.check_output([sys.executable, "-c", said], cwd=ROOT, text=True) == "[]\n"
