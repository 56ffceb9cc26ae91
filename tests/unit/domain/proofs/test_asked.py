"""A request is read as it was signed; what would not decide it later is refused at once."""

from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.asked import read_asked
from tests.builders.proving.signed_requests import ACT_BEFORE, APPROVE_BEFORE, OMAR, a_policy, an_asked, request_content

TEXTS = ("account", "id", "plan", "policy", "reason", "recovery_point", "requester", "role", "target_name")


def test_a_request_says_whose_it_is_under_which_rules_and_until_when() -> None:
    text = canonical_text(request_content())
    asked = read_asked(text)
    assert (asked.id, asked.requester) == ("r-abcdefgh2345", OMAR)
    assert asked.content == request_content()
    assert asked.digest == digest_of(text)
    assert asked.policy.digest == digest_of(a_policy())
    assert (asked.approve_before, asked.act_before) == (APPROVE_BEFORE, ACT_BEFORE)


def test_a_request_may_say_more() -> None:
    assert an_asked(differences=["smaller instance"]).content["differences"] == ["smaller instance"]


@pytest.mark.parametrize(
    ("changes", "tier", "risks"),
    [
        ({}, None, None),
        ({"tier": "gold"}, "gold", None),
        ({"risks": []}, None, ()),
        ({"tier": "gold", "risks": ["in_place"]}, "gold", ("in_place",)),
    ],
    ids=str,
)
def test_a_request_may_tell_its_tier_and_its_risks(
    changes: dict[str, Any], tier: str | None, risks: tuple[str, ...] | None
) -> None:
    asked = an_asked(**changes)
    assert (asked.tier, asked.risks) == (tier, risks)


@pytest.mark.parametrize("value", [None, "", 7, ["x"]], ids=["missing", "empty", "number", "list"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_request_without_one_of_its_texts_is_refused(name: str, value: Any) -> None:
    with pytest.raises(MalformedRecordError, match=f"^{name} is not a text$"):
        read_asked(canonical_text(request_content() | {name: value}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metadata": None}, "^metadata is not a record$"),
        ({"metadata": []}, "^metadata is not a record$"),
        ({"approve_before": None}, "^approve_before is not a text$"),
        ({"act_before": None}, "^act_before is not a text$"),
        ({"approve_before": "today"}, "^approve_before is not a moment"),
        ({"act_before": "2026-11-23"}, "^act_before is not a moment"),
        ({"act_before": "2026-11-23T17:59:59Z"}, "^act_before lies before approve_before$"),
        ({"tier": ""}, "^tier is not a text$"),
        ({"tier": ["gold"]}, "^tier is not a text$"),
        ({"risks": "in_place"}, "^risks is not a list$"),
        ({"risks": [""]}, "^risks is not a text$"),
        ({"ticket": None}, "^ticket is not a text$"),
        ({"ticket": {}}, "^ticket is not a text$"),
        ({"policy": "{}"}, "^format is missing$"),
    ],
    ids=str,
)
def test_a_request_of_another_form_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        an_asked(**changes)


@pytest.mark.parametrize("name", ["tier", "risks"])
def test_what_is_said_to_be_null_is_not_left_out(name: str) -> None:
    with pytest.raises(MalformedRecordError, match=f"^{name} is not a"):
        read_asked(canonical_text(request_content() | {name: None}))


def test_a_request_may_be_carried_out_until_the_moment_of_its_approval() -> None:
    asked = an_asked(act_before="2026-11-23T18:00:00Z")
    assert asked.act_before == asked.approve_before


def test_a_request_needs_no_ticket_where_there_are_none() -> None:
    assert "ticket" not in an_asked(a_policy(ticket="none"), ticket=None).content


@pytest.mark.parametrize("text", ["[]", '"request"', "null"])
def test_what_is_no_record_is_no_request(text: str) -> None:
    with pytest.raises(MalformedRecordError, match=r"^the request is not a record$"):
        read_asked(text)


def test_a_request_in_another_spelling_is_refused() -> None:
    with pytest.raises(MalformedRecordError, match="not the canonical form"):
        read_asked(canonical_text(request_content()) + " ")
