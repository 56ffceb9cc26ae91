"""The end of a ceremony is worked out from its evidence; whoever calls has no word in it."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Final

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.executions import closing_name
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import close_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from tests.builders.intents import with_restores
from tests.builders.restores import RESTORED
from tests.fakes.restores.world import CeremonyWorld


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    world.take_steps(request)
    return request


def _ticket_is_used(world: CeremonyWorld) -> bool:
    return "request_id" in (world.table.get(Key("TICKET#OPS-123", "USE")) or {})


def _outcomes(world: CeremonyWorld) -> list[str]:
    return [line.outcome for line in world.showing.open_requests.latest(limit=9, now=world.now)]


def test_what_was_restored_is_told_everywhere(world: CeremonyWorld) -> None:
    request = _restored(world)
    tell_approvers(request, needs=world.telling, now=world.now)
    ended = world.close(request)
    assert (ended.outcome, ended.created) == (RestoreOutcome.RESTORED, RESTORED)
    [fact] = [fact for fact in world.published if isinstance(fact, RestoreClosed)]
    assert (fact.outcome, fact.created) == ("restored", RESTORED)
    assert "restored" in world.board.closed[0]
    assert RESTORED in world.tickets.comments[-1]


def test_what_was_restored_with_faults_is_restored_and_says_so_everywhere(world: CeremonyWorld) -> None:
    world.restores.message = said = "One or more objects failed to be restored."
    request = _restored(world)
    tell_approvers(request, needs=world.telling, now=world.now)
    ended = world.close(request)
    assert (ended.outcome, ended.created, ended.faults) == (RestoreOutcome.RESTORED, RESTORED, (said,))
    assert ended.reason == f"restored as {RESTORED}, with faults: {said}"
    closed = world.kept(request).last(EntryKind.CLOSED) or {}
    assert (closed["outcome"], closed["reason"]) == ("restored", ended.reason)
    assert world.board.endings[0].headline.startswith("Closed, restored with faults: ")
    for told in (world.board.closed[0], world.tickets.comments[-1]):
        assert f"restored with faults. restored as {RESTORED}, with faults: {said}" in told
    assert world.alerts.told == []
    assert world.close(request).reason == ended.reason


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
    told = "no capacity; restore job restore-1: the restore is running"
    assert (ended.outcome, ended.reason) == (RestoreOutcome.FAILED, told)
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
    assert _outcomes(world) == ["failed"]
    assert not _ticket_is_used(world)


def test_x07_evidence_that_cannot_be_read_keeps_its_ticket_where_something_may_have_begun(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.shelf.tampered.add(request_key(request))
    world.close(request, error="ApprovalVoidError")
    assert (_outcomes(world), _ticket_is_used(world)) == (["failed"], True)


@pytest.mark.parametrize("junk", ["", "{}", '{"request":"{}","statement":"-"}'])
def test_x07_a_listed_request_that_is_none_is_taken_off_the_list(junk: str, world: CeremonyWorld) -> None:
    request = world.open()
    world.shelf.kept[request_key(request)] = junk
    if not junk:
        del world.shelf.kept[request_key(request)]
    world.close(request, error="MalformedRecordError")
    assert (_outcomes(world), _ticket_is_used(world)) == (["failed"], False)
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]


def _without_passkey(world: CeremonyWorld) -> None:
    people = world.intent.people | {"omar": replace(world.intent.people["omar"], passkeys=())}
    world.intent = replace(world.intent, people=people)


def _not_a_requester(world: CeremonyWorld) -> None:
    world.intent = with_restores(world.intent, requesters="approvers")


def _without_rules(world: CeremonyWorld) -> None:
    rule = ApprovalRule(unit="Sandbox", group="approvers", needed=1)
    world.intent = with_restores(world.intent, rules=(rule,))


VOID: Final = [
    pytest.param(_without_passkey, "passkey", id="its requester has no passkey any more"),
    pytest.param(_not_a_requester, "not its requester's", id="its requester may not ask any more"),
    pytest.param(_without_rules, "no rule", id="there are no rules for its account any more"),
]


@pytest.mark.parametrize(("end", "said"), VOID)
@pytest.mark.parametrize("come_to", [CeremonyWorld.open, CeremonyWorld.come_to_approval], ids=["pending", "approved"])
def test_x07_what_became_void_is_closed_with_its_reason_and_gives_its_ticket_back(
    come_to: Callable[[CeremonyWorld], str], end: Callable[[CeremonyWorld], None], said: str, world: CeremonyWorld
) -> None:
    request = come_to(world)
    end(world)
    ended = world.close(request)
    assert (ended.outcome, said in ended.reason) == (RestoreOutcome.FAILED, True), ended.reason
    assert world.kinds(request)[-1] == EntryKind.CLOSED
    assert (_outcomes(world), _ticket_is_used(world)) == (["failed"], False)
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]


@pytest.mark.parametrize(("end", "said"), VOID)
def test_x07_a_denial_stays_one_when_the_request_became_void(
    end: Callable[[CeremonyWorld], None], said: str, world: CeremonyWorld
) -> None:
    request = world.open()
    world.sign(request, "maria", Decision.DENY)
    end(world)
    assert world.close(request).outcome is RestoreOutcome.DENIED
    assert (_ticket_is_used(world), world.alerts.kinds) == (True, [])


# --- By another execution, when the own one is over ---------------------------


@pytest.mark.parametrize(
    ("come_to", "outcome", "is_used"),
    [
        pytest.param(CeremonyWorld.open, "failed", False, id="nobody had signed"),
        pytest.param(CeremonyWorld.come_to_approval, "failed", False, id="it was approved"),
        pytest.param(CeremonyWorld.come_to_copy, "failed", False, id="it was copied back"),
        pytest.param(CeremonyWorld.come_to_restore, "failed", True, id="the restore ran"),
        pytest.param(_restored, "restored", True, id="the restore was done"),
    ],
)
def test_x07_whatever_an_execution_left_open_is_closed_by_another(
    come_to: Callable[[CeremonyWorld], str], outcome: str, world: CeremonyWorld, *, is_used: bool
) -> None:
    request = come_to(world)
    world.break_off(request)
    assert world.close_again(request).outcome == outcome
    assert world.kinds(request).count("closed") == 1
    assert (_outcomes(world), _ticket_is_used(world)) == ([outcome], is_used)
    assert world.sweep().open == 0


def test_x07_what_was_denied_is_denied_whoever_closes_it(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria", Decision.DENY)
    world.break_off(request)
    assert world.close_again(request).outcome is RestoreOutcome.DENIED


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("RUNNING", "restore job restore-1: the restore is running"),
        ("COMPLETED", f"restore job restore-1: restored as {RESTORED}"),
        ("FAILED", "restore job restore-1 ended FAILED: "),
    ],
)
@pytest.mark.parametrize("error", ["ExecutionEndedError", "States.Timeout"])
def test_x07_a_restore_whose_execution_was_stopped_has_failed_and_names_its_job(
    error: str, state: str, said: str, world: CeremonyWorld
) -> None:
    request = world.come_to_restore()
    world.break_off(request)
    world.restores.states = [state]
    ended = world.close_again(request, error=error)
    assert ended.outcome is RestoreOutcome.FAILED
    assert f"broke off; {said}" in ended.reason
    [alert] = world.alerts.told
    assert (alert.kind, "restore-1" in alert.reason) == (AlertKind.RESTORE_FAILED, True)


def test_x07_a_tag_that_was_put_on_is_not_told_as_missing(world: CeremonyWorld) -> None:
    request = _restored(world)
    tag_restored(request, execution=world.execution(request), needs=world.tagging, now=world.now)
    world.break_off(request)
    assert world.close_again(request).reason == f"restored as {RESTORED}"
    assert world.alerts.kinds == []


def test_attack_17_nobody_closes_by_another_execution_what_its_own_still_carries(world: CeremonyWorld) -> None:
    request = world.open()
    name = closing_name(request, at=world.now)
    world.running.add(world.execution(name))
    ended = close_restore(
        request, execution=world.execution(name), error="X", reason="-", needs=world.closing, now=world.now
    )
    assert (ended.outcome, world.kinds(request), _outcomes(world)) == (RestoreOutcome.FAILED, [], [""])
    assert world.alerts.kinds == [AlertKind.TAMPERING_ATTEMPTED]


@pytest.mark.parametrize("seconds", [0, 59])
def test_x07_nothing_is_closed_while_the_last_function_may_still_be_at_work(seconds: int, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.break_off(request)
    world.sweep()
    execution = world.execution(closing_name(request, at=world.now))
    with pytest.raises(TemporarilyUnavailableError):
        close_restore(
            request,
            execution=execution,
            error="X",
            reason="-",
            needs=world.closing,
            now=world.now + timedelta(seconds=seconds),
        )
    assert EntryKind.CLOSED not in world.kinds(request)


# --- What nobody wrote down ---------------------------------------------------


def _lost(world: CeremonyWorld, *, dies: str) -> str:
    request, world.restores.dies = world.come_to_approval(), dies
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.break_off(request)
    return request


def test_x07_a_restore_that_nobody_wrote_down_is_found_and_told_and_keeps_the_ticket(world: CeremonyWorld) -> None:
    request = _lost(world, dies="after")
    assert world.close_again(request).outcome is RestoreOutcome.FAILED
    [alert] = world.alerts.told
    assert "restore-1 of AWS Backup may be its restore" in alert.reason
    assert _ticket_is_used(world)


def test_x07_a_restore_that_was_intended_and_never_begun_gives_the_ticket_back(world: CeremonyWorld) -> None:
    request = _lost(world, dies="before")
    assert world.close_again(request).outcome is RestoreOutcome.FAILED
    assert not _ticket_is_used(world)


def test_x07_a_restore_that_runs_though_it_was_denied_is_told(world: CeremonyWorld) -> None:
    request = _lost(world, dies="after")
    world.sign(request, "sana", Decision.DENY)
    assert world.close_again(request).outcome is RestoreOutcome.DENIED
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    world.running.add(world.execution("r-bbbbbbbbbbbb"))
    with pytest.raises(NotFoundError):
        world.close("r-bbbbbbbbbbbb")
