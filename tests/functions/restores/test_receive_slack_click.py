"""The function behind Slack's buttons, fed with API Gateway's proxy events: a click decides nothing."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.fakes.ceremony import SIGNING_SECRET, Functions, slack_body
from tests.fakes.control_plane import load_handler


def _sent(
    functions: Functions, body: str, /, *, at: datetime | None = None, more: dict[str, str] | None = None, **event: Any
) -> dict[str, Any]:
    stamp = str(int((at or functions.world.now).timestamp()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature} | (more or {})
    return functions.http("POST", "/slack/interactions", headers=headers, body=body) | event


def _call(functions: Functions, body: str, /, **how: Any) -> dict[str, Any]:
    answer: dict[str, Any] = load_handler("receive_slack_click")(_sent(functions, body, **how), None)
    return answer


def _click(functions: Functions, request: str, **changes: Any) -> str:
    value = f"{request}.{functions.world.kept(request).sealed.mark}"
    action = {"action_id": "review", "block_id": "decision", "value": value, "type": "button"}
    return slack_body(**({"actions": [action]} | changes))


def _is_untouched(functions: Functions, request: str) -> bool:
    """Whether nothing is said, signed, woken or begun but the request itself."""
    world = functions.world
    return (functions.slack, world.kept(request).proofs, world.kinds(request), world.tasks.calls) == ([], (), [], 0)


@pytest.mark.parametrize("user", ["U0MARIA", "U0OMAR", "U0STRANGER"])
def test_a_click_is_acknowledged_and_decides_nothing_whoever_clicks(user: str, functions: Functions) -> None:
    request = functions.world.open()
    answer = _call(functions, _click(functions, request, user={"id": user, "team_id": "T0STRONG"}))
    assert (answer["statusCode"], '"taken"' in answer["body"]) == (200, True)
    assert _is_untouched(functions, request)


@pytest.mark.parametrize("action", ["approve", "deny", "cancel"])
def test_a_button_of_former_times_decides_nothing_either(action: str, functions: Functions) -> None:
    request = functions.world.open()
    button = {"action_id": action, "block_id": "decision", "value": f"{request}.x", "type": "button"}
    assert _call(functions, _click(functions, request, actions=[button]))["statusCode"] == 200
    assert _is_untouched(functions, request)


def test_a_body_in_base64_is_verified_as_it_was_signed(functions: Functions) -> None:
    body = _click(functions, functions.world.open())
    encoded: dict[str, Any] = {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
    assert _call(functions, body, **encoded)["statusCode"] == 200


def test_attack_01_the_same_signed_click_is_taken_once(functions: Functions) -> None:
    sent, handler = _sent(functions, _click(functions, functions.world.open())), load_handler("receive_slack_click")
    answers = [handler(sent, None) for _ in range(2)]
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert ['"replayed"' in answer["body"] for answer in answers] == [False, True]


@pytest.mark.parametrize(
    "event",
    [
        {"headers": {}},
        {"headers": None},
        {"body": "payload=%7B%7D"},
        {"body": None},
        {"headers": {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=é"}},
    ],
    ids=["no headers", "null headers", "another body", "no body", "malformed"],
)
def test_what_slack_did_not_sign_is_401_and_does_nothing(event: dict[str, Any], functions: Functions) -> None:
    request = functions.world.open()
    assert _call(functions, _click(functions, request), **event)["statusCode"] == 401
    assert _is_untouched(functions, request)


@pytest.mark.parametrize(
    "changes",
    [
        {"team": {"id": "T0ELSEWHERE"}},
        {"user": {"id": "U0MARIA", "team_id": "T0ELSEWHERE"}},
        {"api_app_id": "A0ELSEWHERE"},
    ],
    ids=["workspace", "user's workspace", "app"],
)
def test_attack_08_a_click_from_elsewhere_is_403(changes: dict[str, Any], functions: Functions) -> None:
    request = functions.world.open()
    assert _call(functions, _click(functions, request, **changes))["statusCode"] == 403


@pytest.mark.parametrize(("age", "status"), [(300, 200), (301, 401), (-60, 200), (-61, 401)])
def test_an_old_or_early_click_is_401(age: int, status: int, functions: Functions) -> None:
    sent_at = functions.world.now - timedelta(seconds=age)
    assert _call(functions, _click(functions, functions.world.open()), at=sent_at)["statusCode"] == status


HOSTILE = {
    "x-slack-bolt-lazy-only": "1",
    "x-slack-bolt-lazy-function-name": "approve",
    "X-Slack-Retry-Num": "3",
    "X-Forwarded-Host": "evil.example",
    "Host": "evil.example",
    "Authorization": "Bearer x",
}


def test_headers_that_slack_does_not_sign_change_nothing(functions: Functions) -> None:
    request = functions.world.open()
    plain, hostile = (
        _call(functions, _click(functions, request, trigger_id=str(number)), more=more)
        for number, more in enumerate((None, HOSTILE))
    )
    assert hostile == plain
    assert _is_untouched(functions, request)


def test_a_signed_body_that_is_no_click_is_400(functions: Functions) -> None:
    nested = f"payload=%7B%22x%22:{'[' * 100_000}"
    for body in ("payload=%7B%7D", "payload=", "x", nested):
        assert _call(functions, body)["statusCode"] == 400


def test_no_secret_reaches_the_log(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    _call(functions, _click(functions, functions.world.open()))
    said = capsys.readouterr()
    for secret in ("very-secret", SIGNING_SECRET, "hooks.slack.com", "v0="):
        assert secret not in said.out + said.err
