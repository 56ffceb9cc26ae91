"""What is said of an end: who decided it and why, what has become of the job, and what somebody must look at."""

from copy import replace

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.restores import CeremonyWords
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.close_restore import RestoreEnded, close_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from tests.builders.places import BACKUP_ACCOUNT, HOME
from tests.builders.restores import RESTORED
from tests.fakes.restores.world import CeremonyWorld

FAILED, REFUSED = "RestoreFailedError", "TicketRefusedError"
FREE = "OPS-123 may carry another request."


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    world.take_steps(request)
    return request


def _denied_later(world: CeremonyWorld, request: str) -> tuple[str, str]:
    """A denial that was signed in time, taken off the shelf again: its place, and its text."""
    before = set(world.shelf.kept)
    world.sign(request, "sana", Decision.DENY)
    [late] = set(world.shelf.kept) - before
    return late, world.shelf.kept.pop(late)


# --- Why ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "decision", "outcome", "said"),
    [
        ("maria", Decision.DENY, RestoreOutcome.DENIED, "denied by idp|maria"),
        ("omar", Decision.CANCEL, RestoreOutcome.CANCELLED, "cancelled by idp|omar"),
    ],
    ids=["denied", "cancelled"],
)
@pytest.mark.parametrize("why", ["", "the wrong database"])
def test_whoever_stops_it_is_quoted(
    person: str, decision: Decision, outcome: RestoreOutcome, said: str, why: str, world: CeremonyWorld
) -> None:
    request = world.open()
    world.sign(request, person, decision, why=why)
    ended = world.close(request)
    assert (ended.outcome, ended.reason) == (outcome, f"{said}: {why}" if why else said)


def test_everybody_who_stops_it_is_quoted_and_nobody_else(world: CeremonyWorld) -> None:
    request = world.open()
    CeremonyWords(world.table).keep(request, "0" * 64, said="forged")
    world.sign(request, "maria", Decision.DENY, why="not today")
    world.sign(request, "omar", Decision.CANCEL, why="my mistake")
    _, _, quoted = world.close(request).reason.partition(": ")
    assert sorted(quoted.split("; ")) == ["my mistake", "not today"]


def test_a_word_that_stopped_nothing_is_not_the_reason_of_a_failure(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    for text in world.kept(request).proofs:
        CeremonyWords(world.table).keep(request, digest_of(text), said="no")
    world.restores.states = ["FAILED"]
    ended = world.close(request, error=FAILED, reason="restore job restore-1 ended FAILED: no capacity")
    assert (ended.outcome, ended.reason) == (RestoreOutcome.FAILED, "restore job restore-1 ended FAILED: no capacity")


def test_all_proofs_that_there_are_are_named_in_their_order(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.sign(request, "sana", Decision.DENY)
    world.close(request)
    kept = world.kept(request)
    assert len(kept.proofs) == 2
    assert (kept.last(EntryKind.CLOSED) or {})["proofs"] == sorted(digest_of(text) for text in kept.proofs)


def test_an_end_before_anything_was_intended_is_witnessed_too(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria", Decision.DENY)
    world.close(request)
    assert world.witness.asked == [request]


# --- Restored, or not ---------------------------------------------------------


def test_what_was_restored_as_it_should_be_is_no_finding(world: CeremonyWorld) -> None:
    request = _restored(world)
    assert world.close(request).reason == f"restored as {RESTORED}"
    assert world.alerts.kinds == []


def test_what_could_not_be_tagged_says_why_and_no_more(world: CeremonyWorld) -> None:
    request = _restored(world)
    ended = world.close(request, error="AccessRefusedError", reason="no tags")
    assert ended.reason == f"restored as {RESTORED}, but not tagged: no tags"


def test_a_job_that_was_done_and_is_not_any_more_is_told_though_it_was_tagged(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.keeper.record(world.kept(request), EntryKind.TAGGED, facts={"tags": {}}, at=world.now)
    world.restores.states, world.restores.message = ["FAILED"], "gone"
    ended = world.close(request, error=FAILED, reason="broke off")
    told = "broke off; restore job restore-1 ended FAILED: gone"
    assert (ended.outcome, ended.reason, ended.created) == (RestoreOutcome.FAILED, told, "")


def test_attack_30_what_nobody_intended_is_not_restored_whatever_the_chain_says(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    for kind, facts in ((EntryKind.RESTORE_STARTED, {"job": "restore-1"}), (EntryKind.RESTORED, {"created": RESTORED})):
        world.keeper.record(world.kept(request), kind, facts=facts, at=world.now)
    world.restores.states = ["COMPLETED"]
    ended = world.close(request, error="ExecutionEndedError", reason="broke off")
    assert (ended.outcome, ended.created) == (RestoreOutcome.FAILED, "")


def test_attack_30_what_no_job_was_started_for_is_not_restored_whatever_the_chain_says(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    intended = {"recovery_point": world.kept(request).sealed.request.recovery_point}
    for kind, facts in ((EntryKind.RESTORE_INTENDED, intended), (EntryKind.RESTORED, {"created": RESTORED})):
        world.keeper.record(world.kept(request), kind, facts=facts, at=world.now)
    ended = world.close(request, error="ExecutionEndedError", reason="broke off")
    assert (ended.outcome, ended.created) == (RestoreOutcome.FAILED, "")


def test_attack_13_what_a_job_left_that_did_not_do_what_was_approved_is_no_restore(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.restores.used = {"DBInstanceIdentifier": "another"}
    ended = world.close(request, error=FAILED, reason="broke off")
    assert (ended.outcome, ended.created) == (RestoreOutcome.FAILED, "")


def test_a_denial_that_came_after_the_start_does_not_say_how_it_ended(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    late, text = _denied_later(world, request)
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    world.shelf.kept[late] = text
    world.restores.states = ["FAILED"]
    assert world.close(request, error=FAILED).outcome is RestoreOutcome.FAILED


def test_what_became_void_after_it_failed_has_failed_for_its_own_reason(world: CeremonyWorld) -> None:
    request = world.open()
    people = world.intent.people | {"omar": replace(world.intent.people["omar"], passkeys=())}
    world.intent = replace(world.intent, people=people)
    assert world.close(request, error=FAILED, reason="no capacity").reason == "no capacity"


# --- The job ------------------------------------------------------------------


def test_a_job_that_is_named_already_is_not_named_again(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states, world.restores.message = ["FAILED"], "no capacity"
    assert world.close(request, error=FAILED, reason="gave up on restore-1").reason == "gave up on restore-1"


def test_a_job_that_aws_knows_no_more_may_run_on(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    request = world.come_to_restore()

    def describe(job: str, **_: object) -> None:
        assert job == "restore-1"
        raise NotFoundError("AWS Backup does not know it")

    monkeypatch.setattr(world.restores, "describe", describe)
    ended = world.close(request, error="ExecutionEndedError", reason="broke off")
    assert ended.reason == "broke off; restore job restore-1: AWS Backup does not know it"
    assert ended.outcome is RestoreOutcome.FAILED
    assert FREE not in world.tickets.comments[-1]


def test_a_job_that_failed_and_left_something_keeps_the_ticket(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states, world.restores.changes = ["FAILED"], {"created": RESTORED}
    world.close(request, error=FAILED, reason="broke off")
    assert FREE not in world.tickets.comments[-1]


# --- Jobs that nobody wrote down ----------------------------------------------


def _lost(world: CeremonyWorld) -> str:
    request, world.restores.dies = world.come_to_approval(), "after"
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    return request


def test_x07_jobs_that_nobody_wrote_down_are_all_named_beside_why_it_failed(world: CeremonyWorld) -> None:
    request = _lost(world)
    world.restores.known.append("restore-2")
    world.close(request, error=FAILED, reason="broke off")
    [alert] = world.alerts.told
    lost = "restore-1, restore-2 of AWS Backup may be its restore, and nobody wrote down that it was started"
    assert alert.reason == f"broke off; {lost}"
    assert alert.subject == f"{request} of {world.kept(request).sealed.request.resource}"


def test_x07_jobs_are_looked_for_since_the_first_intent_by_clocks_that_differ_a_minute(world: CeremonyWorld) -> None:
    request = _lost(world)
    [intended] = [entry for entry in world.kept(request).chain if entry.kind == EntryKind.RESTORE_INTENDED]
    world.later(minutes=20)
    world.keeper.record(world.kept(request), EntryKind.RESTORE_INTENDED, facts=dict(intended.facts), at=world.now)
    world.close(request, error=FAILED, reason="broke off")
    assert (intended.at - world.restores.listed_since[-1]).total_seconds() == 60


# --- What was closed before ---------------------------------------------------


@pytest.mark.parametrize("again", [FAILED, REFUSED])
@pytest.mark.parametrize("first", [FAILED, REFUSED])
def test_the_machine_s_first_word_of_what_went_wrong_stands(first: str, again: str, world: CeremonyWorld) -> None:
    request = world.open()
    before = world.close(request, error=first, reason="the first time")
    after = world.close(request, error=again, reason="the second time")
    assert (after.outcome, after.reason, after.evidence) == (before.outcome, "the first time", before.evidence)
    assert AlertKind.TAMPERING_ATTEMPTED not in world.alerts.kinds


def test_attack_30_what_somebody_else_says_was_made_is_not_believed(world: CeremonyWorld) -> None:
    request = _restored(world)
    proofs = sorted(digest_of(text) for text in world.kept(request).proofs)
    facts = {"outcome": "restored", "reason": "restored", "created": f"{RESTORED}-of-mallory", "proofs": proofs}
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts=facts, at=world.now)
    assert world.close(request).outcome is RestoreOutcome.FAILED
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.TAMPERING_ATTEMPTED, request)


def test_attack_30_an_end_that_somebody_else_wrote_is_told_beside_the_true_one(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    facts = {"outcome": "denied", "reason": "denied by idp|maria", "created": "", "proofs": []}
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts=facts, at=world.now)
    world.close(request, error=FAILED)
    assert [alert.reason for alert in world.alerts.told] == ["somebody closed it as denied, and it is failed"]


def test_what_came_to_lie_there_after_the_end_changes_no_end(world: CeremonyWorld) -> None:
    request = world.open()
    late, text = _denied_later(world, request)
    first = world.close(request, error=FAILED, reason="broke off")
    world.shelf.kept[late] = text
    again = world.close(request, error=FAILED, reason="broke off")
    assert (again.outcome, again.reason) == (first.outcome, first.reason) == (RestoreOutcome.FAILED, "broke off")


# --- What is not its own, or cannot be read -----------------------------------


def test_another_execution_is_told_by_the_beginning_of_what_it_names(world: CeremonyWorld) -> None:
    named = "r-" + "b" * 60
    ended = close_restore(named, execution="arn:by-hand", error="X", reason="-", needs=world.closing, now=world.now)
    [alert] = world.alerts.told
    assert (alert.subject, alert.account, alert.region) == (named[:40], BACKUP_ACCOUNT, HOME)
    assert ended == RestoreEnded(
        request_id=named, outcome=RestoreOutcome.FAILED, reason=alert.reason, created="", evidence=""
    )


def test_evidence_that_was_tampered_with_and_a_list_without_it_is_told_all_the_same(world: CeremonyWorld) -> None:
    request = world.open()
    world.shelf.tampered.add(request_key(request))
    world.table = MemoryTable()
    assert world.close(request, error="ApprovalVoidError").outcome is RestoreOutcome.FAILED
    assert world.alerts.kinds == [AlertKind.RESTORE_FAILED]
