"""The function that hands out statements and takes what people sign."""

from typing import Any

import pytest

from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.proofs.statements import Decision
from tests.builders.proving.signing import Provider
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.ceremony import Functions, proof_body

STATEMENTS, PROOFS = "POST /restores/{id}/statements", "POST /restores/{id}/proofs"


def _propose(functions: Functions, request: str, body: Any = None, *, person: str = "") -> tuple[int, Any]:
    content = {"decision": Decision.APPROVE} if body is None else body
    return functions.ask("take_proof", STATEMENTS, content, person=person, id=request)


def _statement(functions: Functions, request: str, decision: Decision = Decision.APPROVE) -> str:
    return str(_propose(functions, request, {"decision": decision}, person="maria")[1]["statement"])


def _send(functions: Functions, request: str, body: Any) -> tuple[int, Any]:
    return functions.ask("take_proof", PROOFS, body, id=request)


def _sign(
    functions: Functions, request: str, person: str, decision: Decision = Decision.APPROVE, **changes: Any
) -> tuple[int, Any]:
    statement = _statement(functions, request, decision)
    return _send(functions, request, proof_body(statement, AUTHENTICATORS[person].sign(statement, **changes)))


def test_whoever_is_logged_in_gets_a_statement(functions: Functions) -> None:
    request = functions.world.open()
    status, proposed = _propose(functions, request, person="maria")
    assert (status, proposed["digest"]) == (200, functions.world.kept(request).sealed.digest)


def test_so_does_whoever_holds_the_link(functions: Functions) -> None:
    request = functions.world.open()
    view = functions.world.asking.drafts.read(request).view
    assert _propose(functions, request, {"decision": "approve", "view": view})[0] == 200


@pytest.mark.parametrize(
    ("body", "person", "status"),
    [
        pytest.param(None, "", 401, id="no token and no link"),
        pytest.param(None, "nobody", 403, id="unknown"),
        pytest.param({"decision": "approve", "view": "A" * 22}, "", 403, id="another link"),
        pytest.param({"decision": "approve", "view": ""}, "maria", 403, id="an empty link"),
        pytest.param({"decision": "delete"}, "maria", 400, id="another decision"),
        pytest.param({"decision": "approve", "subject": "idp|maria"}, "maria", 400, id="an unknown key"),
        pytest.param("{", "maria", 400, id="no JSON"),
    ],
)
def test_nobody_else_gets_one(body: Any, person: str, status: int, functions: Functions) -> None:
    answered, content = _propose(functions, functions.world.open(), body, person=person)
    assert (answered, list(content)) == (status, ["error"])


def test_an_approval_by_passkey_is_kept_in_the_evidence(functions: Functions) -> None:
    request = functions.world.open()
    status, taken = _sign(functions, request, "maria")
    assert (status, taken["state"], taken["subject"], taken["standing"]) == (200, "counted", "idp|maria", "approved")
    assert proof_key(request, taken["proof"]) in functions.world.shelf.kept


def test_attack_04_what_the_sender_says_of_themselves_counts_for_nothing(functions: Functions) -> None:
    """The proof is all the authentication that there is: Maria's bearer token makes no approval of Piet's passkey."""
    request = functions.world.open()
    statement = _statement(functions, request)
    body = proof_body(statement, AUTHENTICATORS["piet"].sign(statement))
    status, taken = functions.ask("take_proof", PROOFS, body, person="maria", id=request)
    assert (status, taken["state"]) == (200, "refused")
    assert functions.world.kept(request).proofs == ()


@pytest.mark.parametrize(
    ("person", "decision", "changes"),
    [
        pytest.param("omar", Decision.APPROVE, {}, id="the requester approves"),
        pytest.param("piet", Decision.APPROVE, {}, id="somebody who is no approver"),
        pytest.param("maria", Decision.APPROVE, {"origin": "https://evil.example"}, id="on another page"),
        pytest.param("maria", Decision.APPROVE, {"flags": 0x01}, id="its holder was not verified"),
    ],
)
def test_what_does_not_count_is_answered_with_the_reason_and_kept_nowhere(
    person: str, decision: Decision, changes: dict[str, Any], functions: Functions
) -> None:
    request = functions.world.open()
    before = dict(functions.world.shelf.kept)
    status, taken = _sign(functions, request, person, decision, **changes)
    assert (status, taken["state"]) == (200, "refused")
    assert taken["reason"]
    assert functions.world.shelf.kept == before


def test_a_token_of_a_key_that_the_identity_provider_does_not_publish_is_401(functions: Functions) -> None:
    request = functions.world.open()
    statement = _statement(functions, request)
    token = Provider().made(b'{"sub":"idp|maria"}', header=b'{"alg":"ES256","kid":"two"}').token
    assert _send(functions, request, {"statement": statement, "id_token": {"token": token}})[0] == 401
    assert functions.world.kept(request).proofs == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"passkey": None}, id="no signature"),
        pytest.param({"id_token": {"token": "a.b.c"}}, id="two of them"),
        pytest.param({"statement": "{}"}, id="no statement of ours"),
        pytest.param({"statement": "x" * 3000}, id="an endless statement"),
        pytest.param({"person": "maria"}, id="an unknown key"),
    ],
)
def test_what_is_no_proof_is_400(changes: dict[str, Any], functions: Functions) -> None:
    request = functions.world.open()
    statement = _statement(functions, request)
    body = proof_body(statement, AUTHENTICATORS["maria"].sign(statement)) | changes
    assert _send(functions, request, body)[0] == 400
    assert functions.world.kept(request).proofs == ()


def test_a_signature_that_is_not_written_as_it_must_be_is_400(functions: Functions) -> None:
    request = functions.world.open()
    statement = _statement(functions, request)
    body = proof_body(statement, AUTHENTICATORS["maria"].sign(statement))
    body["passkey"]["signature"] = "!"
    assert _send(functions, request, body)[0] == 400


def test_an_unknown_request_is_404(functions: Functions) -> None:
    statement = _statement(functions, functions.world.open())
    body = proof_body(statement, AUTHENTICATORS["maria"].sign(statement))
    assert _send(functions, "r-bbbbbbbbbbbb", body)[0] == 404


def test_no_signature_and_no_statement_reaches_the_log(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    request = functions.world.open()
    statement = _statement(functions, request)
    body = proof_body(statement, AUTHENTICATORS["maria"].sign(statement))
    _send(functions, request, body)
    said = capsys.readouterr()
    for secret in (statement, body["passkey"]["signature"], body["passkey"]["client_data"]):
        assert secret not in said.out + said.err


def test_a_step_by_hand_is_proposed_and_taken_as_one(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    for function in ("start_restore", "check_restore", "tag_restored", "close_restore"):
        functions.step(function, request, error="", reason="")
    _, shown = functions.ask("show_restores", "GET /restores/{id}", person="omar", id=request)
    step = shown["checklist"][0]["step"]
    status, proposed = _propose(functions, request, {"decision": "done", "step": step}, person="omar")
    assert status == 200
    signed = AUTHENTICATORS["omar"].sign(proposed["statement"])
    status, taken = _send(functions, request, proof_body(proposed["statement"], signed))
    assert (status, taken["state"], len(taken["left"])) == (200, "counted", len(shown["checklist"]) - 1)
    _, shown = functions.ask("show_restores", "GET /restores/{id}", person="omar", id=request)
    first = shown["checklist"][0]
    assert (first["step"], first["outcome"], first["by"]) == (step, "done", "Omar Haddad")


def test_a_decision_is_about_no_step(functions: Functions) -> None:
    request = functions.world.open()
    status, content = _propose(functions, request, {"decision": "approve", "step": "x"}, person="maria")
    assert (status, "only a step by hand" in content["error"]) == (400, True)
