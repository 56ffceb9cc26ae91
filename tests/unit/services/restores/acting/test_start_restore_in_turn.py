"""Of what AWS restores so many of at once, a restore is started in its turn, and nothing is written before."""

from typing import Any

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.landing import consequences
from strongroom.services.restores.acting.start_restore import start_restore
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


def test_a_database_of_rds_waits_for_nobody(world: CeremonyWorld) -> None:
    world.restores.others = [str(each) for each in range(9)]
    assert _start(world, world.come_to_approval()).job == "restore-1"
