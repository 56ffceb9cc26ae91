"""What accounts for an outage lies in the evidence bucket under its own hash, put once."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.evidence.outages import OutageBucket
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.evidence.object_keys import outage_key
from strongroom.domain.identifiers import Region
from tests.builders.places import HOME
from tests.fakes.moto_clients import moto_client
from tests.unit.adapters.aws.evidence.test_rules import BUCKET, OWNER, Clients, versions

TEXT = '{"format":"strongroom-outage-evidence/1"}'


@pytest.fixture
def s3() -> Iterator[Any]:
    """A bucket with versions."""
    with mock_aws():
        client = moto_client("s3", HOME)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def test_a_text_is_kept_once_under_its_own_hash(s3: Any) -> None:
    bucket, key = OutageBucket(Clients(s3), BUCKET, owner=OWNER, region=Region(HOME)), outage_key(digest_of(TEXT))
    assert (bucket.keep(TEXT), bucket.keep(TEXT), versions(s3)) == (key, key, 1)
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() == TEXT


def test_what_lies_there_already_is_complained_of(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=outage_key(digest_of(TEXT)), Body=b"something else")
    with pytest.raises(CallRefusedError, match="holds something else"):
        OutageBucket(Clients(s3), BUCKET, owner=OWNER, region=Region(HOME)).keep(TEXT)
