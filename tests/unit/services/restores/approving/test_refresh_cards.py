"""Cards follow what people sign, gently, and whoever could not be reached is told when they can be."""

import pytest

from strongroom.adapters.ledger.tellings import CeremonyTellings
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.start_restore import start_restore
from strongroom.services.restores.approving.refresh_cards import CardsRefreshed, refresh_cards
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.fakes.restores import CeremonyWorld


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


def test_whoever_could_not_be_reached_is_told_when_chat_is_back(world: CeremonyWorld) -> None:
    world.board.is_down = True
    request = _told(world)
    tellings = CeremonyTellings(world.table)
    assert tellings.find(request).chat_fault == "Slack refused chat.postMessage: invalid_auth"
    assert _refresh(world).reason == "Slack refused chat.postMessage: invalid_auth"
    world.board.is_down = False
    _refresh(world)
    assert (len(world.board.shown), tellings.find(request).chat_fault) == (1, "")
    assert len(world.tickets.comments) == 1


def test_evidence_that_was_tampered_with_keeps_no_other_card_from_its_people(world: CeremonyWorld) -> None:
    spoiled = _told(world)
    world.shelf.tampered.add(f"evidence/{spoiled}/request.json")
    world.later(minutes=61)
    other = world.open_another()
    _refresh(world)
    assert [card.request_id for card in world.board.shown] == [spoiled, other]
