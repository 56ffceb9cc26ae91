"""The line of each place in a JSON text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom_cli.policy_sources.found import Steps
from strongroom_cli.policy_sources.json_lines import JsonLines

TEXT = """
{
  "plans": {
    "a \\"b\\" {": {
      "regions": {"@@assign":
        ["x",
         {"y": [
           1, 2]}]}
    },
    "z": null, "plans": 1
  }
}
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 2),
        (("plans",), 3),
        (("plans", 'a "b" {'), 4),
        (("plans", 'a "b" {', "regions", "@@assign"), 5),
        (("plans", 'a "b" {', "regions", "@@assign", 0), 6),
        (("plans", 'a "b" {', "regions", "@@assign", 1, "y", 1), 8),
        (("plans", "z"), 10),
        (("plans", "plans"), 10),
        (("plans", "absent", "far", "below"), 3),
    ],
)
def test_the_line_is_that_of_the_key_or_of_what_stands_around_the_absent(place: Steps, line: int) -> None:
    assert JsonLines(TEXT).of([place]) == [line]


def test_a_part_of_a_text_and_a_text_within_a_file_are_counted_from_their_top() -> None:
    assert JsonLines(TEXT, below=("plans",)).of([("z",), ()]) == [10, 3]
    assert JsonLines(TEXT, before=100).of([("plans",)]) == [103]
    assert JsonLines('{"a": 1}', before=4).of([("a",)]) == [5]


def test_what_stands_twice_is_found_where_it_stands_last() -> None:
    assert JsonLines('{"a": 1,\n"a": 2}').of([("a",)]) == [2]


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(document=json_values)
def test_every_place_of_any_document_is_found_on_the_line_where_it_is_written(document: Any) -> None:
    lines = json.dumps(document, indent=1).split("\n")
    expected = list(_places(document, (), iter(range(1, len(lines) + 1))))
    found = JsonLines("\n".join(lines)).of([place for place, _ in expected])
    assert found == [line for _, line in expected]


def _places(value: Any, place: Steps, lines: Any) -> Any:
    """Every place with its line, as `json.dumps` with an indent lays them out: one a line, and one to close."""
    yield place, next(lines)
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield from _places(child, (*place, step), lines)
    if isinstance(value, dict | list) and value:
        next(lines)
