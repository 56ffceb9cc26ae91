"""What lies in the evidence bucket was put once; whatever happened to it since is noticed."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.evidence import bucket as bucket_module
from strongroom.adapters.aws.evidence.bucket import LARGEST, EvidenceBucket
from strongroom.domain.errors import (
    ApprovalVoidError,
    ConfigurationMissingError,
    MalformedRecordError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import AccountId
from tests.builders.places import HOME
from tests.fakes.aws_failures import FailingClient, answered
from tests.fakes.moto_clients import moto_client

BUCKET = "strongroom-audit"
OWNER = AccountId("123456789012")  # moto's own
PLACE = "evidence/r-1/proofs/"


@pytest.fixture
def s3() -> Iterator[Any]:
    """S3 with a versioned bucket."""
    with mock_aws():
        made = moto_client("s3", HOME)
        made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        made.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield made


@pytest.fixture
def bucket(s3: Any) -> EvidenceBucket:
    """The evidence bucket, empty."""
    return EvidenceBucket(s3, BUCKET, owner=OWNER)


def test_a_text_is_read_as_it_was_put(bucket: EvidenceBucket) -> None:
    assert bucket.put_new(f"{PLACE}a.json", '{"reason":"für Ω"}')
    assert bucket.read(f"{PLACE}a.json") == '{"reason":"für Ω"}'


def test_nothing_is_put_where_something_lies(bucket: EvidenceBucket) -> None:
    bucket.put_new(f"{PLACE}a.json", "first")
    assert not bucket.put_new(f"{PLACE}a.json", "second")
    assert bucket.read(f"{PLACE}a.json") == "first"


def test_what_is_no_text_is_read_as_it_was_put(bucket: EvidenceBucket) -> None:
    assert bucket.put_new_bytes("log/tile/0/000", b"\x00\xff")
    assert not bucket.put_new_bytes("log/tile/0/000", b"other")
    assert bucket.read_bytes("log/tile/0/000") == b"\x00\xff"
    assert bucket.read_bytes("log/tile/0/001") is None


def test_where_nothing_was_put_there_is_no_text(bucket: EvidenceBucket) -> None:
    bucket.put_new(f"{PLACE}a.json.longer", "other")
    assert bucket.read(f"{PLACE}a.json") is None
    assert bucket.texts("evidence/r-2/") == {}


def test_the_texts_under_a_prefix_come_in_the_order_of_their_keys(bucket: EvidenceBucket) -> None:
    for name in ("b", "a", "B"):
        bucket.put_new(f"{PLACE}{name}", name)
    bucket.put_new("evidence/r-10/proofs/c", "another request's")
    assert list(bucket.texts(PLACE).items()) == [(f"{PLACE}{name}", name) for name in ("B", "a", "b")]
    assert bucket.keys(PLACE) == tuple(f"{PLACE}{name}" for name in ("B", "a", "b"))


def overwritten(s3: Any, key: str) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"second")


def deleted(s3: Any, key: str) -> None:
    s3.delete_object(Bucket=BUCKET, Key=key)


def deleted_and_put_again(s3: Any, key: str) -> None:
    deleted(s3, key)
    overwritten(s3, key)


@pytest.mark.parametrize("tamper", [overwritten, deleted, deleted_and_put_again])
def test_what_was_tampered_with_is_no_evidence(tamper: Any, s3: Any, bucket: EvidenceBucket) -> None:
    bucket.put_new(f"{PLACE}a.json", "first")
    bucket.put_new(f"{PLACE}b.json", "whole")
    tamper(s3, f"{PLACE}a.json")
    for read in (lambda: bucket.read(f"{PLACE}a.json"), lambda: bucket.texts(PLACE)):
        with pytest.raises(ApprovalVoidError, match=r"proofs/a\.json was tampered with"):
            read()
    assert bucket.read(f"{PLACE}b.json") == "whole"
    assert bucket.keys(PLACE) == (f"{PLACE}a.json", f"{PLACE}b.json")


def test_more_than_a_page_is_read_whole(bucket: EvidenceBucket, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        bucket.put_new(f"{PLACE}{number}", str(number))
    pages = s3.get_paginator("list_object_versions").paginate
    small = partial(pages, PaginationConfig={"PageSize": 2})
    monkeypatch.setattr(s3, "get_paginator", lambda _: SimpleNamespace(paginate=small))
    assert list(bucket.texts(PLACE).values()) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"\xff", "is not written in UTF-8"), (b"x" * 11, "has 11 bytes: it is no piece of evidence")],
    ids=["bytes", "too-large"],
)
def test_what_is_no_text_is_no_evidence(
    body: bytes, said: str, s3: Any, bucket: EvidenceBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LARGEST > 10
    monkeypatch.setattr(bucket_module, "LARGEST", 10)
    s3.put_object(Bucket=BUCKET, Key=PLACE, Body=body)
    with pytest.raises(MalformedRecordError, match=said):
        bucket.texts(PLACE)
    bucket.put_new(f"{PLACE}sound", "sound")
    assert bucket.sound_texts(PLACE) == {f"{PLACE}sound": "sound"}


def test_it_is_read_by_the_version_that_was_looked_at(s3: Any, bucket: EvidenceBucket) -> None:
    """Who puts another version between the look and the reading is not read."""
    bucket.put_new(f"{PLACE}a.json", "first")
    paginator = s3.get_paginator("list_object_versions")

    class Interrupted:
        def get_paginator(self, _: str) -> "Interrupted":
            return self

        def paginate(self, **request: Any) -> Iterator[Any]:
            yield from list(paginator.paginate(**request))
            overwritten(s3, f"{PLACE}a.json")

        def __getattr__(self, name: str) -> Any:
            return getattr(s3, name)

    assert EvidenceBucket(Interrupted(), BUCKET, owner=OWNER).read(f"{PLACE}a.json") == "first"


def test_every_call_names_the_owner_so_that_s3_refuses_anybody_elses_bucket(s3: Any, bucket: EvidenceBucket) -> None:
    owners = []

    def look(params: dict[str, Any], **_: Any) -> None:
        owners.append(params["ExpectedBucketOwner"])

    s3.meta.events.register("provide-client-params.s3", look)
    bucket.put_new(f"{PLACE}a.json", "first")
    bucket.read(f"{PLACE}a.json")
    s3.meta.events.unregister("provide-client-params.s3", look)
    assert owners == [OWNER] * 3


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "NoSuchVersion"])
def test_a_bucket_that_cannot_be_read_is_never_taken_for_an_empty_one(code: str) -> None:
    bucket = EvidenceBucket(FailingClient(answered(code)), BUCKET, owner=OWNER)
    with pytest.raises(ConfigurationMissingError, match=code):
        bucket.read("evidence/r-1/request.json")


def test_two_at_once_try_again() -> None:
    bucket = EvidenceBucket(FailingClient(answered("ConditionalRequestConflict", status=409)), BUCKET, owner=OWNER)
    with pytest.raises(TemporarilyUnavailableError):
        bucket.put_new("evidence/r-1/request.json", "{}")
