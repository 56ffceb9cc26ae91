"""`strongroom evidence trust --kept` tells when which rules were in force, and every key that the issuer ever had."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from strongroom.adapters.aws import account_access
from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.issuer_keys import LATE, IssuerDocuments, seen_keys_text
from strongroom.domain.evidence.object_keys import policy_key, sight_key
from strongroom.domain.evidence.trust import read_trust
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.in_force import record_text, texts_in_force
from strongroom.domain.rulebook.policy_texts import policy_text
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.main import main
from tests.builders.intents import with_restores
from tests.fakes.evidence.bucket import FakeS3
from tests.fakes.restores.evidence import FakeShelf
from tests.unit.cli.evidence.test_keys import Sts
from tests.unit.cli.evidence.test_trusting import an_intent

THEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANGED = THEN + timedelta(days=2)
OLD, NEW = ({"kty": "EC", "crv": "P-256", "x": name, "y": name} for name in "ab")

type Applied = Callable[..., None]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return an_intent(tmp_path)


@pytest.fixture
def intent(file: str) -> Intent:
    return load_intent_file(Path(file))[0]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> FakeShelf:
    """The audit account's bucket, as somebody with the management account's credentials reaches it."""
    made = FakeShelf()
    services: dict[str, Any] = {"sts": Sts(), "s3": FakeS3(made)}
    monkeypatch.setattr(account_access, "connect", lambda service, **_: services[service])
    return made


@pytest.fixture
def applied(shelf: FakeShelf) -> Applied:
    """Let intents be applied at a time."""

    def apply(*intents: Intent, at: datetime, agreed: str = "") -> None:
        for text in (*texts_in_force(intents, at=at).values(), record_text(intents, at=at, agreed=agreed)):
            shelf.put_new(policy_key(digest_of(text)), text)

    return apply


def trusted(file: str, *options: str) -> int:
    return main(["evidence", "trust", file, "--kept", *options])


def former(intent: Intent) -> Intent:
    return with_restores(intent, presence_max_age=timedelta(minutes=1))


def rules(intent: Intent) -> str:
    return digest_of(policy_text(intent, unit="Production", at=THEN))


def test_when_rules_were_in_force_is_read_from_what_was_kept(
    file: str, intent: Intent, applied: Applied, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(former(intent), at=THEN)
    applied(former(intent), intent, at=CHANGED - timedelta(hours=1))
    applied(intent, at=CHANGED)
    assert trusted(file, "--without-issuer") == 0
    trust = read_trust(capsys.readouterr().out.strip())
    assert trust.was_in_force(rules(former(intent)), at=CHANGED - timedelta(seconds=1))
    assert trust.was_in_force(rules(intent), at=CHANGED - timedelta(hours=1))
    assert not trust.was_in_force(rules(former(intent)), at=CHANGED)
    assert not trust.was_in_force(rules(intent), at=CHANGED - timedelta(hours=2))
    assert not trust.was_in_force(rules(former(intent)), at=THEN - timedelta(seconds=1))


def test_every_key_that_the_issuer_was_seen_to_have_stands_in_it(
    file: str, intent: Intent, applied: Applied, shelf: FakeShelf, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(intent, at=THEN)
    issuer = ceremony_of(intent).identity_provider.issuer
    for at, key in ((THEN, OLD), (CHANGED, NEW)):
        text = seen_keys_text(issuer, IssuerDocuments(configuration={}, keys={"keys": [key]}), at=at)
        shelf.put_new(sight_key(issuer, at=at), text)
    assert trusted(file) == 0
    keys = read_trust(capsys.readouterr().out.strip()).proofs.issuer_keys
    assert keys.keys() == {thumbprint_of(OLD), thumbprint_of(NEW)}
    assert keys[thumbprint_of(OLD)].holds(CHANGED + LATE - timedelta(seconds=1))
    assert not keys[thumbprint_of(OLD)].holds(CHANGED + LATE)
    assert keys[thumbprint_of(NEW)].holds(CHANGED + timedelta(days=400))


def test_what_governors_signed_is_told(
    file: str, intent: Intent, applied: Applied, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(intent, at=THEN, agreed="0" * 64)
    assert trusted(file, "--without-issuer") == 0
    told = capsys.readouterr().err
    assert told == (
        f"strongroom: looser rules from 2026-11-01T12:00:00Z on: policies/{'0' * 64}.json is what governors signed\n"
    )


def test_rules_of_the_file_that_are_not_in_force_are_told_and_not_trusted(
    file: str, intent: Intent, applied: Applied, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(former(intent), at=THEN)
    assert trusted(file, "--without-issuer") == 0
    printed = capsys.readouterr()
    assert "has other rules than those that are in force" in printed.err
    assert [digest for digest, *_ in json.loads(printed.out)["policies"]] == [rules(former(intent))]


def test_before_anything_is_applied_nothing_is_trusted(
    file: str, shelf: FakeShelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trusted(file) == 2
    assert "says nothing about rules yet: `strongroom apply` keeps them there" in capsys.readouterr().err


def test_two_ways_to_say_since_when_are_one_too_many(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert trusted(file, "--since", "2026-11-26T14:00:00Z") == 2
    assert "leave --since out" in capsys.readouterr().err
