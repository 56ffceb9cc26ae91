"""Events that are not as they should be end in a verdict, or as a dead letter with its reason; none is tried again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import CREATED_AT
from tests.builders.places import CENTRAL_VAULT, PAYMENTS, a_vault_arn
from tests.conftest import FakeClients
from tests.fakes.control_plane import FakeOrganizations
from tests.fakes.night import COPIED_SNAPSHOT, SOURCE_SNAPSHOT, Night, a_night, of_payments

type Sample = Callable[[str], dict[str, Any]]
MADE_OUTSIDE = "arn:aws:dynamodb:eu-west-1:333333333333:table/orders"


class Untouchable:
    """A service of a member in which nothing may be read or tagged."""

    def __getattr__(self, method: str) -> Any:
        raise AssertionError(f"{method} was called")


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    fake_clients.own["organizations"] = FakeOrganizations()
    for service in ("dynamodb", "ec2", "efs", "rds", "s3"):
        fake_clients.member["222222222222", service] = Untouchable()
    return a_night(fake_clients, dynamodb, ledger_table)


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def a_call(source: str, name: str, **detail: Any) -> dict[str, Any]:
    record = {"eventSource": f"{source}.amazonaws.com", "eventName": name, "requestParameters": None}
    place = {"account": "222222222222", "region": "eu-west-1"}
    envelope = {"id": "e-1", "source": f"aws.{source}", "detail-type": "AWS API Call via CloudTrail"}
    return envelope | place | {"time": "2026-09-01T00:00:00Z", "detail": record | detail}


def reason_of(night: Night) -> str:
    (letter,) = night.post.buried
    return str(letter["MessageAttributes"]["reason"]["StringValue"])


CREATIONS: dict[str, dict[str, Any]] = {
    "volume without an id": a_call("ec2", "CreateVolume", responseElements={"volumeId": ""}),
    "volume with the id of an instance": a_call("ec2", "CreateVolume", responseElements={"volumeId": "i-0abc"}),
    "volume with the ARN of an instance": a_call(
        "ec2", "CreateVolume", responseElements={"volumeId": "arn:aws:ec2:eu-west-1:222222222222:instance/i-0abc"}
    ),
    "table without a name": a_call("dynamodb", "CreateTable", requestParameters={"tableName": ""}),
    "table with a name of 3,000 characters": a_call(
        "dynamodb", "CreateTable", requestParameters={"tableName": "t" * 3_000}
    ),
    "table with the ARN of a bucket": a_call(
        "dynamodb", "CreateTable", responseElements={"tableDescription": {"tableArn": "arn:aws:s3:::payments-docs"}}
    ),
    "table of another account": a_call(
        "dynamodb", "CreateTable", responseElements={"tableDescription": {"tableArn": MADE_OUTSIDE}}
    ),
    "table of another Region": a_call(
        "dynamodb", "CreateTable",
        responseElements={"tableDescription": {"tableArn": "arn:aws:dynamodb:us-east-1:222222222222:table/orders"}},
    ),
    "bucket called as a table is": a_call("s3", "CreateBucket", requestParameters={"bucketName": MADE_OUTSIDE}),
    "bucket in a Region that is none": a_call(
        "s3", "CreateBucket",
        requestParameters={"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1:x"}},
    ),
    "file system with the id of a volume": a_call(
        "elasticfilesystem", "CreateFileSystem", responseElements={"fileSystemId": "vol-1"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("event", CREATIONS.values(), ids=CREATIONS)
def test_what_cannot_be_what_the_call_created_is_never_touched(event: dict[str, Any], night: Night) -> None:
    assert night.run("enforce_tags", event) == []
    assert (night.announced, night.facts) == ([("resource-not-tagged", "opened")], ["AlertOpened", "TagEnforced"])
    (fact,) = (each["Detail"] for each in night.post.facts if each["DetailType"] == "TagEnforced")
    assert fact["state"] == "REFUSED"
    assert "names no" in fact["reason"] or "is not the name of a Region" in fact["reason"]


@pytest.mark.parametrize("place", [{"account": "222"}, {"region": "eu-west-1:333333333333:backup-vault:x"}])
def test_a_place_that_is_none_reaches_no_account(
    place: dict[str, str], night: Night, fake_clients: FakeClients
) -> None:
    event = a_call("kms", "DisableKey", requestParameters={"keyId": "k"}) | place
    assert night.run("report_tampering", event) == []
    assert reason_of(night).startswith(repr(next(iter(place.values()))))
    assert fake_clients.own["sts"].assumed == []


@pytest.mark.parametrize(
    ("name", "source", "request_"),
    [
        pytest.param("DeleteRecoveryPoint", "backup", {"backupVaultName": ["local-prod-vault"]}, id="vault in a list"),
        pytest.param("StopLogging", "cloudtrail", "null", id="parameters as text"),
        pytest.param("RemoveTagsFromResource", "rds", None, id="parameters left out"),
    ],
)
def test_a_call_whose_target_cannot_be_read_is_told(name: str, source: str, request_: Any, night: Night) -> None:
    assert night.run("report_tampering", a_call(source, name, requestParameters=request_)) == []
    assert night.announced == [("tampering-succeeded", "opened")]


@pytest.mark.parametrize("keys", [7, {"Backup": 1}, None], ids=repr)
def test_tags_that_cannot_be_read_may_be_ours(keys: Any, night: Night) -> None:
    event = a_call("rds", "RemoveTagsFromResource", requestParameters={"tagKeys": keys, "tags": keys})
    assert night.run("report_tampering", event) == []
    assert (night.announced, night.post.buried) == ([("tampering-succeeded", "opened")], [])


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"responseElements": "null"}, id="the answer as text"),
        pytest.param({"userIdentity": None}, id="nobody who called"),
        pytest.param({"userIdentity": {"accountId": 222, "sessionContext": "null"}}, id="a caller of numbers and text"),
        pytest.param({"errorCode": {}, "errorMessage": []}, id="an error that is none"),
        pytest.param({"awsRegion": 7}, id="a second Region"),
    ],
)
def test_a_stopped_trail_is_told_whatever_else_the_record_says(odd: dict[str, Any], night: Night) -> None:
    event = a_call("cloudtrail", "StopLogging", requestParameters={"name": "organisation"}, **odd)
    assert night.run("report_tampering", event) == []
    assert night.announced == [("tampering-succeeded", "opened")]


def test_a_target_that_is_too_long_to_be_looked_up_is_buried(night: Night) -> None:
    event = a_call("rds", "DeleteDBSnapshot", requestParameters={"dBSnapshotIdentifier": "s" * 3_000})
    assert night.run("report_tampering", event) == []
    assert "longer than 2048" in reason_of(night)


@pytest.mark.parametrize(
    ("function", "depth"),
    [
        pytest.param("assess_account", 1_100, id="parsed, but not walked through"),
        pytest.param("assess_account", 20_000, id="account not parsed"),
        pytest.param("enforce_tags", 20_000, id="creation not parsed"),
        pytest.param("report_tampering", 20_000, id="call not parsed"),
        pytest.param("answer_drift", 20_000, id="change not parsed"),
    ],
)
def test_what_is_nested_too_deeply_is_buried(function: str, depth: int, night: Night) -> None:
    event = a_call("organizations", "AccountJoinedOrganization", requestParameters="DEEP")
    event["account"] = "111111111111"
    assert night.run(function, json.dumps(event).replace('"DEEP"', nested(depth))) == []
    assert reason_of(night)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"creationDate": "Jul 15, 2020 9:39:07 PM"}, id="date in American"),
        pytest.param({"creationDate": 1594849147.2}, id="date in seconds"),
        pytest.param({"creationDate": "yesterday"}, id="date in words"),
        pytest.param({"creationDate": {}, "statusMessage": {}}, id="objects for what is not there"),
        pytest.param({"createdBy": "null", "backupJobId": None}, id="no plan and no id"),
        pytest.param({"backupVaultArn": None, "backupVaultName": "local-prod-vault"}, id="the vault by its name only"),
        pytest.param({"backupVaultArn": None, "backupVaultName": None}, id="no vault at all"),
    ],
)
def test_a_failed_backup_is_told_whatever_else_its_event_says(
    odd: dict[str, Any], night: Night, sample: Sample
) -> None:
    event = of_payments(sample("aws.backup/backup_job__failed"), **odd) | {"resources": None}
    is_named = isinstance(event["detail"].get("backupJobId"), str)
    if is_named:
        night.backup_job(event)
    assert night.run("open_promises", event) == []
    # Of a job without an id AWS Backup cannot be asked: its lists tell of it within the hour.
    told = [("backup-failed", "opened")] if is_named else []
    assert (night.announced, night.post.buried) == (told, [])


def test_a_failed_copy_is_told_whatever_else_its_event_says(night: Night, sample: Sample) -> None:
    night.back_up()
    event = sample("aws.backup/copy_job_cross_account__completed")
    event["detail"] |= {"state": "FAILED", "statusMessage": {}, "creationDate": [], "destinationRecoveryPointArn": 0}
    night.copy_job(CopyJobId=event["detail"]["copyJobId"], State="FAILED")
    assert night.run("verify_copy", event) == []
    assert night.announced == [("copy-failed", "opened")]


def test_a_recovery_point_that_is_too_long_to_be_remembered_is_buried(night: Night, sample: Sample) -> None:
    event = sample("aws.backup/copy_job_cross_account__completed") | {"resources": ["arn:" + "x" * 3_000]}
    assert night.run("verify_copy", event) == []
    assert "longer than 2048" in reason_of(night)


# Any field of a job's event, with any odd value


ODD: dict[str, Any] = {
    "nothing": None,
    "an empty object": {},
    "an empty list": [],
    "a list of what it should be": [SOURCE_SNAPSHOT],
    "a number": 7,
    "a number that is no moment": 1e308,
    "true": True,
    "empty text": "",
    "a nul": "\0",
    "half a character": "\ud800",
    "a name of three kilobytes": "n" * 3_000,
    "an ARN of three kilobytes": a_vault_arn("n" * 3_000, account=PAYMENTS),
    "a vault of somebody else's": a_vault_arn("elsewhere", account="333333333333"),
    "half an ARN": "arn:aws:backup",
    "a date as people write it": "Jul 15, 2020 9:39:07 PM",
    "a date that never was": "2026-02-30T25:61:00Z",
    "a date without a zone": "2026-09-01T03:00:00",
    "the year 0": "0000-01-01T00:00:00Z",
    "the year 99999": "+99999-01-01T00:00:00Z",
    "a small nest": json.loads(nested(50)),
    "a state of next year": "HIBERNATING",
}
# No document of AWS's has that, and nobody can read one that has.
UNREADABLE = "half a character"
COPY, FAILED_BACKUP = "aws.backup/copy_job_cross_account__completed", "aws.backup/backup_job__failed"
# What a decision needs; all else may be anything, all of it at once.
NEEDED = {
    COPY: ("state", "resources", "sourceBackupVaultArn", "destinationBackupVaultArn", "copyJobId"),
    FAILED_BACKUP: ("state", "resources", "resourceArn", "backupVaultArn", "backupJobId"),
}
UNNEEDED = {
    COPY: (
        *("aFieldOfNextYear", "backupSizeInBytes", "completionDate", "createdBy", "creationDate", "iamRoleArn"),
        *("destinationRecoveryPointArn", "resourceArn", "resourceType", "statusMessage"),
    ),
    FAILED_BACKUP: (
        *("aFieldOfNextYear", "backupVaultName", "bytesTransferred", "completionDate", "createdBy", "creationDate"),
        *("iamRoleArn", "percentDone", "resourceType", "startBy", "statusMessage"),
    ),
}


def with_odd(event: dict[str, Any], value: Any, *fields: str) -> dict[str, Any]:
    """The event with the value in these fields; `resources` is the envelope's."""
    changed = {"resources": value} if "resources" in fields else {}
    detail = dict.fromkeys((field for field in fields if field != "resources"), value)
    return event | changed | {"detail": event["detail"] | detail}


def a_copied_night(night: Night, event: dict[str, Any]) -> None:
    night.back_up()
    night.copy(CreationDate=CREATED_AT)
    night.copy_job(CopyJobId=event["detail"]["copyJobId"], DestinationRecoveryPointArn=COPIED_SNAPSHOT)


@pytest.mark.parametrize("odd", ODD)
def test_what_a_copys_event_need_not_say_may_be_anything(odd: str, night: Night, sample: Sample) -> None:
    """AWS is asked, not the event."""
    event = sample(COPY)
    a_copied_night(night, event)
    assert night.run("verify_copy", with_odd(event, ODD[odd], *UNNEEDED[COPY])) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    is_readable = odd != UNREADABLE
    assert (promise is not None and promise.state is PromiseState.VERIFIED) == is_readable
    assert len(night.post.buried) == (not is_readable)


@pytest.mark.parametrize("odd", ODD)
def test_what_the_event_of_a_failure_need_not_say_may_be_anything(odd: str, night: Night, sample: Sample) -> None:
    event = of_payments(sample(FAILED_BACKUP))
    night.backup_job(event)
    assert night.run("open_promises", with_odd(event, ODD[odd], *UNNEEDED[FAILED_BACKUP])) == []
    is_readable = odd != UNREADABLE
    assert night.announced == [("backup-failed", "opened")] * is_readable
    assert len(night.post.buried) == (not is_readable)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_needed_and_odd_ends_in_a_verdict_or_as_a_dead_letter(odd: str, night: Night, sample: Sample) -> None:
    copied, failed = sample(COPY), of_payments(sample(FAILED_BACKUP))
    a_copied_night(night, copied)
    night.backup_job(failed)
    assert night.run("verify_copy", *(with_odd(copied, ODD[odd], field) for field in NEEDED[COPY])) == []
    assert night.run("open_promises", *(with_odd(failed, ODD[odd], field) for field in NEEDED[FAILED_BACKUP])) == []
    reasons = [letter["MessageAttributes"]["reason"]["StringValue"] for letter in night.post.buried]
    assert all(reasons)
