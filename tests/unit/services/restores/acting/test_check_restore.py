"""A restore is looked at until it ends, and held against what was approved."""

from typing import Any

import pytest

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, NotFoundError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.jobs import JobState, JobVerdict, RestoreJob
from strongroom.services.restores.acting.check_restore import check_restore
from tests.builders.restores import CENTRAL_POINT, POINT, RESTORED, ROLE
from tests.fakes.restores.world import CeremonyWorld


def _check(world: CeremonyWorld, request: str, *, execution: str = "") -> JobVerdict:
    execution = execution or world.execution(request)
    return check_restore(request, execution=execution, needs=world.checking_restore, now=world.now)


def test_a_restore_that_runs_is_waited_for(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    assert _check(world, request).state is JobState.RUNNING
    assert world.kinds(request)[-1] == "restore-started"


def test_a_restore_that_is_complete_is_written_down_as_aws_describes_it(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    assert _check(world, request).made == RESTORED
    facts = world.kept(request).last(EntryKind.RESTORED) or {}
    assert facts["created"] == RESTORED
    assert {name: facts["job"][name] for name in ("Status", "RecoveryPointArn", "IamRoleArn")} == {
        "Status": "COMPLETED",
        "RecoveryPointArn": POINT,
        "IamRoleArn": ROLE,
    }


def test_what_the_job_used_unasked_is_written_down(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    approved = dict(world.kept(request).sealed.request.metadata)
    world.restores.states, world.restores.used = ["COMPLETED"], approved | {"StorageThroughput": "125"}
    _check(world, request)
    assert (world.kept(request).last(EntryKind.RESTORED) or {})["added"] == ["storagethroughput"]


@pytest.mark.parametrize(
    ("message", "is_faulty"),
    [
        ("One or more objects failed to be restored.", True),
        ("ONE OR MORE OBJECTS FAILED TO BE RESTORED", True),
        ("There are no objects that match the specified prefix", True),
        ("One or more Kubernetes objects failed to restore. See the job's details.", True),
        ("", False),
        ("Restore completed", False),
    ],
)
def test_what_a_completed_job_did_not_do_is_kept(message: str, world: CeremonyWorld, *, is_faulty: bool) -> None:
    """AWS Backup Developer Guide, "Restore S3 data using AWS Backup" and "Restore an Amazon EKS cluster": COMPLETED."""
    request = world.come_to_restore()
    world.restores.states, world.restores.message = ["COMPLETED"], message
    verdict = _check(world, request)
    assert (verdict.made, verdict.faults) == (RESTORED, (message,) if is_faulty else ())
    facts = world.kept(request).last(EntryKind.RESTORED) or {}
    assert facts.get("faults") == ([message] if is_faulty else None)


def test_it_is_written_down_once(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    _check(world, request)
    _check(world, request)
    assert world.kinds(request).count("restored") == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"account": "555555555555"}, id="another account"),
        pytest.param({"recovery_point": CENTRAL_POINT}, id="another recovery point"),
        pytest.param({"role": "arn:aws:iam::222222222222:role/Admin"}, id="another role"),
    ],
)
def test_a_job_that_is_not_the_approved_one_is_a_failure(changes: dict[str, Any], world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states, world.restores.changes = ["COMPLETED"], changes
    with pytest.raises(RestoreFailedError, match="not the one that was approved"):
        _check(world, request)


def test_a_job_that_used_other_settings_is_a_failure(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states, world.restores.used = ["COMPLETED"], {"DBInstanceIdentifier": "another"}
    with pytest.raises(RestoreFailedError, match="did not use what was approved"):
        _check(world, request)


@pytest.mark.parametrize("status", ["FAILED", "ABORTED", "PARTIAL"])
def test_any_other_end_is_a_failure(status: str, world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    world.restores.states, world.restores.message = [status], "no capacity"
    with pytest.raises(RestoreFailedError, match="no capacity"):
        _check(world, request)


def test_without_a_restore_there_is_nothing_to_look_at(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    with pytest.raises(ApprovalVoidError, match=r"^no restore was started for this request$"):
        _check(world, request)


def test_a_job_of_aws_backup_that_is_not_there_is_gone_at_once(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(job_id: str, **_: Any) -> RestoreJob:
        raise NotFoundError(f"restore job {job_id} is not there")

    request = world.come_to_restore()
    monkeypatch.setattr(world.restores, "describe", gone)
    with pytest.raises(NotFoundError, match="is not there"):
        _check(world, request)


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    with pytest.raises(ForeignExecutionError):
        _check(world, request, execution="arn:other:by-hand")
