"""`strongroom restore state`: a step by hand is looked at here, signed by a fresh login, and shown until then."""

import json
from copy import replace
from pathlib import Path
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.restores.checklists.stated import StatedOutcome, make_step_statement
from strongroom.domain.restores.requests import SealedRequest, seal_request
from strongroom_cli.main import main
from tests.builders.proving.ceremony import a_policy_content
from tests.builders.restores import NOW, a_request
from tests.conftest import ROOT
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import OVER

INTENT = ["--intent", str(ROOT / "sandbox/strongroom.yaml")]
ATTACH, NAME = "Attach it: a volume comes back beside its instance and not in it.", "Let DNS name it."
LISTED = a_request(steps=(ATTACH, NAME), policy=canonical_text(a_policy_content()))
SEALED = seal_request(LISTED)
ID = SEALED.request.id
OTHER = seal_request(replace(LISTED, target_name="another-name"))
PASSKEYS_ONLY = canonical_text(a_policy_content(issuer=None))
LEFT = {"number": 1, "step": ATTACH, "outcome": "", "by": "", "at": None, "reason": ""}
DISMISSED = {
    **LEFT,
    "number": 2,
    "step": NAME,
    "outcome": "dismissed",
    "by": "Omar Haddad",
    "at": "2026-11-26T15:00:00Z",
    "reason": "its old name is gone",
}
SHOWN = OVER | {"request_id": ID, "state": "restored", "checklist": [LEFT, DISMISSED]}
TAKEN = {"state": "counted", "reason": "it is stated that the step is done", "left": [NAME]}


def handed_out(
    step: str = ATTACH,
    outcome: StatedOutcome = StatedOutcome.DONE,
    *,
    reason: str = "",
    of: SealedRequest = SEALED,
    text: str = "",
) -> dict[str, Any]:
    """What the API answers to be signed."""
    made = make_step_statement(of.asked, step, outcome, reason=reason, nonce="A" * 22, issued_at=NOW)
    return {"request_id": ID, "statement": made.text, "text": text or of.text, "view": "abc"}


def test_a_step_is_signed_by_a_login_that_commits_to_it(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN, handed_out(), TAKEN]
    assert main(["restore", "state", ID, "1", "--done", *INTENT]) == 0
    statement = handed_out()["statement"]
    assert [purpose.nonce for purpose in logins] == [commitment_of(statement)]
    assert api.calls[1:] == [
        ("POST", f"/restores/{ID}/statements", {"decision": "done", "step": ATTACH}),
        ("POST", f"/restores/{ID}/proofs", {"statement": statement, "id_token": {"token": "header.claims.signature"}}),
    ]
    assert capsys.readouterr().out.splitlines() == [
        f"You are about to state of {ID} that it is done: {ATTACH}",
        f"{ID}: it is stated that the step is done; 1 left to do.",
    ]


def test_a_step_is_dismissed_with_a_reason(api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    said = handed_out(NAME, StatedOutcome.DISMISSED, reason="nobody asks for it")
    api.answers = [SHOWN, said, TAKEN | {"left": []}]
    assert main(["restore", "state", ID, "2", "--dismiss", "nobody asks for it", "--json", *INTENT]) == 0
    assert api.calls[1][2] == {"decision": "dismissed", "step": NAME, "reason": "nobody asks for it"}
    assert json.loads(capsys.readouterr().out)["left"] == []
    assert len(logins) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(handed_out(NAME), id="another step"),
        pytest.param(handed_out(outcome=StatedOutcome.DISMISSED, reason="so"), id="another outcome"),
        pytest.param(handed_out(of=OTHER, text=SEALED.text), id="another text beside it"),
        pytest.param(handed_out(text=OTHER.text), id="a text of another request"),
    ],
)
def test_what_says_something_else_is_not_signed(
    answer: dict[str, Any], api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN, answer]
    assert main(["restore", "state", ID, "1", "--done", *INTENT]) != 0
    assert "the API asks to sign something else" in capsys.readouterr().err
    assert logins == []


def test_a_step_that_the_list_has_not_is_not_signed(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN]
    assert main(["restore", "state", ID, "3", "--done", *INTENT]) == 2
    assert f"{ID} has no step 3 by hand; its steps are: 1, 2" in capsys.readouterr().err
    assert len(api.calls) == 1


def test_a_word_that_does_not_count_is_told(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN, handed_out(), TAKEN | {"state": "refused", "reason": "somebody was quicker"}]
    assert main(["restore", "state", ID, "1", "--done", *INTENT]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"{ID}: your word does not count: somebody was quicker."
    assert len(logins) == 1


def test_where_rules_take_passkeys_alone_the_page_is_told(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    urgent = seal_request(replace(LISTED, policy=PASSKEYS_ONLY))
    api.answers = [SHOWN, handed_out(of=urgent)]
    assert main(["restore", "state", ID, "1", "--done", *INTENT]) == 0
    assert f"/checklists/{ID}?view=abc" in capsys.readouterr().out
    assert logins == []


@pytest.mark.parametrize("said", [[], ["--done", "--dismiss", "why"]], ids=["neither", "both"])
def test_a_step_is_done_or_dismissed(said: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["restore", "state", ID, "1", *said, "--intent", str(tmp_path)]) == 2
    assert "--done" in capsys.readouterr().err


def test_steps_are_shown_until_somebody_has_signed_for_them(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN]
    assert main(["restore", "show", ID]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"  to do     1. {ATTACH}" in lines
    assert f"  dismissed 2. {NAME} (Omar Haddad, 2026-11-26T15:00:00Z, because: its old name is gone)" in lines
    assert (
        lines[-1] == f"  then: take each step that is left to do, and sign that: strongroom restore state {ID} 1 --done"
    )


def test_a_restore_with_steps_that_are_left_says_so_in_the_list(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"resource": "arn:aws:rds:eu-west-1:222222222222:db:payments-db", "target_name": "db-2"}
    line = {"id": ID, "outcome": "restored", "account": "222222222222", "ticket": "OPS-1"} | names
    api.answers = [{"restores": [line, line]}, SHOWN, SHOWN | {"checklist": [DISMISSED]}]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}  restored   222222222222  db:payments-db → db-2  OPS-1",
        f"  1 step left to do by hand: strongroom restore show {ID}",
        f"{ID}  restored   222222222222  db:payments-db → db-2  OPS-1",
    ]
