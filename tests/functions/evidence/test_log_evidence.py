"""The function of the audit account: it is asked for a request or by the clock, and carries no intent."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto import mock_aws

from strongroom.domain.errors import MalformedEventError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.proofs import leaf_of, read_log_proof
from strongroom.domain.evidence.object_keys import request_key
from tests.builders.places import HOME
from tests.builders.proving.signing import a_key, a_signature
from tests.conftest import FakeClients
from tests.fakes.aws_failures import FailingClient, answered
from tests.fakes.control_plane import Handler, load_handler
from tests.fakes.moto_clients import moto_client

BUCKET, TABLE = "strongroom-audit", "log"
LOG_KEY, WITNESS_KEY = (f"arn:aws:kms:{HOME}:123456789012:key/{name}" for name in ("log", "witness"))
ID = "r-abcdefgh2345"


class FakeKms:
    """KMS with any key that is asked for."""

    def get_public_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        public = a_key(KeyId, "EdDSA").public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}

    def sign(self, *, KeyId: str, Message: bytes, **_: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"Signature": a_signature(a_key(KeyId, "EdDSA"), Message)}


@pytest.fixture
def handler(fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    """The function with its bucket, in which one request lies, its table and its keys."""
    settings = {
        "STRONGROOM_EVIDENCE_BUCKET": BUCKET,
        "STRONGROOM_LOG_KEY": LOG_KEY,
        "STRONGROOM_LOG_ORIGIN": "strongroom.example/log",
        "STRONGROOM_LOG_TABLE": TABLE,
        "STRONGROOM_WITNESS": "strongroom.example/witness",
        "STRONGROOM_WITNESS_KEY": WITNESS_KEY,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        s3, dynamodb = moto_client("s3", HOME), moto_client("dynamodb", HOME)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket=BUCKET, Key=request_key(ID), Body=b"{}")
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        fake_clients.own |= {"s3": s3, "dynamodb": dynamodb, "kms": FakeKms()}
        yield load_handler("log_evidence")


def test_a_request_is_answered_with_the_proof_of_each_of_its_objects(handler: Handler) -> None:
    [(key, text)] = handler({"request_id": ID}, None)["proofs"].items()
    proof = read_log_proof(text)
    leaf = leaf_of(key, digest=hashlib.sha256(b"{}").hexdigest())
    assert is_included(leaf, index=0, size=1, path=proof.path, root=proof.checkpoint.root)
    assert [line.name for line in proof.note.lines] == ["strongroom.example/log", "strongroom.example/witness"]


def test_by_the_clock_everything_is_logged_and_nothing_is_said(handler: Handler) -> None:
    answer = handler({}, None)
    assert (answer["verdict"]["state"], answer["verdict"]["added"], answer["proofs"]) == ("grown", 1, {})
    assert handler({"request_id": ID}, None)["verdict"]["state"] == "complete"


def test_the_verdict_is_logged_and_the_proofs_are_not(handler: Handler, capsys: pytest.CaptureFixture[str]) -> None:
    handler({"request_id": ID}, None)
    line = json.loads(capsys.readouterr().out)
    assert (line["decision"], line["correlation_id"]) == ("LogVerdict", ID)
    assert "tlog-proof" not in json.dumps(line)


@pytest.mark.parametrize("payload", [{"request": ID}, {"request_id": 1}, []], ids=repr)
def test_a_call_that_says_something_else_is_refused(handler: Handler, payload: Any) -> None:
    with pytest.raises(MalformedEventError):
        handler(payload, None)


def test_of_a_request_that_is_not_there_nothing_is_said(handler: Handler) -> None:
    with pytest.raises(NotFoundError):
        handler({"request_id": "r-zzzzzzzz2222"}, None)


def test_what_passes_leaves_under_the_name_that_the_ceremony_tries_again(
    handler: Handler, fake_clients: FakeClients
) -> None:
    fake_clients.own["kms"] = FailingClient(answered("ThrottlingException"))
    with pytest.raises(TemporarilyUnavailableError) as caught:
        handler({"request_id": ID}, None)
    assert type(caught.value) is TemporarilyUnavailableError
