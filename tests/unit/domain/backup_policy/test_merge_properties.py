"""What holds of every merge, whoever wrote the policies."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.organization import effective_policy as independent
from strongroom.domain.backup_policy.documents import CHILD_CONTROL, folded
from strongroom.domain.backup_policy.effective import in_force, validate
from strongroom.domain.backup_policy.merge import Merged, Reading, Value, contribution, merge_levels
from tests.unit.domain.backup_policy.strategies import (
    Document,
    Steps,
    appending_policies,
    document_of,
    hostile_documents,
    levels,
    nested,
    paths,
    plain_policies,
    policies,
    values,
)

readings = st.sampled_from(Reading)


def stringified(node: Any) -> Any:
    """The document without its operators, each value as a string."""
    if not isinstance(node, dict):
        return node if isinstance(node, str) else str(node) if isinstance(node, float) else json.dumps(node)
    if "@@assign" in node:
        raw = node["@@assign"]
        return [stringified(item) for item in raw] if isinstance(raw, list) else stringified(raw)
    return {name: stringified(child) for name, child in node.items()}


@given(paths(), values | st.lists(values, max_size=3), levels(), levels(), readings)
def test_a_locked_setting_never_changes(
    path: Steps, value: Any, above: list[list[Document]], below: list[list[Document]], reading: Reading
) -> None:
    lock = document_of([(path, {"@@assign": value, CHILD_CONTROL: ["@@none"]})])
    merged = merge_levels([*above, [lock]], reading=reading)
    before: Value | None = merged.settings.get(folded(path))
    for level in below:
        merged = merged.below(level)
    assert merged.settings.get(folded(path)) == before


@given(st.lists(st.lists(policies(), max_size=2), max_size=4), readings)
def test_what_children_may_do_only_ever_narrows(given_levels: list[list[Document]], reading: Reading) -> None:
    merged = Merged(reading=reading)
    for level in given_levels:
        below = merged.below(level)
        assert all(below.allowed[key] <= permitted for key, permitted in merged.allowed.items())
        merged = below


@given(plain_policies, readings)
def test_one_level_of_plain_assigns_is_the_document_in_strings(document: Document, reading: Reading) -> None:
    assert merge_levels([[document]], reading=reading).effective == stringified(document)


@given(levels(), appending_policies, readings)
def test_appending_twice_is_appending_once(above: list[list[Document]], added: Document, reading: Reading) -> None:
    once = merge_levels([*above, [added]], reading=reading)
    assert merge_levels([*above, [added, added]], reading=reading).effective == once.effective
    assert merge_levels([*above, [added], [added]], reading=reading).effective == once.effective


@given(levels(), readings)
def test_adding_levels_one_by_one_is_merging_them_all(given_levels: list[list[Document]], reading: Reading) -> None:
    merged = Merged(reading=reading)
    for level in given_levels:
        merged = merged.below_read([contribution(document) for document in level])
    assert merged == merge_levels(given_levels, reading=reading)


@given(levels(), st.lists(policies(), max_size=2), st.lists(policies(), max_size=2), readings)
def test_a_sibling_does_not_see_what_the_other_wrote(
    above: list[list[Document]], one: list[Document], other: list[Document], reading: Reading
) -> None:
    shared = merge_levels(above, reading=reading)
    effective, allowed = shared.effective, dict(shared.allowed)
    shared.below(one)
    assert shared.below(other) == merge_levels([*above, other], reading=reading)
    assert (shared.effective, dict(shared.allowed)) == (effective, allowed)


@given(levels())
def test_what_blocks_new_keys_only_ever_takes_away_from_what_binds_settings_alone(
    given_levels: list[list[Document]],
) -> None:
    strict, loose = (merge_levels(given_levels, reading=reading) for reading in Reading)
    assert strict.settings.keys() <= loose.settings.keys()


@given(levels())
def test_the_merge_agrees_with_the_one_that_was_written_apart_from_it(given_levels: list[list[Document]]) -> None:
    merged = merge_levels(given_levels, reading=Reading.LEAF_ONLY)
    assert merged.effective == independent.merge(given_levels)


@given(st.lists(st.lists(hostile_documents, max_size=3), max_size=3), readings)
def test_json_that_is_no_policy_merges_to_something(given_levels: list[list[Document]], reading: Reading) -> None:
    effective = merge_levels(given_levels, reading=reading).effective
    assert json.loads(json.dumps(effective)) == effective
    faults = validate(effective)
    assert in_force(effective, faults=faults, last_valid=None) == (None if faults else effective)


@given(hostile_documents)
def test_anything_can_be_asked_whether_it_is_valid(document: Document) -> None:
    assert all(fault.path.startswith("$") and fault.message for fault in validate(document))


@pytest.mark.parametrize("reading", Reading, ids=lambda reading: reading.name)
def test_a_deep_document_merges(reading: Reading) -> None:
    merged = merge_levels([[nested(900)], [nested(900)]], reading=reading)
    assert list(merged.settings.values()) == ["deep"]
    assert merged.effective
