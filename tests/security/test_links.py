"""Attacks with what leaks or is mailed: links, tokens of waiting tasks, statements and signatures."""

import json
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalPendingError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.keep_doorbell import keep_doorbell
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import ProofTaken, ring, take_proof
from strongroom.services.restores.asking.open_restore import open_restore
from tests.builders.restores import AUTHENTICATORS, a_ticket, a_wish
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler
from tests.fakes.restores.world import CeremonyWorld

TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAb-task-token"


def _statement(world: CeremonyWorld, request: str, decision: Decision = Decision.APPROVE) -> str:
    proposed = propose_statement(request, decision, view=None, needs=world.proposing, now=world.now)
    return proposed.statement


def _take(world: CeremonyWorld, request: str, statement: str, signed: Any) -> ProofTaken:
    return take_proof(request, statement=statement, signed=signed, needs=world.proving, now=world.now)


def _open_with(world: CeremonyWorld, ticket: str) -> str:
    world.tickets.ticket = a_ticket(key=ticket)
    return world.open(a_wish(ticket=ticket, target_name=f"payments-db-{ticket.lower()}"))


def test_attack_09_who_rings_the_bell_wakes_the_judge_and_no_more(world: CeremonyWorld) -> None:
    """Mallory has the token of the waiting task and answers it, and the machine wakes to a request that nobody
    approved.
    """
    request = world.open()
    world.read_ticket(request)
    keep_doorbell(request, token=TOKEN, needs=world.doorbell)
    assert world.tasks.succeed(TOKEN, {"state": "approved", "decision": "approved"})
    with pytest.raises(ApprovalPendingError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    ring(request, bells=world.proving.bells, tasks=world.tasks)  # dead, and nobody is hindered
    assert world.sign(request, "maria").state == "counted"


def test_attack_09_the_token_is_shown_to_nobody(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    """Mallory reads chat, tickets, logs, events and the evidence for the token, and it stands in a row of its own
    alone.
    """
    world = functions.world
    request = world.open()
    functions.step("snapshot_ticket", request)
    functions.step("tell_approvers", request)
    functions.step("keep_doorbell", request, task_token=TOKEN)
    world.sign(request, "maria")
    functions.step("start_restore", request)
    said = capsys.readouterr()
    told = [*functions.slack, *world.tickets.comments, *world.shelf.kept.values(), said.out, said.err]
    assert TOKEN in world.tasks.answered
    assert not any(TOKEN in each for each in (*told, json.dumps(functions.post.facts)))


def test_attack_28_asking_often_reaches_nobody_often(world: CeremonyWorld) -> None:
    """Omar asks again and again to wear Maria down, and three open requests and twenty tries an hour are
    all there is.
    """
    for _ in range(16):
        world.draft()
    opened = [_open_with(world, f"OPS-{number}") for number in range(1, 4)]
    for _ in range(5):
        with pytest.raises(RestoreRefusedError, match="3 are the limit"):
            _open_with(world, "OPS-4")
    world.sign(opened[0], "omar", Decision.CANCEL)
    world.close(opened[0])
    opened.append(_open_with(world, "OPS-4"))
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        _open_with(world, "OPS-5")
    assert sorted(world.begun) == sorted(opened)  # an execution tells its approvers once, and nobody else tells them


def test_attack_28_nobody_is_kept_from_stopping_it(world: CeremonyWorld) -> None:
    """Mallory uses up the statements of a request, and whoever wants to deny or to cancel still gets theirs."""
    request = world.open()
    for _ in range(60):
        _statement(world, request)
    with pytest.raises(RestoreRefusedError, match="too many statements"):
        _statement(world, request)
    assert world.sign(request, "sana", Decision.DENY).state == "counted"
    assert world.sign(request, "omar", Decision.CANCEL).state == "counted"


@pytest.mark.parametrize(
    "said",
    [
        {"origin": "https://restore.example.com.evil.example"},
        {"origin": "http://restore.example.com"},
        {"origin": None},
        {"crossOrigin": True},
        {"topOrigin": "https://evil.example"},
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
        {"rp_id": "evil.example"},
        {"flags": 0x01},
        {"flags": 0x00},
    ],
    ids=[
        "like ours",
        "plain",
        "nowhere",
        "framed",
        "in a frame",
        "enrolment",
        "another text",
        "site",
        "no PIN",
        "nobody",
    ],
)
def test_attack_29_what_was_signed_elsewhere_does_not_count(said: dict[str, Any], world: CeremonyWorld) -> None:
    """Mallory shows Maria a page of his own that asks for her passkey, and the browser signs whose page it was."""
    request = world.open()
    assert world.sign(request, "maria", **said).state == "refused"
    assert world.kept(request).proofs == ()


def test_attack_29_a_signature_counts_once_and_for_what_it_says(world: CeremonyWorld) -> None:
    """Mallory keeps what Maria signed and sends it again, for another request, and as another decision."""
    first, other = world.open(), world.open_another()
    statement = _statement(world, first, Decision.DENY)
    signed = AUTHENTICATORS["maria"].sign(statement)
    approval = _statement(world, first)
    assert _take(world, first, approval, signed).state == "refused"
    assert _take(world, other, statement, signed).state == "refused"
    assert _take(world, first, statement, signed).state == "counted"
    again = _take(world, first, statement, signed)
    assert (again.state, "was used" in again.reason) == ("refused", True)
    assert (len(world.kept(first).proofs), world.kept(other).proofs) == (1, ())


def test_attack_29_what_was_signed_to_ask_approves_nothing(world: CeremonyWorld) -> None:
    """Omar sends the statement by which he asked as an approval, and each decision is a text of its own."""
    drafted = world.draft()
    signed = AUTHENTICATORS["omar"].sign(drafted.statement)
    open_restore(drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now)
    assert _take(world, drafted.request_id, drafted.statement, signed).state == "refused"


def test_attack_29_the_link_of_one_request_opens_no_other(world: CeremonyWorld) -> None:
    """Mallory tries the link of his own request on another one, and a link is a secret of its request."""
    mine, other = world.open(), world.open_another()
    view = world.asking.drafts.read(mine).view
    with pytest.raises(PermissionRefusedError):
        propose_statement(other, Decision.APPROVE, view=view, needs=world.proposing, now=world.now)


def test_x_05_whoever_opens_a_mailed_link_has_decided_nothing(functions: Functions) -> None:
    """Mallory mails Maria the link, her mail program fetches it and she opens it, and a page is shown and
    nothing else.
    """
    world = functions.world
    request = world.open()
    before, calls = dict(world.shelf.kept), world.tasks.calls
    for resource, asset in (("/approvals/{id}", None), ("/approvals/{id}/{asset}", "page.js")):
        parameters = {"id": request} | ({"asset": asset} if asset else {})
        event = functions.http("GET", resource, resource=resource, pathParameters=parameters)
        assert load_handler("show_approval")(event, None)["statusCode"] == 200
    view = world.asking.drafts.read(request).view
    status, shown = functions.ask("show_approval", "POST /approvals/{id}/request", {"view": view}, id=request)
    assert (status, shown["text"]) == (200, world.kept(request).sealed.text)
    assert (world.shelf.kept, world.tasks.calls) == (before, calls)


def test_x_05_what_the_approver_signs_is_the_text_that_she_was_shown(world: CeremonyWorld) -> None:
    """Mallory shows Maria a harmless request and lets her sign another, and a statement names the digest
    of its text.
    """
    harmless, wanted = world.open(), world.open_another()
    shown = propose_statement(harmless, Decision.APPROVE, view=None, needs=world.proposing, now=world.now)
    signed = AUTHENTICATORS["maria"].sign(shown.statement)
    assert shown.digest in shown.statement
    assert _take(world, wanted, shown.statement, signed).state == "refused"
