"""What no answer of the scripted day hangs on is needed by a test that exists."""

import ast
from functools import cache

import pytest

from tests.contract.templates import ROOT, template_of
from tests.e2e.statements import UNASKED, listed_as_unasked


@cache
def functions_in(path: str) -> frozenset[str]:
    """The functions at the level of the file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("entry", UNASKED, ids=lambda entry: entry["statement"])
def test_an_unasked_statement_names_the_test_that_needs_it(entry: dict[str, str]) -> None:
    template, resource, _ = entry["statement"].split(" ")
    logical_ids = template_of(template)["Resources"]
    assert resource in logical_ids or resource.removesuffix("Role") in logical_ids
    path, _, name = entry["test"].partition("::")
    assert name in functions_in(path)
    assert entry["reason"].endswith(".")


@pytest.mark.parametrize("entry", UNASKED, ids=lambda entry: entry["statement"])
def test_the_test_that_is_named_reads_what_is_deployed(entry: dict[str, str]) -> None:
    """Those of units and functions run on fakes, which allow everything: no statement could fail them."""
    assert entry["test"].startswith(("tests/contract/", "tests/integration/"))


def test_no_action_of_a_statement_is_listed_twice() -> None:
    listed = [*listed_as_unasked()]
    assert sorted(set(listed)) == sorted(listed)
