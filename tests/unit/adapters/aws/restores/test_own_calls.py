"""A restore by FSx's own call, against a client that answers as boto3 does."""

import json
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.restores.own_calls import MemberCallJobs, MemberCallStarter
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.requests import RestoreRequest, act_token
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.deciding.called import CALL, RESTORED_SYSTEM, SYSTEM_POINT, WRITTEN, a_called_request
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request
from tests.fakes.restores.own_calls import Accounts, Others, refused

MADE = RESTORED_SYSTEM.rpartition("/")[2]


@dataclass
class Fsx:
    """What is made, and what there is."""

    systems: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""

    def create_file_system_from_backup(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(parameters)
        if self.refusal:
            raise refused(self.refusal, "CreateFileSystemFromBackup")
        return {"FileSystem": {"FileSystemId": MADE, "Lifecycle": "CREATING"}}

    def describe_file_systems(self, FileSystemIds: list[str]) -> dict[str, Any]:  # noqa: N803
        found = [each for each in self.systems if each["FileSystemId"] in FileSystemIds]
        if not found:
            raise refused("FileSystemNotFound", "DescribeFileSystems")
        return {"FileSystems": found}

    def get_paginator(self, _: str) -> "Fsx":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"FileSystems": [each]} for each in self.systems]


def a_system(**changes: Any) -> dict[str, Any]:
    """What FSx tells of what was made; of its groups nothing, and of its record more than was asked."""
    return {
        "FileSystemId": MADE,
        "ResourceARN": RESTORED_SYSTEM,
        "OwnerId": PAYMENTS,
        "CreationTime": NOW,
        "Lifecycle": "AVAILABLE",
        "SubnetIds": ["subnet-0r1", "subnet-0r2"],
        "KmsKeyId": WRITTEN["KmsKeyId"],
        "StorageType": "SSD",
        "OpenZFSConfiguration": json.loads(WRITTEN["OpenZFSConfiguration"]) | {"RootVolumeId": "fsvol-1"},
        "Tags": [{"Key": "strongroom-restore", "Value": a_request().id}],
    } | changes


def jobs_of(*systems: dict[str, Any]) -> MemberCallJobs:
    return MemberCallJobs(Accounts(Fsx(list(systems))), otherwise=Others())


def start(places: Accounts[Fsx], request: RestoreRequest, *, point: str = SYSTEM_POINT) -> str:
    return MemberCallStarter(places, otherwise=Others()).start_job(request, recovery_point=point)


def test_the_call_is_made_with_what_was_approved_and_with_what_names_backup_and_request() -> None:
    places = Accounts(Fsx())
    assert start(places, a_called_request()) == MADE
    assert places.given.calls == [
        {
            "BackupId": "backup-0aa1aa1aa1aa1aa1a",
            "ClientRequestToken": act_token(a_called_request()),
            "Tags": [{"Key": "strongroom-restore", "Value": "r-abcdefgh2345"}],
            "SubnetIds": ["subnet-0r1", "subnet-0r2"],
            "SecurityGroupIds": ["sg-0a1"],
            "KmsKeyId": WRITTEN["KmsKeyId"],
            "StorageType": "SSD",
            "OpenZFSConfiguration": json.loads(WRITTEN["OpenZFSConfiguration"]),
        }
    ]
    assert places.asked == [("fsx", PAYMENTS, HOME)]
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_attack_20_the_session_may_make_this_call_out_of_this_backup_and_nothing_else() -> None:
    places = Accounts(Fsx())
    start(places, a_called_request())
    calling, tagging, encrypting = json.loads(places.policy)["Statement"]
    made = f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/*"
    assert calling == {"Effect": "Allow", "Action": [CALL], "Resource": [SYSTEM_POINT, made]}
    assert tagging == {"Effect": "Allow", "Action": ["fsx:TagResource"], "Resource": [made]}
    assert encrypting["Resource"] == [WRITTEN["KmsKeyId"]]
    assert {each.partition(":")[0] for each in encrypting["Action"]} == {"kms"}
    assert encrypting["Condition"] == {"StringLike": {"kms:ViaService": "fsx.*"}}


@pytest.mark.parametrize("wild", ["*", "?", "${aws:PrincipalTag/ticket}"])
@pytest.mark.parametrize("what", ["recovery point", "key"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(what: str, wild: str) -> None:
    places = Accounts(Fsx())
    key = WRITTEN["KmsKeyId"] + (wild if what == "key" else "")
    request = a_called_request(metadata=tuple(sorted((WRITTEN | {"KmsKeyId": key}).items())))
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        start(places, request, point=SYSTEM_POINT + (wild if what == "recovery point" else ""))
    assert (places.asked, places.given.calls) == ([], [])


@pytest.mark.parametrize("call", ["fsx:DeleteFileSystem", "fsx:CreateFileSystem", ""])
def test_no_other_call_is_made(call: str) -> None:
    places = Accounts(Fsx())
    with pytest.raises(ApprovalVoidError, match="no call that is made here"):
        start(places, a_called_request(call=call))
    assert (places.asked, places.given.calls) == ([], [])


@pytest.mark.parametrize("code", ["BackupNotFound", "IncompatibleParameterError", "ServiceLimitExceeded"])
def test_what_fsx_refuses_ends_the_request(code: str) -> None:
    with pytest.raises((RestoreFailedError, NotFoundError)):
        start(Accounts(Fsx(refusal=code)), a_called_request())


def test_every_other_request_goes_to_aws_backup() -> None:
    places, request = Accounts(Fsx()), a_request()
    jobs = MemberCallJobs(places, otherwise=Others())
    assert start(places, request) == f"job of {request.id} out of {SYSTEM_POINT}"
    assert jobs.describe("j", request=request).id == "j"
    assert jobs.started(request, recovery_point="p", since=NOW) == (request.id, "p", str(NOW))
    assert places.asked == []


def test_what_was_made_is_told_as_a_job_in_the_letters_of_what_was_approved() -> None:
    told = {name: value for name, value in WRITTEN.items() if name != "SecurityGroupIds"}
    assert jobs_of(a_system()).describe(MADE, request=a_called_request()) == RestoreJob(
        id=MADE,
        account=PAYMENTS,
        recovery_point="",
        role="",
        created_at=NOW,
        status="COMPLETED",
        message="",
        created=RESTORED_SYSTEM,
        metadata=told,
        request=a_request().id,
    )


@pytest.mark.parametrize(
    ("lifecycle", "status"),
    [("CREATING", "RUNNING"), ("UPDATING", "RUNNING"), ("FAILED", "FAILED"), ("MISCONFIGURED", "MISCONFIGURED")],
)
def test_its_lifecycle_is_told_in_the_words_of_a_job(lifecycle: str, status: str) -> None:
    system = a_system(Lifecycle=lifecycle, FailureDetails={"Message": "no addresses left"})
    job = jobs_of(system).describe(MADE, request=a_called_request())
    assert (job.status, job.message) == (status, "no addresses left")


@pytest.mark.parametrize("tags", [[], [{"Key": "Name", "Value": "r-abcdefgh2345"}]], ids=["none", "another"])
def test_what_is_not_tagged_is_nobodys(tags: list[dict[str, str]]) -> None:
    assert jobs_of(a_system(Tags=tags)).describe(MADE, request=a_called_request()).request == ""


def test_what_is_gone_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        jobs_of().describe(MADE, request=a_called_request())


def test_what_may_have_been_made_is_found_by_tag_and_time() -> None:
    request = a_called_request()
    others = [
        a_system(FileSystemId="fs-early", CreationTime=NOW - timedelta(seconds=1)),
        a_system(FileSystemId="fs-other", Tags=[{"Key": "strongroom-restore", "Value": "r-other2345672"}]),
        a_system(FileSystemId="fs-plain", Tags=[]),
    ]
    jobs = jobs_of(*others, a_system())
    assert jobs.started(request, recovery_point=SYSTEM_POINT, since=NOW) == (MADE,)
    assert jobs.started(replace(request, id="r-nobody234567"), recovery_point=SYSTEM_POINT, since=NOW) == ()
