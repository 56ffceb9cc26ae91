"""`strongroom doctor`: its lines, its exit codes, and what it says instead of a visit."""

import json
from collections import Counter
from collections.abc import Callable
from copy import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from strongroom.adapters.aws import account_access
from strongroom.domain.doctor.checks import every_call
from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.members import LiveInstance, LiveMembers
from strongroom_cli.doctor import verb
from strongroom_cli.main import main
from tests.builders.doctor import a_point, a_vault
from tests.builders.places import HOME, LOCAL_VAULT, PAYMENTS, PRODUCTION
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.account_clients import refusal
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization

EXAMPLE = str(Path(__file__).parents[4] / "strongroom.yaml")
MANAGEMENT = "111111111111"


@pytest.fixture
def patient(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> FakePatient:
    """An organisation where all is well, which the command finds."""
    wanted = a_desired_organization(intent)
    live = a_settled_organization(wanted)
    stack_sets = ("vault", "roles", "", "global")
    names = [f"strongroom-member{'-' if each else ''}{each}" for each in stack_sets] + ["strongroom-framework"]
    current = LiveInstance(account=PAYMENTS, region=HOME, status="CURRENT")
    members = LiveMembers(accounts={PRODUCTION: (PAYMENTS,)}, instances=dict.fromkeys(names, (current,)))
    organization = FakeOrganization(
        wanted, replace(live, members=members, unrecorded={(PAYMENTS, HOME): frozenset()}, scps_per_target=10)
    )
    found = FakePatient(contents={LOCAL_VAULT: a_vault(a_point(delete_at=None))})
    monkeypatch.setattr(verb, "enter", lambda *_, **__: None)
    monkeypatch.setattr(verb, "doctor_needs", lambda *_, **__: found.needs(organization.needs))
    return found


def test_where_nothing_that_protects_is_off_it_is_0(patient: FakePatient, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", EXAMPLE]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("holds           organization        o-strongroom1: the credentials are")
    counts = Counter(line[:14].strip() for line in printed.out.splitlines())
    assert printed.err.splitlines()[-1] == f"strongroom: {', '.join(f'{counts[each]} {each}' for each in Outcome)}"


def test_what_protects_and_is_off_is_1_with_evidence_and_what_to_do(
    patient: FakePatient, capsys: pytest.CaptureFixture[str]
) -> None:
    patient.found_trails = ()
    assert main(["doctor", EXAMPLE]) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if "  trail  " in line]
    assert line.startswith("does not hold  ")
    assert "seen: there is no trail; to do: without it no tag is enforced" in line


def test_what_only_costs_something_is_0(patient: FakePatient) -> None:
    patient.limit = 10
    assert main(["doctor", EXAMPLE]) == 0


def test_json_is_an_object_on_each_line(patient: FakePatient, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", EXAMPLE, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = {"check", "assumption", "outcome", "where", "evidence", "remedy", "protects"}
    assert all(set(line) == names for line in lines)


def test_a_strangers_text_does_not_move_the_cursor(patient: FakePatient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.contents[LOCAL_VAULT] = a_vault(a_point("\x1b[2Jarn\nx", plan_name=None))
    main(["doctor", EXAMPLE])
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert all(line.startswith(("holds ", "does not hold ", "cannot be seen ")) for line in printed.splitlines())


def test_the_policy_names_every_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--policy"]) == 0
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    assert (statement["Effect"], tuple(statement["Action"])) == ("Allow", every_call())


def test_events_are_kept_beside_the_answers(patient: FakePatient, tmp_path: Path) -> None:
    event = {"source": "aws.backup", "detail-type": "x", "detail": {"eventName": "StartCopyJob"}}
    given = tmp_path / "events.json"
    given.write_text(json.dumps(event))
    assert main(["doctor", EXAMPLE, "--record", str(tmp_path / "kept"), "--events", str(given)]) == 0
    assert (tmp_path / "kept/events/aws.backup/StartCopyJob-1.json").is_file()


def _written(text: bytes) -> Callable[[Path], list[str]]:
    def given(folder: Path) -> list[str]:
        (folder / "given").write_bytes(text)
        return ["--record", str(folder / "kept"), "--events", str(folder / "given")]

    return given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda folder: ["--record", str(folder.parent)], "new or empty"),
        (lambda folder: ["--events", str(folder / "none")], "--events needs --record DIR"),
        (lambda folder: ["--record", str(folder / "kept"), "--events", str(folder / "none")], "cannot be used"),
        (_written(b"{"), "is not JSON"),
        (_written(b"[1]"), "document 1 is no event"),
        (_written(b"\xff"), "is not UTF-8"),
    ],
    ids=["a full folder", "nowhere to keep", "no such file", "half a document", "no event", "no text"],
)
def test_bad_input_is_2_and_one_line_and_nothing_is_left(
    given: Callable[[Path], list[str]],
    said: str,
    patient: FakePatient,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor", EXAMPLE, *given(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert (printed.out, said in printed.err.splitlines()[-1]) == ("", True)
    assert not (tmp_path / "kept").exists()
    assert patient.asked == []


class Sts:
    """STS that answers, or fails, in one way."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer

    def get_caller_identity(self) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Account": self.answer}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NoCredentialsError(), "no credentials: "),
        (refusal("ExpiredToken", "GetCallerIdentity"), "the credentials have expired: "),
        (refusal("InvalidClientTokenId", "GetCallerIdentity"), "AWS does not know these credentials: "),
        (refusal("AccessDenied", "GetCallerIdentity"), "no rights: "),
        (refusal("Throttling", "GetCallerIdentity"), "AWS throttles or does not answer: "),
        (PAYMENTS, f"wrong account: these credentials belong to account {PAYMENTS}"),
    ],
    ids=["none", "expired", "unknown", "no rights", "throttled", "another account"],
)
def test_without_credentials_it_is_2_and_one_line(
    answer: str | Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(account_access, "connect", lambda *_, **__: Sts(answer))
    assert main(["doctor", EXAMPLE]) == 2
    printed = capsys.readouterr()
    told = [line for line in printed.err.splitlines() if line.startswith("strongroom: ")]
    assert (printed.out, len(told)) == ("", 1)
    assert told[0].startswith(f"strongroom: {said}")
