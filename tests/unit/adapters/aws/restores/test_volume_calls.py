"""A restore by EC2's own call, against a client that answers as boto3 does."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.restores.volume_calls import MemberVolumes, MemberVolumeStarter
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.jobs import JobState, RestoreJob, judge_restore
from strongroom.domain.restores.requests import RestoreRequest, act_token
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.deciding.called import (
    RESTORED_VOLUME,
    SNAPSHOT_POINT,
    VOLUME_CALL,
    WRITTEN_VOLUME,
    a_called_request,
    a_volume_request,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request
from tests.fakes.restores.own_calls import Accounts, Others, refused

MADE = RESTORED_VOLUME.rpartition("/")[2]
GIVEN = {
    "AvailabilityZone": f"{HOME}a",
    "KmsKeyId": WRITTEN_VOLUME["KmsKeyId"],
    "VolumeInitializationRate": 300,
    "VolumeType": "gp3",
    "Size": 64,
    "Throughput": 500,
}


@dataclass
class Ec2:
    """What is made, and what there is."""

    volumes: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""

    def create_volume(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(parameters)
        if self.refusal:
            raise refused(self.refusal, "CreateVolume")
        return {"VolumeId": MADE, "State": "creating"}

    def get_paginator(self, _: str) -> "Ec2":
        return self

    def paginate(self, Filters: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: N803
        [wanted] = Filters
        return [{"Volumes": [each]} for each in self.volumes if _named(each, wanted["Name"]) in wanted["Values"]]


def _named(volume: dict[str, Any], name: str) -> str:
    tags = {f"tag:{tag['Key']}": tag["Value"] for tag in volume.get("Tags", [])}
    return str({"volume-id": volume["VolumeId"], **tags}.get(name, ""))


def a_volume(**changes: Any) -> dict[str, Any]:
    """What EC2 tells of what was made."""
    return {
        **GIVEN,
        "VolumeId": MADE,
        "SnapshotId": "snap-0aa1aa1aa1aa1aa1a",
        "CreateTime": NOW,
        "State": "available",
        "Encrypted": True,
        "Iops": 3000,
        "Tags": [{"Key": "strongroom-restore", "Value": a_request().id}],
    } | changes


def volumes_of(*volumes: dict[str, Any]) -> MemberVolumes:
    return MemberVolumes(Accounts(Ec2(list(volumes))), otherwise=Others())


def start(places: Accounts[Ec2], request: RestoreRequest, *, point: str = SNAPSHOT_POINT) -> str:
    return MemberVolumeStarter(places, otherwise=Others()).start_job(request, recovery_point=point)


def test_the_call_is_made_with_what_was_approved_encrypted_and_with_what_names_snapshot_and_request() -> None:
    places = Accounts(Ec2())
    assert start(places, a_volume_request()) == MADE
    tags = [{"Key": "strongroom-restore", "Value": "r-abcdefgh2345"}]
    assert places.given.calls == [
        {
            **GIVEN,
            "SnapshotId": "snap-0aa1aa1aa1aa1aa1a",
            "ClientToken": act_token(a_volume_request()),
            "Encrypted": True,
            "TagSpecifications": [{"ResourceType": "volume", "Tags": tags}],
        }
    ]
    assert places.asked == [("ec2", PAYMENTS, HOME)]
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_attack_20_the_session_may_make_this_call_out_of_this_snapshot_and_nothing_else() -> None:
    places = Accounts(Ec2())
    start(places, a_volume_request())
    calling, tagging, encrypting, reading = json.loads(places.policy)["Statement"]
    made = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/*"
    assert calling == {"Effect": "Allow", "Action": [VOLUME_CALL], "Resource": [SNAPSHOT_POINT, made]}
    assert tagging == {"Effect": "Allow", "Action": ["ec2:CreateTags"], "Resource": [made]}
    assert encrypting["Resource"] == [WRITTEN_VOLUME["KmsKeyId"]]
    assert reading["Resource"] == [f"arn:aws:kms:{HOME}:{PAYMENTS}:key/*"]
    assert reading["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom"]
    for each in (encrypting, reading):
        assert each["Condition"] == {"StringLike": {"kms:ViaService": "ec2.*"}}


@pytest.mark.parametrize("wild", ["*", "?"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(wild: str) -> None:
    places = Accounts(Ec2())
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        start(places, a_volume_request(), point=SNAPSHOT_POINT + wild)
    assert (places.asked, places.given.calls) == ([], [])


@pytest.mark.parametrize("code", ["InvalidSnapshot.NotFound", "IdempotentParameterMismatch", "InvalidZone.NotFound"])
def test_what_ec2_refuses_ends_the_request(code: str) -> None:
    with pytest.raises(RestoreFailedError, match=code):
        start(Accounts(Ec2(refusal=code)), a_volume_request())


@pytest.mark.parametrize("request_", [a_request(), a_called_request()], ids=["a job", "another call"])
def test_every_other_request_goes_elsewhere(request_: RestoreRequest) -> None:
    places = Accounts(Ec2())
    volumes = MemberVolumes(places, otherwise=Others())
    assert start(places, request_) == f"job of {request_.id} out of {SNAPSHOT_POINT}"
    assert volumes.describe("j", request=request_).id == "j"
    assert volumes.started(request_, recovery_point="p", since=NOW) == (request_.id, "p", str(NOW))
    assert places.asked == []


def test_what_was_made_is_told_as_a_job_in_the_letters_of_what_was_approved() -> None:
    assert volumes_of(a_volume()).describe(MADE, request=a_volume_request()) == RestoreJob(
        id=MADE,
        account=PAYMENTS,
        recovery_point=SNAPSHOT_POINT,
        role="",
        created_at=NOW,
        status="COMPLETED",
        message="",
        created=RESTORED_VOLUME,
        metadata=WRITTEN_VOLUME,
        request=a_request().id,
    )


PLANTED: dict[str, tuple[dict[str, Any], str]] = {
    "out of another snapshot": ({"SnapshotId": "snap-0eee1eee1eee1eeee"}, "not the one that was approved"),
    "out of none": ({"SnapshotId": ""}, "not the one that was approved"),
    "for another request": ({"Tags": []}, "not the one that was approved"),
    "not encrypted": ({"Encrypted": False}, "encrypted"),
    "for several machines at once": ({"MultiAttachEnabled": True}, "multiattachenabled"),
    "in an outpost": ({"OutpostArn": f"arn:aws:outposts:{HOME}:{PAYMENTS}:outpost/op-1"}, "outpostarn"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_attack_20_a_volume_that_was_planted_is_not_the_approved_one(case: str) -> None:
    told, why = PLANTED[case]
    job = volumes_of(a_volume(**told)).describe(MADE, request=a_volume_request())
    verdict = judge_restore(job, request=a_volume_request(), recovery_point=SNAPSHOT_POINT)
    assert verdict.state is JobState.FAILED
    assert why in verdict.reason
    assert verdict.reason.startswith(f"EBS volume {MADE} ")


def test_what_was_made_as_approved_is_the_approved_one() -> None:
    job = volumes_of(a_volume(MultiAttachEnabled=False)).describe(MADE, request=a_volume_request())
    verdict = judge_restore(job, request=a_volume_request(), recovery_point=SNAPSHOT_POINT)
    assert (verdict.state, verdict.made, verdict.added) == (JobState.COMPLETED, RESTORED_VOLUME, ())


@pytest.mark.parametrize(
    ("state", "status"),
    [("creating", "RUNNING"), ("in-use", "COMPLETED"), ("error", "error"), ("deleting", "deleting")],
)
def test_its_state_is_told_in_the_words_of_a_job(state: str, status: str) -> None:
    assert volumes_of(a_volume(State=state)).describe(MADE, request=a_volume_request()).status == status


def test_what_is_not_tagged_is_nobodys() -> None:
    assert volumes_of(a_volume(Tags=[])).describe(MADE, request=a_volume_request()).request == ""


def test_what_ec2_took_away_again_is_not_there_and_the_likely_cause_is_told() -> None:
    with pytest.raises(NotFoundError, match="could not use the key"):
        volumes_of().describe(MADE, request=a_volume_request())


def test_what_may_have_been_made_is_found_by_tag_and_time() -> None:
    others = [
        a_volume(VolumeId="vol-early", CreateTime=NOW - timedelta(seconds=1)),
        a_volume(VolumeId="vol-other", Tags=[{"Key": "strongroom-restore", "Value": "r-other2345672"}]),
        a_volume(VolumeId="vol-plain", Tags=[]),
    ]
    volumes = volumes_of(*others, a_volume())
    assert volumes.started(a_volume_request(), recovery_point=SNAPSHOT_POINT, since=NOW) == (MADE,)
