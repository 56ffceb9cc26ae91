"""A volume out of a snapshot of AWS Backup, by EC2's own call: what EC2 refuses, and what the role for it may do.

Sources: Amazon EC2 API Reference, CreateVolume ("Amazon Web Services authenticates the KMS key asynchronously");
Service Authorization Reference, "Amazon EC2"; Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources
during creation"; Amazon EBS User Guide, "Requirements for Amazon EBS encryption".
"""

import json
from copy import deepcopy
from typing import Any, Final

import pytest

from sandbox.clients import client, session_client
from sandbox.lifecycle import Sandbox
from sandbox.settings import HOME_REGION
from strongroom.domain.guardrails.denials import Exempt
from strongroom.domain.guardrails.native_backups import request_tags
from strongroom.domain.restores.session_policy import call_session_policy
from tests.builders.deciding.called import a_volume_request
from tests.contract.iam.iam_documents import documents_of
from tests.integration.authority.conftest import ACCOUNT, Role, a_key, a_name, a_role, allow, refusal, scp
from tests.integration.authority.test_restore_jobs import READ_HERE, Stage

NAMED: Final = f"arn:aws:ec2:{HOME_REGION}::snapshot/*,arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:volume/*"
type Policy = dict[str, Any]


@pytest.fixture(scope="module")
def point(sandbox_host: Sandbox) -> str:
    """A recovery point of a volume of 8 GiB."""
    made = client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=8)["VolumeId"]
    return Stage(sandbox_host.url).point(f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:volume/{made}")


@pytest.fixture(scope="module")
def key(sandbox_host: Sandbox) -> str:
    """A key of a profile."""
    assert sandbox_host
    return a_key()


def written(point: str, key: str, **changes: Any) -> dict[str, Any]:
    """The call as the ceremony makes it; None leaves a parameter out."""
    tags = [{"Key": "strongroom-restore", "Value": "r-abcdefgh2345"}]
    usual = {
        "SnapshotId": point.rpartition("/")[2],
        "ClientToken": a_name(),
        "AvailabilityZone": f"{HOME_REGION}a",
        "Encrypted": True,
        "KmsKeyId": key,
        "VolumeType": "gp3",
        "VolumeInitializationRate": 300,
        "TagSpecifications": [{"ResourceType": "volume", "Tags": tags}],
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def the_policy(*, without: str = "") -> Policy:
    """What the member stack lets the role, but for one statement."""
    [found] = [
        each.document
        for each in documents_of("stacks/member.yaml", {"RestoredByCallArns": NAMED})
        if "RestoreNativeRole.Policies" in each.name
    ]
    policy: Policy = deepcopy(json.loads(json.dumps(found).replace(READ_HERE, ACCOUNT)))
    policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != without]
    return policy


def the_role(*, without: str = "") -> Role:
    """A role that may do what the member stack lets the role for such calls, but for one statement."""
    return a_role(*the_policy(without=without)["Statement"])


def described(volume: str) -> list[dict[str, Any]]:
    found = client("ec2", ACCOUNT).describe_volumes(Filters=[{"Name": "volume-id", "Values": [volume]}])
    return list(found["Volumes"])


def test_the_role_makes_the_volume_under_the_key_and_at_the_rate_that_were_written(point: str, key: str) -> None:
    made = the_role().client("ec2").create_volume(**written(point, key))
    assert made["State"] == "creating"
    [volume] = described(made["VolumeId"])
    told = {name: volume[name] for name in ("KmsKeyId", "VolumeInitializationRate", "Size", "Encrypted", "SnapshotId")}
    snapshot = point.rpartition("/")[2]
    assert told == {
        "KmsKeyId": key,
        "VolumeInitializationRate": 300,
        "Size": 8,
        "Encrypted": True,
        "SnapshotId": snapshot,
    }
    assert volume["Tags"] == [{"Key": "strongroom-restore", "Value": "r-abcdefgh2345"}]


@pytest.mark.parametrize("sid", ["CallWhatProfilesName", "NameTheRequestOfVolumes"])
def test_without_the_statement_the_call_is_refused(point: str, key: str, sid: str) -> None:
    ec2 = the_role(without=sid).client("ec2")
    assert refusal(lambda: ec2.create_volume(**written(point, key)))[0] == "UnauthorizedOperation"


@pytest.mark.parametrize("encrypted", [False, None], ids=["not", "unsaid"])
def test_the_role_makes_no_volume_that_is_not_encrypted(point: str, encrypted: bool | None) -> None:  # noqa: FBT001
    bare = written(point, "", Encrypted=encrypted, KmsKeyId=None)
    ec2 = the_role().client("ec2")
    assert refusal(lambda: ec2.create_volume(**bare))[0] == "UnauthorizedOperation"
    assert the_role(without="MakeNoneUnencrypted").client("ec2").create_volume(**bare)["VolumeId"]


@pytest.mark.parametrize("sid", ["GrantOwnKeysToServices", "UseOwnKeysByServices"])
def test_without_the_use_of_the_key_ec2_answers_and_takes_the_volume_away(point: str, key: str, sid: str) -> None:
    made = the_role(without=sid).client("ec2").create_volume(**written(point, key))
    assert described(made["VolumeId"]) == []


def test_under_a_key_that_is_not_there_ec2_answers_and_takes_the_volume_away(point: str, key: str) -> None:
    gone = f"{key.rpartition('/')[0]}/00000000-0000-0000-0000-000000000000"
    made = the_role().client("ec2").create_volume(**written(point, gone))
    assert described(made["VolumeId"]) == []


def test_the_role_names_the_request_and_nothing_else(point: str, key: str) -> None:
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Backup", "Value": "daily-prod"}]}]
    ec2 = the_role().client("ec2")
    assert (
        refusal(lambda: ec2.create_volume(**written(point, key, TagSpecifications=tags)))[0] == "UnauthorizedOperation"
    )


def test_attack_20_a_session_makes_a_volume_out_of_no_other_snapshot(point: str, key: str) -> None:
    made = a_volume_request(account=ACCOUNT, metadata=(("KmsKeyId", key),))
    for snapshot, is_made in ((point, True), (f"{point[:-4]}0000", False)):
        policy = call_session_policy(made, recovery_point=snapshot)
        lent = client("sts", ACCOUNT).assume_role(RoleArn=the_role().arn, RoleSessionName="r-1", Policy=policy)
        ec2 = session_client("ec2", lent["Credentials"])
        if is_made:
            assert described(ec2.create_volume(**written(point, key))["VolumeId"])
        else:
            assert refusal(lambda: ec2.create_volume(**written(point, key)))[0] == "UnauthorizedOperation"  # noqa: B023


def test_a_guardrail_sees_the_snapshot_that_a_volume_is_made_out_of(point: str, key: str) -> None:
    of_aws_backup = {"Null": {"aws:ResourceTag/aws:backup:source-resource": "false"}}
    snapshots = {"Effect": "Deny", "Action": "ec2:CreateVolume", "Resource": "arn:aws:ec2:*::snapshot/*"}
    anybody = a_role(allow("ec2:*"), allow("kms:*")).client("ec2")
    with scp({**snapshots, "Condition": of_aws_backup}):
        assert refusal(lambda: anybody.create_volume(**written(point, key)))[0] == "UnauthorizedOperation"
        assert anybody.create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=8)["VolumeId"]


def test_a_guardrail_keeps_the_mark_of_a_request_from_who_may_tag_everything(point: str, key: str) -> None:
    made = client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=8)["VolumeId"]
    anybody, mark = a_role(allow("ec2:*"), allow("kms:*")).client("ec2"), {"Key": "strongroom-restore", "Value": "r-1"}
    caller = the_role()
    native = Exempt(who="the role for such calls", arns=(caller.arn,), why="it tags what it makes")
    [kept] = [each.placed_in("aws").statement() for each in request_tags((native,))]
    with scp(kept):
        assert caller.client("ec2").create_volume(**written(point, key))["VolumeId"]
        anybody.create_tags(Resources=[made], Tags=[{"Key": "Owner", "Value": "payments"}])
        for call in (
            lambda: anybody.create_volume(**written("", key, SnapshotId=None, Size=8)),
            lambda: anybody.create_tags(Resources=[made], Tags=[mark]),
            lambda: anybody.delete_tags(Resources=[made], Tags=[{"Key": "strongroom-restore"}]),
        ):
            assert refusal(call)[0] == "UnauthorizedOperation"


REFUSED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "a snapshot that is not there": ({"SnapshotId": "snap-0123456789abcdef0"}, "InvalidSnapshot.NotFound"),
    "a zone of another Region": ({"AvailabilityZone": "us-east-1a"}, "InvalidZone.NotFound"),
    "no zone": ({"AvailabilityZone": None}, "MissingParameter"),
    "less than the snapshot has": ({"Size": 7}, "InvalidParameterValue"),
    "a rate that it does not take": ({"VolumeInitializationRate": 301}, "InvalidParameterValue"),
    "a key, and no encryption": ({"Encrypted": None}, "InvalidParameterDependency"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_ec2_refuses(point: str, key: str, case: str) -> None:
    said, code = REFUSED[case]
    before = len(client("ec2", ACCOUNT).describe_volumes()["Volumes"])
    assert refusal(lambda: client("ec2", ACCOUNT).create_volume(**written(point, key, **said)))[0] == code
    assert len(client("ec2", ACCOUNT).describe_volumes()["Volumes"]) == before


def test_a_token_means_the_volume_that_it_made_and_no_other_parameters(point: str, key: str) -> None:
    ec2, call = client("ec2", ACCOUNT), written(point, key)
    made = ec2.create_volume(**call)["VolumeId"]
    assert ec2.create_volume(**call)["VolumeId"] == made
    assert refusal(lambda: ec2.create_volume(**call | {"Size": 9}))[0] == "IdempotentParameterMismatch"
