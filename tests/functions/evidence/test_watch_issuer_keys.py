"""The function of the audit account that keeps the keys of the identity provider is called by the clock alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.identity.oidc import Web
from strongroom.domain.errors import MalformedEventError, TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import read_seen_keys
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.restores.ceremony import ceremony_of
from tests.builders.places import HOME
from tests.conftest import FakeClients
from tests.fakes.control_plane import Handler, load_handler
from tests.fakes.issuer import FakeIssuer
from tests.fakes.moto_clients import moto_client

BUCKET = "strongroom-audit"


@pytest.fixture
def issuer(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> FakeIssuer:
    """The issuer, as the function reaches it."""
    made = FakeIssuer(ceremony_of(intent).identity_provider)
    monkeypatch.setattr(Web, "get", lambda _, url: made.get(url))
    return made


@pytest.fixture
def s3(issuer: FakeIssuer, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The evidence bucket, and what the template tells the function."""
    monkeypatch.setenv("STRONGROOM_EVIDENCE_BUCKET", BUCKET)
    monkeypatch.setenv("STRONGROOM_EVIDENCE_OWNER", "123456789012")
    monkeypatch.setenv("STRONGROOM_ISSUER", issuer.name)
    with mock_aws():
        client = moto_client("s3", HOME)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME})
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        fake_clients.own["s3"] = client
        yield client


@pytest.fixture
def handler() -> Handler:
    return load_handler("watch_issuer_keys")


def kept(s3: Any) -> list[str]:
    versions = s3.list_object_versions(Bucket=BUCKET, Prefix="issuer-keys/").get("Versions", ())
    return [s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read().decode() for each in versions]


def test_what_the_issuer_publishes_is_kept_once(handler: Handler, s3: Any, issuer: FakeIssuer) -> None:
    assert handler({}, None)["verdict"]["state"] == "kept"
    [text] = kept(s3)
    seen = read_seen_keys(text)
    assert (seen.issuer, seen.thumbprints) == (issuer.name, frozenset({thumbprint_of(issuer.public_key)}))
    assert handler({}, None)["verdict"]["state"] == "known"
    assert len(kept(s3)) == 1


def test_an_issuer_that_cannot_be_reached_is_tried_at_the_next_tick(
    handler: Handler, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Web, url: str) -> Any:
        raise TemporarilyUnavailableError(f"{url} does not answer")

    monkeypatch.setattr(Web, "get", refuse)
    with pytest.raises(TemporarilyUnavailableError):
        handler({}, None)
    assert kept(s3) == []


@pytest.mark.parametrize("payload", [{"issuer": "https://evil.example"}, []], ids=repr)
def test_nobody_tells_it_whose_keys_to_keep(handler: Handler, s3: Any, payload: Any) -> None:
    with pytest.raises(MalformedEventError):
        handler(payload, None)
    assert kept(s3) == []
