"""The function that shows how far requests are, woken by its schedule."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import batch, load_handler


@pytest.fixture
def tick(sample: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return batch(sample("aws.events/tick"))


def _refresh(tick: dict[str, Any]) -> list[dict[str, str]]:
    answer: list[dict[str, str]] = load_handler("refresh_cards")(tick, None)["batchItemFailures"]
    return answer


def test_an_approval_is_shown_on_the_card_once(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    functions.step("tell_approvers", request)
    functions.world.sign(request, "maria")
    for _ in range(2):
        assert _refresh(tick) == []
    _, update = functions.slack
    assert f"Restore {request} is approved" in update
    assert "Approvals: 1 of 1 (Maria Lindqvist)" in update


def test_where_nothing_is_open_slack_is_not_asked(functions: Functions, tick: dict[str, Any]) -> None:
    assert _refresh(tick) == []
    assert functions.slack == []


def test_the_way_to_the_page_is_not_logged(
    functions: Functions, tick: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    request = functions.world.open()
    functions.step("tell_approvers", request)
    functions.world.sign(request, "maria")
    _refresh(tick)
    said, draft = capsys.readouterr(), functions.world.asking.drafts.read(request)
    assert len(functions.slack) == 2
    assert not any(token in said.out + said.err for token in (draft.view, draft.chat_view))
