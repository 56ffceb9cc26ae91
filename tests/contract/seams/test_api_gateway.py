"""Functions are handed what API Gateway hands them, and what is no answer is refused as it refuses it.

Source: API Gateway Developer Guide, "Set up Lambda proxy integrations": input format, output format, and the 502 that a
malformed answer becomes.
"""
# ruff: noqa: SLF001

from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import apigateway_v1

from sandbox.seams import api_gateway
from sandbox.seams import host as seams


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    api_gateway.install()
    yield
    seams.restore()


def an_event(headers: dict[str, str]) -> dict[str, Any]:
    """What a function is handed for a request with these headers, folded as the front door folds them."""
    event: dict[str, Any] = apigateway_v1._build_lambda_event_v1(
        "abc123", "v1", {}, {"path": "/restores", "id": "r"}, "/restores", "GET", headers, b"", {}, {}
    )
    return event


def test_header_names_are_spelled_as_clients_write_them() -> None:
    event = an_event({"x-slack-signature": "v0=1", "host": "abc123.execute-api.eu-west-1.amazonaws.com"})
    assert event["headers"]["X-Slack-Signature"] == "v0=1"
    assert event["multiValueHeaders"]["X-Slack-Signature"] == ["v0=1"]
    assert not any(name.islower() for name in event["headers"])


def test_the_gateway_adds_who_it_forwards_for_and_its_own_domain() -> None:
    event = an_event({"host": "abc123.execute-api.eu-west-1.amazonaws.com:4566"})
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert event["requestContext"]["domainName"] == "abc123.execute-api.eu-west-1.amazonaws.com"
    assert event["requestContext"]["domainPrefix"] == "abc123"


@pytest.mark.parametrize(
    "body",
    [None, "text", b"bytes", ["list"], {"message": "no status"}, {"statusCode": "x"}, {"statusCode": 200, "body": 5}],
)
def test_what_is_no_proxy_answer_becomes_a_502_that_says_nothing(body: Any) -> None:
    assert apigateway_v1._lambda_proxy_response({"body": body}) == (None, "Internal server error")


def test_neither_does_the_answer_of_a_function_that_failed() -> None:
    failed = {"error": True, "body": {"errorType": "KeyError", "errorMessage": "'secret'"}}
    assert apigateway_v1._lambda_proxy_response(failed) == (None, "Internal server error")


@pytest.mark.parametrize("body", [{"statusCode": 204}, {"statusCode": 200, "headers": {"A": "b"}, "body": "{}"}])
def test_a_proxy_answer_is_passed_on(body: dict[str, Any]) -> None:
    assert apigateway_v1._lambda_proxy_response({"body": body}) == (body, None)


def test_a_throttled_function_is_told_as_before() -> None:
    answer, error = apigateway_v1._lambda_proxy_response({"throttle": True, "body": {}})
    assert (answer or {})["statusCode"] == 429
    assert error is None
