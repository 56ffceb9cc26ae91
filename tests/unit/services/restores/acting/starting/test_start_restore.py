"""The approved restore is started once, after everything was looked at again and the intent was witnessed."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyRequests
from strongroom.domain.errors import (
    ApprovalVoidError,
    NotWitnessedYetError,
    RestoreFailedError,
    TemporarilyUnavailableError,
    TicketWithdrawnError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.restores.drafts import OpenRequest, line_of
from strongroom.domain.restores.facts import RestoreApproved
from strongroom.domain.written import moment_of
from strongroom.services.restores.acting.starting.start_restore import RestoreStarted, start_restore
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, POINT, RESTORED, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld

NOT_MADE = "the copy back did not make the recovery point that is recorded"
ELSEWHERE = "the copy back was made of something else, or to somewhere else"
ANOTHER = "arn:aws:rds:eu-west-1:222222222222:db:another-db"
ANOTHER_KEY = "arn:aws:kms:eu-west-1:222222222222:key/99999999-2222-3333-4444-555555555555"


def _start(world: CeremonyWorld, request: str) -> RestoreStarted:
    return start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def test_an_approved_restore_is_started_from_the_point_that_was_asked_for(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    assert _start(world, request) == RestoreStarted(request_id=request, job="restore-1", reason="everything still held")
    assert world.restores.begun == [POINT]
    assert world.kinds(request) == ["ticket-entitles", "restore-intended", "restore-started"]
    assert (world.kept(request).last(EntryKind.RESTORE_INTENDED) or {})["recovery_point"] == POINT


@pytest.mark.parametrize("ahead", [1, -1], ids=["the witness's", "ours"])
def test_a_restore_begins_no_earlier_than_the_witness_saw_its_intent_by_the_clock_that_is_ahead(
    ahead: int, world: CeremonyWorld
) -> None:
    request = world.come_to_approval()
    world.later(seconds=10)
    world.witness.now = lambda: world.now + timedelta(seconds=ahead)
    began_at = world.now - timedelta(seconds=5)
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=began_at)
    seen_at = moment_of(world.witness.seen[entry_key(request, 2)], of="proof")
    assert seen_at == world.now + timedelta(seconds=ahead)
    assert world.kept(request).last_at(EntryKind.RESTORE_STARTED) == max(seen_at, world.now)


def test_who_approved_it_is_told(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _start(world, request)
    [told] = [fact for fact in world.published if isinstance(fact, RestoreApproved)]
    asked = world.kept(request).sealed.request
    assert told == RestoreApproved(
        account=asked.account,
        region=asked.region,
        resource=asked.resource,
        reason="payments-db: approved by idp|maria",
        request_id=request,
        approvers=("idp|maria",),
    )


def test_a_step_tried_again_starts_and_writes_nothing_more(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    first, before = _start(world, request), world.kinds(request)
    assert _start(world, request) == first
    assert (world.restores.begun, world.kinds(request)) == ([POINT], before)


def test_a_step_tried_again_still_looks_at_everything_first(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _start(world, request)
    world.tickets.ticket = a_ticket(status="Withdrawn")
    with pytest.raises(TicketWithdrawnError):
        _start(world, request)


def test_nothing_is_started_while_the_log_is_down_and_it_goes_on_when_it_is_back(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    assert world.restores.begun == []
    world.witness.is_down = False
    assert _start(world, request).job == "restore-1"


def _die(world: CeremonyWorld, request: str, *, when: str, skew: timedelta = timedelta(0)) -> None:
    """A try whose call of AWS Backup dies, by a clock of ours that is wrong by so much."""
    world.restores.dies, now = when, world.now + skew
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=now)
    world.restores.dies = ""


def test_x07_a_job_that_a_dead_try_has_started_is_adopted(world: CeremonyWorld) -> None:
    """AWS took the job, and nobody lived to write that down."""
    request = world.come_to_approval()
    _die(world, request, when="after")
    world.later(hours=1)
    assert _start(world, request).job == "restore-1"
    assert (world.restores.begun, world.restores.known) == ([POINT], ["restore-1"])
    assert (world.kept(request).last(EntryKind.RESTORE_STARTED) or {})["job"] == "restore-1"


def test_a_try_that_died_before_the_call_is_made_good(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _die(world, request, when="before")
    assert _start(world, request).job == "restore-1"


@pytest.mark.parametrize(
    "used",
    [
        pytest.param({"DBInstanceIdentifier": "payments-db-0300"}, id="of another request for the same point"),
        pytest.param({}, id="which does not say what it makes"),
    ],
)
def test_x07_a_job_that_is_not_what_was_approved_is_not_adopted(used: dict[str, str], world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _die(world, request, when="before")
    world.restores.known, world.restores.used_by = ["theirs"], {"theirs": used}
    assert _start(world, request).job == "restore-2"


def test_x07_of_two_jobs_the_one_that_was_approved_is_adopted(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _die(world, request, when="after")
    world.restores.known.insert(0, "theirs")
    world.restores.used_by["theirs"] = {"DBInstanceIdentifier": "payments-db-0300"}
    assert _start(world, request).job == "restore-1"
    assert world.restores.begun == [POINT]


@pytest.mark.parametrize(
    ("jobs", "later"),
    [
        pytest.param(["restore-7", "restore-8"], timedelta(0), id="there are two jobs"),
        pytest.param([], timedelta(minutes=11), id="there is none and the token may be forgotten"),
    ],
)
def test_what_cannot_be_told_is_not_started_again(jobs: list[str], later: timedelta, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _die(world, request, when="before")
    world.restores.known = jobs
    world.now += later
    with pytest.raises(RestoreFailedError) as failed:
        _start(world, request)
    assert str(failed.value) == f"it cannot be told whether the restore was started; jobs since then: {jobs}"
    assert world.restores.begun == []


@pytest.mark.parametrize("skew", [timedelta(hours=-2), timedelta(hours=2)], ids=["behind", "ahead"])
@pytest.mark.parametrize(("seconds", "is_too_late"), [(600, False), (601, True)])
def test_attack_16_the_witness_s_clock_says_for_how_long_a_token_lives(
    seconds: int, skew: timedelta, world: CeremonyWorld, *, is_too_late: bool
) -> None:
    request = world.come_to_approval()
    world.later(hours=2, minutes=30)
    _die(world, request, when="before", skew=skew)
    world.later(seconds=seconds)
    if is_too_late:
        with pytest.raises(RestoreFailedError, match="cannot be told"):
            _start(world, request)
    assert is_too_late or _start(world, request).job == "restore-1"


def test_x07_a_token_lives_since_the_log_saw_the_intent_and_not_since_what_it_saw_before(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.witness(request)
    world.later(minutes=30)
    intended = world.now
    _die(world, request, when="before")
    world.later(minutes=9)
    assert _start(world, request).job == "restore-1"
    assert world.restores.listed_since == [intended - timedelta(seconds=60)]


def test_x07_an_intent_that_the_log_did_not_see_in_time_is_none_that_was_begun(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    world.witness.is_down = False
    world.later(minutes=45)
    assert _start(world, request).job == "restore-1"


def test_what_was_copied_back_is_restored_from_its_copy(world: CeremonyWorld) -> None:
    request = world.come_to_copied()
    _start(world, request)
    assert world.restores.begun == [COPIED_POINT]


def test_what_was_not_copied_back_yet_is_not_restored(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    with pytest.raises(ApprovalVoidError, match=r"^the recovery point has not been copied back yet$"):
        _start(world, request)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"recovery_point": POINT}, NOT_MADE, id="the job made another point"),
        pytest.param({"source": POINT}, ELSEWHERE, id="the job copied something else"),
        pytest.param({"destination": CENTRAL_VAULT}, ELSEWHERE, id="to somewhere else"),
        pytest.param({"state": "FAILED"}, NOT_MADE, id="the job failed"),
    ],
)
def test_a_copy_that_is_not_what_was_approved_is_not_restored(
    changes: dict[str, str], said: str, world: CeremonyWorld
) -> None:
    request = world.come_to_copied()
    world.copies.changes = changes
    with pytest.raises(ApprovalVoidError, match=f"^{said}$"):
        _start(world, request)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"resource": ANOTHER}, "is not of the approved resource$", id="of another resource"),
        pytest.param({"resource_type": "Aurora"}, "is not of the approved resource$", id="of another type"),
        pytest.param(
            {"created_at": timedelta(minutes=-2)},
            "is of a backup of .* not the approved one$",
            id="of an older backup",
        ),
        pytest.param(
            {"created_at": timedelta(minutes=2)},
            "is of a backup of .* not the approved one$",
            id="of a younger backup",
        ),
        pytest.param(
            {"encryption_key": ANOTHER_KEY},
            "lies under arn:.* not under the key that",
            id="under another key",
        ),
        pytest.param({"encryption_key": None}, "lies under no key", id="under no key"),
        pytest.param(
            {"restore_metadata": {"Engine": "mysql"}},
            "tells settings of .* others than were approved$",
            id="with other settings",
        ),
        pytest.param({"status": "EXPIRED"}, "may not be restored: the recovery point is EXPIRED", id="that is expired"),
    ],
)
def test_a_copy_that_landed_is_looked_at_before_it_is_restored(
    changes: dict[str, Any], said: str, world: CeremonyWorld
) -> None:
    request = world.come_to_copied()
    [landed] = [point for (arn, _), point in world.points.points.items() if arn == COPIED_POINT]
    if "created_at" in changes:
        changes = {"created_at": landed.created_at + changes["created_at"]}
    if "restore_metadata" in changes:
        changes = {"restore_metadata": {**landed.restore_metadata, **changes["restore_metadata"]}}
    world.points.points[landed.arn, landed.vault] = replace(landed, **changes)
    with pytest.raises(ApprovalVoidError, match=f"^the recovery point that was copied back {said}"):
        _start(world, request)
    assert (world.restores.begun, world.kinds(request)[-1]) == ([], "copied-back")


def test_attack_30_a_copy_that_nobody_started_is_not_restored(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    facts = {"recovery_point": COPIED_POINT}
    world.keeper.record(world.kept(request), EntryKind.COPIED_BACK, facts=facts, at=world.now)
    with pytest.raises(ApprovalVoidError, match=r"^no copy back is recorded that could have made the recovery point$"):
        _start(world, request)
    assert world.restores.begun == []


def test_a_copy_that_is_gone_again_is_not_restored(world: CeremonyWorld) -> None:
    request = world.come_to_copied()
    world.points.points = {key: point for key, point in world.points.points.items() if key[0] != COPIED_POINT}
    with pytest.raises(ApprovalVoidError, match=r"^the recovery point that was copied back is not there any more$"):
        _start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize("days", [1, 13])
def test_an_execution_redriven_later_is_refused(days: int, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.later(days=days)
    with pytest.raises(ApprovalVoidError, match="expired"):
        _start(world, request)


def test_a_name_that_was_taken_meanwhile_ends_it_before_anything_is_intended(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.places.taken = {"payments-db-0200": RESTORED}
    with pytest.raises(ApprovalVoidError, match=f"the name payments-db-0200 is taken by {RESTORED}"):
        _start(world, request)
    assert (world.restores.begun, world.kinds(request)) == ([], ["ticket-entitles"])


def test_what_has_the_name_may_be_what_an_earlier_try_has_made(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _start(world, request)
    world.witness.is_down = False
    world.places.taken = {"payments-db-0200": RESTORED}
    assert _start(world, request).job == "restore-1"


def _rival(world: CeremonyWorld, request: str, *, seconds: int, outcome: str = "") -> OpenRequest:
    """A request for the same name that became open beside it, and was asked for so much later."""
    own = line_of(world.kept(request).sealed)
    rival = replace(
        own, id="r-bbbbbbbbbbbb", ticket="OPS-9", requested_at=own.requested_at + timedelta(seconds=seconds)
    )
    requests = CeremonyRequests(world.table)
    assert requests.open(rival)
    if outcome:
        requests.close(rival, outcome=outcome, is_ticket_free=True)
    return rival


def test_of_two_open_requests_for_one_name_the_later_is_refused_at_the_act(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    rival = _rival(world, request, seconds=-1)
    with pytest.raises(ApprovalVoidError, match=f"{rival.id} .* was asked for before it and becomes payments-db-0200"):
        _start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize(("seconds", "outcome"), [(1, ""), (-1, "denied")], ids=["later", "closed"])
def test_a_later_or_closed_request_for_the_name_stops_nobody(seconds: int, outcome: str, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _rival(world, request, seconds=seconds, outcome=outcome)
    assert _start(world, request).job == "restore-1"
