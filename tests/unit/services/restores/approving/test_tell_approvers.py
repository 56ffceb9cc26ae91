"""A request is shown once, with the way to the page on which people decide."""

import pytest

from strongroom.adapters.ledger.restores import CeremonyMessages
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.restores.drafts import Link
from strongroom.domain.restores.reach import Unreached, Whom
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.fakes.restores import PUBLIC_URL, CeremonyWorld


def test_a_request_is_shown_with_the_link_to_its_page(world: CeremonyWorld) -> None:
    drafted = world.draft()
    told = tell_approvers(drafted.request_id, needs=world.telling, now=world.now)
    assert (told.channel, len(world.board.pages)) == ("C0RESTORE", 1)
    assert world.board.pages[0].startswith(f"{PUBLIC_URL}/approvals/{drafted.request_id}?view=")


def test_the_link_in_chat_is_another_than_the_requesters_and_a_number_stands_beside_it(world: CeremonyWorld) -> None:
    drafted = world.draft()
    tell_approvers(drafted.request_id, needs=world.telling, now=world.now)
    draft = world.telling.drafts.read(drafted.request_id)
    view = world.board.pages[0].rpartition("=")[2]
    assert (draft.demand_link(view), draft.demand_link(draft.view)) == (Link.CHAT, Link.PAGE)
    assert world.board.numbers == [draft.number]
    assert draft.number not in view


def test_it_is_shown_once_however_often_it_is_tried(world: CeremonyWorld) -> None:
    request = world.open()
    first = tell_approvers(request, needs=world.telling, now=world.now)
    assert tell_approvers(request, needs=world.telling, now=world.now) == first
    assert len(world.board.shown) == 1


def test_its_ticket_says_until_when_it_can_be_approved(world: CeremonyWorld) -> None:
    request = world.open()
    tell_approvers(request, needs=world.telling, now=world.now)
    assert "awaits approval until 2026-11-23 18:20:00 UTC" in world.tickets.comments[0]


def test_x07_who_cannot_be_reached_is_remembered_and_told_when_they_are_back(world: CeremonyWorld) -> None:
    request, since = world.open(), world.now
    world.board.refusal, world.tickets.is_down = AccessRefusedError("not_in_channel"), True
    with pytest.raises(TemporarilyUnavailableError):
        tell_approvers(request, needs=world.telling, now=world.now)
    world.later(minutes=5)
    world.tickets.is_down = False
    assert tell_approvers(request, needs=world.telling, now=world.now).unreached == ("chat",)
    missed = CeremonyMessages(world.table).telling(request).unreached
    assert missed == (Unreached(whom=Whom.CHAT, since=since),)
    world.board.refusal = None
    for _ in range(2):
        assert tell_approvers(request, needs=world.telling, now=world.now).unreached == ()
    assert (len(world.board.shown), len(world.tickets.comments)) == (1, 1)
