"""A note has what was set, the same digest for the same settings, no secret, and never more than fits."""

from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.restores.settings.note import MOST_CHARACTERS, kept_of, make_note, read_note, texts_at
from strongroom.domain.restores.settings.reading import Reading

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"


def _reading(**more: Any) -> Reading:
    return Reading(what="x", service="s", call="c", action="s:C", by=(), **more)


@pytest.mark.parametrize(
    ("reading", "answer", "kept"),
    [
        pytest.param(_reading(at="A"), {"A": {"x": 1}, "B": 2}, {"x": 1}, id="what lies at a path"),
        pytest.param(_reading(at="A"), {}, None, id="nothing where it is not there"),
        pytest.param(_reading(at="A/0"), {"A": []}, None, id="nothing of an empty list"),
        pytest.param(_reading(keeps=("a", "b/c")), {"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b/c": 2}, id="paths"),
        pytest.param(_reading(keeps=("a",)), {"a": None, "b": 1}, None, id="what is not set is not kept"),
        pytest.param(_reading(keeps=("a",)), {"a": False}, {"a": False}, id="what is off is kept"),
        pytest.param(
            _reading(keeps=("groups/id",)),
            {"groups": [{"id": "sg-2", "status": "x"}, {"id": "sg-1"}]},
            {"groups/id": ["sg-1", "sg-2"]},
            id="one key of each, in order",
        ),
        pytest.param(
            _reading(at="L", keeps=("n",), drops=("m",)), {"L": [{"n": 2, "m": 1}, {"n": 1}]}, [{"n": 1}, {"n": 2}],
            id="each of a list",
        ),
        pytest.param(_reading(drops=("at",)), {"a": [{"at": 1, "b": 2}]}, {"a": [{"b": 2}]}, id="dropped at any depth"),
        pytest.param(
            _reading(at="T", pairs=("Key", "Value")),
            {"T": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}, {"Key": "aws:x", "Value": "3"}]},
            [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}],
            id="tags without those of AWS",
        ),
        pytest.param(_reading(at="P", is_policy=True), {"P": '{"a": [1]}'}, {"a": [1]}, id="a policy is read"),
        pytest.param(_reading(at="P", is_policy=True), {"P": "no JSON"}, "no JSON", id="what is none stays a text"),
    ],
)  # fmt: skip
def test_of_an_answer_what_the_table_names_is_kept(reading: Reading, answer: Any, kept: Any) -> None:
    assert kept_of(reading, answer) == kept


def test_the_same_settings_have_the_same_digest_in_whatever_order_they_were_read() -> None:
    one = make_note(TABLE, read={"a": {"x": 1, "y": 2}, "b": [1]}, unread={"c": "not authorized"})
    other = make_note(TABLE, read={"b": [1], "a": {"y": 2, "x": 1}}, unread={"c": "not authorized, request 7"})
    assert one.digest == other.digest


@pytest.mark.parametrize(
    ("read", "unread"),
    [
        pytest.param({"a": 2}, {}, id="another value"),
        pytest.param({"a": 1, "b": 1}, {}, id="another setting"),
        pytest.param({"a": 1}, {"b": "why"}, id="what was read before is not"),
        pytest.param({"a": True}, {}, id="true is not one"),
    ],
)
def test_other_settings_have_another_digest(read: dict[str, Any], unread: dict[str, str]) -> None:
    assert make_note(TABLE, read=read, unread=unread).digest != make_note(TABLE, read={"a": 1}, unread={}).digest


def test_another_resource_with_the_same_settings_has_another_digest() -> None:
    assert make_note(TABLE, read={}, unread={}).digest != make_note(f"{TABLE}2", read={}, unread={}).digest


@pytest.mark.parametrize(
    ("read", "left_out"),
    [
        pytest.param({"a": {"MasterPassword": "hidden-1"}}, ("a.MasterPassword",), id="by the key"),
        pytest.param({"a": [{"deep": {"api_key": "hidden-1"}}]}, ("a.deep.api_key",), id="at any depth"),
        pytest.param({"a": {"credentials": {"x": "hidden-1"}}}, ("a.credentials",), id="a mapping of that name"),
        pytest.param({"tags": [{"name": "db-password", "value": "hidden-1"}]}, ("tags.db-password",), id="of a pair"),
    ],
)
def test_what_is_a_secret_by_its_name_is_left_out_and_said(read: dict[str, Any], left_out: tuple[str, ...]) -> None:
    note = make_note(TABLE, read=read, unread={})
    assert note.secrets == left_out
    assert "hidden-1" not in note.content


def test_a_list_of_two_actions_is_no_pair_and_a_flag_no_secret() -> None:
    read = {
        "policy": {"Action": ["secretsmanager:GetSecretValue", "s3:GetObject"]},
        "a": {"ManageMasterPassword": True},
    }
    assert make_note(TABLE, read=read, unread={}).settings == read


def test_numbers_and_times_are_written_so_that_they_stay_the_same() -> None:
    read = {"a": [5.0, 0.25, datetime(2026, 11, 1, tzinfo=UTC), None]}
    note = make_note(TABLE, read=read, unread={})
    assert note.settings == {"a": [5, "0.25", "2026-11-01T00:00:00+00:00", None]}
    assert read_note(note.content) == note
    assert read_canonical(note.content)["resource"] == TABLE


def test_the_longest_is_left_out_of_what_does_not_fit_and_said() -> None:
    read = {"a": ["x" * 1_000] * 70, "b": ["y"]}
    note = make_note(TABLE, read=read, unread={})
    assert (list(note.settings), list(note.unread)) == (["b"], ["a"])
    assert "characters long, and the note would be too long" in note.unread["a"]
    assert len(note.content) < MOST_CHARACTERS


def test_what_cannot_be_written_down_is_said() -> None:
    note = make_note(TABLE, read={"a": {"ü": 1}, "b": 1}, unread={})
    assert (note.settings, note.unread) == ({"b": 1}, {"a": "it cannot be written down: a key is not ASCII text"})


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"resource":"x"}', '{"resource":"x","settings":[],"unread":{},"secrets":[]}'),
        '{"resource":"x","settings":{},"unread":["a"],"secrets":[]}',
        '{"resource":"x","settings":{},"unread":{"a":1},"secrets":[]}',
        '{"resource":"x","settings":{},"unread":{},"secrets":[1]}',
        '{"resource":1,"settings":{},"unread":{},"secrets":[]}',
    ],
)
def test_another_text_is_no_note(text: str) -> None:
    with pytest.raises(MalformedRecordError, match="no note of settings"):
        read_note(text)


@pytest.mark.parametrize(
    ("settings", "path", "texts"),
    [
        ({"stream": {"Arn": "x"}}, "stream:Arn", ("x",)),
        ({"members": [{"id": "a"}, {"id": "b"}, {}]}, "members:id", ("a", "b")),
        ({"groups": {"name": ["a", "b"]}}, "groups:name", ("a", "b")),
        ({}, "stream:Arn", ()),
        ({"stream": None}, "stream:Arn", ()),
    ],
)
def test_what_another_reading_needs_is_found_in_what_was_read(
    settings: dict[str, Any], path: str, texts: tuple[str, ...]
) -> None:
    assert texts_at(settings, path) == texts
