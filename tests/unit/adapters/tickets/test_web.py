"""Whatever a ticket system answers is one JSON object or an error that says what follows, without any secret."""

import base64
from typing import Any

import pytest

from strongroom.adapters.wire import HttpAnswer
from strongroom.domain.errors import (
    AccessRefusedError,
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from tests.unit.adapters.tickets.site import TOKEN, FakeHttp, an_answer


def ask(answer: HttpAnswer) -> Any:
    return FakeHttp({"/x": [answer]}).web.get("/x", about="OPS-1", query={"a": "b c"})


def test_an_object_is_answered_to_whoever_has_the_token() -> None:
    http = FakeHttp({"/x": [an_answer({"ok": True})]})
    assert http.web.get("/x", about="OPS-1", query={"a": "b&c=d"}) == {"ok": True}
    assert http.asked == [("GET", "/x", {"a": "b&c=d"})]
    scheme, _, said = http.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(said).decode()) == ("Basic", f"strongroom@example:{TOKEN}")


@pytest.mark.parametrize(
    ("status", "error", "why"),
    [
        (302, AccessRefusedError, "sends us elsewhere"),
        (307, AccessRefusedError, "sends us elsewhere"),
        (400, AccessRefusedError, "refused OPS-1 with status 400"),
        (401, AccessRefusedError, "refused"),
        (403, AccessRefusedError, "refused"),
        (404, NotFoundError, "there is no ticket OPS-1"),
        (204, TemporarilyUnavailableError, "status 204"),
        (429, TemporarilyUnavailableError, "status 429"),
        (500, TemporarilyUnavailableError, "status 500"),
        (503, TemporarilyUnavailableError, "status 503"),
    ],
)
def test_a_refusal_says_what_it_means_and_nothing_that_was_answered(
    status: int, error: type[StrongroomError], why: str
) -> None:
    with pytest.raises(error, match=why) as raised:
        ask(an_answer({"secret": "canary"}, status=status))
    assert "canary" not in str(raised.value)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    "answer",
    [
        an_answer("<html>canary: please log in</html>", content_type="text/html"),
        an_answer({"key": "OPS-1"}, content_type="text/html"),
        an_answer({"key": "OPS-1"}, content_type=""),
        an_answer("<html>canary</html>"),
        an_answer(""),
        an_answer([{"key": "canary"}]),
        an_answer('"canary"'),
        an_answer("null"),
        an_answer("[" * 200_000),
        an_answer('{"a":' * 200_000),
        an_answer('{"labels": "\\ud800"}'),
        HttpAnswer(200, "application/json", b'{"a": "\xff"}'),
        HttpAnswer(200, "application/json", '{"a": 1}'.encode("utf-16")),
    ],
    ids=[
        *("a page", "JSON that says it is a page", "JSON that says nothing", "a page that says it is JSON", "nothing"),
        *("a list", "a text", "null", "deep lists", "deep objects", "half a character", "no UTF-8", "UTF-16"),
    ],
)
def test_what_is_no_object_is_not_understood(answer: HttpAnswer) -> None:
    with pytest.raises(TemporarilyUnavailableError, match="something that cannot be understood") as raised:
        ask(answer)
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None or raised.value.__suppress_context__
