"""Attacks by whoever may write: rows of tables, objects of the evidence, events. None of it is a vote."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError, PermissionRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import policy_key, proof_key, request_key, stated_key
from strongroom.domain.proofs.proof import proof_text, signed_content
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.checklists.stated import StatedOutcome, make_step_statement
from strongroom.domain.restores.checklists.steps import steps_by_hand
from strongroom.domain.restores.requests import open_seal
from strongroom.domain.written import base64url
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.open_restore import open_restore
from strongroom.services.restores.asking.show_restores import list_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import AUTHENTICATORS, CENTRAL_POINT, DATABASE, POINT, a_wish
from tests.contract.apps import FUNCTIONS, app
from tests.contract.templates import APPLICATIONS, of_type
from tests.fakes.carrying.machine import Carried
from tests.fakes.restores.world import CeremonyWorld

NONCE = base64url(bytes(16))


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def _rows(world: CeremonyWorld, request: str) -> None:
    """Every row that has ever meant something, in both tables."""
    rows = (
        ("VOTE#maria", {"state": "counted", "decision": "approve", "person": "maria"}),
        ("STEP#2", {"decision": "approved", "state": "approved"}),
        ("STEP#4", {"state": "COPIED", "recovery_point": f"{POINT}9"}),
        ("META", {"state": "approved", "approved": True}),
        ("DRAFT", {"text": "{}", "view": "x"}),
    )
    for table in (world.table, world.ledger):
        for family in ("RESTORE", "REQUEST", "STEP", "BELL", "MESSAGE", "EVIDENCE"):
            for sk, content in rows:
                table.put({"pk": f"{family}#{request}", "sk": sk, **content})
        table.put({"pk": "OPEN", "sk": f"2026-11-23T14:20:00Z#{request}", "id": request, "outcome": "approved"})


def test_x_01_no_row_approves(world: CeremonyWorld) -> None:
    """Mallory writes every row that a function with the rights on both tables could, and no job starts by them."""
    request = world.open()
    world.read_ticket(request)
    _rows(world, request)
    world.tasks.succeed("token", {"decision": "approved"})
    with pytest.raises(ApprovalPendingError):
        _start(world, request)
    assert world.restores.begun == []
    assert world.judge.decide(world.kept(request), now=world.now).state == "pending"


@pytest.mark.parametrize(
    "make",
    [
        lambda statement: canonical_text({"statement": statement, "passkey": {}}),
        lambda statement: canonical_text({"statement": statement}),
        lambda _: "{}",
        lambda _: "approved by idp|maria",
        lambda statement: proof_text(statement, signed=AUTHENTICATORS["omar"].sign(statement)),
        lambda statement: proof_text(statement, signed=AUTHENTICATORS["piet"].sign(statement)),
    ],
    ids=["no signature", "a statement", "nothing", "a word", "the requester's", "a stranger's"],
)
def test_x_01_junk_among_the_proofs_counts_for_nothing(make: Callable[[str], str], world: CeremonyWorld) -> None:
    """Mallory may put proofs, and puts texts that nobody who may approve has signed, and none of them counts."""
    request = world.open()
    world.read_ticket(request)
    kept = world.kept(request)
    statement = make_statement(kept.sealed.asked, Decision.APPROVE, nonce=NONCE, issued_at=world.now).text
    text = make(statement)
    world.shelf.kept[proof_key(request, digest_of(text))] = text
    world.shelf.kept[proof_key(request, "a" * 64)] = "under a name that is not its own"
    assert world.judge.decide(world.kept(request), now=world.now).state == "pending"
    with pytest.raises(ApprovalPendingError):
        _start(world, request)


def test_x_01_forged_statements_about_steps_decide_nothing_and_end_no_step(world: CeremonyWorld) -> None:
    """Mallory may put statements about steps, and puts a true vote, steps that others signed and junk among them, and
    nothing is approved, no chain is confused, and each step is left to do.
    """
    request = world.open()
    world.read_ticket(request)
    asked = world.kept(request).sealed.asked
    before = world.kept(request)
    vote = make_statement(asked, Decision.APPROVE, nonce=NONCE, issued_at=world.now).text
    [step, *_] = steps_by_hand(before.sealed.request.steps)
    said = make_step_statement(asked, step, StatedOutcome.DONE, reason="", nonce=NONCE, issued_at=world.now).text
    unlisted = make_step_statement(asked, "x", StatedOutcome.DONE, reason="", nonce=NONCE, issued_at=world.now).text
    for statement, person in ((vote, "maria"), (said, "piet"), (unlisted, "maria")):
        text = proof_text(statement, signed=AUTHENTICATORS[person].sign(statement))
        world.shelf.kept[stated_key(request, digest_of(text))] = text
    world.shelf.kept[stated_key(request, "a" * 64)] = "under a name that is not its own"
    assert world.kept(request) == before
    assert world.judge.decide(world.kept(request), now=world.now).state == "pending"
    assert world.keeper.stated(before, evidence=world.judge.evidence) == {}
    with pytest.raises(ApprovalPendingError):
        _start(world, request)


def test_x_01_an_approver_invents_no_request(world: CeremonyWorld) -> None:
    """Maria may write everywhere, invents a request in Omar's name and approves it, and Omar has not signed it."""
    drafted = world.draft()
    sealed = open_seal(drafted.text)
    signed = AUTHENTICATORS["maria"].sign(drafted.statement)
    with pytest.raises(PermissionRefusedError, match="not its requester's"):
        open_restore(drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now)
    invented = {"request": sealed.text, "statement": drafted.statement, **signed_content(signed)}
    world.shelf.put_new(request_key(drafted.request_id), canonical_text(invented))
    world.begin(drafted.request_id)
    with pytest.raises(ApprovalVoidError, match="not its requester's"):
        world.read_ticket(drafted.request_id)
    with pytest.raises(ApprovalVoidError, match="not its requester's"):
        _start(world, drafted.request_id)
    assert world.restores.begun == []


def test_x_01_a_chain_that_says_copied_chooses_no_point(world: CeremonyWorld) -> None:
    """Mallory writes that another recovery point was copied back, and the copy job is described before it
    is restored.
    """
    request = world.come_to_copy()
    world.copies.states = ["COMPLETED"]
    facts = {"job": "copy-1", "recovery_point": f"{POINT}9"}
    world.keeper.record(world.kept(request), EntryKind.COPIED_BACK, facts=facts, at=world.now)
    with pytest.raises(ApprovalVoidError, match="did not make the recovery point"):
        _start(world, request)
    assert world.restores.begun == []


def test_x_01_rules_of_ones_own_are_not_in_force(world: CeremonyWorld) -> None:
    """Mallory drafts a request with rules by which nobody is needed, and rules count that were put in force by a
    deployer.
    """
    policy = read_canonical(open_seal(world.draft().text).request.policy)
    own = canonical_text(policy | {"rules": [{"group": "oncall", "needed": 1}], "groups": policy["groups"]})
    request = world.open_forged(policy=own)
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match="never in force"):
        _start(world, request)
    world.shelf.kept[policy_key(digest_of(own))] = own.replace("oncall", "auditors")
    with pytest.raises(ApprovalVoidError, match="never in force"):
        _start(world, request)


def test_x_04_closing_by_hand_makes_nothing_restored(world: CeremonyWorld) -> None:
    """Mallory invokes the closing step on an approved request, and the end is worked out of the evidence
    and the job.
    """
    request = world.come_to_approval()
    ended = world.close(request, reason="restored, all is well")
    assert ended.outcome == "failed"
    assert EntryKind.CLOSED not in world.kinds(request)
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_x_04_an_end_that_somebody_wrote_is_held_against_what_happened(world: CeremonyWorld) -> None:
    """Mallory writes into the chain that it was restored, and the closing step finds no job and turns away with an
    alert.
    """
    request = world.come_to_approval()
    facts = {"outcome": "restored", "reason": "x", "created": f"{POINT}9", "proofs": []}
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts=facts, at=world.now)
    assert world.close(request).outcome == "failed"
    assert world.alerts.kinds == ["tampering-attempted"]


def test_x_11_what_is_refused_leaves_no_trace(world: CeremonyWorld) -> None:
    """Mallory votes two hundred times without being asked, and what is refused makes no evidence grow and
    nobody wait.
    """
    request = world.open()
    before = dict(world.shelf.kept)
    for _ in range(60):
        assert world.sign(request, "piet").state == "refused"
    for _ in range(140):
        assert world.sign(request, "piet", Decision.DENY).state == "refused"
    assert (world.shelf.kept, world.tasks.calls) == (before, 0)


def test_x_11_a_proof_is_kept_before_anything_is_used_up(world: CeremonyWorld) -> None:
    """A function dies between the vote and its evidence, and the evidence comes first, so that the vote is there."""
    request = world.open()
    world.read_ticket(request)

    def die(_: Any) -> bool:
        raise RuntimeError("killed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("strongroom.adapters.ledger.nonces.LedgerStatements.use", lambda *_: die(None))
        with pytest.raises(RuntimeError, match="killed"):
            world.sign(request, "maria")
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_x_11_one_spoiled_row_hides_no_other_request(world: CeremonyWorld) -> None:
    """Mallory spoils the row of one request, and the list still shows all others."""
    request, other = world.open(), world.open_another()
    world.table.put({"pk": f"REQUEST#{request}", "sk": "DRAFT", "text": "{}", "view": "x"})
    world.shelf.tampered.add(request_key(request))
    shown = list_restores(needs=world.showing, now=world.now)
    assert {request, other} <= {each.id for each in shown}


AS_ONE = {
    "sk": "2026-11-23T14:20:00.000000Z#r-abcdefgh2345",
    "request_id": "r-abcdefgh2345",
    "requested_at": "2026-11-23T14:20:00.000000Z",
}
FOREIGN_LINES = {
    "without anything": {"sk": "2026-11-23T14:20:00.000000Z#r-abcdefgh2345"},
    "another's": {"sk": "zzz", "request_id": "r-abcdefgh2345", "requested_at": "2026-11-23T14:20:00.000000Z"},
    "of long ago, above all others": {
        "sk": "9999-12-31T00:00:00.000000Z#r-abcdefgh2345",
        "request_id": "r-abcdefgh2345",
        "requested_at": "1970-01-01T00:00:00.000000Z",
    },
    "of no time": {"sk": "9999#r-abcdefgh2345", "request_id": "r-abcdefgh2345", "requested_at": "9999"},
    "of no request": {
        "sk": "2026-11-23T14:20:00.000000Z#../x",
        "request_id": "../x",
        "requested_at": "2026-11-23T14:20:00.000000Z",
    },
    "of numbers": {"sk": "9999", "request_id": 7, "requested_at": 7},
    "of a time without a zone": {
        "sk": "2026-11-23T14:20:00.000000Z#r-abcdefgh2345",
        "request_id": "r-abcdefgh2345",
        "requested_at": "2026-11-23T14:20:00.000000",
    },
    "with an end that is no text": {
        "sk": "2026-11-23T14:20:00.000000Z#r-abcdefgh2345",
        "request_id": "r-abcdefgh2345",
        "requested_at": "2026-11-23T14:20:00.000000Z",
        "outcome": 7,
    },
    "of no account": AS_ONE | {"account": "payments"},
    "of no resource": AS_ONE | {"resource": "payments-db"},
    "of what was not asked for yet": AS_ONE
    | {"sk": "2026-11-24T14:20:00.000000Z#r-abcdefgh2345", "requested_at": "2026-11-24T14:20:00.000000Z"},
    "of the end of time": AS_ONE
    | {"sk": "9999-12-31T00:00:00.000000Z#r-abcdefgh2345", "requested_at": "9999-12-31T00:00:00.000000Z"},
}


@pytest.mark.parametrize("line", FOREIGN_LINES.values(), ids=FOREIGN_LINES)
def test_x_01_a_foreign_line_on_the_list_hides_nobody_and_raises_an_alarm_once(
    line: dict[str, Any], world: CeremonyWorld
) -> None:
    """Mallory writes a line on the list of requests that hides those below it or breaks whoever reads it, and it is
    passed by and told.
    """
    request = world.open()
    world.sign(request, "maria")
    world.table.put({"pk": "OPEN", "account": PAYMENTS, "resource": DATABASE, **line})
    world.table.put({"pk": f"BELL#{request}", "sk": "TOKEN"})
    for _ in range(3):
        assert world.sweep().open == 1
        world.later(minutes=1)
    assert [each.id for each in list_restores(needs=world.showing, now=world.now)] == [request]
    assert world.alerts.kinds == ["tampering-attempted"]
    assert repr(line["sk"]) in world.alerts.told[0].reason
    world.read_ticket(request)
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_x_01_an_invented_request_on_the_list_begins_nothing_and_raises_an_alarm_once(world: CeremonyWorld) -> None:
    """Mallory lists a request that nobody has signed, and its execution finds no evidence, takes it off and alerts."""
    invented, asked_at = "r-abcdefgh2345", "2026-11-23T14:20:00.000000Z"
    content = {"request_id": invented, "requested_at": asked_at, "account": PAYMENTS, "resource": DATABASE}
    world.table.put({"pk": "OPEN", "sk": f"{asked_at}#{invented}", **content})
    carried: dict[str, Carried] = {}
    for _ in range(30):
        for execution in sorted(world.running):
            carried.setdefault(execution, Carried(world, execution, invented)).go_on()
        world.sweep()
        world.later(minutes=1)
    # And it is told that nobody can read whether it left anything behind.
    assert (world.restores.begun, world.alerts.kinds) == ([], ["restore-failed", "temporary-copy-overdue"])
    assert world.alerts.told[0].subject == invented
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    assert line.outcome == "failed"


def _takes_part(function: str) -> bool:
    """Whether the function does something in a ceremony."""
    imported = app(function).source.imported.values()
    return any(named.module.startswith("strongroom.services.restores") for named in imported)


def test_attack_18_no_event_moves_a_ceremony() -> None:
    """Mallory puts events that say approved or restored, and no step of a ceremony listens to any but its own clock."""
    control_plane = APPLICATIONS["template.yaml"]
    steps = [each for each in FUNCTIONS if _takes_part(each)]
    assert {"start_restore", "take_proof", "judge_approval", "close_restore"} < set(steps)
    events = {
        (step, event["Type"], str(event["Properties"].get("Queue")))
        for step in steps
        for event in control_plane[app(step).logical_id]["Properties"].get("Events", {}).values()
        if event["Type"] != "Api"
    }
    assert {(step, kind) for step, kind, _ in events} == {("refresh_cards", "SQS"), ("sweep_ceremonies", "SQS")}
    queues = {queue for _, _, queue in events}
    filling = [
        rule["Properties"]
        for rule in of_type(control_plane, "AWS::Events::Rule").values()
        if any(str(target["Arn"]) in queues for target in rule["Properties"]["Targets"])
    ]
    assert len(filling) == len(queues)
    assert all("ScheduleExpression" in rule and "EventPattern" not in rule for rule in filling)


def test_attack_18_what_an_event_says_is_looked_up(world: CeremonyWorld) -> None:
    """Mallory says that the job is done, and only what AWS Backup answers about the job ends a ceremony as restored."""
    request = world.come_to_restore()
    world.restores.states = ["RUNNING"]
    assert world.close(request, reason="RestoreJobStatus COMPLETED").outcome == "failed"


def test_attack_13_another_point_for_the_same_request_is_no_vote_of_it(world: CeremonyWorld) -> None:
    """Mallory draws up the same request about another point under the same id, and proofs are about the
    text's digest.
    """
    request = world.open()
    kept = world.kept(request)
    other = open_seal(
        canonical_text(read_canonical(kept.sealed.text) | {"recovery_point": CENTRAL_POINT, "plan": "copy-back"})
    )
    statement = make_statement(other.asked, Decision.APPROVE, nonce=NONCE, issued_at=world.now).text
    text = proof_text(statement, signed=AUTHENTICATORS["maria"].sign(statement))
    world.shelf.kept[proof_key(request, digest_of(text))] = text
    verdict = world.judge.decide(world.kept(request), now=world.now)
    assert [each.reason for each in verdict.set_aside] == ["it was signed for another request"]
    assert CeremonyDrafts(world.table).read(request).sealed.digest == kept.sealed.digest
    assert a_wish().recovery_point == kept.sealed.request.recovery_point
