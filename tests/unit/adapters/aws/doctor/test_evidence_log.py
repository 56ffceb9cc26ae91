"""The evidence log, as it lies in the audit account."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.doctor.evidence_log import EvidenceLogs
from strongroom.domain.doctor.found import LogFound
from strongroom.domain.evidence.log.batches import checkpoint_key
from strongroom.domain.identifiers import AccountId
from tests.builders.places import HOME
from tests.fakes.account_clients import FakeAccountClients, refusal
from tests.fakes.moto_clients import moto_client

AUDIT = AccountId("123456789012")  # moto's own
BUCKET = f"strongroom-audit-{AUDIT}-{HOME}"


class Functions:
    """Lambda with the log's function, or without it."""

    def __init__(self, state: str | None = "Active") -> None:
        self.state = state

    def get_function_configuration(self, **request: str) -> dict[str, Any]:
        assert request == {"FunctionName": "strongroom-log-evidence"}
        if self.state is None:
            raise refusal("ResourceNotFoundException", "GetFunctionConfiguration")
        return {"State": self.state}


@pytest.fixture
def s3() -> Iterator[Any]:
    """The bucket, empty."""
    with mock_aws():
        made = moto_client("s3", HOME)
        made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        made.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield made


def look(functions: Functions | None = None) -> LogFound:
    return EvidenceLogs(FakeAccountClients({"lambda": functions or Functions()})).log(AUDIT, HOME)


def test_an_empty_log_has_nothing(s3: Any) -> None:
    assert look() == LogFound(state="Active", checkpoint=None, newest=None)


def test_the_checkpoint_over_most_leaves_is_the_newest(s3: Any) -> None:
    for size in (10, 9, 100):
        s3.put_object(Bucket=BUCKET, Key=checkpoint_key(size), Body=f"over {size}".encode())
    assert look().checkpoint == "over 100"


@pytest.mark.parametrize("key", ["evidence/r-1/request.json", "policies/a.json", "issuer-keys/x/1.json"])
def test_the_newest_evidence_is_of_whatever_kind(s3: Any, key: str) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"{}")
    s3.put_object(Bucket=BUCKET, Key="log/tile/0/000", Body=b"\xff")
    put = s3.head_object(Bucket=BUCKET, Key=key)["LastModified"]
    assert look().newest == put


def test_a_checkpoint_that_is_no_text_is_told_as_what_it_is(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=checkpoint_key(1), Body=b"\xff")
    assert look().checkpoint == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(("state", "told"), [("Failed", "Failed"), (None, "")])
def test_the_function_is_told_as_it_is(s3: Any, state: str | None, told: str) -> None:
    assert look(Functions(state)).state == told
