"""The catalogue of resource types: each fact stands there once, and whatever needs it reads it there."""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import service_model
from strongroom.adapters import tagging
from strongroom.adapters.tagging.member_tags import tag_errors
from strongroom.domain import catalogue, forms
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS, TYPES
from strongroom.domain.errors import NotFoundError, ResourceNotReadyError, StrongroomError
from strongroom.domain.identifiers import Arn
from tests.contract import fictional_type
from tests.contract.templates import ROOT
from tools.coverage_table import BEGIN, render_coverage
from tools.import_table import embed

FILES: dict[str, tuple[ResourceType, ...]] = {
    each.name: importlib.import_module(f"{catalogue.__name__}.{each.name}").TYPES
    for each in pkgutil.iter_modules(catalogue.__path__)
    if each.name not in {"facets", "model", "rows"}
}
# What is called by these names for other reasons, too: our own deployments and ledger, AWS Backup's restores, and what
# follows them.
OTHERWISE = {
    *("CreateChangeSet", "RestoreFromSnapshot", "StartRestoreJob", "cloudformation:CreateChangeSet"),
    *("dynamodb:UpdateTable", "rds:AddTagsToResource", "rds:CreateDBInstance"),
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
        *(each.call for each in row.tag_calls),
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
        found = {fact: places[fact] - allowed for fact in facts_of(row) - set(forms.ACTION.examples) - OTHERWISE}
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


@pytest.mark.parametrize("row", [row for row in ROWS if row.is_tagged], ids=lambda row: row.label)
def test_what_is_tagged_is_tagged_by_a_call_that_the_row_knows(row: ResourceType) -> None:
    adapter = importlib.import_module(f"{tagging.__name__}.{row.service.replace('-', '_')}")
    assert {*row.tagging, *row.unseen_tagging} & {*adapter.MEMBER_ACTIONS}
    assert row.tags is not None
    assert adapter.TAGS.client == row.tags.client
    assert {row.tags.write, f"{row.service}:{row.tags.read}"} <= {*adapter.MEMBER_ACTIONS}


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.label)
def test_the_calls_on_a_types_tags_are_calls_of_its_service(row: ResourceType) -> None:
    """By AWS's models: the calls are there, and the tags stand where the row says."""
    tags = row.tags
    assert tags is not None
    model = service_model(tags.client)
    writes = set() if tags.write is None else {tags.write.split(":")[1]}
    assert {tags.read, *writes} <= set(model.operation_names)
    shape: Any = model.operation_model(tags.read).output_shape
    for step in re.findall(r"[^.\[\]]+|\[\]", tags.tags):
        shape = shape.member if step == "[]" else shape.members[step]
    assert shape is not None


@pytest.mark.parametrize(
    ("row", "code", "meaning"),
    [
        pytest.param(row, code, meaning, id=f"{row.label} {code}")
        for row in TYPES
        if row.tags is not None
        for codes, meaning in ((row.tags.not_yet, ResourceNotReadyError), (row.tags.gone, NotFoundError))
        for code in codes
    ],
)
def test_what_a_service_says_of_too_early_and_too_late_is_understood(
    row: ResourceType, code: str, meaning: type[StrongroomError]
) -> None:
    assert row.tags is not None
    arn = Arn.parse(row.arn.format(partition="aws", region="eu-west-1", account="111111111111", id="x"))
    with pytest.raises(meaning), tag_errors(arn):
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "SomeCall")


def test_only_stacks_are_tagged_by_nobody_of_ours() -> None:
    assert [row.label for row in ROWS if not row.is_tagged] == ["CloudFormation stack"]


def test_who_only_reads_the_intent_does_not_pay_for_the_catalogue() -> None:
    said = (
        "import sys, strongroom.runtime.compiled_intent; print([name for name in sys.modules if 'catalogue' in name])"
    )
    assert subprocess.check_output([sys.executable, "-c", said], cwd=ROOT, text=True) == "[]\n"


def test_the_committed_coverage_is_fresh() -> None:
    page = (ROOT / "docs/reference/coverage.md").read_text(encoding="utf-8")
    assert embed(page, render_coverage(), BEGIN) == page, "run `make reference`"


def test_the_coverage_shows_every_call_type_and_limit() -> None:
    lines = render_coverage().splitlines()
    for row in TYPES:
        assert sum(line.startswith(f"| {row.label} (`{row.name}`) |") for line in lines) == 1
        assert all(any(f"| {row.label} | {limit.fact} |" in line for line in lines) for limit in row.limits)
    calls = {creation.call for row in ROWS for creation in row.creations if creation.is_read}
    assert {call for call in calls if sum(f"| `{call}` |" in line for line in lines) == 1} == calls
