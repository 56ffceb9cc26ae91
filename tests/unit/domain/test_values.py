"""Values are asked for their fields alike, whatever they are made as."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from msgspec import Struct

from strongroom.domain.values import asdict, field_names, is_value


class _Place(NamedTuple):
    account: str
    region: str


class _Tag(Struct, frozen=True):
    key: str
    value: str = ""


class _Nothing(Struct, frozen=True):
    pass


@dataclass(frozen=True, slots=True)
class _Resource:
    name: str
    tag: _Tag


class _Copy(_Tag, frozen=True, kw_only=True):
    resource: _Resource
    parts: tuple[Any, ...] = ()
    by_name: dict[str, Any]


TAG = _Tag("tier", "gold")
RESOURCE = _Resource("orders", TAG)


@pytest.mark.parametrize("value", [TAG, RESOURCE, _Tag, _Resource, _Nothing])
def test_structs_dataclasses_and_their_classes_are_values(value: object) -> None:
    assert is_value(value)


@pytest.mark.parametrize("value", ["text", {"key": 1}, ("a",), _Place("1", "eu-west-1"), None, int])
def test_what_has_no_named_fields_is_none(value: object) -> None:
    assert not is_value(value)
    with pytest.raises(TypeError, match="no named fields"):
        field_names(value)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (TAG, ("key", "value")),
        (_Resource, ("name", "tag")),
        (_Nothing(), ()),
        (_Copy, ("key", "value", "resource", "parts", "by_name")),
    ],
)
def test_fields_are_named_in_their_order_and_inherited_ones_first(value: object, names: tuple[str, ...]) -> None:
    assert field_names(value) == names


def test_a_value_is_told_down_to_its_last_part() -> None:
    place = _Place("111122223333", "eu-west-1")
    copy = _Copy("a", "b", resource=RESOURCE, parts=(TAG, [RESOURCE], place, _Tag), by_name={"first": TAG})
    tag = {"key": "tier", "value": "gold"}
    resource = {"name": "orders", "tag": tag}
    assert asdict(copy) == {
        "key": "a",
        "value": "b",
        "resource": resource,
        "parts": (tag, [resource], place, _Tag),
        "by_name": {"first": tag},
    }


def test_what_is_told_shares_no_dictionary_with_the_value() -> None:
    copy = _Copy("a", resource=RESOURCE, by_name={"list": [1]})
    told = asdict(copy)
    told["by_name"]["list"].append(2)
    assert copy.by_name == {"list": [1]}
    assert json.dumps(told["resource"]) == '{"name": "orders", "tag": {"key": "tier", "value": "gold"}}'
