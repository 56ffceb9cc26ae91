"""A restore by two copies: the first into the vault between, the second on into the account, each once."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalVoidError,
    CopyBackFailedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.restores.ends.standing import BETWEEN, EndState
from strongroom.domain.restores.jobs import JobState, JobVerdict
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.services.restores.acting.start_copy_back import start_copy_back
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.ends.begin_end import begin_end
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.builders.intents import with_restores
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME,
    REPLICA_REGION,
    REPLICA_VAULT,
    TEMPORARY_VAULT,
)
from tests.builders.restores import (
    BETWEEN_POINT,
    CENTRAL_POINT,
    COPIED_POINT,
    PROFILE,
    RESTORE_KEY,
    a_landing_vault,
    a_recovery_point,
    a_wish,
)
from tests.fakes.carrying.machine import Carried
from tests.fakes.restores.world import CeremonyWorld

THERE = TEMPORARY_VAULT.replace(HOME, REPLICA_REGION)
TO_THE_END = [
    "ticket-entitles",
    "copy-through-intended",
    "copy-through-started",
    "copied-through",
    "copy-back-intended",
    "copy-back-started",
    "copied-back",
]


@pytest.fixture
def far(world: CeremonyWorld) -> CeremonyWorld:
    """The ceremony, with plans and a profile in another Region, and a vault of copies there."""
    organization = replace(world.intent.organization, governed_regions=(HOME, REPLICA_REGION))
    intent: Intent = replace(world.intent, organization=organization)
    wide = CeremonyWorld(with_restores(intent, profiles=(PROFILE, replace(PROFILE, region=REPLICA_REGION))))
    landed = a_recovery_point(arn=COPIED_POINT, vault=THERE, encryption_key=RESTORE_KEY)
    wide.points.points[COPIED_POINT, THERE] = landed
    wide.points.vault = a_landing_vault(arn=THERE)
    return wide


def come_to_approval(world: CeremonyWorld) -> str:
    """A request for two copies out of the central vault into the other Region, approved; its id."""
    return world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT, region=REPLICA_REGION, in_two_copies=True))


def start(world: CeremonyWorld, request: str) -> str:
    return start_copy_back(request, execution=world.execution(request), needs=world.copying, now=world.now).job


def check(world: CeremonyWorld, request: str, state: str = "COMPLETED") -> JobVerdict:
    world.copies.states = [state]
    return check_copy_back(request, execution=world.execution(request), needs=world.checking_copy, now=world.now)


def come_between(world: CeremonyWorld) -> str:
    """The same, of which the first copy has arrived."""
    request = come_to_approval(world)
    start(world, request)
    check(world, request)
    return request


def come_back(world: CeremonyWorld) -> str:
    """The same, of which both have."""
    request = come_between(world)
    start(world, request)
    check(world, request)
    return request


def test_the_request_names_the_vault_between_and_people_read_of_both_copies(far: CeremonyWorld) -> None:
    request = far.kept(come_to_approval(far)).sealed.request
    assert (request.plan, request.vault, request.through_vault) == ("copy-back", CENTRAL_VAULT, REPLICA_VAULT)
    assert request.temporary_vault == THERE
    assert consequences(request)[0] == (
        "It is copied twice: out of eu-west-1 into replica-backup-vault of the backup account in eu-central-1, and "
        f"from there to its own account. The copy between expires on "
        f"{request.recovery_point_created_at + request.through_kept_for:%Y-%m-%d}, and nobody deletes it before."
    )
    lock = far.intent.vaults["replica"].lock
    assert lock is not None
    assert not isinstance(lock, str)
    assert request.through_kept_for.days >= lock.min_retention_days
    [way] = [row.way_of(CENTRAL_POINT, CENTRAL_VAULT) for row in request.candidates.rows]  # type: ignore[union-attr]
    assert way is not None
    assert way.plan == "other-region-in-two"


def test_the_second_copy_follows_the_first_and_the_restore_follows_both(far: CeremonyWorld) -> None:
    request = come_to_approval(far)
    assert start(far, request) == "copy-1"
    assert check(far, request, "RUNNING").state is JobState.RUNNING
    found = check(far, request)
    assert (found.state, found.made) == (JobState.BETWEEN, BETWEEN_POINT)
    assert found.reason == f"copied through the vault between as {BETWEEN_POINT}"
    assert start(far, request) == "copy-2"
    found = check(far, request)
    assert (found.state, found.made) == (JobState.COMPLETED, COPIED_POINT)
    assert far.copies.begun == [CENTRAL_POINT, BETWEEN_POINT]
    assert [hop.destination for hop in far.copies.hops.values()] == [REPLICA_VAULT, THERE]
    assert far.kinds(request) == TO_THE_END
    start_restore(request, execution=far.execution(request), needs=far.restoring, now=far.now)
    assert far.restores.begun == [COPIED_POINT]


def test_the_state_machine_comes_back_to_the_second_copy_by_looking_alone(far: CeremonyWorld) -> None:
    """No event tells it of either: it waits and describes, ten minutes at most in between."""
    request = come_to_approval(far)
    carried = Carried(far, far.execution(request), request)
    carried.go_on()
    assert (carried.state, far.copies.begun) == ("CheckCopyBack", [CENTRAL_POINT])
    far.copies.states = ["RUNNING", "COMPLETED"]
    for _ in range(3):
        far.later(minutes=10)
        carried.go_on()
    assert far.copies.begun == [CENTRAL_POINT, BETWEEN_POINT]
    assert far.kinds(request)[: len(TO_THE_END)] == TO_THE_END
    assert (carried.state, far.restores.begun) == ("CheckRestore", [COPIED_POINT])


def test_steps_that_are_taken_again_start_and_write_nothing_twice(far: CeremonyWorld) -> None:
    """An execution that is retried asks again at any place."""
    request = come_to_approval(far)
    for job, state in (("copy-1", JobState.BETWEEN), ("copy-2", JobState.COMPLETED)):
        assert [start(far, request), start(far, request)] == [job, job]
        assert [check(far, request).state, check(far, request).state] == [state, state]
    assert start(far, request) == "copy-2"
    assert (len(far.copies.hops), far.kinds(request)) == (2, TO_THE_END)


@pytest.mark.parametrize("come_to", [come_to_approval, come_between], ids=["first", "second"])
def test_killed_between_call_and_record_the_same_job_is_found(
    come_to: Callable[[CeremonyWorld], str], far: CeremonyWorld
) -> None:
    request = come_to(far)
    before = len(far.copies.hops)
    far.copies.dies_after = True
    with pytest.raises(TemporarilyUnavailableError):
        start(far, request)
    far.copies.dies_after = False
    start(far, request)
    assert len(far.copies.hops) == before + 1
    assert far.kinds(request).count("copy-back-intended" if before else "copy-through-intended") == 1


@pytest.mark.parametrize("state", ["FAILED", "ABORTED", "PARTIAL"])
def test_where_the_first_copy_fails_no_second_is_started(state: str, far: CeremonyWorld) -> None:
    request = come_to_approval(far)
    start(far, request)
    far.copies.message, far.copies.changes = "the vault refused it", {"recovery_point": ""}
    with pytest.raises(CopyBackFailedError, match="the vault refused it"):
        check(far, request, state)
    assert not far.kept(request).has(EntryKind.COPIED_THROUGH)
    start(far, request)
    assert len(far.copies.hops) == 1


@pytest.mark.parametrize("come_to", [come_to_approval, come_between], ids=["before", "between"])
def test_a_denial_ends_it_wherever_it_is(come_to: Callable[[CeremonyWorld], str], far: CeremonyWorld) -> None:
    request = come_to(far)
    before = list(far.copies.begun)
    far.sign(request, "sana", Decision.DENY)
    with pytest.raises(ApprovalVoidError):
        start(far, request)
    assert far.copies.begun == before


def _forge(world: CeremonyWorld, request: str) -> None:
    facts = {"job": "copy-1", "recovery_point": CENTRAL_POINT}
    world.keeper.record(world.kept(request), EntryKind.COPIED_THROUGH, facts=facts, at=world.now)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(
            _forge,
            "^the copy through the vault between did not make the recovery point that is recorded$",
            id="another point was written down",
        ),
        pytest.param(
            lambda world, _: world.copies.changes.update(destination=CENTRAL_VAULT),
            "^the copy through the vault between was made of something else, or to somewhere else$",
            id="its job went elsewhere",
        ),
        pytest.param(
            lambda world, _: world.points.points.pop((BETWEEN_POINT, REPLICA_VAULT)),
            "^the recovery point in the vault between is not there any more$",
            id="it is gone",
        ),
        pytest.param(
            lambda world, _: world.points.points.update(
                {(BETWEEN_POINT, REPLICA_VAULT): a_recovery_point(resource=f"{CENTRAL_POINT}-2", vault=REPLICA_VAULT)}
            ),
            "^the recovery point in the vault between is not of the approved resource$",
            id="it is of something else",
        ),
    ],
)
def test_attack_13_what_lies_between_is_looked_at_before_it_is_copied_on(
    change: Callable[[CeremonyWorld, str], Any], why: str, far: CeremonyWorld
) -> None:
    request = come_between(far)
    change(far, request)
    with pytest.raises(ApprovalVoidError, match=why):
        start(far, request)
    assert far.copies.begun == [CENTRAL_POINT]


NO_FIRST = "^no copy through the vault between is recorded that could be copied back$"


def test_attack_13_a_first_copy_that_nobody_started_is_not_copied_on(far: CeremonyWorld) -> None:
    """Mallory, who may write entries, tells of a copy in the vault between."""
    request = come_to_approval(far)
    _forge(far, request)
    with pytest.raises(ApprovalVoidError, match=NO_FIRST):
        start(far, request)
    assert far.copies.begun == []


def test_attack_13_what_was_copied_back_past_the_vault_between_is_not_restored(far: CeremonyWorld) -> None:
    """Mallory tells of a second copy before the first has arrived."""
    request = come_to_approval(far)
    start(far, request)
    for kind, facts in (
        (EntryKind.COPY_BACK_STARTED, {"job": "copy-1"}),
        (EntryKind.COPIED_BACK, {"recovery_point": COPIED_POINT}),
    ):
        far.keeper.record(far.kept(request), kind, facts=facts, at=far.now)
    with pytest.raises(ApprovalVoidError, match=NO_FIRST):
        start_restore(request, execution=far.execution(request), needs=far.restoring, now=far.now)
    assert far.restores.begun == []


def test_attack_13_a_second_copy_that_nobody_started_is_not_restored(far: CeremonyWorld) -> None:
    """Its job names another source than what the first copy has made."""
    request = come_back(far)
    far.copies.hops["copy-2"] = replace(far.copies.hops["copy-2"], recovery_point=CENTRAL_POINT)
    with pytest.raises(ApprovalVoidError, match="the copy back was made of something else"):
        start_restore(request, execution=far.execution(request), needs=far.restoring, now=far.now)
    assert far.restores.begun == []


def test_a_vault_that_the_intent_has_no_more_takes_no_copy(far: CeremonyWorld) -> None:
    request = come_to_approval(far)
    moved = replace(far.intent.vaults["replica"], name="another-vault")
    far.intent = replace(far.intent, vaults={**far.intent.vaults, "replica": moved})
    with pytest.raises(RestoreRefusedError, match="no vault in eu-central-1 through which"):
        start(far, request)
    assert far.copies.begun == []


def test_each_copy_is_an_open_end_that_is_closed_by_looking(far: CeremonyWorld) -> None:
    request = come_back(far)
    landed = begin_end(far.kept(request), needs=far.following, now=far.now)
    between = far.following.ends.end_of(request, BETWEEN)
    assert landed is not None
    assert between is not None
    assert (landed.source, landed.vault, landed.job, landed.account) == (
        BETWEEN_POINT,
        THERE,
        "copy-2",
        a_wish().account,
    )
    assert (between.source, between.vault, between.job) == (CENTRAL_POINT, REPLICA_VAULT, "copy-1")
    assert (between.account, between.region, between.owner) == (BACKUP_ACCOUNT, REPLICA_REGION, "idp|omar")
    sealed = far.kept(request).sealed.request
    assert between.expires_at == sealed.recovery_point_created_at + sealed.through_kept_for
    for _ in range(2):
        between = look_at_end(between, needs=far.following, now=far.now)
    assert (between.state, between.recovery_point) == (EndState.OPEN, BETWEEN_POINT)
    del far.points.points[BETWEEN_POINT, REPLICA_VAULT]
    for _ in range(2):
        between = look_at_end(between, needs=far.following, now=between.gone_by)
    assert between.state is EndState.GONE
    assert far.following.ends.end_of(request, BETWEEN) == between


def test_what_the_first_copy_left_is_followed_where_there_was_no_second(far: CeremonyWorld) -> None:
    request = come_between(far)
    far.close(request, error="ApprovalVoidError")
    landed = begin_end(far.kept(request), needs=far.following, now=far.now)
    between = far.following.ends.end_of(request, BETWEEN)
    assert landed is not None
    assert between is not None
    assert (landed.state, between.state) == (EndState.NOTHING, EndState.ARRIVING)


def test_a_copy_between_that_is_not_gone_in_time_is_told(far: CeremonyWorld) -> None:
    request = come_back(far)
    begin_end(far.kept(request), needs=far.following, now=far.now)
    between = far.following.ends.end_of(request, BETWEEN)
    assert between is not None
    for _ in range(2):
        between = look_at_end(between, needs=far.following, now=far.now)
    assert not between.is_overdue(between.gone_by)
    assert between.is_overdue(between.gone_by + (between.gone_by - between.expires_at))
    assert between.alert.account == BACKUP_ACCOUNT
    assert "replica-backup-vault" in between.alert.reason
