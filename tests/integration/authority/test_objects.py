"""What a bucket of evidence leans on: writes that only add, versions that stay, and reads that say how long.

Sources: S3 User Guide, "Enforce conditional writes on Amazon S3 buckets", "How to prevent object overwrites with
conditional writes" (412 for an object that is there, none for a delete marker) and "Object Lock considerations" (of
COMPLIANCE: nobody, "including the root user", deletes a version or shortens its retention); API Reference, HeadObject
(the lock is told to whoever may `s3:GetObjectRetention`), CopyObject (`If-None-Match`) and PutBucketPolicy (what a root
keeps); Service Authorization Reference, Amazon S3 (`s3:if-none-match`, `s3:if-match`, `s3:ObjectCreationOperation`).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from sandbox.clients import client
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, allow, document, refusal

NEVER_OVER_ANOTHER: Final = {"IfNoneMatch": "*"}
HOME: Final = {"LocationConstraint": "eu-west-1"}


@pytest.fixture
def s3() -> Any:
    """The account's root."""
    return client("s3", ACCOUNT)


def a_bucket(*statements: Callable[[str], dict[str, Any]], locked: bool = False) -> str:
    """A versioned bucket with a policy of these statements, about its objects."""
    s3, name = client("s3", ACCOUNT), a_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=HOME, ObjectLockEnabledForBucket=locked)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if locked:
        retention = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}}
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=retention)
    if statements:
        policy = document(*(each(f"arn:aws:s3:::{name}/*") for each in statements))
        s3.put_bucket_policy(Bucket=name, Policy=policy)
    return name


def _unless(key: str, **more: Any) -> Callable[[str], dict[str, Any]]:
    condition = {"Null": {key: "true"}, **more}
    return lambda objects: {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": objects,
        "Condition": condition,
    }


INSERT_ONLY: Final = _unless("s3:if-none-match", Bool={"s3:ObjectCreationOperation": "true"})


# --- Conditions as policies see them -----------------------------------------


@pytest.mark.parametrize(("key", "header"), [("s3:if-none-match", "IfNoneMatch"), ("s3:if-match", "IfMatch")])
def test_a_policy_may_demand_a_condition_of_every_write(key: str, header: str, s3: Any) -> None:
    bucket = a_bucket(_unless(key))
    writer = a_role(allow("s3:PutObject")).client("s3")
    value = "*" if header == "IfNoneMatch" else '"0"'
    assert refusal(lambda: writer.put_object(Bucket=bucket, Key="a", Body=b"1"))[0] == "AccessDenied"
    if header == "IfNoneMatch":
        assert writer.put_object(Bucket=bucket, Key="a", Body=b"1", **{header: value})
    else:
        refused = refusal(lambda: writer.put_object(Bucket=bucket, Key="a", Body=b"1", **{header: value}))
        assert refused[0] == "NoSuchKey"
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="b", Body=b"1"))[0] == "AccessDenied"


def test_the_value_of_the_condition_is_known() -> None:
    only_new = {"StringEquals": {"s3:if-none-match": "*"}}
    writer = a_role(allow("s3:PutObject", Condition=only_new)).client("s3")
    bucket = a_bucket()
    assert writer.put_object(Bucket=bucket, Key="a", Body=b"1", **NEVER_OVER_ANOTHER)
    other = refusal(lambda: writer.put_object(Bucket=bucket, Key="b", Body=b"1", IfNoneMatch='"0"'))
    assert other[0] == "AccessDenied"


def test_an_upload_in_parts_is_held_to_the_condition_when_it_is_completed() -> None:
    bucket = a_bucket(INSERT_ONLY)
    writer = a_role(allow("s3:PutObject")).client("s3")
    upload = {"Bucket": bucket, "Key": "a"}
    upload["UploadId"] = writer.create_multipart_upload(**upload)["UploadId"]
    etag = writer.upload_part(**upload, PartNumber=1, Body=b"1")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    assert refusal(lambda: writer.complete_multipart_upload(**upload, MultipartUpload=parts))[0] == "AccessDenied"
    assert writer.complete_multipart_upload(**upload, MultipartUpload=parts, **NEVER_OVER_ANOTHER)


def test_a_copy_is_a_write_like_any_other(s3: Any) -> None:
    bucket = a_bucket(INSERT_ONLY)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", **NEVER_OVER_ANOTHER)
    copy = {"Bucket": bucket, "Key": "b", "CopySource": f"{bucket}/a"}
    assert refusal(lambda: s3.copy_object(**copy))[0] == "AccessDenied"
    assert s3.copy_object(**copy, **NEVER_OVER_ANOTHER)
    assert refusal(lambda: s3.copy_object(**copy, **NEVER_OVER_ANOTHER))[0] == "PreconditionFailed"


def test_a_root_is_denied_by_its_own_bucket_and_can_still_change_the_policy(s3: Any) -> None:
    bucket = a_bucket(lambda objects: {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects[:-2]})
    code, message = refusal(lambda: s3.get_bucket_versioning(Bucket=bucket))
    assert code == "AccessDenied"
    assert message.endswith("with an explicit deny in a resource-based policy")
    assert s3.get_bucket_policy(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


# --- Writes under a condition ------------------------------------------------


def test_an_object_that_is_there_is_not_written_again(s3: Any) -> None:
    bucket = a_bucket()
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1", **NEVER_OVER_ANOTHER)["VersionId"]
    code, _ = refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"2", **NEVER_OVER_ANOTHER))
    assert code == "PreconditionFailed"
    versions = s3.list_object_versions(Bucket=bucket, Prefix="a")["Versions"]
    assert [each["VersionId"] for each in versions] == [first]


def test_after_a_delete_marker_the_place_counts_as_free(s3: Any) -> None:
    bucket = a_bucket()
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1", **NEVER_OVER_ANOTHER)["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="a", Body=b"2", **NEVER_OVER_ANOTHER)["VersionId"]
    listed = s3.list_object_versions(Bucket=bucket, Prefix="a")
    assert [(each["VersionId"], each["IsLatest"]) for each in listed["Versions"]] == [(second, True), (first, False)]
    assert [(each["VersionId"], each["IsLatest"]) for each in listed["DeleteMarkers"]] == [(marker, False)]


def test_what_is_matched_is_what_lies_there_now(s3: Any) -> None:
    bucket = a_bucket()
    absent = refusal(lambda: s3.put_object(Bucket=bucket, Key="head", Body=b"1", IfMatch='"0"'))
    assert absent[0] == "NoSuchKey"
    etag = s3.put_object(Bucket=bucket, Key="head", Body=b"1")["ETag"]
    moved = s3.put_object(Bucket=bucket, Key="head", Body=b"2", IfMatch=etag)["ETag"]
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="head", Body=b"3", IfMatch=etag))[0] == "PreconditionFailed"
    assert s3.put_object(Bucket=bucket, Key="head", Body=b"3", IfMatch=moved)


# --- Object Lock in COMPLIANCE -----------------------------------------------


@pytest.fixture
def kept(s3: Any) -> dict[str, str]:
    """An object that its bucket retains for 30 days."""
    bucket = a_bucket(locked=True)
    version = s3.put_object(Bucket=bucket, Key="a", Body=b"1", **NEVER_OVER_ANOTHER)["VersionId"]
    return {"Bucket": bucket, "Key": "a", "VersionId": version}


def _retention(days: int, mode: str = "COMPLIANCE") -> dict[str, Any]:
    return {"Mode": mode, "RetainUntilDate": datetime.now(UTC) + timedelta(days=days)}


@pytest.mark.parametrize("bypass", [False, True], ids=["plain", "bypassing governance"])
def test_a_version_that_is_retained_is_deleted_by_nobody(bypass: bool, kept: dict[str, str], s3: Any) -> None:  # noqa: FBT001 - a case of the table
    anybody = a_role(allow("s3:*")).client("s3")
    for caller in (s3, anybody):
        code, _ = refusal(partial(caller.delete_object, **kept, BypassGovernanceRetention=bypass))
        assert code == "AccessDenied"
    batch = {"Objects": [{"Key": kept["Key"], "VersionId": kept["VersionId"]}]}
    errors = s3.delete_objects(Bucket=kept["Bucket"], Delete=batch, BypassGovernanceRetention=bypass)["Errors"]
    assert [each["Code"] for each in errors] == ["AccessDenied"]
    assert s3.get_object(**kept)["Body"].read() == b"1"


@pytest.mark.parametrize("retention", [_retention(1), _retention(90, "GOVERNANCE")], ids=["shorter", "weaker"])
def test_a_retention_is_not_loosened(retention: dict[str, Any], kept: dict[str, str], s3: Any) -> None:
    for bypass in (False, True):
        change = {**kept, "Retention": retention, "BypassGovernanceRetention": bypass}
        assert refusal(partial(s3.put_object_retention, **change))[0] == "AccessDenied"
    assert s3.put_object_retention(**kept, Retention=_retention(90))


def test_a_marker_hides_what_is_retained_and_removes_nothing(kept: dict[str, str], s3: Any) -> None:
    s3.delete_object(Bucket=kept["Bucket"], Key=kept["Key"])
    assert refusal(lambda: s3.get_object(Bucket=kept["Bucket"], Key=kept["Key"]))[0] == "NoSuchKey"
    assert s3.get_object(**kept)["Body"].read() == b"1"


def test_the_bucket_with_what_it_retains_is_not_deleted(kept: dict[str, str], s3: Any) -> None:
    assert refusal(lambda: s3.delete_bucket(Bucket=kept["Bucket"]))[0] == "BucketNotEmpty"


def test_the_lock_is_told_to_whoever_may_read_the_retention(kept: dict[str, str], s3: Any) -> None:
    whole = s3.head_object(**kept)
    left = whole["ObjectLockRetainUntilDate"] - datetime.now(UTC)
    assert whole["ObjectLockMode"] == "COMPLIANCE"
    assert timedelta(days=29) < left <= timedelta(days=30)
    reader = a_role(allow("s3:GetObjectVersion"))
    assert "ObjectLockMode" not in reader.client("s3").head_object(**kept)
    reader.may(allow("s3:GetObjectVersion", "s3:GetObjectRetention"))
    assert reader.client("s3").head_object(**kept)["ObjectLockMode"] == "COMPLIANCE"
