"""The function behind POST /restores/{id}/votes."""

import json
from typing import Any

import pytest

from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def _vote(functions: Functions, person: str, decision: str) -> tuple[int, Any]:
    sent = functions.http("POST", f"/restores/{ID}/votes", person=person, pathParameters={"id": ID})
    answer = load_handler("cast_vote")(sent | {"body": json.dumps({"decision": decision})}, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize(
    ("person", "decision", "status", "state"),
    [
        ("maria", "approve", 200, "awaiting-presence"),
        ("maria", "deny", 200, "awaiting-presence"),
        ("omar", "approve", 200, "refused"),
        ("omar", "cancel", 200, "cancelled"),
        ("maria", "cancel", 403, None),
        ("maria", "maybe", 400, None),
        ("", "approve", 401, None),
    ],
)
def test_votes(person: str, decision: str, status: int, state: str | None, functions: Functions) -> None:
    functions.add()
    answered, content = _vote(functions, person, decision)
    assert (answered, content.get("state")) == (status, state)
    assert ("/presence/" in content.get("presence_url", "")) == (state == "awaiting-presence")
