"""What AWS spells in several ways is read as what it says, and anything else as nothing."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from strongroom.runtime.contracts.readings import as_mapping, as_moment, as_text, as_texts

EVENING = datetime(2020, 7, 15, 21, 39, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2020-07-15T21:39:07Z",
        "2020-07-15T21:39:07.000Z",
        "2020-07-15T21:39:07",
        "Jul 15, 2020 9:39:07 PM",
        "Jul 15, 2020, 9:39:07\u202fPM",
        "Wed Jul 15 21:39:07 UTC 2020",
        1594849147,
        1594849147.0,
    ],
)
def test_a_moment_is_read_in_each_of_its_spellings(value: Any) -> None:
    assert as_moment(value) == EVENING


def test_a_moment_keeps_the_zone_that_it_tells() -> None:
    zone = timezone(timedelta(hours=2))
    assert as_moment("2020-07-15T23:39:07+02:00") == EVENING.astimezone(zone)


@pytest.mark.parametrize("value", [None, "", "yesterday", "15/07/2020", {}, [], True, 1e300, float("nan")], ids=repr)
def test_what_tells_no_moment_is_none(value: Any) -> None:
    assert as_moment(value) is None


@pytest.mark.parametrize("value", [None, "", {}, [], 0, 7, True], ids=repr)
def test_what_is_no_text_says_nothing(value: Any) -> None:
    assert (as_text(value), as_text("said")) == (None, "said")


@pytest.mark.parametrize("value", [None, "null", [], 7], ids=repr)
def test_what_is_no_object_is_none(value: Any) -> None:
    assert (as_mapping(value), as_mapping({"a": 1})) == (None, {"a": 1})


@pytest.mark.parametrize(
    ("value", "texts"),
    [(None, ()), ("arn:1", ()), ({}, ()), (["arn:1", 2, None, "", "arn:2"], ("arn:1", "arn:2"))],
    ids=repr,
)
def test_the_texts_of_a_list_are_taken_and_the_rest_left(value: Any, texts: tuple[str, ...]) -> None:
    assert as_texts(value) == texts
