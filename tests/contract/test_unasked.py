"""What no answer of the scripted day hangs on is needed by a test that exists."""

import ast

import pytest

from tests.contract.templates import ROOT, template_of
from tests.e2e.statements import UNASKED


@pytest.mark.parametrize("entry", UNASKED, ids=lambda entry: entry["statement"])
def test_an_unasked_statement_names_the_test_that_needs_it(entry: dict[str, str]) -> None:
    template, resource, _ = entry["statement"].split(" ")
    logical_ids = template_of(template)["Resources"]
    assert resource in logical_ids or resource.removesuffix("Role") in logical_ids
    path, _, name = entry["test"].partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert entry["reason"].endswith(".")


def test_no_statement_is_listed_twice() -> None:
    listed = [entry["statement"] for entry in UNASKED]
    assert sorted(set(listed)) == sorted(listed)
