"""`strongroom rules sign` shows what becomes looser, lets a governor sign it, and keeps only what counts."""

import io
import json
import sys
import time
import webbrowser
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sandbox.passkeys import PASSKEYS
from strongroom.adapters.identity.oidc import IdentityTokens
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import read_canonical
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import bare_key, thumbprint_of
from strongroom.domain.proofs.proof import signed_content
from strongroom.domain.proofs.trust import Period
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.agreement import RulesEvidence, why_not_agreed
from strongroom.domain.rulebook.changes import read_change, read_change_evidence
from strongroom.domain.written import bytes_of
from strongroom_cli import rules
from strongroom_cli.login import Purpose
from strongroom_cli.main import main
from tests.builders.intents import with_restores
from tests.builders.proving.passkeys import an_assertion, with_passkeys
from tests.builders.proving.signing import Provider, a_json

API = "http://localhost:4566/v1"
PROVIDER = Provider(name="rules")
LOOSER = timedelta(minutes=20)


def sent(address: str) -> Any:
    """What the page finds behind the `#` of its address."""
    return read_canonical(bytes_of(address.partition("#")[2], of="what the page is told").decode())


@dataclass
class Desk:
    """Where a governor sits: two intents in files, a browser that signs by the person's passkey, a login."""

    folder: Path
    before: Intent
    after: Intent
    person: str = "maria"
    opened: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, intent in (("before", self.before), ("after", self.after)):
            (self.folder / f"{name}.json").write_bytes(msgspec.json.encode(intent))

    @property
    def evidence(self) -> Path:
        return self.folder / "agreed.json"

    def sign(self, *more: str, as_: str = "maria") -> int:
        self.person = as_
        before, after = (str(self.folder / f"{name}.json") for name in ("before", "after"))
        return main(["rules", "sign", after, "--before", before, "--evidence", str(self.evidence), *more])

    def open(self, address: str) -> None:
        """Sign what the page is led to, and put what it shows where the terminal reads it."""
        self.opened.append(address)
        statement = sent(address)["statement"]
        shown = json.dumps(signed_content(an_assertion(self.person, statement))["passkey"])
        sys.stdin = io.StringIO(f"{shown}\n")

    def log_in(self, provider: Any, *, show: Any, purpose: Purpose) -> str:
        """A fresh login, whose token commits to what is asked."""
        assert purpose.is_fresh
        second = int(time.time())
        usual = {
            "iss": provider.issuer,
            "aud": provider.cli_client_id,
            "sub": f"idp|{self.person}",
            "amr": ["mfa"],
            "nonce": purpose.nonce,
            "auth_time": second,
            "iat": second,
            "exp": second + 300,
        }
        return PROVIDER.made(a_json(usual | self.claims)).token

    @property
    def refusal(self) -> str:
        """Why `plan` would not take the file, by the keys that the provider is known to have."""
        keys = {thumbprint_of(PROVIDER.jwk): Period()}
        text = self.evidence.read_text(encoding="utf-8")
        given = RulesEvidence(text=text, signatures=CryptographySignatures(), keys_of=lambda _: keys)
        return why_not_agreed(given, before=self.before, after=self.after, now=datetime.now(UTC))


@pytest.fixture
def desk(intent: Intent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    before = with_passkeys(intent)
    made = Desk(tmp_path, before, with_restores(before, presence_max_age=LOOSER))
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setattr(webbrowser, "open", made.open)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(rules, "fetch_token", made.log_in)
    monkeypatch.setattr(IdentityTokens, "key_of", lambda *_: bare_key(PROVIDER.jwk))
    return made


@pytest.mark.parametrize("ways", [(), ("--passkey",)], ids=["by login", "by passkey"])
def test_x_09_two_governors_sign_one_after_the_other(
    ways: tuple[str, ...], desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.sign(*ways, as_="maria") == 0
    assert "1 of 2 governors have signed; another governor signs next." in capsys.readouterr().out
    assert desk.refusal.startswith("1 of 2 governors have signed this change")
    assert desk.sign(*ways, as_="sana") == 0
    said = capsys.readouterr().out
    assert "2 of 2 governors have signed; `strongroom plan --rules-evidence` takes it." in said
    assert desk.refusal == ""


def test_a_login_and_a_passkey_go_together(desk: Desk) -> None:
    assert desk.sign(as_="maria") == 0
    assert desk.sign("--passkey", as_="sana") == 0
    assert desk.refusal == ""


def test_what_becomes_looser_is_shown_with_the_marks_of_what_is_signed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sign("--passkey")
    said = capsys.readouterr().out
    assert "the age of a login would be 0:20:00 in place of 0:05:00" in said
    [address] = desk.opened
    assert address.startswith(f"{API}/rules#")
    assert PASSKEYS["maria"].id in sent(address)["passkeys"]
    assert PASSKEYS["piet"].id not in sent(address)["passkeys"]
    statement = read_change(sent(address)["statement"])
    assert f"You agree to that as {statement.before[:12]} -> {statement.after[:12]}." in said
    assert statement.expires_at - statement.issued_at == timedelta(days=7)


def test_it_can_be_for_fewer_days(desk: Desk) -> None:
    assert desk.sign("--valid-days", "2") == 0
    [proof] = read_change_evidence(desk.evidence.read_text(encoding="utf-8")).proofs
    assert proof.statement.expires_at - proof.statement.issued_at == timedelta(days=2)


@pytest.mark.parametrize("days", ["0", "8", "-1"])
def test_and_for_no_more_than_seven(days: str, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.sign("--valid-days", days) == 2
    assert "--valid-days is 1 to 7" in capsys.readouterr().err
    assert not desk.evidence.exists()


@pytest.mark.parametrize("ways", [(), ("--passkey",)], ids=["by login", "by passkey"])
def test_whoever_is_no_governor_leaves_nothing_behind(
    ways: tuple[str, ...], desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.sign(*ways, as_="piet") == 2
    assert "that does not count, and was not kept" in capsys.readouterr().err
    assert not desk.evidence.exists()


def test_x_09_one_governor_is_not_two(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.sign("--passkey", as_="maria")
    assert desk.sign(as_="maria") == 2
    assert "idp|maria has signed this already: another governor must" in capsys.readouterr().err
    assert len(read_change_evidence(desk.evidence.read_text(encoding="utf-8")).proofs) == 1


@pytest.mark.parametrize(
    "claims",
    [{"amr": ["pwd"]}, {"auth_time": int(time.time()) - 3600}, {"nonce": "another"}, {"aud": "somebody-else"}],
    ids=["a weak login", "an old login", "for something else", "for somebody else"],
)
def test_a_login_that_does_not_count_for_a_restore_does_not_count_here(claims: dict[str, Any], desk: Desk) -> None:
    desk.claims = claims
    assert desk.sign() == 2
    assert not desk.evidence.exists()


def test_a_file_about_another_change_is_not_added_to(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.sign()
    kept = desk.evidence.read_text(encoding="utf-8")
    still = with_restores(desk.after, presence_max_age=LOOSER * 2)
    (desk.folder / "after.json").write_bytes(msgspec.json.encode(still))
    assert desk.sign(as_="sana") == 2
    assert "was signed for another change" in capsys.readouterr().err
    assert desk.evidence.read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("content", [b"{}", b"no JSON", b"\xff"], ids=["empty", "text", "bytes"])
def test_another_file_is_not_overwritten(content: bytes, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.evidence.write_bytes(content)
    assert desk.sign() == 2
    assert "holds nothing that governors signed" in capsys.readouterr().err
    assert desk.evidence.read_bytes() == content


def test_rules_that_are_nowhere_looser_need_nobody(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    stricter = with_restores(desk.before, presence_max_age=timedelta(minutes=1))
    (desk.folder / "after.json").write_bytes(msgspec.json.encode(stricter))
    assert desk.sign() == 0
    assert "nowhere looser" in capsys.readouterr().out
    assert not desk.evidence.exists()


def test_rules_that_nobody_could_sign_rest_on_review(
    desk: Desk, intent: Intent, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "before.json").write_bytes(msgspec.json.encode(intent))
    assert desk.sign() == 2
    assert "they rest on review" in capsys.readouterr().err


@pytest.mark.parametrize("shown", ["", "{}", "no JSON", '{"credential": 1}'], ids=repr)
def test_what_the_page_does_not_show_is_told_in_one_line(
    shown: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: setattr(sys, "stdin", io.StringIO(shown)))
    assert desk.sign("--passkey") == 2
    assert "that is not what the page shows" in capsys.readouterr().err


def test_an_intent_that_was_compiled_otherwise_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.folder / "before.json").write_text("{}", encoding="utf-8")
    assert desk.sign() == 2
    assert "is no compiled intent of this release" in capsys.readouterr().err


def test_intents_are_read_as_everywhere_else(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert ceremony_of(desk.before)
    example = "strongroom.yaml"
    assert main(["rules", "sign", example, "--before", example, "--evidence", str(desk.evidence)]) == 2
    assert "they rest on review" in capsys.readouterr().err
