"""Cards follow what people sign, gently, and whoever could not be reached is told when they can be."""

import pytest

from strongroom.adapters.ledger.restores import CeremonyMessages
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.showing.reach import Whom
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.refresh_cards import CardsRefreshed, refresh_cards
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.restores import an_urgent_intent
from tests.fakes.restores.world import CeremonyWorld


def _refresh(world: CeremonyWorld) -> CardsRefreshed:
    return refresh_cards(needs=world.refreshing, now=world.now)


def _told(world: CeremonyWorld) -> str:
    request = world.open()
    world.read_ticket(request)
    tell_approvers(request, needs=world.telling, now=world.now)
    return request


def test_where_nothing_is_open_nothing_is_shown(world: CeremonyWorld) -> None:
    assert _refresh(world) == CardsRefreshed(open=0, reason="no request is open")


def test_a_card_is_left_alone_while_nothing_happens(world: CeremonyWorld) -> None:
    _told(world)
    for _ in range(3):
        world.later(minutes=1)
        _refresh(world)
    # The hour that was left at first has passed, and no other since.
    assert [dict(card.rows)["Approve before"] for card in world.board.updated] == [
        "2026-11-23 18:20:00 UTC (more than 3 h left)"
    ]


def test_a_card_says_when_enough_have_approved_and_when_it_is_carried_out(world: CeremonyWorld) -> None:
    request = _told(world)
    world.sign(request, "maria")
    _refresh(world)
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    _refresh(world)
    assert [card.headline for card in world.board.updated] == [
        f"Restore {request} is approved, and about to begin: payments-db-0200",
        f"Restore {request} is being carried out: payments-db-0200",
    ]
    assert dict(world.board.updated[0].rows)["Approvals"] == "1 of 1 (Maria Lindqvist)"
    assert len(world.board.shown) == 1


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.CANCEL])
def test_what_is_over_is_left_to_its_end(decision: Decision, world: CeremonyWorld) -> None:
    request = _told(world)
    world.sign(request, "maria" if decision is Decision.DENY else "omar", decision)
    _refresh(world)
    world.close(request)
    _refresh(world)
    assert world.board.updated == []


def test_x07_whoever_could_not_be_reached_is_told_when_chat_is_back(world: CeremonyWorld) -> None:
    world.board.refusal = AccessRefusedError("Slack refused chat.postMessage: invalid_auth")
    request, since = _told(world), world.now
    world.later(minutes=1)
    assert _refresh(world).reason == "Slack refused chat.postMessage: invalid_auth"
    [missed] = CeremonyMessages(world.table).telling(request).unreached
    assert (missed.whom, missed.since) == (Whom.CHAT, since)
    world.board.refusal = None
    _refresh(world)
    assert CeremonyMessages(world.table).telling(request).unreached == ()
    assert (len(world.board.shown), len(world.tickets.comments)) == (1, 1)


def test_x07_a_ticket_system_that_is_away_keeps_no_card_from_its_people(world: CeremonyWorld) -> None:
    world.board.refusal = AccessRefusedError("not_in_channel")
    request = _told(world)
    world.later(minutes=61)
    other = world.open_another()
    tell_approvers(other, needs=world.telling, now=world.now)
    world.board.refusal, world.tickets.is_down = None, True
    assert _refresh(world).reason == "each is shown as it is"
    assert {card.request_id for card in world.board.shown} == {request, other}


def _come(world: CeremonyWorld, how: str) -> str:
    """A request that has come so far, and of which everybody was told on the way."""
    request = str(getattr(world, how)())
    tell_approvers(request, needs=world.telling, now=world.now)
    return request


def _unreached(world: CeremonyWorld, request: str) -> list[tuple[Whom, str]]:
    """Whom `restore show` says that nobody could reach, and why."""
    shown = show_restore(request, needs=world.showing, now=world.now)
    return [(each.whom, each.why) for each in shown.unreached]


AWAY = (Whom.TICKET, "the ticket system cannot be reached")


@pytest.mark.parametrize(
    ("how", "unreached"),
    [
        pytest.param("come_to_approval", [AWAY], id="before a restore"),
        pytest.param("come_to_copied", [AWAY], id="before a restore of what was copied back"),
        pytest.param("open", [], id="not approved yet"),
        pytest.param("come_to_copy", [], id="while the copy runs"),
        pytest.param("come_to_restore", [], id="while the restore runs"),
    ],
)
def test_x07_a_ticket_system_that_is_away_when_an_act_would_ask_it_is_told(
    how: str, unreached: list[tuple[Whom, str]], world: CeremonyWorld
) -> None:
    request = _come(world, how)
    world.tickets.is_down = True
    _refresh(world)
    assert _unreached(world, request) == unreached


def test_x07_an_act_that_waited_for_the_ticket_system_goes_on_and_nothing_is_left_of_it(world: CeremonyWorld) -> None:
    request = _come(world, "come_to_approval")
    since, commented = world.now, len(world.tickets.comments)
    world.tickets.is_down = True
    _refresh(world)
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.later(minutes=1)
    _refresh(world)
    [missed] = CeremonyMessages(world.table).telling(request).unreached
    assert missed.since == since
    world.tickets.is_down = False
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    _refresh(world)
    assert _unreached(world, request) == []
    assert len(world.tickets.comments) == commented


def test_x07_nobody_is_waited_for_once_it_is_over(world: CeremonyWorld) -> None:
    request = _come(world, "come_to_approval")
    world.tickets.is_down = True
    _refresh(world)
    world.sign(request, "sana", Decision.DENY)
    world.close(request)
    assert _unreached(world, request) == []


def test_an_incident_has_no_ticket_to_ask_for(intent: Intent) -> None:
    world = CeremonyWorld(an_urgent_intent(intent))
    request = _come(world, "come_to_urgent_approval")
    world.tickets.is_down = True
    _refresh(world)
    assert _unreached(world, request) == []


def test_a_request_is_shown_first_by_its_execution_once_its_ticket_was_read(world: CeremonyWorld) -> None:
    request = world.open()
    _refresh(world)
    assert world.board.shown == []
    tell_approvers(request, needs=world.telling, now=world.now)
    assert len(world.board.shown) == 1


def test_evidence_that_was_tampered_with_keeps_no_other_card_from_its_people(world: CeremonyWorld) -> None:
    spoiled = _told(world)
    world.shelf.tampered.add(f"evidence/{spoiled}/request.json")
    world.later(minutes=61)
    other = world.open_another()
    tell_approvers(other, needs=world.telling, now=world.now)
    world.sign(other, "maria")
    _refresh(world)
    assert [card.request_id for card in world.board.updated] == [other]
