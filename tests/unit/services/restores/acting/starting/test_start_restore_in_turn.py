"""Of what AWS restores so many of at once, a restore is started in its turn, and nothing is written before."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.arriving.landing import consequences
from strongroom.domain.written import moment_text
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.deciding.candidates import a_listed_point
from tests.builders.intents import with_restores
from tests.builders.places import HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import RESTORE_KEY, a_recovery_point, a_ticket, a_wish
from tests.fakes.restores.world import CeremonyWorld

POINT = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:5d1c7f0e-0000-4000-8000-00000000d5a1"
CLUSTER = f"arn:aws:dsql:{HOME}:{PAYMENTS}:cluster/abcdefghijklmnopqrstuvwxyz"
KIND = {"arn": POINT, "resource": CLUSTER, "resource_type": "Aurora DSQL"}


@pytest.fixture
def request_id(world: CeremonyWorld) -> str:
    """A restore of a cluster of DSQL, which two have approved."""
    usual = ApprovalRule(unit="Production", group="approvers", needed=1)
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    world.intent = with_restores(world.intent, rules=(usual, grave))
    told = {"cluster_id": "abcdefghijklmnopqrstuvwxyz", "backup_size_bytes": "11843843"}
    world.points.points[POINT, LOCAL_VAULT] = a_recovery_point(**KIND, restore_metadata=told)
    world.finding.lists.points = [a_listed_point(**KIND)]
    world.tickets.ticket = a_ticket(resources=(CLUSTER,), summary="Restore the cluster to 02:00")
    made = world.come_to_approval(a_wish(recovery_point=POINT, target_name=""))
    world.sign(made, "sana")
    return made


def _start(world: CeremonyWorld, request: str) -> Any:
    return start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def test_what_is_asked_for_is_elevated_of_one_region_protected_and_under_a_key_of_the_profile(
    world: CeremonyWorld, request_id: str
) -> None:
    request = world.kept(request_id).sealed.request
    assert dict(request.metadata) == {
        "regionalConfig": f'[{{"isDeletionProtectionEnabled":true,"kmsKeyId":"{RESTORE_KEY}","region":"{HOME}"}}]',
        "useMultiRegionOrchestration": "false",
    }
    assert request.risks == ("elevated", "rarely-tried", "steps-after")
    assert request.key == RESTORE_KEY
    assert "At most 3 of Aurora DSQL are restored at once: it waits for its turn." in consequences(request)


def test_while_as_many_run_as_are_ours_it_waits_and_nothing_is_written(world: CeremonyWorld, request_id: str) -> None:
    world.restores.others = ["one", "two", "three"]
    before = world.kinds(request_id)
    with pytest.raises(TemporarilyUnavailableError, match="it waits for its turn: 3 of Aurora DSQL are being restored"):
        _start(world, request_id)
    assert (world.kinds(request_id), world.restores.begun) == (before, [])
    gates = show_restore(request_id, needs=world.showing, now=world.now).gates
    assert "its start, in its turn: at most 3 of Aurora DSQL at once" in [gate.text for gate in gates]
    world.restores.others = ["two", "three"]
    _start(world, request_id)
    assert world.restores.begun == [POINT]


def test_what_was_started_is_not_held_up_by_itself(world: CeremonyWorld, request_id: str) -> None:
    """It was started and nobody lived to say so: by now it is one of those that run."""
    world.restores.dies = "after"
    with pytest.raises(TemporarilyUnavailableError, match="the answer was lost"):
        _start(world, request_id)
    world.restores.dies = ""
    world.restores.others = ["one", "two", *world.restores.known]
    assert _start(world, request_id).job == world.restores.known[0]


def test_a_database_of_rds_waits_for_nobody_and_nothing_is_listed_for_it(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(type(world.restores), "running")
    assert _start(world, world.come_to_approval()).job == "restore-1"


def _fail(world: CeremonyWorld, request: str, *, dies: str) -> None:
    world.restores.dies = dies
    with pytest.raises(TemporarilyUnavailableError):
        _start(world, request)
    world.restores.dies = ""


def test_one_that_aws_refused_as_one_too_many_waits_for_its_turn_again(world: CeremonyWorld, request_id: str) -> None:
    """Two looked at once and saw each other not: the second was witnessed and refused, and loses nothing."""
    _fail(world, request_id, dies="too many")
    world.restores.others = ["one", "two", "three"]
    for minutes in (1, 60):
        world.now += timedelta(minutes=minutes)
        with pytest.raises(TemporarilyUnavailableError, match="it waits for its turn"):
            _start(world, request_id)
    world.restores.others = []
    _start(world, request_id)
    assert world.restores.begun == [POINT]
    assert world.kinds(request_id)[-4:] == [
        EntryKind.RESTORE_INTENDED,
        EntryKind.RESTORE_THROTTLED,
        EntryKind.RESTORE_INTENDED,
        EntryKind.RESTORE_STARTED,
    ]
    told = world.kept(request_id).last(EntryKind.RESTORE_THROTTLED)
    assert told == {"reason": "StartRestoreJob answered LimitExceededException"}


def test_one_that_was_refused_looks_first_whether_its_name_is_free(world: CeremonyWorld) -> None:
    """The refused try has not taken it."""
    request = world.come_to_approval()
    _fail(world, request, dies="too many")
    world.places.taken = {"payments-db-0200": "arn:aws:rds:eu-west-1:222222222222:db:payments-db-0200"}
    with pytest.raises(ApprovalVoidError, match="payments-db-0200"):
        _start(world, request)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param("before", "too many", id="the one before got no answer"),
        pytest.param("too many", "before", id="the one after got no answer"),
    ],
)
def test_a_refusal_says_nothing_of_another_try(world: CeremonyWorld, request_id: str, first: str, then: str) -> None:
    for dies in (first, then):
        _fail(world, request_id, dies=dies)
    world.now += timedelta(minutes=11)
    with pytest.raises(RestoreFailedError, match="it cannot be told"):
        _start(world, request_id)
    assert world.restores.begun == []


def test_a_try_after_a_refused_one_has_its_own_ten_minutes(world: CeremonyWorld, request_id: str) -> None:
    _fail(world, request_id, dies="too many")
    world.now += timedelta(minutes=30)
    _fail(world, request_id, dies="before")
    assert _start(world, request_id).job == "restore-1"


def test_what_another_try_has_started_meanwhile_is_found_after_a_refusal(world: CeremonyWorld, request_id: str) -> None:
    _fail(world, request_id, dies="too many")
    world.restores.known = ["restore-1"]
    world.restores.others = ["restore-1", "two", "three"]
    assert _start(world, request_id).job == "restore-1"
    assert world.restores.begun == []


def test_the_more_often_it_is_refused_the_longer_it_waits(world: CeremonyWorld, request_id: str) -> None:
    """Each try writes two entries, which a day of refusals must not make too many to read."""
    world.restores.dies = "too many"
    for _ in range(120):
        with pytest.raises(TemporarilyUnavailableError):
            _start(world, request_id)
        world.now += timedelta(seconds=30)
    assert world.kinds(request_id).count(EntryKind.RESTORE_THROTTLED) == 12


def test_after_the_second_refusal_it_pauses_and_says_until_when(world: CeremonyWorld, request_id: str) -> None:
    for _ in range(2):
        _fail(world, request_id, dies="too many")
    again = moment_text(world.now + timedelta(minutes=1))
    said = f"^it waits for its turn: AWS refused it 2 times as one too many, and is asked again at {again}$"
    with pytest.raises(TemporarilyUnavailableError, match=said):
        _start(world, request_id)
