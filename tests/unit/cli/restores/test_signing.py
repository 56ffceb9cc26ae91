"""What the API wants to be signed is looked at before anybody logs in for it."""

from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.requests import seal_request
from strongroom_cli.restores.signing import read_proposal
from tests.builders.restores import NOW, a_request

SEALED = seal_request(a_request())
OTHER = seal_request(a_request(target_name="another-name"))
ID = SEALED.request.id


def statement(decision: Decision = Decision.APPROVE, *, of: Any = SEALED) -> str:
    return make_statement(of.asked, decision, nonce="A" * 22, issued_at=NOW).text


def test_a_statement_on_the_request_that_was_hashed_here_may_be_signed() -> None:
    answer = {"text": SEALED.text, "statement": statement()}
    proposal = read_proposal(answer, Decision.APPROVE, request_id=ID)
    assert (proposal.sealed, proposal.statement) == (SEALED, answer["statement"])


@pytest.mark.parametrize(
    ("answer", "request_id"),
    [
        ({"text": SEALED.text, "statement": statement(of=OTHER)}, ID),
        ({"text": OTHER.text, "statement": statement()}, ID),
        ({"text": SEALED.text, "statement": statement(Decision.DENY)}, ID),
        ({"text": SEALED.text, "statement": statement()}, "r-zzzzzzzz2345"),
    ],
    ids=["a statement on another text", "a text beside the statement", "another decision", "another request"],
)
def test_anything_else_is_not_signed(answer: dict[str, str], request_id: str) -> None:
    with pytest.raises(ApprovalVoidError, match="the API asks to sign something else"):
        read_proposal(answer, Decision.APPROVE, request_id=request_id)


@pytest.mark.parametrize("name", ["text", "statement"])
def test_half_an_answer_is_not_signed(name: str) -> None:
    answer = {"text": SEALED.text, "statement": statement()}
    del answer[name]
    with pytest.raises((ApprovalVoidError, MalformedRecordError)):
        read_proposal(answer, Decision.APPROVE, request_id=ID)
