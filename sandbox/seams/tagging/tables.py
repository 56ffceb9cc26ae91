"""Tags of DynamoDB tables, as late and as slow as AWS documents them, when the stage is told so.

MiniStack shows a tag at once, and takes as many as come; pinned by `tests/contract/seams/tables/test_table_tags.py`.
API reference of DynamoDB, TagResource: "an asynchronous operation", after which ListTagsOfResource "might return your
previous tag set, if there was one, or an empty tag set"; "up to five times per second, per account". UntagResource
says the same of itself, and ListTagsOfResource has ten. Error handling with DynamoDB: ThrottlingException, "if you
perform control plane API operations too rapidly".
"""
# ruff: noqa: SLF001

import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.settings import Settings
from sandbox.web import control, lag
from sandbox.web.buckets import Bucket

_SERVICE: Final = "ministack.services.dynamodb"
_RATES: Final = {"_tag_resource": 5, "_untag_resource": 5, "_list_tags": 10}

type Call = Callable[[dict[str, Any]], Any]
type Tags = list[dict[str, str]]

_buckets: dict[tuple[str, str, str], Bucket] = {}
_before: dict[str, list[tuple[datetime, Tags]]] = {}
_is_held = False


def install(_: Settings | None = None) -> None:
    """Begin at once and without rates, and take orders: `{"held": true}`; how late they are shown, `/lag` says."""
    _order({"held": False})
    _before.clear()
    for name in ("_tag_resource", "_untag_resource"):
        seams.replace(_SERVICE, name, _remembering)
    seams.replace(_SERVICE, "_list_tags", _late)
    for name, rate in _RATES.items():
        seams.replace(_SERVICE, name, _held_to(name, rate))
    control.register("POST", "/tables/rates", _order)


def _order(request: dict[str, Any]) -> dict[str, Any]:
    global _is_held  # noqa: PLW0603 - one weather for one process
    _is_held = bool(request["held"])
    _buckets.clear()
    return {"held": _is_held}


def _held_to(name: str, rate: int) -> Callable[[Call], Call]:
    def build(original: Call) -> Call:
        def call(data: dict[str, Any]) -> Any:
            place = (seams.request_account(), seams.request_region(), name)
            now = time.monotonic()
            if _is_held and not _buckets.setdefault(place, Bucket(rate, rate, rate, now)).take(now):
                said = "Rate of requests exceeds the allowed throughput."
                return seams.service_module("dynamodb").error_response_json("ThrottlingException", said, 400)
            return original(data)

        return call

    return build


def _remembering(original: Call) -> Call:
    """What a table showed before each change."""

    def call(data: dict[str, Any]) -> Any:
        arn = str(data.get("ResourceArn", ""))
        shown = [dict(tag) for tag in seams.service_module("dynamodb")._tags.get(arn, [])]
        _before.setdefault(arn, []).append((datetime.now(UTC), shown))
        return original(data)

    return call


def _late(original: Call) -> Call:
    """What was shown before the first change that is not shown yet."""

    def call(data: dict[str, Any]) -> Any:
        arn = str(data.get("ResourceArn", ""))
        _before[arn] = [(at, tags) for at, tags in _before.get(arn, []) if lag.hides("dynamodb", at)]
        answer = original(data)
        if answer[0] >= HTTPStatus.BAD_REQUEST or not _before[arn]:
            return answer
        return seams.service_module("dynamodb").json_response({"Tags": _before[arn][0][1]})

    return call
