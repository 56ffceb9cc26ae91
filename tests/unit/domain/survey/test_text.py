"""The text of the file: what a reader of YAML has of it is what was meant."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.survey.text import WIDTH, comment, entry

SCALARS = st.one_of(st.text(max_size=30), st.integers(), st.booleans())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=12), VALUES, min_size=1, max_size=3))
def test_what_is_written_is_read_as_it_was(section: dict[str, Any]) -> None:
    text = "\n".join(entry("section", section))
    assert yaml.safe_load(text) == {"section": section}


@pytest.mark.parametrize(
    "text", ["no", "On", "null", "0x1F", "1_000", "12:30", "2027-01-01", "~", "a: b", "a #b", "- a", "", "111122223333"]
)
def test_what_yaml_would_take_for_something_else_is_quoted(text: str) -> None:
    [line] = entry("key", text)
    assert line.startswith('key: "')
    assert yaml.safe_load(line) == {"key": text}


@pytest.mark.parametrize(
    "text", ["daily 02:00", "hourly :30", "weekly sun 03:00", "eu-west-1", "PT8H", "Workloads/Cards"]
)
def test_what_reads_well_is_not_quoted(text: str) -> None:
    assert list(entry("key", text)) == [f"key: {text}"]
    assert yaml.safe_load(f"{{key: {text}}}") == {"key": text}


def test_long_values_stand_on_lines_of_their_own() -> None:
    tier = {"schedule": "daily 02:00", "keep": {f"vault-number-{number}": number for number in range(6)}}
    lines = list(entry("tiers", {"daily": tier}))
    assert lines[:3] == ["tiers:", "  daily:", "    schedule: daily 02:00"]
    assert all(len(line) <= WIDTH for line in lines)


def test_comments_are_wrapped_and_can_begin_no_line_of_their_own() -> None:
    lines = list(comment("tiers: {} \n" + "word " * 60))
    assert len(lines) > 1
    assert all(line.startswith("# ") and len(line) <= WIDTH for line in lines)
