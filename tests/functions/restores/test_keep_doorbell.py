"""The step that waits for people: its token is kept, so that whoever signs can wake it."""

import pytest

from strongroom.domain.errors import MalformedEventError
from strongroom.domain.proofs.statements import Decision
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.ceremony import Functions, proof_body


def _sign(functions: Functions, request: str) -> None:
    statements, proofs = "POST /restores/{id}/statements", "POST /restores/{id}/proofs"
    _, proposed = functions.ask("take_proof", statements, {"decision": Decision.APPROVE}, person="maria", id=request)
    signed = AUTHENTICATORS["maria"].sign(proposed["statement"])
    status, _ = functions.ask("take_proof", proofs, proof_body(proposed["statement"], signed), id=request)
    assert status == 200


def test_whoever_signs_wakes_the_task(functions: Functions) -> None:
    request = functions.world.open()
    functions.step("keep_doorbell", request, task_token="t-1")
    _sign(functions, request)
    assert functions.world.tasks.answered == {"t-1": {}}


def test_the_token_of_a_later_round_takes_the_place_of_the_first(functions: Functions) -> None:
    request = functions.world.open()
    for token in ("t-1", "t-2"):
        functions.step("keep_doorbell", request, task_token=token)
    _sign(functions, request)
    assert functions.world.tasks.answered == {"t-2": {}}


def test_the_token_is_neither_answered_nor_logged(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    answer = functions.step("keep_doorbell", functions.world.open(), task_token="t-secret")
    said = capsys.readouterr()
    assert "t-secret" not in f"{answer} {said.out} {said.err}"


def test_an_input_without_a_token_is_malformed(functions: Functions) -> None:
    with pytest.raises(MalformedEventError):
        functions.step("keep_doorbell", functions.world.open())
