"""The end of a ceremony is worked out from its evidence; whoever calls has no word in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.builders.restores import RESTORED
from tests.fakes.restores import CeremonyWorld


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def _ticket_is_used(world: CeremonyWorld) -> bool:
    return "request_id" in (world.table.get(Key("TICKET#OPS-123", "USE")) or {})


def test_what_was_restored_is_told_everywhere(world: CeremonyWorld) -> None:
    request = _restored(world)
    tell_approvers(request, needs=world.telling, now=world.now)
    ended = world.close(request)
    assert (ended.outcome, ended.created) == (RestoreOutcome.RESTORED, RESTORED)
    [fact] = [fact for fact in world.published if isinstance(fact, RestoreClosed)]
    assert (fact.outcome, fact.created) == ("restored", RESTORED)
    assert "restored" in world.board.closed[0]
    assert RESTORED in world.tickets.comments[-1]


def test_the_end_is_witnessed_with_every_proof_that_there_is(world: CeremonyWorld) -> None:
    request = _restored(world)
    ended = world.close(request)
    kept = world.kept(request)
    closed = kept.last(EntryKind.CLOSED) or {}
    assert closed["proofs"] == [digest_of(text) for text in kept.proofs]
    assert ended.evidence == digest_of(kept.chain[-1].text)
    assert world.witness.asked[-1] == request


def test_tags_that_failed_leave_it_restored_and_are_a_finding_of_their_own(world: CeremonyWorld) -> None:
    request = _restored(world)
    ended = world.close(request, error="AccessRefusedError", reason="no tags")
    assert (ended.outcome, "not tagged" in ended.reason) == (RestoreOutcome.RESTORED, True)
    assert world.alerts.kinds == [AlertKind.RESOURCE_NOT_TAGGED]


def test_nobody_closes_as_restored_what_no_job_has_made(world: CeremonyWorld) -> None:
    """X4: an open request is not ended by whoever invokes the function."""
    request = world.come_to_approval()
    ended = world.close(request)
    assert ended.evidence == ""
    assert not world.kept(request).has(EntryKind.CLOSED)
    assert world.alerts.kinds == [AlertKind.TAMPERING_ATTEMPTED]


def test_a_job_that_is_not_complete_any_more_when_looked_at_is_no_restore(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.restores.states = ["FAILED"]
    assert world.close(request, error="RestoreFailedError").outcome is RestoreOutcome.FAILED


@pytest.mark.parametrize(
    ("person", "decision", "outcome", "is_used"),
    [
        pytest.param("maria", Decision.DENY, RestoreOutcome.DENIED, True, id="denied"),
        pytest.param("omar", Decision.CANCEL, RestoreOutcome.CANCELLED, False, id="cancelled"),
    ],
)
def test_what_people_signed_is_the_end_and_says_whether_the_ticket_is_free(
    person: str, decision: Decision, outcome: RestoreOutcome, world: CeremonyWorld, *, is_used: bool
) -> None:
    request = world.open()
    world.sign(request, person, decision)
    assert world.close(request).outcome is outcome
    assert _ticket_is_used(world) is is_used


def test_what_nobody_signed_in_time_expires_and_frees_the_ticket(world: CeremonyWorld) -> None:
    request = world.open()
    world.later(hours=5)
    assert world.close(request).outcome is RestoreOutcome.EXPIRED
    assert not _ticket_is_used(world)


@pytest.mark.parametrize("error", ["TicketRefusedError", "TicketWithdrawnError"])
def test_a_ticket_that_does_not_entitle_withdraws_it(error: str, world: CeremonyWorld) -> None:
    request = world.open()
    assert world.close(request, error=error).outcome is RestoreOutcome.WITHDRAWN
    assert world.alerts.kinds == []


def test_whatever_else_went_wrong_is_a_failure_and_an_alert(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    ended = world.close(request, error="RestoreFailedError", reason="no capacity")
    assert (ended.outcome, ended.reason) == (RestoreOutcome.FAILED, "no capacity")
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]


def test_a_ticket_whose_restore_may_still_come_to_something_is_not_given_back(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.close(request, error="TemporarilyUnavailableError", reason="throttled")
    assert _ticket_is_used(world)


def test_a_ticket_whose_restore_left_nothing_is_given_back(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states = ["FAILED"]
    world.close(request, error="RestoreFailedError", reason="no capacity")
    assert not _ticket_is_used(world)
    assert "OPS-123 may carry another request." in world.tickets.comments[-1]


@pytest.mark.parametrize("outcome", ["denied", "restored", "expired"])
def test_an_end_that_somebody_else_wrote_is_told_and_not_repeated(outcome: str, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    facts = {"outcome": outcome, "reason": "denied by idp|maria", "created": "", "proofs": []}
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts=facts, at=world.now)
    ended = world.close(request, error="ApprovalVoidError", reason="the request is closed")
    assert ended.outcome is RestoreOutcome.FAILED
    assert world.alerts.kinds == [AlertKind.TAMPERING_ATTEMPTED]
    assert world.tickets.comments == []


def test_what_was_restored_stays_so_when_its_requester_may_not_ask_any_more(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.intent = replace(
        world.intent, people=world.intent.people | {"omar": replace(world.intent.people["omar"], passkeys=())}
    )
    assert world.close(request).outcome is RestoreOutcome.RESTORED


def test_an_approval_that_came_as_the_judge_gave_up_ends_it_all_the_same(world: CeremonyWorld) -> None:
    request = world.open()
    world.read_ticket(request)
    proposed = world.kept(request).sealed.request.approve_before - timedelta(seconds=2)
    world.now = proposed
    world.sign(request, "maria")
    world.later(seconds=2)
    ended = world.close(request)
    assert ended.outcome is RestoreOutcome.FAILED
    assert ended.reason.startswith("it came too late")
    assert world.kinds(request)[-1] == EntryKind.CLOSED


def test_the_first_end_stands(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria", Decision.DENY)
    first = world.close(request)
    assert world.close(request, error="RestoreFailedError").outcome is first.outcome
    assert world.kinds(request).count("closed") == 1


def test_another_execution_ends_nothing_but_itself(world: CeremonyWorld) -> None:
    request = world.open()
    ended = close_restore(request, execution="arn:by-hand", error="X", reason="-", needs=world.closing, now=world.now)
    assert (ended.outcome, world.kinds(request)) == (RestoreOutcome.FAILED, [])
    assert world.alerts.kinds == [AlertKind.TAMPERING_ATTEMPTED]
    assert _ticket_is_used(world)


def test_evidence_that_was_tampered_with_is_told_and_believed_in_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    world.shelf.tampered.add(request_key(request))
    assert world.close(request, error="ApprovalVoidError").outcome is RestoreOutcome.FAILED
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    world.running.add(world.execution("r-bbbbbbbbbbbb"))
    with pytest.raises(NotFoundError):
        world.close("r-bbbbbbbbbbbb")
