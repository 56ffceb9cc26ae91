"""The function behind the presence links, from the login and back."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from strongroom.domain.restores.votes import Decision
from strongroom.services.restores.approving.cast_vote import cast_vote
from tests.builders.restores import WORKLOAD_KEY
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def _challenge(functions: Functions) -> str:
    functions.add()
    world = functions.world
    answer = cast_vote(world.book.read(ID), Decision.APPROVE, person="maria", needs=world.voting, now=world.now)
    return answer.presence_url.rpartition("/")[2]


def _go(functions: Functions, challenge: str) -> dict[str, Any]:
    path: dict[str, Any] = {"pathParameters": {"challenge": challenge}}
    answer: dict[str, Any] = load_handler("confirm_presence")(
        functions.http("GET", f"/presence/{challenge}", **path), None
    )
    return answer


def _come_back(functions: Functions, challenge: str, **claims: Any) -> dict[str, Any]:
    asked = parse_qs(urlsplit(_go(functions, challenge)["headers"]["Location"]).query)
    functions.issuer.codes["code"] = {
        "aud": "strongroom-control-plane",
        "sub": "idp|maria",
        "nonce": asked["nonce"][0],
        "auth_time": int(functions.world.now.timestamp()),
        "amr": ["pwd", "otp", "mfa"],
        "challenge": asked["code_challenge"][0],
    } | claims
    query: dict[str, Any] = {"queryStringParameters": {"code": "code", "state": challenge}}
    answer: dict[str, Any] = load_handler("confirm_presence")(
        functions.http("GET", "/presence/callback", **query), None
    )
    return answer


def test_the_link_sends_to_a_fresh_login_and_changes_nothing(functions: Functions) -> None:
    challenge = _challenge(functions)
    answers = [_go(functions, challenge) for _ in range(7)]
    assert {answer["statusCode"] for answer in answers} == {302}
    assert functions.world.kinds(ID) == ["vote-awaiting-presence"]


def test_a_good_login_makes_the_vote_count(functions: Functions) -> None:
    challenge = _challenge(functions)
    functions.world.book.keep_token(ID, "very-secret-token")
    answer = _come_back(functions, challenge)
    assert (answer["statusCode"], "counts" in answer["body"]) == (200, True)
    assert f"It will live under {WORKLOAD_KEY}." in answer["body"]
    assert functions.states.answered["very-secret-token"]["decision"] == "approved"
    assert "very-secret-token" not in str(answer) + str(functions.events.entries)


def test_a_login_without_a_second_factor_does_not(functions: Functions) -> None:
    answer = _come_back(functions, _challenge(functions), amr=["pwd"])
    assert (answer["statusCode"], "Try again" in answer["body"]) == (403, True)
    assert functions.states.answered == {}


def test_an_unknown_question_is_404(functions: Functions) -> None:
    assert _go(functions, "f" * 48)["statusCode"] == 404
