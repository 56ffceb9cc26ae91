"""The value of each key by where it comes from, in mappings that no type of today has."""

import json
from typing import Any

import pytest

from strongroom.domain.restores.deciding.saying import folded
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.deciding.values import values_of
from strongroom.domain.restores.kinds.model import Condition, Key, Shape, Use
from tests.builders.deciding.restore_cases import a_restore


def _values(*keys: Key, told: dict[str, str] | None = None, **said: Any) -> dict[str, str]:
    return values_of(folded(keys), wishes={}, told=told or {}, sheet=Sheet(a_restore("EBS", **said)))


def _asked(*keys: Key, wishes: dict[str, str], told: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """What is sent of what is asked for, and the sentences of what is refused."""
    sheet = Sheet(a_restore("EBS"))
    values = values_of(folded(keys), wishes=wishes, told=told, sheet=sheet)
    return values, [refusal.sentence for refusal in sheet.refusals]


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Shape.FLAG, True),
        (Shape.NUMBER, 7),
        (Shape.LIST, ["a"]),
        (Shape.FEW, ["a", "b"]),
        (Shape.PATHS, ["/a"]),
        (Shape.JSON, {"a": [1]}),
        (Shape.PARAMETERS, {"Size": "3"}),
        (Shape.PLAIN, "7"),
        (Shape.PATH, "/a"),
    ],
)
def test_what_stands_in_a_mapping_stands_there_in_its_own_shape(shape: Shape, value: Any) -> None:
    outer = Key(name="Outer", use=Use.NESTED, inner=(Key(name="Inner", use=Use.CHOSEN, shape=shape),))
    made = _values(outer, told={"outer": json.dumps({"Inner": value})})
    assert json.loads(made["Outer"]) == {"Inner": value}


def test_of_a_mapping_in_which_nothing_stands_nothing_is_sent() -> None:
    assert _values(Key(name="Outer", use=Use.NESTED, inner=(Key(name="Inner", use=Use.CHOSEN),))) == {}


FAST = Condition("Kind", ("fast",))


@pytest.mark.parametrize(
    ("key", "told", "value"),
    [
        pytest.param(
            Key(name="Speed", use=Use.ASKED, shape=Shape.NUMBER, with_backup=FAST),
            {"speed": "9"},
            "9",
            id="the backup's",
        ),
        pytest.param(
            Key(name="availabilityZone", use=Use.OFFER, needs=FAST), {}, "eu-west-1a", id="where it is needed"
        ),
    ],
)
def test_a_key_that_rests_on_another_one_may_stand_before_it(key: Key, told: dict[str, str], value: str) -> None:
    kind = Key(name="Kind", use=Use.CHOSEN)
    assert _values(key, kind, told={"kind": "fast", **told}) == {"Kind": "fast", key.name: value}
    assert _values(key, kind, told={"kind": "slow", **told}) == {"Kind": "slow"}


FASTER = Condition("Kind", ("fast", "quick"))
UNREAD = "Speed means nothing unless Kind is fast or quick"


@pytest.mark.parametrize(
    ("kind", "speed", "sent", "refused"),
    [
        pytest.param("quick", "9", {"Speed": "9"}, [], id="what AWS reads"),
        pytest.param("slow", "9", {}, [UNREAD], id="what AWS does not read"),
        pytest.param("slow", "much", {}, [UNREAD, "Speed must be a whole number"], id="what is wrong in two ways"),
    ],
)
def test_what_means_nothing_beside_what_else_is_said_is_refused_and_not_sent(
    kind: str, speed: str, sent: dict[str, str], refused: list[str]
) -> None:
    key = Key(name="Speed", use=Use.ASKED, shape=Shape.NUMBER, only_where=FASTER)
    said = _asked(key, Key(name="Kind", use=Use.CHOSEN), wishes={"speed": speed}, told={"kind": kind})
    assert said == ({"Kind": kind, **sent}, refused)


def test_what_takes_no_key_is_made_without_one() -> None:
    made = _values(Key(name="Token", use=Use.MADE, value="{request}"), request="r-1", profile={"keys": []})
    assert made == {"Token": "r-1"}


@pytest.mark.parametrize(
    ("use", "made"),
    [
        pytest.param(Use.MADE, '{"of":"a\\"b"}', id="made here, in JSON"),
        pytest.param(Use.FIXED, '{"of":"a"b"}', id="as it stands in the table"),
    ],
)
def test_what_is_made_of_the_request_stays_what_it_is(use: Use, made: str) -> None:
    assert _values(Key(name="Made", use=use, value='{"of":"{request}"}'), request='a"b') == {"Made": made}
