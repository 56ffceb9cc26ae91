"""Nothing secret leaves: not by logs, answers, events, chat, tickets or the evidence, whatever happens."""

import json
from typing import Any

import pytest
import urllib3

from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.wire import HttpAnswer, Wire
from strongroom.domain.errors import StrongroomError
from strongroom.domain.proofs.statements import Decision
from tests.builders.restores import AUTHENTICATORS, a_wish
from tests.fakes.ceremony import SIGNING_SECRET, Functions, proof_body
from tests.unit.adapters.tickets.site import TOKEN as TICKET_TOKEN
from tests.unit.adapters.tickets.site import FakeHttp, an_answer

SECRETS = ("very-secret", SIGNING_SECRET, "hush")
TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAb-task-token"
FORM = {"code": "one-time-code", "client_secret": "password-of-ours", "code_verifier": "verifier"}


def _whole_ceremony(functions: Functions) -> tuple[str, list[str]]:
    """A restore from asking to its end by the functions as they are deployed; what is secret of it."""
    wish = {name: getattr(a_wish(), name) for name in ("account", "recovery_point", "target_name", "ticket", "reason")}
    _, drafted = functions.ask("request_restore", "POST /restores", wish, person="omar")
    request = drafted["request_id"]
    opening = proof_body(drafted["statement"], AUTHENTICATORS["omar"].sign(drafted["statement"]))
    functions.ask("request_restore", "POST /restores/{id}/opening", opening, id=request)
    functions.step("snapshot_ticket", request)
    functions.step("tell_approvers", request)
    functions.step("keep_doorbell", request, task_token=TOKEN)
    _, proposed = functions.ask(
        "take_proof", "POST /restores/{id}/statements", {"decision": Decision.APPROVE}, person="maria", id=request
    )
    vote = proof_body(proposed["statement"], AUTHENTICATORS["maria"].sign(proposed["statement"]))
    functions.ask("take_proof", "POST /restores/{id}/proofs", vote, id=request)
    for step in ("judge_approval", "start_restore", "check_restore", "tag_restored"):
        functions.step(step, request)
    functions.step("close_restore", request, error="", reason="")
    view = functions.world.asking.drafts.read(request).view
    return request, [view, *(each["passkey"]["signature"] for each in (opening, vote))]


def test_attack_24_a_whole_ceremony_logs_no_secret(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    """Mallory reads all logs and finds no secret, no token, no link, no signature and no setting of the restore."""
    request, own = _whole_ceremony(functions)
    said = capsys.readouterr()
    logged = said.out + said.err
    assert request in logged
    for secret in (*SECRETS, *own, TOKEN, "Bearer ", "db.t3.small", "Balances were overwritten"):
        assert secret not in logged, secret


def test_attack_24_what_is_told_to_others_holds_no_secret(functions: Functions) -> None:
    """Mallory reads events, alerts, tickets, chat and evidence, and no password and no token of a task is in any of
    them.
    """
    _, own = _whole_ceremony(functions)
    world = functions.world
    told = json.dumps([functions.post.facts, functions.post.announced, functions.slack, world.tickets.comments])
    kept = "".join(world.shelf.kept.values())
    for secret in (*SECRETS, TOKEN):
        assert secret not in told + kept, secret
    view = own[0]
    assert view not in kept
    assert view not in json.dumps([functions.post.facts, functions.post.announced, world.tickets.comments])


@pytest.mark.parametrize(
    "answer",
    [
        urllib3.exceptions.HTTPError(f"{FORM}"),
        an_answer(f"{FORM}"),
        an_answer(FORM, status=400),
        an_answer(FORM, status=503),
        an_answer(FORM, status=302),
    ],
    ids=["no answer", "no JSON", "refused", "down", "elsewhere"],
)
def test_attack_24_an_error_of_the_identity_provider_repeats_no_form(
    answer: HttpAnswer | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mallory makes the login fail, and the error repeats neither the code nor our password that were sent with it."""

    def request(*_: Any, **__: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    place = urllib3.PoolManager if isinstance(answer, Exception) else Wire
    monkeypatch.setattr(place, "request", request)
    with pytest.raises(StrongroomError) as raised:
        Web().post("https://login.example/token", FORM)
    assert not any(each in str(raised.value) for each in FORM.values())
    assert raised.value.__cause__ is None or raised.value.__suppress_context__


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500])
def test_attack_24_an_error_of_the_ticket_system_repeats_nothing(status: int) -> None:
    """Mallory writes what he likes into a refusal of the ticket system, and neither it nor our token is repeated."""
    site = FakeHttp({"/rest": [an_answer({"errorMessages": ["canary"]}, status=status)]})
    with pytest.raises(StrongroomError) as raised:
        site.web.get("/rest", about="OPS-1", query={})
    assert "canary" not in str(raised.value)
    assert TICKET_TOKEN not in str(raised.value)
