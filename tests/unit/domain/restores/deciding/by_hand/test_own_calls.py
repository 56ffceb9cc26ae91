"""A service's own call: which backup it restores, and what of the parameters it is told to have used."""

import json
from typing import Any

import pytest

from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.deciding.by_hand.own_calls import (
    backup_id,
    request_tags,
    said_job,
    tagged_request,
    told_of,
)
from strongroom.domain.restores.deciding.reading import write_json
from tests.builders.deciding.called import SNAPSHOT_POINT, SYSTEM_POINT, TABLE_POINT, WRITTEN
from tests.builders.restores import POINT

APPROVED = tuple(sorted(WRITTEN.items()))
DESCRIBED: dict[str, Any] = {
    "FileSystemId": "fs-1",
    "SubnetIds": ["subnet-0r2", "subnet-0r1"],
    "KmsKeyId": WRITTEN["KmsKeyId"],
    "StorageType": "SSD",
    "OpenZFSConfiguration": json.loads(WRITTEN["OpenZFSConfiguration"]) | {"EndpointIpAddress": "10.0.0.7"},
}


def test_the_backup_is_named_by_its_own_id() -> None:
    assert backup_id(SYSTEM_POINT, service="fsx") == "backup-0aa1aa1aa1aa1aa1a"
    assert backup_id(SNAPSHOT_POINT, service="ec2") == "snap-0aa1aa1aa1aa1aa1a"
    assert backup_id(TABLE_POINT, service="redshift") == "awsbackup:job-1"


@pytest.mark.parametrize(
    ("point", "service"),
    [
        (POINT, "fsx"),
        (SYSTEM_POINT.replace("backup/backup", "file-system/fs"), "fsx"),
        (f"{SYSTEM_POINT}*", "fsx"),
        (SNAPSHOT_POINT, "fsx"),
        (SYSTEM_POINT, "ec2"),
        (SYSTEM_POINT.replace(":fsx:", ":ec2:"), "fsx"),
        (SNAPSHOT_POINT.replace("snapshot/snap", "image/ami"), "ec2"),
        (f"{SNAPSHOT_POINT}*", "ec2"),
        (f"{TABLE_POINT}*", "redshift"),
        (TABLE_POINT.replace("awsbackup:", ""), "redshift"),
        (TABLE_POINT, "ec2"),
    ],
)
def test_what_is_no_backup_of_the_services_own_is_restored_by_no_call(point: str, service: str) -> None:
    with pytest.raises(ApprovalVoidError) as refused:
        backup_id(point, service=service)
    assert str(refused.value) == f"{point} is no backup that {service} restores by its own call"


def test_what_is_no_backup_is_not_told_at_length() -> None:
    with pytest.raises(ApprovalVoidError) as refused:
        backup_id(f"{SYSTEM_POINT}{'x' * 200}", service="fsx")
    told = f"{SYSTEM_POINT}{'x' * 200}"[:200]
    assert str(refused.value) == f"{told} is no backup that fsx restores by its own call"


def test_what_is_told_as_it_was_written_is_told_in_the_letters_in_which_it_was_written() -> None:
    told = told_of(APPROVED, described=DESCRIBED)
    assert told == {name: value for name, value in WRITTEN.items() if name != "SecurityGroupIds"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        pytest.param({"SubnetIds": ["subnet-0r1"]}, "SubnetIds", id="a subnet less"),
        pytest.param({"SubnetIds": ["subnet-0r1", "subnet-0evil"]}, "SubnetIds", id="another subnet"),
        pytest.param({"SubnetIds": "subnet-0r1"}, "SubnetIds", id="no list"),
        pytest.param({"SubnetIds": 7}, "SubnetIds", id="a number for a list"),
        pytest.param({"KmsKeyId": "arn:aws:kms:::key/other"}, "KmsKeyId", id="another key"),
        pytest.param({"KmsKeyId": None}, "KmsKeyId", id="no key"),
        pytest.param({"OpenZFSConfiguration": {}}, "OpenZFSConfiguration", id="nothing of a record"),
        pytest.param({"OpenZFSConfiguration": None}, "OpenZFSConfiguration", id="no record"),
        pytest.param(
            {"OpenZFSConfiguration": DESCRIBED["OpenZFSConfiguration"] | {"AutomaticBackupRetentionDays": False}},
            "OpenZFSConfiguration",
            id="a flag for a number",
        ),
    ],
)
def test_what_is_told_otherwise_is_told_as_it_is(changes: dict[str, Any], name: str) -> None:
    told = told_of(APPROVED, described=DESCRIBED | changes)
    value = changes[name]
    assert told[name] == (value if isinstance(value, str) else write_json(value))
    assert {key for key in told if told[key] != WRITTEN[key]} == {name}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("", "restore job x-1"),
        ("dynamodb:UpdateTimeToLive", "restore job x-1"),
        *((name, f"{call.what} x-1") for name, call in OWN_CALLS.items()),
    ],
)
def test_what_was_started_is_told_by_what_the_call_makes(call: str, said: str) -> None:
    assert said_job("x-1", call=call) == said


def test_what_is_made_is_known_again_by_the_request_that_it_is_tagged_with() -> None:
    tags = request_tags("r-abcdefgh2345")
    assert tags == [{"Key": "strongroom-restore", "Value": "r-abcdefgh2345"}]
    assert tagged_request({"Tags": [{"Key": "Name", "Value": "r-other"}, *tags]}) == "r-abcdefgh2345"


@pytest.mark.parametrize("made", [{}, {"Tags": []}, {"Tags": [{"Key": "Name", "Value": "r-abcdefgh2345"}]}], ids=str)
def test_what_is_tagged_with_no_request_is_nobodys(made: dict[str, Any]) -> None:
    assert tagged_request(made) == ""
