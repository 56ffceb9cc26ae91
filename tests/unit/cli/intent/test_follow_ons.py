"""One mistake, one finding, whatever the rules say besides."""

from collections.abc import Iterator
from typing import Any

from strongroom.domain.findings import Finding, error, warning
from strongroom_cli.intent.follow_ons import MOST_REFUSED, find_causes, names_in
from strongroom_cli.intent.schema import intent_schema

NAMES = (("red", "green", "blue"), ("Oslo", "Rome"))
DOCUMENT: dict[str, Any] = {"colour": "red", "towns": ["Oslo", "Rome"], "paint": 3}


def judge(document: Any) -> tuple[Finding, ...]:
    return tuple(_findings(document))


def _findings(document: Any) -> Iterator[Finding]:
    """A colour must be known and have paint; towns must be known, and Oslo is needed; three errors about one number."""
    if document["colour"] not in NAMES[0]:
        yield error("colour", "colour", f"{document['colour']!r} is no colour")
        yield error("paint", "paint", "nobody has paint of that colour")
    for number, town in enumerate(document["towns"]):
        if town not in NAMES[1]:
            yield error("town", f"towns[{number}]", f"{town!r} is no town")
            yield warning("map", "towns", f"{town} is on no map")
    if "Oslo" not in document["towns"]:
        yield error("no-oslo", "towns", "Oslo must be among them")
    if document["paint"] < 1:
        yield error("least", "paint", "must be 1 or more")
        yield error("enough", "paint", "must be enough")


def told(**changes: Any) -> list[str]:
    findings = find_causes(DOCUMENT | changes, judge=judge, names=NAMES)
    return [f"{finding.path}: {finding.message}" for finding in findings]


def test_what_is_right_raises_nothing() -> None:
    assert told() == []


def test_what_vanishes_with_the_right_name_is_not_told() -> None:
    assert told(colour="gren") == ["colour: 'gren' is no colour; did you mean green?"]
    assert told(towns=["osla", "Rome"]) == ["towns[0]: 'osla' is no town; did you mean Oslo?"]


def test_a_name_that_is_like_none_still_hides_what_follows_from_it() -> None:
    assert told(colour="Qqqq") == ["colour: 'Qqqq' is no colour"]


def test_several_wrong_names_are_told_each() -> None:
    assert told(colour="bleu", towns=["Osl", "Rom"]) == [
        "colour: 'bleu' is no colour; did you mean blue?",
        "towns[0]: 'Osl' is no town; did you mean Oslo?",
        "towns[1]: 'Rom' is no town; did you mean Rome?",
    ]


def test_the_same_wrong_name_at_several_places_is_told_once() -> None:
    assert told(towns=["Osla", "Osla"]) == ["towns[0]: 'Osla' is no town; did you mean Oslo? (also towns[1])"]


def test_what_does_not_follow_from_a_wrong_name_is_told_beside_it() -> None:
    assert told(colour="gren", paint=0) == [
        "colour: 'gren' is no colour; did you mean green?",
        "paint: must be 1 or more",
    ]
    assert told(colour="gren", towns=["Rome"])[1:] == ["towns: Oslo must be among them"]


def test_a_single_value_has_one_finding() -> None:
    assert told(paint=0) == ["paint: must be 1 or more"]


def test_with_too_many_wrong_names_all_is_told_as_it_was_found() -> None:
    towns = [f"X{number}" for number in range(MOST_REFUSED + 1)]
    assert len(told(towns=towns)) == len(judge(DOCUMENT | {"towns": towns}))


def test_the_names_of_an_intent_are_the_keys_of_its_mappings_of_names() -> None:
    document = {
        "organization": {"id": "o-x", "units": {"Production": "ou-x", "Sandbox": "ou-y"}},
        "tiers": {"daily": {"recovery_point_tags": {"team": "x"}}},
        "restores": {"groups": {"oncall": ["omar"]}},
        "people": {"omar": {"name": "Omar"}, "maria": {"name": "Maria"}},
    }
    kinds = [set(kind) for kind in names_in(document, intent_schema())]
    assert {frozenset(kind) for kind in kinds} == {
        frozenset({"Production", "Sandbox"}),
        frozenset({"daily"}),
        frozenset({"team"}),
        frozenset({"oncall"}),
        frozenset({"omar", "maria"}),
    }
