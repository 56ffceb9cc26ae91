"""Each verdict on a job, whole: what is logged, shown, and written into the evidence."""

from typing import Any

import pytest

from strongroom.domain.catalogue import ec2, fsx
from strongroom.domain.restores.jobs import (
    CopyBackJob,
    JobState,
    JobVerdict,
    RestoreJob,
    described_facts,
    faults_of,
    judge_copy_back,
    judge_made,
    judge_restore,
    unapproved_settings,
)
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.written import moment_text
from tests.builders.deciding.called import (
    RESTORED_SYSTEM,
    RESTORED_VOLUME,
    SNAPSHOT_POINT,
    SYSTEM,
    VOLUME,
    WAREHOUSE,
    a_called_request,
    a_volume_request,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import (
    COPIED_POINT,
    DATABASE,
    NOW,
    POINT,
    RESTORED,
    WORKLOAD_KEY,
    a_copy_back_job,
    a_request,
    a_restore_job,
)

WIDE = {"VpcSecurityGroupIds": '["sg-open"]', "DBSubnetGroupName": "public"}


def test_states_are_spelled_as_they_are_kept() -> None:
    assert [str(state) for state in JobState] == ["running", "between", "completed", "failed"]


@pytest.mark.parametrize(
    ("job", "verdict"),
    [
        (
            a_copy_back_job(state="CREATED"),
            JobVerdict(state=JobState.RUNNING, reason="the copy back is created", job="copy-1"),
        ),
        (
            a_copy_back_job(),
            JobVerdict(
                state=JobState.COMPLETED, reason=f"copied back as {COPIED_POINT}", job="copy-1", made=COPIED_POINT
            ),
        ),
        (
            a_copy_back_job(recovery_point=""),
            JobVerdict(
                state=JobState.FAILED,
                reason="copy job copy-1 ended COMPLETED: no recovery point is named",
                job="copy-1",
            ),
        ),
        (
            a_copy_back_job(state="PARTIAL", message="half of it"),
            JobVerdict(state=JobState.FAILED, reason="copy job copy-1 ended PARTIAL: half of it", job="copy-1"),
        ),
    ],
    ids=["running", "completed", "completed as nothing", "partial"],
)
def test_what_is_told_of_a_copy_back(job: CopyBackJob, verdict: JobVerdict) -> None:
    assert judge_copy_back(job) == verdict


def _failed(reason: str, made: str = RESTORED) -> JobVerdict:
    return JobVerdict(state=JobState.FAILED, reason=f"restore job restore-1 {reason}", job="restore-1", made=made)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"status": "PENDING"}, JobVerdict(state=JobState.RUNNING, reason="the restore is pending", job="restore-1")),
        (
            {"account": "333333333333"},
            _failed("is not the one that was approved: its account, recovery point or role differs"),
        ),
        ({"created": ""}, _failed("ended COMPLETED: nothing was created", made="")),
        ({"status": "ABORTED"}, _failed("ended ABORTED: nothing was created")),
        ({"status": "FAILED", "message": "no room", "created": ""}, _failed("ended FAILED: no room", made="")),
        (
            {"metadata": dict(a_request().metadata) | WIDE},
            _failed("did not use what was approved: dbsubnetgroupname, vpcsecuritygroupids"),
        ),
        ({"created": DATABASE}, _failed(f"made {DATABASE}, which is what was backed up, and nothing new", DATABASE)),
        (
            {"message": "One or more objects failed to be restored."},
            JobVerdict(
                state=JobState.COMPLETED,
                reason=f"restored as {RESTORED}, with faults: One or more objects failed to be restored.",
                job="restore-1",
                made=RESTORED,
                faults=("One or more objects failed to be restored.",),
            ),
        ),
    ],
    ids=["pending", "foreign", "nothing made", "aborted", "failed", "wide open", "the live one", "faults"],
)
def test_what_is_told_of_a_restore(changes: dict[str, Any], verdict: JobVerdict) -> None:
    assert judge_restore(a_restore_job(**changes), request=a_request(), recovery_point=POINT) == verdict


def test_what_a_job_does_not_say_is_empty() -> None:
    running = judge_restore(a_restore_job(status="RUNNING"), request=a_request(), recovery_point=POINT)
    assert (running.made, running.added, running.faults, a_restore_job().request) == ("", (), (), "")


@pytest.mark.parametrize(
    ("message", "is_fault"),
    [
        ("One or more objects failed to be restored.", True),
        ("There are no objects that match the restore.", True),
        ("3 Kubernetes objects failed to restore", True),
        ("all of it is back", False),
        ("", False),
    ],
)
def test_what_a_complete_job_did_not_do_is_told_by_its_message(message: str, *, is_fault: bool) -> None:
    """AWS Backup Developer Guide, "Restore S3 data using AWS Backup" and "Restore an Amazon EKS cluster"."""
    assert faults_of(a_restore_job(message=message)) == ((message,) if is_fault else ())


NOTED: dict[str, Any] = {"job": {"Id": "vol-1"}, "created": RESTORED_VOLUME}


@pytest.mark.parametrize(
    ("noted", "verdict"),
    [
        (
            NOTED,
            JobVerdict(
                state=JobState.COMPLETED, reason=f"restored as {RESTORED_VOLUME}", job="vol-1", made=RESTORED_VOLUME
            ),
        ),
        (
            NOTED | {"faults": ["one", "two"]},
            JobVerdict(
                state=JobState.COMPLETED,
                reason=f"restored as {RESTORED_VOLUME}, with faults: one; two",
                job="vol-1",
                made=RESTORED_VOLUME,
                faults=("one", "two"),
            ),
        ),
        (
            NOTED | {"job": {"Id": "vol-2"}},
            JobVerdict(
                state=JobState.FAILED, reason="vol-2 was written down as restored, and vol-1 was started", job="vol-1"
            ),
        ),
    ],
    ids=["as it was written down", "with faults", "of something else"],
)
def test_what_a_services_own_call_made_is_judged_as_it_was_written_down(
    noted: dict[str, Any], verdict: JobVerdict
) -> None:
    assert judge_made(noted, job="vol-1", call="ec2:CreateVolume") == verdict


def a_volume(**changes: Any) -> RestoreJob:
    """What EC2 tells of the volume that was approved: tagged with its request, and with the snapshot it is out of."""
    request = a_volume_request()
    made = {
        "id": "vol-0bb2bb2bb2bb2bb2b",
        "recovery_point": SNAPSHOT_POINT,
        "role": "",
        "created": RESTORED_VOLUME,
        "metadata": dict(request.metadata),
        "request": request.id,
    }
    return a_restore_job(**made | changes)


def a_system(**changes: Any) -> RestoreJob:
    """What FSx tells of the file system that was approved: it names no backup, and no security groups."""
    request = a_called_request()
    told = {key: value for key, value in request.metadata if key != "SecurityGroupIds"}
    made = {"id": "fs-0bb2bb2bb2bb2bb2b", "recovery_point": "", "created": RESTORED_SYSTEM, "metadata": told}
    return a_volume(**made | changes)


@pytest.mark.parametrize(
    ("job", "request_"),
    [(a_volume(), a_volume_request()), (a_system(), a_called_request())],
    ids=["a volume", "a file system, which tells no backup"],
)
def test_what_an_honest_call_made_is_the_approved(job: RestoreJob, request_: RestoreRequest) -> None:
    verdict = judge_restore(job, request=request_, recovery_point=request_.recovery_point)
    assert (verdict.state, verdict.made, verdict.added) == (JobState.COMPLETED, job.created, ())


@pytest.mark.parametrize(
    ("job", "request_"),
    [
        (a_volume(account="333333333333"), a_volume_request()),
        (a_volume(request="r-zzzzzzzz2345"), a_volume_request()),
        (a_volume(request=""), a_volume_request()),
        (a_volume(recovery_point=SNAPSHOT_POINT.replace("snap-0a", "snap-0c")), a_volume_request()),
        (a_volume(recovery_point=""), a_volume_request()),
        (a_system(recovery_point=SNAPSHOT_POINT), a_called_request()),
    ],
    ids=["another account", "another request", "no request", "another snapshot", "no snapshot", "a told backup"],
)
def test_what_a_call_made_that_was_not_approved_is_not(job: RestoreJob, request_: RestoreRequest) -> None:
    verdict = judge_restore(job, request=request_, recovery_point=request_.recovery_point)
    label = {fsx.SYSTEM_CALL: fsx.FILE_SYSTEM.label}.get(request_.call, ec2.VOLUME.label)
    reason = f"{label} {job.id} is not the one that was approved: its account, recovery point or request differs"
    assert (verdict.state, verdict.reason, verdict.made) == (JobState.FAILED, reason, job.created)


def test_a_call_adds_nothing_at_all_to_what_was_approved() -> None:
    request = a_volume_request()
    job = a_volume(metadata=dict(request.metadata) | {"MultiAttachEnabled": "false"})
    assert unapproved_settings(job, request=request) == ("multiattachenabled",)


def test_what_a_call_made_is_kept_with_the_request_that_it_is_tagged_with() -> None:
    job = a_volume(metadata={"Size": "64"})
    assert described_facts(job, request=a_volume_request()) == {
        "Id": job.id,
        "Status": "COMPLETED",
        "AccountId": PAYMENTS,
        "Request": job.request,
        "CreationDate": moment_text(NOW),
        "Metadata": {"Size": "64"},
    }


def a_raw(kind: str, resource: str) -> RestoreRequest:
    """What a person wrote word by word."""
    return a_request(kind="raw", resource_type=kind, resource=resource, metadata=(("a", "1"),), key=WORKLOAD_KEY)


DOCUMENTS = a_raw("DocumentDB", f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:a")
FILES = f"arn:aws:elasticfilesystem:{HOME}:{PAYMENTS}:file-system/fs-1"
CLUSTER = f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop"


@pytest.mark.parametrize(
    ("request_", "key", "value", "is_danger"),
    [
        (DOCUMENTS, "KmsKeyId", WORKLOAD_KEY, True),
        (DOCUMENTS, "KmsKeyId", "", False),
        (DOCUMENTS, "EngineVersion", "5.0.0", False),
        (DOCUMENTS, "EndpointPublic", "true", True),
        (DOCUMENTS, "EndpointPublic", "False", False),
        (a_raw("VirtualMachine", VOLUME), "RestoreTo", "somewhere", False),
    ],
)
def test_what_a_job_adds_to_what_a_person_wrote_is_judged_by_its_name(
    request_: RestoreRequest, key: str, value: str, *, is_danger: bool
) -> None:
    job = a_restore_job(metadata={"a": "1", key: value})
    assert unapproved_settings(job, request=request_) == ((key.lower(),) if is_danger else ())


@pytest.mark.parametrize(
    ("kind", "resource", "key", "value", "is_danger"),
    [
        pytest.param("RDS", DATABASE, "DeletionProtection", "true", False, id="as it is always sent"),
        pytest.param("RDS", DATABASE, "DeletionProtection", "false", False, id="off"),
        pytest.param("RDS", DATABASE, "DeletionProtection", "maybe", True, id="neither"),
        pytest.param("RDS", DATABASE, "PubliclyAccessible", "", False, id="nothing"),
        pytest.param("RDS", DATABASE, "DBSubnetGroupName", "[]", True, id="an empty list where none is meant"),
        pytest.param("RDS", DATABASE, "SomeNewRole", "x", False, id="unknown to a kind that is often tried"),
        pytest.param("FSx", SYSTEM, "LustreConfiguration", "null", False, id="no such mapping"),
        pytest.param("FSx", SYSTEM, "LustreConfiguration", "[]", False, id="an empty mapping"),
        pytest.param("EKS", CLUSTER, "SomeNewRole", "x", True, id="unknown to a kind that is rarely tried"),
        pytest.param("EKS", CLUSTER, "SomeNewThing", "x", False, id="unknown and harmless by its name"),
        pytest.param("EFS", FILES, "newFileSystem", "true", True, id="something new where nobody said so"),
        pytest.param("Redshift", WAREHOUSE, "RestoreType", "CLUSTER_RESTORE", False, id="as it is always sent, too"),
        pytest.param("Redshift", WAREHOUSE, "RestoreType", "NAMESPACE_RESTORE", True, id="as it is never sent"),
        pytest.param("Tape", SYSTEM, "SomeNewRole", "x", False, id="of no kind"),
    ],
)
def test_what_a_job_adds_by_itself_is_judged_by_what_is_known_of_the_key(
    kind: str, resource: str, key: str, value: str, *, is_danger: bool
) -> None:
    request = a_request(resource_type=kind, resource=resource, metadata=(("a", "1"),), key=WORKLOAD_KEY)
    job = a_restore_job(metadata={"a": "1", key: value})
    assert unapproved_settings(job, request=request) == ((key.lower(),) if is_danger else ())
