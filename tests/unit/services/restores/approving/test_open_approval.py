"""A request is shown once, and the token that releases its machine is kept before anything else is done."""

from dataclasses import replace

import pytest

from strongroom.domain.chat import PostedMessage
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError
from strongroom.domain.restores.requests import SealedRequest
from strongroom.services.restores.approving.open_approval import open_approval
from tests.builders.places import PAYMENTS
from tests.builders.restores import an_approval_closed
from tests.fakes.restores import FakeBoard, World
from tests.unit.services.restores.acts import ID, STREAM, approve, click, show


def test_a_request_is_shown_to_its_approvers_and_told_in_its_ticket(world: World) -> None:
    opened = open_approval(ID, token="token-1", needs=world.opening, now=world.now)
    assert [sealed.request.id for sealed in world.board.shown] == [ID]
    assert world.book.kept_message(ID) == PostedMessage(channel=opened.channel, ts=opened.ts)
    [comment] = world.tickets.comments
    assert f"{ID} of payments-db to payments-db-0200 in account {PAYMENTS} awaits approval" in comment
    assert comment.endswith("until 2026-11-23 18:20:00 UTC.")
    entry = world.log.entries(STREAM)[-1]
    assert (entry.kind, entry.facts["channel"]) == ("approval-opened", "C0RESTORE")


def test_a_task_tried_again_shows_the_request_once(world: World) -> None:
    show(world)
    show(world, token="token-2")
    assert len(world.board.shown) == 1
    assert (len(world.tickets.comments), world.kinds(ID).count("approval-opened")) == (1, 1)
    approve(world)
    assert set(world.tasks.answered) == {"token-2"}


class DeadBoard(FakeBoard):
    """Slack does not answer."""

    def post(self, sealed: SealedRequest) -> PostedMessage:
        raise TemporarilyUnavailableError("Slack is down")


def test_a_board_that_is_down_costs_neither_the_token_nor_the_showing(world: World) -> None:
    with pytest.raises(TemporarilyUnavailableError):
        open_approval(ID, token="token-1", needs=replace(world.opening, board=DeadBoard()), now=world.now)
    assert world.book.kept_token(ID) == "token-1"
    assert world.book.kept_message(ID) is None
    show(world)
    assert len(world.board.shown) == 1


def test_a_decision_before_the_token_is_released_by_whoever_opens(world: World) -> None:
    assert approve(world).counted
    assert world.tasks.answered == {}
    show(world)
    assert world.tasks.answered["token-1"]["decision"] == "approved"


def test_a_decider_who_died_after_recording_is_followed_by_an_opener_who_writes_it_down_and_goes_on(
    world: World,
) -> None:
    world.book.record(ID, an_approval_closed(digest="d"))
    for token in ("token-1", "token-2"):
        show(world, token=token)
    [entry] = [entry for entry in world.log.entries(STREAM) if entry.kind == "approval-approved"]
    assert entry.facts == {"decision": "approved", "reason": "approved by maria", "people": "maria", "digest": "d"}
    assert set(world.tasks.answered) == {"token-1", "token-2"}


def test_the_token_goes_nowhere_but_to_the_ledger(world: World) -> None:
    show(world, token="very-secret-token")
    click(world)
    approve(world)
    outbound = f"{world.board.shown} {world.board.said} {world.tickets.comments} {world.facts} {world.login.asked}"
    evidence = str(world.log.entries(STREAM))
    assert "very-secret-token" not in outbound + evidence
    assert "very-secret-token" in world.tasks.answered


def test_a_request_that_nobody_made_is_not_shown(world: World) -> None:
    with pytest.raises(NotFoundError):
        open_approval("r-zzzzzzzzzzzz", token="token-1", needs=world.opening, now=world.now)
    assert world.board.shown == []
