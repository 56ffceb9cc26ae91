"""What waits until somebody asks for it, of which restores, and what nobody can read."""

from strongroom.domain.evidence.object_keys import request_key
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.asking.asked_of import AskedListNeeds, asked_of, list_asked
from tests.fakes.restores import CeremonyWorld


def _listed(world: CeremonyWorld) -> list[tuple[str, str, str]]:
    needs = AskedListNeeds(open_requests=world.showing.open_requests, keeper=world.keeper, ceremony=world.ceremony)
    return [(each.request_id, each.state, each.owner) for each in list_asked(needs=needs, now=world.now)]


def _restored(world: CeremonyWorld) -> str:
    world.original = (("time-to-live", "expires"),)
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def test_nothing_waits_before_the_restore_has_ended(world: CeremonyWorld) -> None:
    request = _restored(world)
    assert (asked_of(world.kept(request), now=world.now), _listed(world)) == ((), [])
    world.close(request, reason="")
    assert _listed(world) == [(request, "open", "Omar Haddad")]


def test_the_ticket_is_told_what_waits_and_what_to_type(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.close(request, reason="")
    assert "Time to live on `expires` was on at the original" in world.tickets.comments[-1]
    assert f"`strongroom restore finish {request} time-to-live`" in world.tickets.comments[-1]


def test_of_a_restore_that_failed_nothing_waits(world: CeremonyWorld) -> None:
    world.original = (("time-to-live", "expires"),)
    request = world.open()
    world.later(hours=5)
    world.close(request)
    assert (asked_of(world.kept(request), now=world.now), _listed(world)) == ((), [])


def test_evidence_that_cannot_be_read_keeps_no_other_from_being_listed(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.close(request, reason="")
    world.shelf.tampered.add(request_key(request))
    assert _listed(world) == []
