"""What a job says that it made, held against what was approved."""

from copy import replace

import pytest

from strongroom.domain.restores.jobs import JobState, judge_restore
from strongroom.domain.restores.kinds.made import why_not_the_approved
from tests.builders.deciding.called import WAREHOUSE, a_table_request
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import DATABASE, POINT, RESTORED, a_request, a_restore_job

FOREIGN = "999999999999"


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{HOME}:{PAYMENTS}:{resource}"


RDS = ("RDS", _arn("rds", "db:a"), {"DBInstanceIdentifier": "Back-DB"})
TABLE = ("DynamoDB", _arn("dynamodb", "table/a"), {"targetTableName": "back"})
SERIES = ("Timestream", _arn("timestream", "database/a/table/a"), {"DatabaseName": "d", "TableName": "back"})
STACK = ("CloudFormation", _arn("cloudformation", "stack/a/1-2"), {"StackName": "back"})
CLUSTER = ("EKS", _arn("eks", "cluster/a"), {"clusterName": "restores"})
INTO_ITSELF = ("EKS", _arn("eks", "cluster/a"), {"clusterName": "a"})
SPREAD = ("Aurora DSQL", _arn("dsql", "cluster/a"), {"regionalConfig": "[1]"})
NEW_FILES = ("EFS", _arn("elasticfilesystem", "file-system/fs-a"), {"newFileSystem": "true"})
OWN_FILES = (*NEW_FILES[:2], {"newFileSystem": "false", "file-system-id": "fs-a"})
VOLUME = ("FSx", _arn("fsx", "volume/fs-1/fsvol-1"), {"Name": "back"})
BUCKET = ("S3", "arn:aws:s3:::docs", {"DestinationBucketName": "back", "NewBucket": "true"})
OWN_BUCKET = (*BUCKET[:2], {"DestinationBucketName": "docs", "NewBucket": "false"})
DISK = ("EBS", _arn("ec2", "volume/vol-1"), {"availabilityZone": f"{HOME}a"})


def _why(asked: tuple[str, str, dict[str, str]], created: str) -> str:
    kind, resource, metadata = asked
    request = a_request(resource_type=kind, resource=resource, metadata=tuple(metadata.items()))
    return why_not_the_approved(created, request=request)


@pytest.mark.parametrize(
    ("asked", "created"),
    [
        (RDS, _arn("rds", "db:back-db")),
        (TABLE, _arn("dynamodb", "table/back")),
        (SERIES, _arn("timestream", "database/d/table/back")),
        (STACK, _arn("cloudformation", "stack/back/9-9")),
        (CLUSTER, _arn("eks", "cluster/restores")),
        (INTO_ITSELF, INTO_ITSELF[1]),
        (SPREAD, _arn("dsql", "cluster/b")),
        (NEW_FILES, _arn("elasticfilesystem", "file-system/fs-b")),
        (OWN_FILES, OWN_FILES[1]),
        (VOLUME, _arn("fsx", "volume/fs-2/fsvol-2")),
        (BUCKET, "arn:aws:s3:::back"),
        (OWN_BUCKET, OWN_BUCKET[1]),
        (DISK, _arn("ec2", "volume/vol-2")),
        (DISK, "arn:aws:ec2:::volume/vol-2"),
    ],
)
def test_what_an_honest_job_made_is_the_approved(asked: tuple[str, str, dict[str, str]], created: str) -> None:
    assert not _why(asked, created)


@pytest.mark.parametrize(
    ("asked", "created", "why"),
    [
        (RDS, _arn("rds", "db:back"), "is not called Back-DB"),
        (RDS, _arn("rds", "db:a"), "is what was backed up"),
        (RDS, "back-db", "is no ARN"),
        (("Tape", TABLE[1], {}), TABLE[1], "is what was backed up"),
        ((DISK[0], DISK[1], {"kmsKeyId": "false"}), DISK[1], "is what was backed up"),
        (TABLE, _arn("dynamodb", "table/not-back"), "is not called back"),
        (TABLE, f"arn:aws:dynamodb:{HOME}:{FOREIGN}:table/back", f"is of account {FOREIGN}"),
        (TABLE, f"arn:aws:dynamodb:us-east-1:{PAYMENTS}:table/back", "is in us-east-1"),
        (SERIES, _arn("timestream", "database/back/table/other"), "is not called back"),
        (STACK, _arn("cloudformation", "stack/StackSet-member/back"), "is not called back"),
        (STACK, _arn("cloudformation", "stack"), "is not called back"),
        (CLUSTER, _arn("eks", "cluster/another"), "is not called restores"),
        (CLUSTER, CLUSTER[1], "is not called restores"),
        (SPREAD, SPREAD[1], "is what was backed up"),
        (NEW_FILES, NEW_FILES[1], "is what was backed up"),
        (OWN_FILES, _arn("elasticfilesystem", "file-system/fs-b"), "is not called fs-a"),
        (VOLUME, VOLUME[1], "is what was backed up"),
        (BUCKET, BUCKET[1], "is what was backed up"),
        (BUCKET, "arn:aws:s3:::other", "is not called back"),
        (DISK, DISK[1], "is what was backed up"),
    ],
)
def test_what_was_made_elsewhere_or_under_another_name_is_not(
    asked: tuple[str, str, dict[str, str]], created: str, why: str
) -> None:
    assert _why(asked, created).startswith(why)


@pytest.mark.parametrize(
    ("created", "why"),
    [
        ("back-db", "is no ARN"),
        (f"arn:aws:rds:{HOME}:{FOREIGN}:db:back-db", f"is of account {FOREIGN}, and not of {PAYMENTS}"),
        (f"arn:aws:rds:us-east-1:{PAYMENTS}:db:back-db", f"is in us-east-1, and not in {HOME}"),
        (DATABASE, "is what was backed up, and nothing new"),
        (_arn("rds", "db:back"), "is not called Back-DB"),
    ],
)
def test_what_is_said_of_another_one_is_said_whole(created: str, why: str) -> None:
    assert _why((RDS[0], DATABASE, RDS[2]), created) == why


def test_what_is_overwritten_is_what_was_backed_up() -> None:
    namespace = _arn("redshift-serverless", "namespace/a")
    assert not _why(("Redshift Serverless", namespace, {}), namespace)


def test_of_a_type_that_nobody_knows_no_name_is_looked_for() -> None:
    assert not _why(("Tape", TABLE[1], {"targetTableName": "back"}), _arn("dynamodb", "table/other"))


def test_a_call_that_adds_to_what_lives_has_made_what_lives() -> None:
    called = a_table_request()
    assert called.goes_into_what_lives
    assert why_not_the_approved(WAREHOUSE, request=called) == ""
    assert why_not_the_approved(WAREHOUSE, request=replace(called, call="", kind="")) != ""


def test_a_job_that_says_that_it_made_what_was_backed_up_has_failed() -> None:
    metadata = dict(a_request().metadata)
    honest, other = (a_restore_job(metadata=metadata, created=each) for each in (RESTORED, DATABASE))
    assert judge_restore(honest, request=a_request(), recovery_point=POINT).state is JobState.COMPLETED
    verdict = judge_restore(other, request=a_request(), recovery_point=POINT)
    assert (verdict.state, verdict.reason) == (
        JobState.FAILED,
        f"restore job restore-1 made {DATABASE}, which is what was backed up, and nothing new",
    )
