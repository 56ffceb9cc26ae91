"""What we touch inside MiniStack's S3 is still there, and tells whose a bucket is and the key of an object."""

import inspect
import json
from collections.abc import Iterator

import pytest
from ministack.core import iam_actions
from ministack.core.router import extract_access_key_id
from ministack.services import kms, s3

from sandbox.seams import host as seams
from sandbox.seams import objects

OWNER, CALLER, REGION = "888888888888", "999999999999", "eu-west-1"
BUCKET = "strongroom-seam"
ARN = f"arn:aws:s3:::{BUCKET}/a"
ENCRYPTION = """<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>
<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{key}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault>
<BucketKeyEnabled>{own}</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"""


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """The replaced parts, with a bucket of one account, asked from another; put back afterwards."""
    objects.be_strict(lambda: None, lambda _: True)
    with seams.request_scope(OWNER, REGION):
        s3._create_bucket(BUCKET, b"", {})  # noqa: SLF001
    with seams.request_scope(CALLER, REGION):
        yield
    with seams.request_scope(OWNER, REGION):
        s3._delete_object(BUCKET, "a", {}, {})  # noqa: SLF001
        s3._delete_bucket(BUCKET)  # noqa: SLF001
        s3._bucket_encryption.pop(BUCKET, None)  # noqa: SLF001
    seams.restore()


@pytest.fixture
def key() -> str:
    """A key of the bucket's account."""
    with seams.request_scope(OWNER, REGION):
        return str(json.loads(kms._create_key({})[2])["KeyMetadata"]["Arn"])  # noqa: SLF001


def _encrypt(key: str, *, own: bool) -> None:
    with seams.request_scope(OWNER, REGION):
        s3._put_bucket_encryption(BUCKET, ENCRYPTION.format(key=key, own=str(own).lower()).encode())  # noqa: SLF001


def test_what_is_replaced_or_called_still_takes_what_it_took() -> None:
    seams.restore()
    foreign = ["owner_account", "bucket_name", "key", "method", "query_params", "caller", "headers"]
    expected = {
        s3._foreign_bucket_allows: foreign,  # noqa: SLF001
        s3._apply_bucket_scope: ["method", "bucket", "key", "headers", "query_params", "body", "internal"],  # noqa: SLF001
        s3._resolve_sse_write_headers: ["headers", "bucket_name"],  # noqa: SLF001
        s3._copy_object: ["bucket_name", "dest_key", "headers"],  # noqa: SLF001
        s3._check_put_preconditions: ["headers", "existing_obj"],  # noqa: SLF001
        s3._object_response_headers: ["obj", "bucket_name", "key", "include_checksums"],  # noqa: SLF001
        s3._object_record_from_version: ["v"],  # noqa: SLF001
        s3._public_access_blocked: ["owner_account", "bucket_name", "setting"],  # noqa: SLF001
        s3._policy_is_public: ["policy_text"],  # noqa: SLF001
        iam_actions._s3_action: ["method", "path", "query_params"],  # noqa: SLF001
        extract_access_key_id: ["headers", "query_params"],
    }
    for function, parameters in expected.items():
        assert [*inspect.signature(function).parameters] == parameters


def test_a_bucket_is_its_owners_wherever_it_is_asked_for() -> None:
    assert (objects.owner_of(ARN), objects.owner_of("arn:aws:s3:::absent/a")) == (OWNER, None)
    assert objects.owner_of("arn:aws:sqs:eu-west-1:888888888888:queue") is None


def test_a_write_uses_the_buckets_key_or_the_one_that_it_names(key: str) -> None:
    assert objects.key_of_write(ARN, {}) is None
    _encrypt(key, own=False)
    assert objects.key_of_write(ARN, {}) == key
    assert objects.key_of_write(ARN, {"x-amz-server-side-encryption": "AES256"}) is None
    named = {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": key}
    assert objects.key_of_write(ARN, named) == key


def test_an_object_lies_under_the_key_that_it_was_written_with(key: str) -> None:
    _encrypt(key, own=False)
    with seams.request_scope(OWNER, REGION):
        s3._put_object(BUCKET, "a", b"1", {})  # noqa: SLF001
    assert objects.key_of_object(ARN) == key
    assert (objects.key_of_object(f"{ARN}b"), objects.key_of_object(ARN, "absent")) == (None, None)


@pytest.mark.parametrize(("own", "context"), [(False, ARN), (True, f"arn:aws:s3:::{BUCKET}")])
def test_a_key_encrypts_objects_or_the_key_of_their_bucket(*, own: bool, context: str, key: str) -> None:
    _encrypt(key, own=own)
    assert objects.encryption_context(ARN) == context


@pytest.mark.parametrize(("expected", "is_refused"), [(OWNER, False), (CALLER, True), ("", False)])
def test_a_call_that_names_another_owner_is_refused(expected: str, is_refused: bool) -> None:  # noqa: FBT001
    headers = {"x-amz-expected-bucket-owner": expected} if expected else {}
    with seams.request_scope(OWNER, REGION):
        answered = s3._apply_bucket_scope("GET", BUCKET, "", headers, {"tagging": ""}, b"", True)  # noqa: FBT003, SLF001
    assert (answered is not None and answered[0] == 403) is is_refused
