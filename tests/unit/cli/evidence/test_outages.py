"""`strongroom evidence explain`: two people report what they did, a reviewer signs, and only then it is kept."""

import io
import json
import sys
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from strongroom.adapters.aws import account_access
from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.evidence.object_keys import outage_key
from strongroom.domain.evidence.outages import OutagePart, read_outage_evidence, read_outage_statement
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.proof import signed_content
from strongroom.domain.written import bytes_of
from strongroom_cli.evidence import outages
from strongroom_cli.main import main
from tests.builders.places import HOME, OUTAGE_USERS, PAYMENTS
from tests.builders.proving.outages import ALL, JOB_ROLE, an_outage_evidence
from tests.builders.restores import AUTHENTICATORS, POINT, an_urgent_intent
from tests.fakes.evidence.bucket import FakeS3
from tests.fakes.restores.evidence import FakeShelf
from tests.unit.cli.evidence.test_keys import Sts

API = "http://localhost:4566/v1"
JOB = {
    "AccountId": PAYMENTS,
    "RestoreJobId": "by-hand",
    "RecoveryPointArn": POINT,
    "IamRoleArn": JOB_ROLE,
    "Status": "COMPLETED",
    "CreationDate": "2026-11-26T14:00:30+00:00",
}


@dataclass
class Desk:
    """Where somebody sits: a file that is handed on, and a browser that signs by their passkey."""

    folder: Path
    person: str = "ada"
    sent: list[Any] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "outage.json"

    def explain(self, *more: str, as_: str = "ada") -> int:
        self.person = as_
        return main(["evidence", "explain", str(self.file), *more])

    def report(self, *, job: Any = JOB, user: str = OUTAGE_USERS[0], as_: str = "ada") -> int:
        told = self.folder / "job.json"
        told.write_text(json.dumps(job), encoding="utf-8")
        facts = ("--user", user, "--incident", "INC-77", "--reason", "all was away")
        return self.explain("--job", str(told), *facts, as_=as_)

    def open(self, address: str) -> None:
        """Sign what the page is led to, and put what it shows where the terminal reads it."""
        page, _, behind = address.partition("#")
        assert page == f"{API}/outages"
        self.sent.append(read_canonical(bytes_of(behind, of="what the page is told").decode()))
        signed = AUTHENTICATORS[self.person].sign(self.sent[-1]["statement"])
        sys.stdin = io.StringIO(json.dumps(signed_content(signed)["passkey"]) + "\n")


@pytest.fixture
def desk(intent: Intent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setattr(webbrowser, "open", made.open)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(outages, "load_intent_file", lambda _: (an_urgent_intent(intent, users=OUTAGE_USERS), ()))
    return made


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> FakeShelf:
    """The audit account's bucket, as somebody with the management account's credentials reaches it."""
    made = FakeShelf()
    services: dict[str, Any] = {"sts": Sts(), "s3": FakeS3(made)}
    monkeypatch.setattr(account_access, "connect", lambda service, **_: services[service])
    return made


def test_attack_25_two_report_it_a_reviewer_signs_and_then_it_is_kept(
    desk: Desk, shelf: FakeShelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.report(as_="ada") == 0
    assert "1 of 2 of those who made it have signed." in capsys.readouterr().out
    assert desk.explain(as_="piet") == 0
    assert "no reviewer who took no part in it has signed." in capsys.readouterr().out
    assert desk.explain("--review", as_="sana") == 0
    assert "signed by idp|ada, idp|piet, idp|sana; `--keep` puts it among the evidence." in capsys.readouterr().out
    assert shelf.kept == {}
    assert desk.explain("--keep") == 0
    text = desk.file.read_text(encoding="utf-8")
    assert shelf.kept == {outage_key(digest_of(text)): text}
    given = read_outage_evidence(text)
    assert (given.report.job, given.report.region, given.report.role) == ("by-hand", HOME, JOB_ROLE)
    assert [proof.statement.part for proof in given.proofs] == [part for _, part in ALL]
    assert desk.explain("--keep") == 0


def test_what_is_signed_is_shown_first_with_its_mark(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.report()
    said = capsys.readouterr().out
    [sent] = desk.sent
    statement = read_outage_statement(sent["statement"])
    assert (statement.part, statement.report) == (OutagePart.MADE, digest_of(sent["report"]))
    assert f"You sign that as {statement.report[:12]}." in said
    for told in ("by-hand", POINT, JOB_ROLE, OUTAGE_USERS[0], "INC-77", "all was away"):
        assert told in said.partition("You sign")[0]


@pytest.mark.parametrize("by", [0, 1, 2])
def test_attack_25_what_too_few_have_signed_is_not_kept(
    by: int, desk: Desk, shelf: FakeShelf, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.file.write_text(an_outage_evidence(ALL[:by]), encoding="utf-8")
    assert desk.explain("--keep") == 2
    assert "signed" in capsys.readouterr().err
    assert shelf.kept == {}


@pytest.mark.parametrize(
    ("options", "person", "why"),
    [
        ((), "ada", "idp|ada has signed this already: somebody else must"),
        ((), "sana", "idp|sana is none of those who are called"),
        (("--review",), "piet", "idp|piet is none of those who review urgent restores"),
        ((), "maria", "nobody here has enrolled this passkey"),
    ],
    ids=["twice", "who is not called", "who reviews nothing", "a stranger"],
)
def test_attack_25_what_does_not_count_is_not_added(
    options: tuple[str, ...], person: str, why: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.report(as_="ada")
    before = desk.file.read_text(encoding="utf-8")
    assert desk.explain(*options, as_=person) == 2
    assert why in capsys.readouterr().err
    assert desk.file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "job",
    [[], {}, JOB | {"RecoveryPointArn": "x"}, JOB | {"IamRoleArn": ""}, JOB | {"AccountId": None}],
    ids=["no record", "nothing", "no ARN", "no role", "no account"],
)
def test_what_is_no_job_is_told(job: Any, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.report(job=job) == 2
    assert "is not what `aws backup describe-restore-job` answers" in capsys.readouterr().err
    assert not desk.file.exists()


def test_the_user_is_one_of_the_two(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.report(user=f"{OUTAGE_USERS[0]}0") == 2
    assert f"--user is one of {OUTAGE_USERS[0]} and {OUTAGE_USERS[1]}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--job", "job.json"), "--job takes --user, --incident and --reason"),
        (("--job", "job.json", "--review"), "--job goes with neither --keep nor --review"),
        ((), "cannot be read"),
    ],
)
def test_what_is_missing_is_told(
    options: tuple[str, ...], why: str, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.explain(*options) == 2
    assert why in capsys.readouterr().err


def test_a_report_is_begun_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.report()
    assert desk.report(as_="piet") == 2
    assert "who signs next leaves --job out" in capsys.readouterr().err


def test_a_file_of_anything_else_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.file.write_text("{}", encoding="utf-8")
    assert desk.explain() == 2
    assert "accounts for no outage: format is missing" in capsys.readouterr().err


def test_without_such_users_there_is_nothing_to_account_for(
    desk: Desk, intent: Intent, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outages, "load_intent_file", lambda _: (an_urgent_intent(intent), ()))
    assert desk.report() == 2
    assert "names no restores.break_glass.users" in capsys.readouterr().err
