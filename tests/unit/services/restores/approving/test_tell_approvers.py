"""A request is shown once, with the way to the page on which people decide."""

import pytest

from strongroom.adapters.ledger.restores import CeremonyMessages
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.restores.drafts import Link
from strongroom.domain.restores.showing.reach import Unreached, Whom
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.builders.restores import an_urgent_intent, an_urgent_wish
from tests.fakes.restores.world import PUBLIC_URL, CeremonyWorld


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


def test_it_names_the_account_and_calls_those_who_can_decide(world: CeremonyWorld) -> None:
    request = world.open()
    tell_approvers(request, needs=world.telling, now=world.now)
    [card] = world.board.shown
    assert "in account payments (222222222222)" in dict(card.rows)["Becomes"]
    assert card.called == ("U0MARIA", "U0SANA")
    assert "in account payments (222222222222) awaits" in world.tickets.comments[0]


def test_x07_who_cannot_be_reached_is_remembered_and_told_when_they_are_back(world: CeremonyWorld) -> None:
    request, since = world.open(), world.now
    world.board.refusal, world.tickets.is_down = AccessRefusedError("not_in_channel"), True
    with pytest.raises(TemporarilyUnavailableError):
        tell_approvers(request, needs=world.telling, now=world.now)
    world.later(minutes=5)
    world.tickets.is_down = False
    assert tell_approvers(request, needs=world.telling, now=world.now).unreached == ("chat",)
    missed = CeremonyMessages(world.table).telling(request).unreached
    assert missed == (Unreached(whom=Whom.CHAT, since=since, why="not_in_channel"),)
    world.board.refusal = None
    for _ in range(2):
        assert tell_approvers(request, needs=world.telling, now=world.now).unreached == ()
    assert (len(world.board.shown), len(world.tickets.comments)) == (1, 1)


def test_a_request_that_could_not_be_shown_is_told_to_its_ticket_all_the_same_and_says_why(
    world: CeremonyWorld,
) -> None:
    world.board.refusal = AccessRefusedError("Slack refused chat.postMessage: invalid_auth")
    request = world.open()
    told = tell_approvers(request, needs=world.telling, now=world.now)
    assert (told.channel, told.unreached, len(world.tickets.comments)) == ("", ("chat",), 1)
    [missed] = CeremonyMessages(world.table).telling(request).unreached
    assert missed.why == "Slack refused chat.postMessage: invalid_auth"


def test_the_ticket_is_told_once(world: CeremonyWorld) -> None:
    request = world.open()
    for _ in range(2):
        tell_approvers(request, needs=world.telling, now=world.now)
    assert len(world.tickets.comments) == 1


def test_what_cannot_wait_is_shown_and_no_ticket_is_told(world: CeremonyWorld) -> None:
    world.intent = an_urgent_intent(world.intent)
    request = world.open(an_urgent_wish())
    assert tell_approvers(request, needs=world.telling, now=world.now).unreached == ()
    assert (len(world.board.shown), world.tickets.comments) == (1, [])
