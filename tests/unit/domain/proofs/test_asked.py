"""A request is read as it was signed; what would not decide it later is refused at once."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.asked import WITHOUT_TICKET, AskedRestore, follows_lately, is_lately, read_asked
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


RESTORED_AT: Final = datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
FOLLOWING: Final = {
    "kind": "after",
    "call": "dynamodb:UpdateTimeToLive",
    "resource": "arn:aws:dynamodb:eu-west-1:111111111111:table/orders-0200",
    "of": "r-bcdefghj2345",
    "of_closed": "a0" * 32,
    "of_restored_at": "2026-11-16T14:00:00Z",
    "requested_at": "2026-11-23T14:00:00Z",
    "ticket": None,
}


def a_following(**changes: Any) -> AskedRestore:
    """What is asked for a week after a restore, to the second; None leaves a word out."""
    return an_asked(**FOLLOWING | changes)


def test_what_follows_a_restore_of_the_last_days_needs_no_ticket() -> None:
    asked = a_following()
    assert (asked.needs_ticket, follows_lately(asked.content)) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"requested_at": "2026-11-23T14:00:01Z"}, id="a second too late"),
        pytest.param({"ticket": "OPS-123"}, id="one is named"),
        pytest.param({"kind": "later"}, id="another kind"),
        pytest.param({"kind": None}, id="a restore"),
    ],
)
def test_whatever_else_is_asked_for_needs_a_ticket(changes: dict[str, Any]) -> None:
    asked = a_following(**{"ticket": "OPS-123"} | changes)
    assert (asked.needs_ticket, follows_lately(asked.content)) == (True, False)
    with pytest.raises(MalformedRecordError, match=r"^ticket is not a text$"):
        a_following(**changes | {"ticket": ""})


def test_what_follows_too_late_and_names_no_ticket_is_refused() -> None:
    with pytest.raises(MalformedRecordError, match=r"^ticket is not a text$"):
        a_following(requested_at="2026-11-23T14:00:01Z")


def test_where_the_rules_take_no_tickets_what_follows_needs_none_either() -> None:
    asked = an_asked(a_policy(ticket="none"), **FOLLOWING | {"requested_at": "2026-12-23T14:00:00Z"})
    assert not asked.needs_ticket


@pytest.mark.parametrize(("seconds", "is_within"), [(-1, True), (0, True), (1, False)])
def test_a_moment_lies_within_the_days_after_a_restore(seconds: int, *, is_within: bool) -> None:
    moment = RESTORED_AT + WITHOUT_TICKET + timedelta(seconds=seconds)
    assert is_lately(a_following().content, moment) is is_within


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"call": None}, "^call is not a text$"),
        ({"resource": None}, "^resource is not a text$"),
        ({"resource": ["x"]}, "^resource is not a text$"),
        ({"of": None}, "^of is not a text$"),
        ({"of": "R-bcdefghj2345"}, "^of is not the id of a restore$"),
        ({"of": "r-bcdefghj2345/"}, "^of is not the id of a restore$"),
        ({"of_closed": None}, "^of_closed is not a text$"),
        ({"of_closed": "a0" * 31}, "^of_closed is not the hash of an entry$"),
        ({"of_closed": "A0" * 32}, "^of_closed is not the hash of an entry$"),
        ({"of_closed": "a0" * 33}, "^of_closed is not the hash of an entry$"),
        ({"plan": "copy-back"}, "^nothing is copied for what follows a restore$"),
        ({"incident": "INC-1"}, "^nothing that follows a restore is urgent$"),
        ({"requested_at": None}, "^requested_at is not a text$"),
        ({"of_restored_at": None}, "^of_restored_at is not a text$"),
        ({"requested_at": "2026-11-16T13:59:59Z"}, "^it was asked for before the restore that it follows$"),
    ],
    ids=str,
)
def test_what_follows_a_restore_names_it_and_what_it_acts_on(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        a_following(**changes)


def test_what_follows_may_be_asked_for_in_the_second_of_the_restore() -> None:
    assert follows_lately(a_following(requested_at="2026-11-16T14:00:00Z").content)


@pytest.mark.parametrize("changes", [{"of": "x"}, {"of_closed": "x"}, {"incident": "INC-1"}, {"plan": "copy-back"}])
def test_a_restore_is_held_to_nothing_of_what_follows_one(changes: dict[str, Any]) -> None:
    assert a_following(**{"kind": None, "ticket": "OPS-123"} | changes).content["ticket"] == "OPS-123"


def test_without_the_time_of_asking_nobody_tells_whether_it_follows_lately() -> None:
    with pytest.raises(MalformedRecordError, match=r"^requested_at is not a text$"):
        follows_lately({"kind": "after", "of_restored_at": "2026-11-16T14:00:00Z"})
