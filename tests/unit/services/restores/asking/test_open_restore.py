"""A request is open once its requester has signed it; whatever is interrupted is taken up by the next try."""

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.drafts import line_of, rivals_of
from strongroom.domain.restores.facts import RestoreRequested
from strongroom.domain.restores.requests import UNNAMED, seal_request
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.asking.open_restore import RestoreOpened, open_restore
from strongroom.services.restores.asking.request_restore import RestoreDrafted
from tests.builders.restores import AUTHENTICATORS, a_request, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld


def _open(world: CeremonyWorld, drafted: RestoreDrafted, *, person: str = "omar") -> RestoreOpened:
    signed = AUTHENTICATORS[person].sign(drafted.statement)
    return open_restore(
        drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now
    )


def test_a_signed_request_is_kept_listed_begun_and_told(world: CeremonyWorld) -> None:
    drafted = world.draft()
    assert _open(world, drafted).state == "open"
    assert world.kept(drafted.request_id).sealed.digest == drafted.digest
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    assert (line.id, line.requester, line.outcome) == (drafted.request_id, "idp|omar", "")
    assert world.begun == [drafted.request_id]
    assert [type(fact) for fact in world.published] == [RestoreRequested]


def test_nobody_hears_of_a_draft(world: CeremonyWorld) -> None:
    drafted = world.draft()
    assert (world.begun, world.published, world.shelf.kept) == ([], [], {})
    assert world.showing.open_requests.latest(limit=9, now=world.now) == ()
    assert world.table.get(Key("TICKET#OPS-123", "USE")) is None
    assert drafted.request_id


@pytest.mark.parametrize("person", ["maria", "piet"])
def test_nobody_opens_a_request_for_somebody_else(person: str, world: CeremonyWorld) -> None:
    drafted = world.draft()
    with pytest.raises(PermissionRefusedError):
        _open(world, drafted, person=person)
    assert world.shelf.kept == {}


def test_a_statement_that_was_not_handed_out_opens_nothing(world: CeremonyWorld) -> None:
    drafted = world.draft()
    world.later(minutes=6)
    with pytest.raises(NotFoundError, match="too long ago"):
        _open(world, drafted)


def test_what_is_signed_too_late_is_not_opened(world: CeremonyWorld) -> None:
    drafted = world.draft()
    world.later(hours=5)
    with pytest.raises((NotFoundError, RestoreRefusedError)):
        _open(world, drafted)


def test_one_ticket_opens_one_request(world: CeremonyWorld) -> None:
    first, second = world.draft(), world.draft(a_wish(target_name="another-db"))
    _open(world, first)
    with pytest.raises(RestoreRefusedError, match="needs its own ticket"):
        _open(world, second)
    assert world.begun == [first.request_id]


def test_a_try_that_died_after_the_evidence_is_taken_up_by_the_next(world: CeremonyWorld) -> None:
    """X7: whatever was interrupted, a second try goes on where the first one ended."""
    drafted = world.draft()
    signed = AUTHENTICATORS["omar"].sign(drafted.statement)
    sealed = world.asking.drafts.read(drafted.request_id).sealed
    world.keeper.open(sealed, statement=drafted.statement, signed=signed)
    assert _open(world, drafted).state == "open"
    assert world.begun == [drafted.request_id]


def test_what_somebody_else_put_in_its_place_is_not_opened(world: CeremonyWorld) -> None:
    drafted = world.draft()
    signed = AUTHENTICATORS["sana"].sign(drafted.statement)
    sealed = world.asking.drafts.read(drafted.request_id).sealed
    world.keeper.open(sealed, statement=drafted.statement, signed=signed)
    assert request_key(drafted.request_id) in world.shelf.kept
    with pytest.raises(ApprovalVoidError, match="not its requester"):
        _open(world, drafted)
    assert world.begun == []


def test_attack_28_nobody_has_more_than_three_open_requests(world: CeremonyWorld) -> None:
    for number in range(3):
        world.tickets.ticket = a_ticket(key=f"OPS-{number + 1}")
        world.open(a_wish(ticket=f"OPS-{number + 1}", target_name=f"payments-db-{number}"))
    world.tickets.ticket = a_ticket(key="OPS-9")
    with pytest.raises(RestoreRefusedError, match="3 are the limit"):
        world.open(a_wish(ticket="OPS-9"))


def test_of_two_drafts_for_one_name_the_one_that_is_signed_first_is_opened(world: CeremonyWorld) -> None:
    drafts = []
    for key in ("OPS-1", "OPS-2"):
        world.tickets.ticket = a_ticket(key=key)
        drafts.append(world.draft(a_wish(ticket=key)))
    _open(world, drafts[1])
    with pytest.raises(RestoreRefusedError, match=f"{drafts[1].request_id} .* is open and becomes payments-db-0200"):
        _open(world, drafts[0])


def test_x07_a_request_that_has_ended_is_not_opened_again_with_its_ticket(world: CeremonyWorld) -> None:
    """Within five minutes its statement may still be good: the ticket is somebody else's by then."""
    drafted = world.draft()
    _open(world, drafted)
    world.sign(drafted.request_id, "omar", Decision.CANCEL)
    world.close(drafted.request_id)
    again = propose_statement(
        drafted.request_id, Decision.REQUEST, view=None, needs=world.proposing, now=world.now
    ).statement
    signed = AUTHENTICATORS["omar"].sign(again)
    with pytest.raises(RestoreRefusedError, match="has ended"):
        open_restore(drafted.request_id, statement=again, signed=signed, needs=world.opening, now=world.now)
    assert "request_id" not in (world.table.get(Key("TICKET#OPS-123", "USE")) or {})
    assert [line.outcome for line in world.showing.open_requests.latest(limit=9, now=world.now)] == ["cancelled"]


def test_two_that_nobody_names_are_no_rivals() -> None:
    """AWS gives each its own id."""
    first = a_request(id="r-aaaaaaaaaaaa", target_name=UNNAMED)
    second = line_of(seal_request(a_request(target_name=UNNAMED)))
    assert rivals_of(first, [second]) == ()
    named = line_of(seal_request(a_request()))
    assert rivals_of(a_request(id="r-aaaaaaaaaaaa"), [named]) == (named,)
