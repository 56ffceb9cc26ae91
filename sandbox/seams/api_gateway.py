"""Private touches of MiniStack's API Gateway, where a proxy integration gives and takes more on AWS.

A function sees header names as clients write them, the headers that API Gateway adds, and its domain; what is no proxy
answer becomes 502 with a message that says nothing (API Gateway Developer Guide, "Set up Lambda proxy integrations").
Pinned by `tests/contract/seams/test_api_gateway.py`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.settings import HOST_ADDRESS, Settings

_GATEWAY: Final = "ministack.services.apigateway_v1"
_SAYS_NOTHING: Final = "Internal server error"
_PARTS: Final = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}

type Event = dict[str, Any]


def install(_: Settings | None = None) -> None:
    """Hand functions events as API Gateway's, and refuse what is no answer."""
    seams.replace(_GATEWAY, "_build_lambda_event_v1", _as_clients_write)
    seams.replace(_GATEWAY, "_lambda_proxy_response", _refusing_malformed)


def _as_clients_write(original: Callable[..., Event]) -> Callable[..., Event]:
    def build(api_id: str, stage_name: str, *given: Any, **more: Any) -> Event:
        event = original(api_id, stage_name, *given, **more)
        host = next((value for name, value in event["headers"].items() if name.lower() == "host"), "localhost")
        added = {"X-Forwarded-For": HOST_ADDRESS, "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"}
        event["headers"] = {_spelled(name): value for name, value in event["headers"].items()} | added
        multiple = {_spelled(name): values for name, values in event["multiValueHeaders"].items()}
        event["multiValueHeaders"] = multiple | {name: [value] for name, value in added.items()}
        event["requestContext"] |= {"domainName": host.partition(":")[0], "domainPrefix": api_id}
        return event

    return build


def _spelled(name: str) -> str:
    """`X-Slack-Signature`: how clients spell a name, which the front door has folded."""
    return "-".join(part.capitalize() for part in name.split("-"))


type _Shaped = tuple[Mapping[str, Any] | None, str | None]


def _refusing_malformed(original: Callable[[Mapping[str, Any]], _Shaped]) -> Callable[[Mapping[str, Any]], _Shaped]:
    def shape(result: Mapping[str, Any]) -> _Shaped:
        if result.get("throttle"):
            return original(result)
        answer = _read(result.get("body"))
        if result.get("error") or not is_proxy_answer(answer):
            return None, _SAYS_NOTHING
        return answer, None

    return shape


def _read(body: Any) -> Any:
    if not isinstance(body, str | bytes):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return None


def is_proxy_answer(body: Any) -> bool:
    """Whether a function's answer is one that API Gateway passes on."""
    return (
        isinstance(body, dict)
        and body.keys() <= _PARTS
        and str(body.get("statusCode", "")).isdigit()
        and isinstance(body.get("body"), str | None)
    )
