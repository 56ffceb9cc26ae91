"""The last reason that a function's log has for its failure on a message."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from strongroom.adapters.aws.health.failure_log import FunctionLogs
from strongroom.domain.errors import NotFoundError

QUEUE = "arn:aws:sqs:eu-west-1:999999999999:strongroom-VerifyCopyQueue-1"


class FakeLogs:
    """CloudWatch Logs, which finds these lines; `asked` is what it was asked for."""

    def __init__(self, *lines: str, failure: Exception | None = None) -> None:
        self.lines = lines
        self.failure = failure
        self.asked: dict[str, str] = {}

    def get_paginator(self, _name: str) -> "FakeLogs":
        return self

    def paginate(self, **request: str) -> Iterator[dict[str, Any]]:
        self.asked = request
        if self.failure is not None:
            raise self.failure
        for line in self.lines:
            yield {"events": [{"message": line}]}


def a_line(reason: Any) -> str:
    return json.dumps({"message": "event failed", "message_id": "m-1", "reason": reason})


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param((a_line("busy"), a_line("refused")), "refused", id="the last of several"),
        pytest.param((a_line("busy"), "START RequestId", "[]", a_line(""), a_line(5)), "busy", id="among other lines"),
        pytest.param((), None, id="no line"),
    ],
)
def test_the_last_reason_counts(lines: tuple[str, ...], reason: str | None) -> None:
    logs = FakeLogs(*lines)
    assert FunctionLogs(logs, functions={QUEUE: "verify-1"}).why_failed("m-1", queue=QUEUE) == reason
    assert logs.asked == {"logGroupName": "/aws/lambda/verify-1", "filterPattern": '{ $.message_id = "m-1" }'}


def test_of_a_queue_that_no_function_reads_nothing_is_known() -> None:
    assert FunctionLogs(FakeLogs(a_line("busy")), functions={}).why_failed("m-1", queue=QUEUE) is None


def test_a_function_that_never_ran_has_no_log() -> None:
    logs = FakeLogs(failure=NotFoundError("no log group"))
    assert FunctionLogs(logs, functions={QUEUE: "verify-1"}).why_failed("m-1", queue=QUEUE) is None
