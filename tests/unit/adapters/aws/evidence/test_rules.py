"""Rules lie in the evidence bucket each under its own hash, put once; what lies otherwise is none."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.evidence.rules import RulesBucket
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import ApprovalVoidError, CallRefusedError
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import HOME
from tests.fakes.moto_clients import moto_client

BUCKET, OWNER = "strongroom-audit", AccountId("123456789012")
RULES = '{"format":"strongroom-policy/1"}'


class Clients:
    """One client, for one account and Region."""

    def __init__(self, s3: Any) -> None:
        self.s3 = s3

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        assert (service, account, region) == ("s3", OWNER, HOME)
        return self.s3


@pytest.fixture
def s3() -> Iterator[Any]:
    """A bucket with versions."""
    with mock_aws():
        client = moto_client("s3", HOME)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


@pytest.fixture
def bucket(s3: Any) -> RulesBucket:
    return RulesBucket(Clients(s3), BUCKET, owner=OWNER, region=Region(HOME))


def versions(s3: Any) -> int:
    return len(s3.list_object_versions(Bucket=BUCKET).get("Versions", ()))


def test_a_text_is_kept_once_under_its_own_hash(bucket: RulesBucket, s3: Any) -> None:
    assert bucket.kept() == {}
    bucket.keep(RULES)
    bucket.keep(RULES)
    assert (bucket.kept(), versions(s3)) == ({digest_of(RULES): RULES}, 1)
    assert s3.get_object(Bucket=BUCKET, Key=policy_key(digest_of(RULES)))["Body"].read().decode() == RULES


def test_what_lies_under_another_name_is_not_kept_and_is_complained_of(bucket: RulesBucket, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=policy_key(digest_of(RULES)), Body=b"looser rules")
    assert bucket.kept() == {}
    with pytest.raises(CallRefusedError, match="holds something else"):
        bucket.keep(RULES)


def test_attack_26_rules_that_were_exchanged_are_not_believed(bucket: RulesBucket, s3: Any) -> None:
    bucket.keep(RULES)
    s3.put_object(Bucket=BUCKET, Key=policy_key(digest_of(RULES)), Body=RULES.encode())
    with pytest.raises(ApprovalVoidError, match="second version"):
        bucket.kept()
