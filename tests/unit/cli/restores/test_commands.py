"""`strongroom restore`: what is sent, what is printed, and one line for every mistake."""

import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.main import main
from strongroom_cli.restores import commands, receipts
from tests.builders.restores import NOW
from tests.conftest import ROOT
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import ID, OVER, PAGE, PROOF, SEALED, SHOWN

WISH = (
    *("restore", "request", "--account", "222222222222", "--recovery-point", "arn:x", "--target-name", "db-2"),
    *("--ticket", "OPS-1", "--reason", "why", "--intent", str(ROOT / "strongroom.yaml")),
)


def handed_out(decision: Decision) -> dict[str, Any]:
    """A statement as the API hands it out."""
    statement = make_statement(SEALED.asked, decision, nonce="A" * 22, issued_at=NOW)
    return {"request_id": ID, "statement": statement.text, "text": SEALED.text, "digest": SEALED.digest}


DRAFTED = handed_out(Decision.REQUEST) | {"reason": "it can be restored from the local vault", "page": PAGE}
OPENED = {"request_id": ID, "approve_before": "2026-11-26T18:00:00Z", "page": PAGE}


def test_a_request_is_drafted_signed_and_opened(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [DRAFTED, OPENED]
    assert main([*WISH, "--metadata", "Port=5433"]) == 0
    (_, drafting, wish), (_, opening, proof) = api.calls
    assert (drafting, opening) == ("/restores", f"/restores/{ID}/opening")
    assert wish["metadata"] == {"Port": "5433"}
    assert proof == {"statement": DRAFTED["statement"], "id_token": {"token": "header.claims.signature"}}
    [purpose] = logins
    assert (purpose.nonce, purpose.is_fresh) == (commitment_of(DRAFTED["statement"]), True)
    out = capsys.readouterr().out
    assert out.startswith(f"{ID}: it can be restored from the local vault.\n")
    assert f"Asked. To be approved before 2026-11-26T18:00:00Z, on {PAGE}\n" in out


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--dry-run", "Nobody was asked, and nothing is kept.\nOPS-1 is free."),
        ("--sign-on-page", f"Nobody is asked before you sign: {PAGE}"),
    ],
)
def test_without_a_login_nothing_is_opened(
    option: str, said: str, api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [DRAFTED]
    assert main([*WISH, option]) == 0
    [(_, path, wish)] = api.calls
    assert (path, wish.get("dry_run", False)) == ("/restores", option == "--dry-run")
    assert logins == []
    assert capsys.readouterr().out.endswith(f"{said}\n")


NAMED = {"account": "222222222222", "account_name": "payments"}


def test_an_account_may_be_called_by_its_name(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    """On-call knows names, and `restore find` takes them too."""
    api.answers = [{"accounts": [NAMED, {"account": "333333333333", "account_name": "payments-test"}]}, DRAFTED]
    assert main([*("payments" if each == "222222222222" else each for each in WISH), "--dry-run"]) == 0
    (_, looked, _), (_, path, wish) = api.calls
    assert (looked, path, wish["account"]) == ("/status/accounts?name=payments", "/restores", "222222222222")


def test_an_account_that_nobody_knows_by_that_name_is_told_and_nothing_is_asked_for(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"accounts": []}]
    assert main([*("payroll" if each == "222222222222" else each for each in WISH), "--dry-run"]) == 2
    assert [path for _, path, _ in api.calls] == ["/status/accounts?name=payroll"]
    assert "'payroll'" in capsys.readouterr().err


def test_a_file_of_metadata_is_asked_for_as_it_is_written(api: FakeApi, tmp_path: Path) -> None:
    path = tmp_path / "raw.json"
    path.write_text('{"VMName": "orders "}', encoding="utf-8")
    api.answers = [DRAFTED, DRAFTED]
    assert main([*WISH, "--dry-run", "--raw", str(path)]) == 0
    assert main([*WISH, "--dry-run"]) == 0
    assert [wish.get("raw") for _, _, wish in api.calls] == [{"VMName": "orders "}, None]


@pytest.mark.parametrize(("end", "code"), [("restored", 0), ("denied", 1), ("expired", 1), ("withdrawn", 1)])
def test_a_request_can_be_followed_to_its_end(
    end: str,
    code: int,
    api: FakeApi,
    logins: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(commands, "_LOOK_AGAIN", 0.0)
    api.answers = [DRAFTED, OPENED, SHOWN, SHOWN, SHOWN | {"state": "restoring"}, OVER | {"state": end}]
    assert main([*WISH, "--wait"]) == code
    told = capsys.readouterr().out.splitlines()
    place = told.index(f"{ID}: {end}: so it ended")
    assert told[place - 2 : place] == [
        f"{ID}: pending; Approved: waits for 1 of approvers",
        f"{ID}: restoring; Approved: waits for 1 of approvers",
    ]
    assert told[place + 1].startswith("  next: ")


def test_a_script_gets_one_document(api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [DRAFTED, OPENED]
    assert main([*WISH, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == DRAFTED | OPENED
    assert len(logins) == 1


WHY = {Decision.APPROVE: (), Decision.DENY: ("--reason", "wrong database"), Decision.CANCEL: ()}


def _decide(decision: Decision) -> int:
    return main(["restore", decision, ID, *WHY[decision], "--intent", str(ROOT / "strongroom.yaml")])


@pytest.mark.parametrize("decision", WHY)
def test_a_decision_is_a_login_for_that_statement_and_ends_when_it_counts(
    decision: Decision,
    api: FakeApi,
    logins: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(receipts, "_LOOK_AGAIN", 0.0)
    asked, taken = handed_out(decision), {"request_id": ID, "state": "counted", "reason": "", "proof": PROOF}
    api.answers = [asked, taken, SHOWN | {"counted": []}, SHOWN | {"recorded": [PROOF]}]
    assert _decide(decision) == 0
    (_, statements, body), (_, proofs, proof), *looks = api.calls
    assert (statements, body) == (f"/restores/{ID}/statements", {"decision": decision})
    assert (proofs, proof["statement"]) == (f"/restores/{ID}/proofs", asked["statement"])
    assert proof.get("reason", "") == "".join(WHY[decision][1:])
    assert [path for _, path, _ in looks] == [f"/restores/{ID}"] * 2
    assert logins[0].nonce == commitment_of(asked["statement"])
    out = capsys.readouterr().out
    assert out.index("becomes payments-db-0200") < out.index(f"{ID}: your word counts")
    assert out.endswith(
        f"  proof {PROOF}: the log has it, by the API's word, for the intent does not name the log and its witness\n"
    )


def test_a_decision_that_is_refused_says_why_and_ends_with_1(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {"request_id": ID, "state": "refused", "reason": "it is your own request"}
    api.answers = [handed_out(Decision.APPROVE), refused]
    assert _decide(Decision.APPROVE) == 1
    assert capsys.readouterr().out.endswith(f"{ID}: your word does not count: it is your own request.\n")


def test_a_proof_that_is_taken_and_never_counts_is_a_cry_for_help(
    api: FakeApi, logins: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(receipts, "_LOOK_AGAIN", 0.0)
    taken = {"request_id": ID, "state": "counted", "reason": "", "proof": PROOF}
    api.answers = [handed_out(Decision.DENY), taken, SHOWN | {"counted": []}]
    assert _decide(Decision.DENY) == 1
    assert "is not among what counts: call the security team" in capsys.readouterr().out


@pytest.mark.parametrize(
    "looks",
    [[SHOWN | {"counted": None}], [ApiError("it is busy", is_passing=True)], [ApiError("your login has ended")]],
)
def test_a_proof_that_nobody_can_judge_at_the_moment_is_no_cry_for_help(
    looks: list[Any],
    api: FakeApi,
    logins: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def look(_api: ApiClient, *_path: str) -> Any:
        if isinstance(looks[0], ApiError):
            raise looks[0]
        return looks[0]

    monkeypatch.setattr(receipts, "_LOOK_AGAIN", 0.0)
    monkeypatch.setattr(ApiClient, "get", look)
    api.answers = [handed_out(Decision.APPROVE), {"request_id": ID, "state": "counted", "reason": "", "proof": PROOF}]
    assert _decide(Decision.APPROVE) == 1
    out = capsys.readouterr().out
    assert "call the security team" not in out
    assert f"whether it counts cannot be told at the moment: strongroom restore show {ID}" in out


def test_a_denial_says_why(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "deny", ID]) == 2
    assert api.calls == []
    assert "--reason" in capsys.readouterr().err


def test_every_fault_stands_on_a_line_of_its_own(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.status = 409
    api.answers = [{"error": "2 things are wrong: one; two", "faults": ["one", "two"]}]
    assert main(list(WISH)) == 2
    assert capsys.readouterr().err == "strongroom: one\nstrongroom: two\n"


def test_whoever_waits_sits_out_what_passes(
    api: FakeApi, logins: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "_LOOK_AGAIN", 0.0)
    looks = iter([503, 503, 200])

    def look(_api: ApiClient, *_path: str) -> dict[str, Any]:
        status = next(looks)
        if status != 200:
            raise ApiError("it is busy", is_passing=True)
        return OVER | {"state": "restored"}

    monkeypatch.setattr(ApiClient, "get", look)
    api.answers = [DRAFTED, OPENED]
    assert main([*WISH, "--wait"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:-1] == [
        "it is busy; the restore goes on, and it is looked at again",
        f"{ID}: restored: so it ended",
    ]


def test_whoever_waits_and_is_logged_out_is_told_that_it_goes_on(
    api: FakeApi, logins: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def look(_api: ApiClient, *_path: str) -> NoReturn:
        raise ApiError("your login has ended")

    monkeypatch.setattr(ApiClient, "get", look)
    api.answers = [DRAFTED, OPENED]
    assert main([*WISH, "--wait"]) == 2
    said = capsys.readouterr()
    assert said.out.endswith(f"{ID} goes on without you: strongroom restore show {ID}\n")
    assert said.err == "strongroom: your login has ended\n"


def test_an_api_that_asks_to_sign_something_else_gets_no_signature(
    api: FakeApi, logins: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [handed_out(Decision.APPROVE)]
    assert main(["restore", "deny", ID, "--reason", "no", "--intent", str(ROOT / "strongroom.yaml")]) != 0
    assert logins == []
    assert len(api.calls) == 1
    assert "the API asks to sign something else" in capsys.readouterr().err


def test_the_time_that_was_looked_for_goes_with_the_request(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [DRAFTED]
    for said, sent in ((("--before", "2026-07-01T14:00+02:00"), "2026-07-01T12:00:00Z"), ((), None)):
        assert main([*WISH, *said, "--sign-on-page"]) == 0
        assert api.calls[-1][2].get("before") == sent


def test_a_time_that_is_none_is_never_sent(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WISH, "--before", "noon"]) == 2
    assert api.calls == []


def test_two_copies_are_wished_for_by_a_flag(api: FakeApi) -> None:
    api.answers = [{"reason": "no", "state": "refused"}] * 2
    for flags in ((), ("--in-two-copies",)):
        main([*WISH, "--dry-run", "--region", "eu-central-1", *flags])
    assert ["in_two_copies" in call[-1] for call in api.calls] == [False, True]


def test_an_unknown_id_is_one_line_and_exit_code_2(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.status, api.answers = 404, [{"error": f"no restore request has the id {ID}"}]
    assert main(["restore", "show", ID]) == 2
    assert capsys.readouterr().err == f"strongroom: no restore request has the id {ID}\n"


@pytest.mark.parametrize("verb", ["show", "approve", "deny", "cancel"])
@pytest.mark.parametrize("text", ["", "..", "../proofs", "r-1", "r-abcdefgh2345?x=1", "r-abcdefgh2345\n"])
def test_what_is_no_id_is_never_sent(verb: str, text: str, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    why = ["--reason", "no"] if verb == "deny" else []
    assert main(["restore", verb, text, *why]) == 2
    assert api.calls == []
    said = capsys.readouterr().err
    assert (said.count("\n"), said.startswith("strongroom: no restore request has the id")) == (1, True)


@pytest.mark.parametrize(
    "url", ["http://api.example/v1", "http://127.evil.example/v1", "http://localhost@evil.example"]
)
def test_the_token_is_not_sent_in_clear_to_another_machine(url: str, api: FakeApi) -> None:
    assert main(["restore", "list", "--api", url]) == 2
    assert api.calls == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566/v1", "http://api.localhost:4566/v1", "http://[::1]:4566/v1"])
def test_this_very_machine_may_be_asked_in_clear(url: str, api: FakeApi) -> None:
    api.answers = [{"restores": []}]
    assert main(["restore", "list", "--api", url]) == 0


@pytest.mark.parametrize("pairs", [("Port",), ("=1",), ("Port=1", "Port=2")])
def test_metadata_that_is_no_pair_or_said_twice_is_bad_input(pairs: tuple[str, ...], api: FakeApi) -> None:
    assert main([*WISH, *(word for pair in pairs for word in ("--metadata", pair))]) == 2
    assert api.calls == []


def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> None:
    monkeypatch.delenv("STRONGROOM_API")
    assert main(["restore", "list"]) == 2
    assert api.calls == []


def test_an_intent_without_identity_provider_cannot_sign(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    simple = ROOT / "examples" / "simple.yaml"
    assert main(["restore", "approve", ID, "--intent", str(simple)]) == 2
    assert api.calls == []
    assert capsys.readouterr().err == (
        f"strongroom: {simple} has no section identity_provider, so nobody can sign by a login\n"
    )
