"""A request is shown once, with the way to the page on which people decide."""

from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.fakes.restores import PUBLIC_URL, CeremonyWorld


def test_a_request_is_shown_with_the_link_to_its_page(world: CeremonyWorld) -> None:
    drafted = world.draft()
    told = tell_approvers(drafted.request_id, needs=world.telling)
    assert (told.channel, world.board.pages) == ("C0RESTORE", [drafted.page])
    assert drafted.page.startswith(f"{PUBLIC_URL}/approvals/{drafted.request_id}?view=")


def test_it_is_shown_once_however_often_it_is_tried(world: CeremonyWorld) -> None:
    request = world.open()
    first = tell_approvers(request, needs=world.telling)
    assert tell_approvers(request, needs=world.telling) == first
    assert len(world.board.shown) == 1


def test_its_ticket_says_until_when_it_can_be_approved(world: CeremonyWorld) -> None:
    request = world.open()
    tell_approvers(request, needs=world.telling)
    assert "awaits approval until 2026-11-23 18:20:00 UTC" in world.tickets.comments[0]
