"""What we touch of notifications and replication inside MiniStack's S3 is still there, and refuses what S3 refuses."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import s3, sqs

from sandbox.seams import calling_out
from sandbox.seams import host as seams

OWNER, REGION, BUCKET = "888888888888", "eu-west-1", "strongroom-calling"
FUNCTION = f"arn:aws:lambda:{REGION}:{OWNER}:function:thumbnails"
QUEUE = f"arn:aws:sqs:{REGION}:{OWNER}:uploads"
LETS_S3_IN = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": "*",
            }
        ],
    }
)
MARKERS = "<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>"
VERSIONS = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"


@pytest.fixture(autouse=True)
def open_functions() -> Iterator[set[str]]:
    """The functions that let S3 in, with a bucket and two queues of one account."""
    found: set[str] = set()
    calling_out.be_strict(lambda function, bucket, account: f"{function} {bucket} {account}" in found)
    with seams.request_scope(OWNER, REGION):
        s3._create_bucket(BUCKET, b"", {})  # noqa: SLF001
        s3._buckets[BUCKET]["region"] = REGION  # noqa: SLF001
        for name in ("uploads", "uploads.fifo"):
            order = {"FifoQueue": "true"} if "." in name else {}
            sqs._act_create_queue({"QueueName": name, "Attributes": {"Policy": LETS_S3_IN} | order}, "")  # noqa: SLF001
        yield found
        for name in ("uploads", "uploads.fifo"):
            sqs._act_delete_queue({"QueueName": name}, f"http://localhost/{OWNER}/{name}")  # noqa: SLF001
        s3._delete_bucket(BUCKET)  # noqa: SLF001
    seams.restore()


def queue(number: int = 1, *, arn: str = QUEUE, event: str = "s3:ObjectCreated:*", **filters: str) -> str:
    rules = "".join(
        f"<FilterRule><Name>{name}</Name><Value>{value}</Value></FilterRule>" for name, value in filters.items()
    )
    filtered = f"<Filter><S3Key>{rules}</S3Key></Filter>" if rules else ""
    return (
        f"<QueueConfiguration><Id>{number}</Id><Queue>{arn}</Queue><Event>{event}</Event>{filtered}"
        "</QueueConfiguration>"
    )


def function(arn: str = FUNCTION) -> str:
    return (
        f"<CloudFunctionConfiguration><Id>f</Id><CloudFunction>{arn}</CloudFunction><Event>s3:ObjectRemoved:*</Event>"
        "</CloudFunctionConfiguration>"
    )


def notify(*each: str) -> str:
    """What PutBucketNotificationConfiguration says against it; empty where it is done."""
    body = f"<NotificationConfiguration>{''.join(each)}</NotificationConfiguration>".encode()
    skip = {"x-amz-skip-destination-validation": "false"}
    return said(s3._put_bucket_notification(BUCKET, body, skip))  # noqa: SLF001


def replicate(bucket: str, scope: str = "<Prefix></Prefix>") -> str:
    """What PutBucketReplication says against it; empty where it is done."""
    body = (
        "<ReplicationConfiguration><Role>arn:aws:iam::888888888888:role/r</Role><Rule><ID>a</ID><Status>Enabled</Status>"
        f"{scope}<Destination><Bucket>arn:aws:s3:::{bucket}</Bucket></Destination></Rule>"
        "</ReplicationConfiguration>"
    )
    return said(s3._put_bucket_replication(BUCKET, body.encode()))  # noqa: SLF001


def said(answer: Any) -> str:
    status, _, body = answer
    return "" if status == 200 else body.decode() if isinstance(body, bytes) else str(body)


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams.restore()
    expected = {
        s3._validate_notification_configs: [  # noqa: SLF001
            "configs",
            "bucket_region",
            "bucket_name",
            "skip_destination_validation",
        ],
        s3._get_bucket_notification: ["name"],  # noqa: SLF001
        s3._put_bucket_replication: ["bucket_name", "body"],  # noqa: SLF001
    }
    for touched, parameters in expected.items():
        assert [*inspect.signature(touched).parameters] == parameters


@pytest.mark.parametrize(
    ("each", "is_refused"),
    [
        pytest.param((queue(1), queue(2)), True, id="the same twice"),
        pytest.param((queue(1), queue(2, event="s3:ObjectCreated:Put")), True, id="one of all"),
        pytest.param((queue(1), queue(2, event="s3:ObjectRemoved:*")), False, id="other events"),
        pytest.param((queue(1, prefix="a/"), queue(2, prefix="a/b")), True, id="a prefix within"),
        pytest.param((queue(1, prefix="a/"), queue(2, prefix="b/")), False, id="other prefixes"),
        pytest.param((queue(1, prefix="a", suffix=".b"), queue(2, prefix="a", suffix=".c")), False, id="other ends"),
        pytest.param((queue(1, prefix="a", suffix="b"), queue(2, suffix=".b")), True, id="an end within"),
    ],
)
def test_no_object_meets_two_notifications_of_one_event(each: tuple[str, ...], *, is_refused: bool) -> None:
    assert ("Configurations overlap" in notify(*each)) is is_refused


def test_a_queue_in_order_is_no_destination() -> None:
    assert "Unable to validate" in notify(queue(arn=f"{QUEUE}.fifo"))


def test_a_function_is_called_that_lets_s3_in_for_this_bucket(open_functions: set[str]) -> None:
    assert "Unable to validate" in notify(function())
    open_functions.add(f"{FUNCTION} arn:aws:s3:::{BUCKET} {OWNER}")
    assert notify(function()) == ""
    assert "Unable to validate" in notify(function(f"{FUNCTION}-2"))


def test_a_filter_is_told_in_capitals() -> None:
    assert notify(queue(prefix="a/")) == ""
    told = s3._get_bucket_notification(BUCKET)[2]  # noqa: SLF001
    assert "<Name>Prefix</Name>" in (told.decode() if isinstance(told, bytes) else told)


def test_nothing_is_replicated_into_a_bucket_that_nobody_has() -> None:
    assert "Versioning must be" in replicate("nowhere-at-all")
    s3._put_bucket_versioning(BUCKET, VERSIONS)  # noqa: SLF001
    assert "Destination bucket must exist" in replicate("nowhere-at-all")
    assert "not found" in said(s3._get_bucket_replication(BUCKET))  # noqa: SLF001


def test_a_rule_with_a_filter_says_what_becomes_of_markers_and_which_goes_first() -> None:
    s3._put_bucket_versioning(BUCKET, VERSIONS)  # noqa: SLF001
    scope = "<Filter><Prefix></Prefix></Filter>"
    assert "DeleteMarkerReplication must be specified" in replicate(BUCKET, f"{scope}<Priority>1</Priority>")
    assert "Priority must be specified" in replicate(BUCKET, f"{scope}{MARKERS}")
    assert replicate(BUCKET, f"{scope}{MARKERS}<Priority>1</Priority>") == ""
