"""Attacks through the chat: whatever arrives from there acknowledges, and decides nothing."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from strongroom.domain.chat import SlackClick
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from strongroom.services.restores.approving.take_proof import take_proof
from tests.builders.proving.signing import Authenticator
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.ceremony import SIGNING_SECRET, Functions, slack_body
from tests.fakes.control_plane import load_handler
from tests.fakes.restores.world import CeremonyWorld
from tests.fakes.slack import a_signed_click


def _click(functions: Functions, *, age: timedelta = timedelta(0), **changes: Any) -> dict[str, Any]:
    """A click as Slack would sign it."""
    body = slack_body(**changes)
    stamp = str(int((functions.world.now - age).timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    return functions.http("POST", "/slack/interactions", headers=headers, body=body)


def _send(click: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = load_handler("receive_slack_click")(click, None)
    return answer


def _decided(functions: Functions, request: str) -> tuple[Any, ...]:
    """Whatever a click could have brought about."""
    world = functions.world
    return world.kept(request).proofs, world.kinds(request), world.tasks.calls, functions.slack


NOTHING: tuple[Any, ...] = ((), [], 0, [])


def test_attack_01_a_captured_click_is_told_from_the_first(functions: Functions) -> None:
    """Mallory sends the same signed bytes twice, and the second time they are a replay that does as little as the
    first.
    """
    request = functions.world.open()
    click = _click(functions)
    answers = [_send(click) for _ in range(2)]
    assert [(each["statusCode"], '"replayed"' in each["body"]) for each in answers] == [(200, False), (200, True)]
    assert _decided(functions, request) == NOTHING


def test_attack_01_a_click_is_remembered_for_longer_than_it_stays_fresh(world: CeremonyWorld) -> None:
    """Mallory waits until the click is forgotten, and until then its signature is too old to be taken."""
    slack = world.ceremony.slack
    words = dict.fromkeys(("user", "action", "value", "response_url"), "")
    click = SlackClick(team=slack.team_id, user_team=slack.team_id, app=slack.app_id, **words)
    receive_slack_click(click, signed=a_signed_click("v0=00"), needs=world.clicking, now=world.now)
    [nonce] = world.ledger.everything()
    assert nonce["expires_at"] - world.now.timestamp() > 300


@pytest.mark.parametrize(
    ("age", "status"),
    [(-61, 401), (-60, 200), (300, 200), (301, 401), (86_400, 401)],
    ids=["too early", "early", "late", "too late", "of yesterday"],
)
def test_attack_02_a_click_of_another_time_is_refused(age: int, status: int, functions: Functions) -> None:
    """Mallory keeps a click for later or dates one ahead, and it is refused beyond five minutes and one minute."""
    assert _send(_click(functions, age=timedelta(seconds=age)))["statusCode"] == status


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": None},
        {"headers": {}},
        {"headers": {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}},
        {"headers": {"X-Slack-Request-Timestamp": "1e20", "X-Slack-Signature": "v0=00"}},
        {"headers": {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=é"}},
        {"body": None},
        {"body": "payload=%ff%fe"},
        {"isBase64Encoded": True},
    ],
    ids=["null", "none", "a word", "a float", "no number", "no body", "no text", "not base64"],
)
def test_attack_03_what_slack_did_not_sign_is_refused_and_crashes_nothing(
    changes: dict[str, Any], functions: Functions
) -> None:
    """Mallory sends signatures, clocks and bodies that break a careless check, and each is a plain refusal."""
    request = functions.world.open()
    assert _send(_click(functions) | changes)["statusCode"] in {400, 401}
    assert _decided(functions, request) == NOTHING


def test_attack_04_headers_that_nobody_signs_are_not_read(functions: Functions) -> None:
    """Mallory adds headers that name a function to run or a host, and the answer is the same as without them."""
    request = functions.world.open()
    plain, hostile = _click(functions, trigger_id="1"), _click(functions, trigger_id="2")
    hostile["headers"] |= {
        "x-slack-bolt-lazy-only": "1",
        "x-slack-bolt-lazy-function-name": "approve",
        "X-Slack-Retry-Num": "3",
        "X-Forwarded-Host": "evil.example",
        "Authorization": "Bearer x",
    }
    assert _send(plain) == _send(hostile)
    assert _decided(functions, request) == NOTHING


def test_attack_07_a_stolen_chat_session_can_only_look(world: CeremonyWorld) -> None:
    """Mallory sits in Maria's chat, takes the link and even a statement from it, and has no passkey to
    sign that with.
    """
    request = world.open()
    view = world.asking.drafts.read(request).view
    proposed = propose_statement(request, Decision.APPROVE, view=view, needs=world.proposing, now=world.now)
    mallory = Authenticator(name="key of mallory")
    own = mallory.sign(proposed.statement)
    as_maria = replace(own, credential=AUTHENTICATORS["maria"].passkey.id)
    for signed in (own, as_maria):
        taken = take_proof(request, statement=proposed.statement, signed=signed, needs=world.proving, now=world.now)
        assert taken.state == "refused", taken.reason
    assert world.kept(request).proofs == ()


@pytest.mark.parametrize("button", ["approve", "deny", "cancel", "review"])
def test_attack_07_no_button_decides(button: str, functions: Functions) -> None:
    """Mallory presses buttons in Maria's name, also those of former times, and a click is acknowledged and no more."""
    request = functions.world.open()
    action = {"action_id": button, "block_id": "decision", "value": f"{request}.x", "type": "button"}
    assert _send(_click(functions, actions=[action]))["statusCode"] == 200
    assert _decided(functions, request) == NOTHING


@pytest.mark.parametrize(
    "changes",
    [
        {"team": {"id": "T0ELSEWHERE"}},
        {"user": {"id": "U0MARIA", "team_id": "T0ELSEWHERE"}},
        {"api_app_id": "A0ELSEWHERE"},
        {"team": None},
    ],
    ids=["workspace", "shared channel", "app", "none"],
)
def test_attack_08_another_workspace_is_not_listened_to(changes: dict[str, Any], functions: Functions) -> None:
    """Mallory clicks from a foreign workspace, a shared channel or a copy of the app, and the names must be ours."""
    request = functions.world.open()
    assert _send(_click(functions, **changes))["statusCode"] in {400, 403}
    assert _decided(functions, request) == NOTHING
