"""Private touches of MiniStack's DynamoDB: time to live; pinned by `tests/contract/seams/tables/test_time_to_live.py`.

Source: Amazon DynamoDB API Reference, UpdateTimeToLive: it takes up to one hour, and any further call for the same
table within that hour is refused; so is one that changes nothing, and one for another attribute than is in use.
"""
# ruff: noqa: SLF001

import time
from collections.abc import Callable
from typing import Any, Final

from sandbox.seams import host as seams

_TABLES: Final = "ministack.services.dynamodb"
_AN_HOUR: Final = 3600
_changed_at: dict[tuple[str, str, str], float] = {}

type Answer = tuple[int, dict[str, str], bytes]


def be_strict(clock: Callable[[], float] = time.time) -> None:
    """Refuse what DynamoDB refuses of a change of time to live; `clock` tells seconds since 1970."""
    _changed_at.clear()
    seams.replace(_TABLES, "_update_ttl", lambda original: _refusing(original, clock))


def _refusing(original: Callable[[dict[str, Any]], Answer], clock: Callable[[], float]) -> Callable[..., Answer]:
    def update_ttl(data: dict[str, Any]) -> Answer:
        dynamodb = seams.service_module("dynamodb")
        name = str(data.get("TableName")).rpartition("/")[2]
        place = (seams.request_account(), seams.request_region(), name)
        if name in dynamodb._tables and (
            refusal := _why_not(data, dynamodb._ttl_settings.get(name, {}), place, clock())
        ):
            answer: Answer = dynamodb.error_response_json("ValidationException", refusal, 400)
            return answer
        answer = original(data)
        if answer[0] == 200:
            _changed_at[place] = clock()
        return answer

    return update_ttl


def _why_not(data: dict[str, Any], known: dict[str, str], place: tuple[str, str, str], now: float) -> str:
    wanted = data.get("TimeToLiveSpecification", {})
    is_on, attribute = known.get("TimeToLiveStatus") == "ENABLED", wanted.get("AttributeName")
    if is_on and attribute != known["AttributeName"]:
        return f"TimeToLive is active on a different AttributeName: current AttributeName is {known['AttributeName']}"
    if is_on is bool(wanted.get("Enabled")):
        return f"TimeToLive is already {'enabled' if is_on else 'disabled'}"
    if known and now - _changed_at.get(place, now - _AN_HOUR) < _AN_HOUR:
        return "Time to live has been modified multiple times within a fixed interval"
    return ""
