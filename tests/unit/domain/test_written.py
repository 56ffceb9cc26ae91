"""What somebody else wrote down is read when it has exactly its form, and refused by name when it has not."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import (
    base64url,
    bytes_of,
    count_of,
    json_of,
    moment_of,
    moment_text,
    record_of,
    text_of,
    texts_of,
)


def test_a_record_has_what_is_needed_and_may_have_what_is_known() -> None:
    assert record_of({"a": 1}, needed=("a",), known=("b",)) == {"a": 1}
    assert record_of({"a": 1, "b": None}, needed=("a",), known=("b",)) == {"a": 1, "b": None}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({}, "^first is missing$"),
        ({"known": 1}, "^first is missing$"),
        ({"first": 1, "stranger": 1}, "^stranger does not belong here$"),
        ({"first": 1, "s" * 90: 1}, "^" + "s" * 40 + " does not belong here$"),
        ([], "^a record is expected$"),
        (None, "^a record is expected$"),
        ("first", "^a record is expected$"),
    ],
    ids=str,
)
def test_a_record_with_more_or_less_is_refused(content: Any, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        record_of(content, needed=("first",), known=("known",))


@pytest.mark.parametrize(
    ("read", "content", "value"),
    [
        (text_of, "a", "a"),
        (texts_of, ["a", "b"], ("a", "b")),
        (texts_of, [], ()),
        (count_of, 0, 0),
        (count_of, 2**60, 2**60),
        (moment_of, "2026-11-26T14:00:09Z", datetime(2026, 11, 26, 14, 0, 9, tzinfo=UTC)),
        (moment_of, "2028-02-29T23:59:59Z", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
        (bytes_of, "-_8", b"\xfb\xff"),
        (bytes_of, "AA", b"\x00"),
    ],
)
def test_each_kind_of_value_reads_as_what_it_is(read: Callable[..., Any], content: Any, value: Any) -> None:
    assert read(content, of="it") == value


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (text_of, "", "^it is not a text$"),
        (text_of, None, "^it is not a text$"),
        (text_of, 1, "^it is not a text$"),
        (text_of, ["a"], "^it is not a text$"),
        (texts_of, "ab", "^it is not a list$"),
        (texts_of, {"a": 1}, "^it is not a list$"),
        (texts_of, None, "^it is not a list$"),
        (texts_of, ["a", ""], "^it is not a text$"),
        (texts_of, ["a", 1], "^it is not a text$"),
        (count_of, -1, "^it is not a number of at least 0$"),
        (count_of, True, "^it is not a number of at least 0$"),
        (count_of, 1.0, "^it is not a number of at least 0$"),
        (count_of, "1", "^it is not a number of at least 0$"),
        (count_of, None, "^it is not a number of at least 0$"),
        (moment_of, 1764165600, "^it is not a text$"),
        (moment_of, "2026-11-26T14:00:00", "^it is not a moment like 2026-11-26T14:00:00Z$"),
        (moment_of, "2026-11-26T14:00:00+00:00", "^it is not a moment like"),
        (moment_of, "2026-11-26T14:00:00.5Z", "^it is not a moment like"),
        (moment_of, "2026-11-26 14:00:00Z", "^it is not a moment like"),
        (moment_of, "2026-1-26T14:00:00Z", "^it is not a moment like"),
        (moment_of, "2026-11-26T14:00:00Z\n", "^it is not a moment like"),
        (moment_of, "٢٠٢٦-11-26T14:00:00Z", "^it is not a moment like"),
        (moment_of, "2026-02-29T14:00:00Z", "^it is not a moment like 2026-11-26T14:00:00Z$"),
        (moment_of, "2026-11-26T24:00:00Z", "^it is not a moment like"),
        (moment_of, "2026-11-26T14:00:60Z", "^it is not a moment like"),
        (moment_of, "0000-11-26T14:00:00Z", "^it is not a moment like"),
        (bytes_of, "", "^it is not a text$"),
        (bytes_of, "=", "^it is not base64url$"),
        (bytes_of, "AA=", "^it is not the one spelling of its bytes$"),
        (bytes_of, "AAA=", "^it is not the one spelling of its bytes$"),
        (bytes_of, "AA==", "^it is not the one spelling of its bytes$"),
        (bytes_of, "A+A/", "^it is not the one spelling of its bytes$"),
        (bytes_of, "A A A", "^it is not base64url$"),
        (bytes_of, "AAAA\n", "^it is not base64url$"),
        (bytes_of, "AAAAA", "^it is not base64url$"),
        (bytes_of, "ÄAAA", "^it is not base64url$"),
        (bytes_of, "AB", "^it is not the one spelling of its bytes$"),
        (bytes_of, "AAB", "^it is not the one spelling of its bytes$"),
    ],
)
def test_what_has_another_form_is_refused_by_name(read: Callable[..., Any], content: Any, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        read(content, of="it")


def test_json_that_says_everything_once_is_read() -> None:
    assert json_of(' {"a": [1.5, null, "ü"]} '.encode(), of="it") == {"a": [1.5, None, "ü"]}
    assert len(json_of(b'{"a":' + b"[" * 99 + b"]" * 99 + b"}", of="it")) == 1


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b'{"a":1,"a":1}', "^a key is said twice$"),
        (b'[{"a":{"b":1,"b":2}}]', "^a key is said twice$"),
        (b"\xff", "can't decode byte"),
        (b"\xef\xbb\xbf1", "BOM"),
        (b"NaN", "^NaN is no JSON$"),
        (b"[-Infinity]", "^-Infinity is no JSON$"),
        (b"[" * 200_000, "recursion"),
        (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", "^None$"),
    ],
    ids=["nothing", "cut", "twice", "twice within", "no UTF-8", "mark", "no number", "no number within", "deep", "101"],
)
def test_json_that_two_readers_could_read_differently_is_refused(content: bytes, cause: str) -> None:
    with pytest.raises(MalformedRecordError, match=r"^it is not JSON that says everything once$") as raised:
        json_of(content, of="it")
    assert re.search(cause, str(raised.value.__cause__))


def test_a_number_may_have_to_be_larger() -> None:
    assert count_of(1, of="needed", least=1) == 1
    with pytest.raises(MalformedRecordError, match=r"^needed is not a number of at least 1$"):
        count_of(0, of="needed", least=1)


@given(st.binary(min_size=1))
def test_bytes_read_as_they_were_written(content: bytes) -> None:
    assert bytes_of(base64url(content), of="it") == content
    assert base64url(content) == urlsafe_b64encode(content).decode().replace("=", "")


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_read_as_they_were_written_to_the_second(moment: datetime) -> None:
    assert moment_of(moment_text(moment), of="it") == moment.replace(microsecond=0)


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    there = datetime(2026, 11, 26, 16, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert moment_text(there) == "2026-11-26T14:00:00Z"
