"""What we touch inside MiniStack's buckets is still there, and buckets of stacks are locked once it is touched."""

import inspect
from collections.abc import Iterator

import pytest
from ministack.services import s3
from ministack.services.cloudformation import provisioners

from sandbox.seams import host as seams
from sandbox.seams import storage as seams_storage
from sandbox.settings import Settings

WRITERS = ["_put_bucket_ownership_controls", "_put_bucket_encryption", "_put_object_lock_configuration"]


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """The replaced part, put back afterwards."""
    seams_storage.install(Settings())
    yield
    seams.restore()


@pytest.mark.parametrize("name", WRITERS)
def test_a_configuration_is_written_by_bucket_and_body(name: str) -> None:
    assert len(inspect.signature(getattr(s3, name)).parameters) == 2


def test_a_bucket_of_a_stack_has_what_its_template_says() -> None:
    retention = {"Mode": "COMPLIANCE", "Days": "30"}
    properties = {
        "BucketName": "strongroom-seam",
        "VersioningConfiguration": {"Status": "Enabled"},
        "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    }
    with seams.request_scope("888888888888", "eu-west-1"):
        provisioners._s3_create("Bucket", properties, "stack")  # noqa: SLF001
        try:
            assert b"<Mode>COMPLIANCE</Mode><Days>30</Days>" in s3._get_object_lock_configuration("strongroom-seam")[2]  # noqa: SLF001
            assert "AES256" in s3._get_bucket_encryption("strongroom-seam")[2]  # noqa: SLF001
            assert "BucketOwnerEnforced" in s3._get_bucket_ownership_controls("strongroom-seam")[2]  # noqa: SLF001
        finally:
            provisioners._s3_delete("strongroom-seam", properties)  # noqa: SLF001


def test_a_lock_that_s3_refuses_fails_the_stack() -> None:
    unversioned = {"BucketName": "strongroom-seam", "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
    with seams.request_scope("888888888888", "eu-west-1"):
        try:
            with pytest.raises(ValueError, match="Versioning must be"):
                provisioners._s3_create("Bucket", unversioned, "stack")  # noqa: SLF001
        finally:
            provisioners._s3_delete("strongroom-seam", unversioned)  # noqa: SLF001
