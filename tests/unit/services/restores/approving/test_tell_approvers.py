"""A request is shown once, with the way to the page on which people decide."""

from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.fakes.restores import PUBLIC_URL, CeremonyWorld


def test_a_request_is_shown_with_the_link_to_its_page(world: CeremonyWorld) -> None:
    drafted = world.draft()
    told = tell_approvers(drafted.request_id, needs=world.telling, now=world.now)
    assert (told.channel, world.board.pages) == ("C0RESTORE", [drafted.page])
    assert drafted.page.startswith(f"{PUBLIC_URL}/approvals/{drafted.request_id}?view=")


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


def test_that_chat_is_down_keeps_nobody_from_the_ticket_and_is_said(world: CeremonyWorld) -> None:
    world.board.is_down = True
    request = world.open()
    told = tell_approvers(request, needs=world.telling, now=world.now)
    assert (told.channel, told.chat_fault) == ("", "Slack refused chat.postMessage: invalid_auth")
    assert len(world.tickets.comments) == 1


def test_the_ticket_is_told_once(world: CeremonyWorld) -> None:
    request = world.open()
    for _ in range(2):
        tell_approvers(request, needs=world.telling, now=world.now)
    assert len(world.tickets.comments) == 1
