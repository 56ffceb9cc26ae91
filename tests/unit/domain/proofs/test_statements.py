"""One statement is signed for one request, one decision, one set of rules and one end; it is good for nothing else."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.statements import Decision, make_statement, misses_request, read_statement
from tests.builders.proving.signed_requests import ACT_BEFORE, SOON, a_policy, a_statement, altered, an_asked

NONCE = "AAAAAAAAAAAAAAAAAAAAAQ"


def test_four_things_can_be_said_of_a_request() -> None:
    assert [str(decision) for decision in Decision] == ["request", "approve", "deny", "cancel"]


@pytest.mark.parametrize("decision", Decision)
def test_what_is_signed_names_the_request_the_rules_and_the_end(decision: Decision) -> None:
    asked = an_asked()
    statement = make_statement(asked, decision, nonce=NONCE, issued_at=SOON + timedelta(milliseconds=999))
    assert statement.text == canonical_text(
        {
            "decision": str(decision),
            "expires_at": "2026-11-23T19:00:00Z",
            "format": "strongroom-approval/1",
            "issued_at": "2026-11-23T14:30:00Z",
            "nonce": NONCE,
            "policy": asked.policy.digest,
            "request": "r-abcdefgh2345",
            "request_digest": asked.digest,
        }
    )
    assert read_statement(statement.text) == statement
    assert (statement.decision, statement.nonce) == (decision, NONCE)
    assert (statement.issued_at, statement.expires_at) == (SOON, ACT_BEFORE)
    assert (statement.request, statement.request_digest) == (asked.id, asked.digest)
    assert statement.policy == asked.policy.digest
    assert misses_request(statement, asked) == ""


@pytest.mark.parametrize(
    "name", ["decision", "expires_at", "format", "issued_at", "nonce", "policy", "request", "request_digest"]
)
@pytest.mark.parametrize(("value", "reason"), [(None, "is missing"), ("", "is not a text"), (7, "is not a text")])
def test_a_statement_without_one_of_its_texts_is_refused(name: str, value: Any, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=f"^{name} {reason}$"):
        read_statement(altered(a_statement(an_asked()), **{name: value}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "strongroom-enrolment/1"}, "^the statement is not of the format strongroom-approval/1$"),
        ({"format": "strongroom-approval/2"}, "^the statement is not of the format"),
        ({"decision": "Approve"}, "^the statement's decision is none that is known$"),
        ({"decision": "approved"}, "^the statement's decision is none that is known$"),
        ({"nonce": "AAAAAAAAAAAAAAAAAAAA"}, "^the statement's nonce does not have 128 bits$"),
        ({"nonce": "AAAAAAAAAAAAAAAAAAAAAAAA"}, "^the statement's nonce does not have 128 bits$"),
        ({"nonce": "AAAAAAAAAAAAAAAAAAAAAQ=="}, "^nonce is not the one spelling of its bytes$"),
        ({"nonce": "AAAAAAAAAAAAAAAAAAAAA"}, "^nonce is not base64url$"),
        ({"nonce": "AAAAAAAAAAAAAAAAAAAAAR"}, "^nonce is not the one spelling of its bytes$"),
        ({"issued_at": "2026-11-23 14:30:00"}, "^issued_at is not a moment"),
        ({"expires_at": "tomorrow"}, "^expires_at is not a moment"),
        ({"comment": "why not"}, "^comment does not belong here$"),
        ({"request": "zürich"}, "^a statement is ASCII text$"),
    ],
    ids=str,
)
def test_a_statement_of_another_form_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        read_statement(altered(a_statement(an_asked()), **changes))


@pytest.mark.parametrize("text", ["", "[]", "approve", '{"decision":"approve"}'])
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(MalformedRecordError):
        read_statement(text)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"request": "r-other"}, "it was signed for another request"),
        ({"request_digest": "0" * 64}, "it was signed for another request"),
        ({"policy": "0" * 64}, "it was signed under other rules"),
        ({"expires_at": "2026-11-23T19:00:01Z"}, "it does not end when the request does"),
        ({"expires_at": "2026-11-23T18:59:59Z"}, "it does not end when the request does"),
    ],
    ids=str,
)
def test_a_statement_about_something_else_misses_the_request(changes: dict[str, str], reason: str) -> None:
    asked = an_asked()
    assert misses_request(read_statement(altered(a_statement(asked), **changes)), asked) == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "222222222222"},
        {"metadata": {"DBInstanceIdentifier": "payments-db"}},
        {"recovery_point": "arn:aws:rds:eu-west-1:111111111111:snapshot:awsbackup:job-2"},
        {"requester": "eve"},
        {"role": "arn:aws:iam::111111111111:role/admin"},
        {"ticket": "OPS-124"},
        {"anything": 1},
        {"policy": a_policy(delay=1)},
    ],
    ids=str,
)
def test_attack_13_a_statement_misses_a_request_of_which_any_word_was_changed(changes: dict[str, Any]) -> None:
    assert misses_request(a_statement(an_asked()), an_asked(**changes)) == "it was signed for another request"


def test_a_statement_for_the_very_same_id_under_other_rules_misses_them() -> None:
    asked = an_asked()
    other = replace(asked, policy=replace(asked.policy, digest="0" * 64))
    assert misses_request(a_statement(asked), other) == "it was signed under other rules"
