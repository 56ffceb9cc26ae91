"""`strongroom restore`: what is sent, what is printed, and one line for every mistake."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
import urllib3

from strongroom.domain.proofs.id_tokens import commitment_of
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.requests import seal_request
from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.main import main
from strongroom_cli.restores import commands, receipts, signing
from tests.builders.restores import NOW, a_request
from tests.conftest import ROOT

API = "https://api.example/v1"
SEALED = seal_request(a_request())
ID = SEALED.request.id
PAGE = f"https://page.example/restores/{ID}?view=abc"
WISH = (
    *("restore", "request", "--account", "222222222222", "--recovery-point", "arn:x", "--target-name", "db-2"),
    *("--ticket", "OPS-1", "--reason", "why", "--intent", str(ROOT / "strongroom.yaml")),
)
GATES = [
    {"name": "Its ticket allows it", "state": "passed", "text": "OPS-1"},
    {"name": "Approved", "state": "waits", "text": "1 of approvers"},
    {"name": "Restored", "state": "later", "text": ""},
]
PROOF = "a" * 64
STANDING = {"state": "pending", "reason": "", "gates": GATES, "approvals": [], "created": ""}
WISHED: dict[str, Any] = {
    "resource": "arn:r",
    "recovery_point_created_at": "2026-11-23T02:00:00Z",
    "recovery_point": "arn:x",
    "vault": "arn:v",
    "target_name": "db-2",
    "account": "222222222222",
    "plan": "copy-back",
    "ticket": "OPS-1",
    "reason": "why",
}
SHOWN = STANDING | {
    "request_id": ID,
    "mark": SEALED.mark,
    "account_name": "payments",
    "deciders": ["Maria Lindqvist"],
    "time_left": "more than 3 h left, until then",
    "unreached": [],
    "counted": [PROOF],
    "recorded": [],
    "left_behind": None,
    "requester": "idp|omar",
    "consequences": ["It will live under arn:key."],
    "request": WISHED,
}

COPY = {
    "request_id": ID,
    "account": "222222222222",
    "region": "eu-west-1",
    "resource": "arn:r",
    "source": "arn:central",
    "vault": "arn:vault",
    "recovery_point": "arn:copy",
    "owner": "Omar Haddad",
    "state": "open",
    "since": "before",
    "expires_at": "then",
    "gone_by": "later",
    "is_overdue": False,
    "reason": "it is there, EXPIRED",
}
OVER = SHOWN | {"gates": [], "reason": "so it ended"}


def handed_out(decision: Decision) -> dict[str, Any]:
    """A statement as the API hands it out."""
    statement = make_statement(SEALED.asked, decision, nonce="A" * 22, issued_at=NOW)
    return {"request_id": ID, "statement": statement.text, "text": SEALED.text, "digest": SEALED.digest}


DRAFTED = handed_out(Decision.REQUEST) | {"reason": "it can be restored from the local vault", "page": PAGE}
OPENED = {"request_id": ID, "approve_before": "2026-11-26T18:00:00Z", "page": PAGE}


class FakeApi:
    """Answers in turn, the last answer for good; `calls` are what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.status = 200
        self.answers: list[dict[str, Any]] = []

    def __call__(self, method: str, url: str, **options: Any) -> Any:
        assert options["headers"]["Authorization"] == "Bearer token"
        body = options["body"]
        self.calls.append((method, url.removeprefix(API), json.loads(body) if body else None))
        content = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return SimpleNamespace(status=self.status, data=json.dumps(content).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    monkeypatch.setattr(urllib3, "request", fake)
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return fake


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What each fresh login was for."""
    purposes: list[Any] = []

    def fetch(provider: Any, *, show: Callable[[str], None], purpose: Any) -> str:
        purposes.append(purpose)
        return "header.claims.signature"

    monkeypatch.setattr(signing, "fetch_token", fetch)
    return purposes


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


def test_what_follows_is_shown_with_the_request(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN]
    assert main(["restore", "show", ID]) == 0
    assert "  It will live under arn:key.\n" in capsys.readouterr().out


def test_what_there_was_to_choose_from_is_shown_below_its_first_line(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN | {"candidates": ["It could be:", "1. then  [chosen]"]}]
    assert main(["restore", "show", ID]) == 0
    assert "  It could be:\n    1. then  [chosen]\n" in capsys.readouterr().out


def test_the_time_that_was_looked_for_goes_with_the_request(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [DRAFTED]
    for said, sent in ((("--before", "2026-07-01T14:00+02:00"), "2026-07-01T12:00:00Z"), ((), None)):
        assert main([*WISH, *said, "--sign-on-page"]) == 0
        assert api.calls[-1][2].get("before") == sent


def test_a_time_that_is_none_is_never_sent(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WISH, "--before", "noon"]) == 2
    assert api.calls == []


def test_a_copy_that_was_taken_back_is_shown_with_its_end(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN | {"left_behind": COPY}]
    assert main(["restore", "show", ID]) == 0
    told = "left behind: the copy arn:copy, for Omar Haddad; it expires by itself at then, and is gone by later"
    assert f"  {told}\n" in capsys.readouterr().out


def test_the_copy_between_is_shown_beside_it(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN | {"left_behind": COPY, "left_between": COPY | {"recovery_point": "arn:between"}}]
    assert main(["restore", "show", ID]) == 0
    told = capsys.readouterr().out
    assert told.index("left behind: the copy arn:copy") < told.index("left behind: the copy arn:between")


def test_two_copies_are_wished_for_by_a_flag(api: FakeApi) -> None:
    api.answers = [{"reason": "no", "state": "refused"}] * 2
    for flags in ((), ("--in-two-copies",)):
        main([*WISH, "--dry-run", "--region", "eu-central-1", *flags])
    assert ["in_two_copies" in call[-1] for call in api.calls] == [False, True]


def test_what_followed_a_restore_is_shown_step_by_step(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"steps": [{"step": "writer", "outcome": "skipped", "reason": "nobody can say"}]}]
    assert main(["restore", "show", ID]) == 0
    assert "\n  afterwards, writer skipped: nobody can say\n" in capsys.readouterr().out


def test_what_was_restored_with_faults_reads_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": "restored", "faults": ["One or more objects failed to be restored."]}]
    assert main(["restore", "show", ID]) == 0
    assert capsys.readouterr().out.startswith(f"{ID}: restored with faults: so it ended")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"state": "gone"}, "nothing any more; the copy arn:copy is gone from arn:vault", id="gone"),
        pytest.param({"is_overdue": True}, "is gone by later; OVERDUE: it is there, EXPIRED", id="overdue"),
        pytest.param({"recovery_point": ""}, "a copy of arn:central, on its way, for Omar Haddad", id="arriving"),
    ],
)
def test_what_became_of_it_is_shown(
    changes: dict[str, Any], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN | {"left_behind": COPY | changes}]
    assert main(["restore", "show", ID]) == 0
    assert told in capsys.readouterr().out


def test_what_restores_left_behind_is_listed(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    late = COPY | {"request_id": "r-late", "is_overdue": True}
    api.answers = [{"ends": [COPY, late]}]
    assert main(["restore", "ends"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}  open     Omar Haddad  since before  gone by later",
        "  the copy arn:copy in arn:vault",
        "  arn:r: it is there, EXPIRED",
        "r-late  open     Omar Haddad  since before  OVERDUE, was to be gone by later",
        "  the copy arn:copy in arn:vault",
        "  arn:r: it is there, EXPIRED",
    ]
    assert api.calls[-1][:2] == ("GET", "/restores/ends")


def test_where_nothing_is_left_behind_that_is_said(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"ends": []}, {"ends": []}]
    assert main(["restore", "ends"]) == 0
    assert main(["restore", "ends", "--json"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert (first, json.loads("".join(rest))) == ("Nothing is left behind.", {"ends": []})


def test_what_is_shown_says_of_each_gate_how_far_it_is_who_can_decide_and_who_could_not_be_reached(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    away = [
        {"whom": "chat", "since": "14:20", "why": "Slack refused chat.postMessage: invalid_auth"},
        {"whom": "identity-provider", "since": None, "why": ""},
    ]
    api.answers = [SHOWN | {"unreached": away}]
    assert main(["restore", "show", ID]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    chat = "nobody could reach chat since 14:20 (Slack refused chat.postMessage: invalid_auth); it is tried again"
    provider = "nobody could reach the identity provider; it is tried again"
    assert first == f"{ID}: pending; Approved: waits for 1 of approvers; {chat}; {provider}"
    for line in (
        "  done     Its ticket allows it: OPS-1",
        "  waits    Approved: 1 of approvers",
        "  later    Restored",
        f"  away     {chat}",
        "  can decide: Maria Lindqvist; more than 3 h left, until then",
    ):
        assert line in lines


def test_evidence_is_saved_as_its_canonical_text(api: FakeApi, tmp_path: Path) -> None:
    api.answers = [SHOWN, {"b": 1, "a": "ä"}]
    file = tmp_path / "bundle.json"
    assert main(["restore", "show", ID, "--evidence", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == '{"a":"ä","b":1}'


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


LINE = {"id": ID, "outcome": "", "account": "222222222222", "target_name": "db-2", "ticket": "OPS-1"}


def test_restores_are_listed_with_what_became_of_them_or_whom_they_wait_for(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"restores": [LINE, LINE | {"outcome": "denied"}]}, SHOWN]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}  open       222222222222  db-2  OPS-1",
        "  Approved: waits for 1 of approvers; can decide: Maria Lindqvist; more than 3 h left, until then",
        f"{ID}  denied     222222222222  db-2  OPS-1",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"gates": [], "state": "restoring", "time_left": ""}, "restoring"),
        (
            {"gates": [{"name": "Restored", "state": "waits", "text": "AWS Backup"}], "time_left": ""},
            "Restored: waits for AWS Backup",
        ),
        (
            {"gates": [], "time_left": "", "unreached": [{"whom": "ticket", "since": None, "why": ""}]},
            "pending; nobody could reach the ticket system; it is tried again",
        ),
    ],
    ids=["nothing more", "a job", "somebody away"],
)
def test_what_is_open_and_waits_for_no_approval_says_for_what(
    changes: dict[str, Any], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"restores": [LINE]}, SHOWN | changes]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {told}"]


def test_the_ten_newest_open_ones_are_looked_at(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": [LINE] * 11}, SHOWN]
    assert main(["restore", "list"]) == 0
    assert len(api.calls) == 11
    assert capsys.readouterr().out.splitlines()[-1] == f"  strongroom restore show {ID}"


def test_one_that_cannot_be_shown_hides_no_other(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def get(_api: ApiClient, *path: str) -> Any:
        if len(path) > 1:
            raise ApiError("it is busy", is_passing=True)
        return {"restores": [LINE, LINE | {"outcome": "denied"}]}

    monkeypatch.setattr(ApiClient, "get", get)
    assert main(["restore", "list"]) == 0
    _, told, last = capsys.readouterr().out.splitlines()
    assert told == f"  what it waits for cannot be told at the moment, it is busy: strongroom restore show {ID}"
    assert " denied " in last


def test_for_scripts_the_list_is_what_the_api_answers(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": [LINE]}]
    assert main(["restore", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"restores": [LINE]}
    assert len(api.calls) == 1


STOPPED = [{"name": "Approved", "state": "passed", "text": ""}, {"name": "Restored", "state": "stopped", "text": ""}]


def test_what_failed_says_at_which_step_and_what_to_type_next(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": "failed", "gates": STOPPED, "jobs": {"copy_back": "c-1", "restore": "j-1"}}]
    assert main(["restore", "show", ID]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"{ID}: failed at 'Restored' (copy back job c-1, restore job j-1): so it ended"
    assert lines[-4:] == [
        "  next: mend what the reason names, then ask anew, with the same ticket and with the same changes:",
        "    strongroom restore request --account 222222222222 \\",
        "      --recovery-point arn:x --vault arn:v \\",
        "      --target-name db-2 --ticket OPS-1 --reason why",
    ]


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({"target_name": "a new resource"}, "      --ticket OPS-1 --reason why"),
        ({"ticket": "", "incident": "INC-7"}, "      --target-name db-2 --urgent --incident INC-7 --reason why"),
        ({"reason": "it's $(gone)"}, """      --target-name db-2 --ticket OPS-1 --reason 'it'"'"'s $(gone)'"""),
    ],
    ids=["without a name", "urgent", "a reason of a shell"],
)
def test_what_to_type_is_the_request_as_it_was_asked(
    changes: dict[str, Any], last: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [OVER | {"state": "expired", "request": WISHED | changes}]
    assert main(["restore", "show", ID]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("restored", f"strongroom restore show {ID} --evidence {ID}.json"),
        ("denied", "another request takes another ticket"),
        ("withdrawn", "in a new one, and ask with that"),
        ("cancelled", "the ticket may carry another request"),
    ],
)
def test_each_end_says_what_is_next(end: str, told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": end}]
    assert main(["restore", "show", ID]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("  next: ")
    assert last.endswith(told)


def test_an_empty_list_says_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": []}]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out == "No restore was asked for yet.\n"


def test_evidence_that_cannot_be_saved_is_one_line_and_2(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN, {}]
    there_is_none = tmp_path / "none" / "bundle.json"
    assert main(["restore", "show", ID, "--evidence", str(there_is_none)]) == 2
    assert capsys.readouterr().err == f"strongroom: {there_is_none} cannot be used: No such file or directory\n"


def test_an_intent_without_identity_provider_cannot_sign(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    simple = ROOT / "examples" / "simple.yaml"
    assert main(["restore", "approve", ID, "--intent", str(simple)]) == 2
    assert api.calls == []
    assert capsys.readouterr().err == (
        f"strongroom: {simple} has no section identity_provider, so nobody can sign by a login\n"
    )
