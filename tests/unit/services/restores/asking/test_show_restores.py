"""Restore ceremonies as people look at them: how far each is, what it waits for, and the evidence to take away."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.proofs.decisions import Verdict
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.ends.standing import EndState
from strongroom.domain.restores.showing.left_behind import TemporaryCopy
from strongroom.domain.restores.showing.reach import Unreached, Whom
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.tell_approvers import tell_approvers
from strongroom.services.restores.asking.show_restores import list_restores, show_evidence, show_restore
from strongroom.services.restores.deciding import judge
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, RESTORED
from tests.fakes.restores.world import CeremonyWorld


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def _denied(world: CeremonyWorld) -> str:
    request = world.open()
    world.sign(request, "maria", Decision.DENY)
    return request


def _closed(world: CeremonyWorld) -> str:
    request = _restored(world)
    world.close(request)
    return request


@pytest.mark.parametrize(
    ("come_to", "state"),
    [
        pytest.param(lambda world: world.open(), "pending", id="nobody signed"),
        pytest.param(lambda world: world.come_to_approval(), "approved", id="somebody approved"),
        pytest.param(_denied, "denied", id="somebody denied"),
        pytest.param(lambda world: world.come_to_copy(), "copying-back", id="the copy runs"),
        pytest.param(lambda world: world.come_to_copied(), "copied-back", id="the copy is there"),
        pytest.param(lambda world: world.come_to_restore(), "restoring", id="the restore runs"),
        pytest.param(_restored, "being-tagged", id="the restore is done"),
        pytest.param(_closed, "restored", id="the end"),
    ],
)
def test_a_ceremony_says_how_far_it_is(
    come_to: Callable[[CeremonyWorld], str], state: str, world: CeremonyWorld
) -> None:
    request = come_to(world)
    assert show_restore(request, needs=world.showing, now=world.now).state == state


def test_a_ceremony_says_what_it_waits_for_and_who_has_signed(world: CeremonyWorld) -> None:
    request = world.open()
    assert show_restore(request, needs=world.showing, now=world.now).missing == ("approvers",)
    world.sign(request, "maria")
    shown = show_restore(request, needs=world.showing, now=world.now)
    assert (shown.requester, shown.approvals) == ("Omar Haddad", ("Maria Lindqvist",))


def test_an_open_request_says_what_each_gate_waits_for_and_one_that_is_over_waits_at_none(
    world: CeremonyWorld,
) -> None:
    request = world.open()
    shown = show_restore(request, needs=world.showing, now=world.now)
    assert {gate.name: (gate.state, gate.text) for gate in shown.gates} == {
        "Signed by who asks": ("passed", "Omar Haddad"),
        "Its ticket allows it": ("waits", "ticket OPS-123"),
        "Approved": ("waits", "1 of approvers"),
        "Restored": ("later", ""),
        "Written down": ("later", ""),
    }
    assert shown.deciders == ("Maria Lindqvist", "Sana Iqbal")
    assert shown.time_left == "more than 4 h left, until 2026-11-23 18:20:00 UTC"
    world.sign(request, "maria", Decision.DENY)
    over = show_restore(request, needs=world.showing, now=world.now)
    assert "waits" not in [gate.state for gate in over.gates]
    assert (over.deciders, over.time_left) == ((), "")


def test_a_denial_is_told_with_its_reason_and_in_names(world: CeremonyWorld) -> None:
    request = world.open()
    world.read_ticket(request)
    world.sign(request, "maria", Decision.DENY, why="  the wrong\n database ")
    told = "denied by Maria Lindqvist: the wrong database"
    assert show_restore(request, needs=world.showing, now=world.now).reason == told
    tell_approvers(request, needs=world.telling, now=world.now)
    world.close(request)
    assert show_restore(request, needs=world.showing, now=world.now).reason == told
    assert told in world.board.closed[0]
    assert world.kept(request).chain[-1].facts["reason"] == "denied by idp|maria: the wrong database"


def test_what_is_said_with_an_approval_is_kept_nowhere(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria", why="fine")
    assert show_restore(request, needs=world.showing, now=world.now).reason == "approved by Maria Lindqvist"
    assert not [item for item in world.table.everything() if item["pk"].startswith("WORD#")]


def test_whoever_signed_finds_the_proof_among_those_that_count_and_that_the_log_has(world: CeremonyWorld) -> None:
    request = world.open()
    proof = world.sign(request, "maria").proof
    world.shelf.put_new(proof_key(request, digest_of("junk")), "junk")
    shown = show_restore(request, needs=world.showing, now=world.now)
    assert (shown.counted, shown.recorded) == ((proof,), ())
    world.witness.witness(request)
    assert proof in show_restore(request, needs=world.showing, now=world.now).recorded


def test_what_was_made_is_named(world: CeremonyWorld) -> None:
    assert show_restore(_closed(world), needs=world.showing, now=world.now).created == RESTORED


def test_the_list_has_the_newest_first_with_how_they_ended(world: CeremonyWorld) -> None:
    first = _denied(world)
    world.close(first)
    world.later(minutes=1)
    second = world.open_another()
    lines = list_restores(needs=world.showing, now=world.now)
    assert [(line.id, line.outcome) for line in lines] == [(second, ""), (first, "denied")]


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    for request in ("r-bbbbbbbbbbbb", "../x"):
        with pytest.raises(NotFoundError):
            show_restore(request, needs=world.showing, now=world.now)


def _log_is_down(world: CeremonyWorld) -> str:
    request = _restored(world)
    world.witness.is_down = True
    world.close(request)
    return request


def test_evidence_can_be_taken_away_once_the_log_has_seen_the_end(world: CeremonyWorld) -> None:
    request = _log_is_down(world)
    with pytest.raises(NotFoundError, match="has not seen its end"):
        show_evidence(request, needs=world.showing)
    world.witness.is_down = False
    world.witness.witness(request)
    bundle = read_bundle(canonical_text(show_evidence(request, needs=world.showing)))
    assert (len(bundle.proofs), len(bundle.chain)) == (1, 6)
    assert set(bundle.log) == {"closed", "intent", "proofs"}


def test_the_evidence_of_what_has_not_ended_is_not_taken_away(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError, match="has not ended"):
        show_evidence(world.come_to_restore(), needs=world.showing)


def test_a_proof_that_arrives_after_the_end_is_no_part_of_the_evidence(world: CeremonyWorld) -> None:
    request = _closed(world)
    before = show_evidence(request, needs=world.showing)
    text = "a proof that was on its way"
    world.shelf.put_new(proof_key(request, digest_of(text)), text)
    world.witness.witness(request)
    assert show_evidence(request, needs=world.showing) == before


def test_x07_a_request_says_whom_it_could_not_reach_and_since_when(world: CeremonyWorld) -> None:
    request, since = world.open(), world.now
    assert show_restore(request, needs=world.showing, now=world.now).unreached == ()
    world.board.refusal = AccessRefusedError("Slack answered chat.postMessage with not_in_channel")
    tell_approvers(request, needs=world.telling, now=world.now)
    world.later(minutes=2)
    chat = Unreached(whom=Whom.CHAT, since=since, why="Slack answered chat.postMessage with not_in_channel")
    ticket = Unreached(whom=Whom.TICKET, since=since)
    assert show_restore(request, needs=world.showing, now=world.now).unreached == (chat, ticket)
    world.read_ticket(request)
    assert show_restore(request, needs=world.showing, now=world.now).unreached == (chat,)


def test_x07_a_request_is_shown_while_the_identity_provider_is_away(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> Verdict:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")

    request = world.come_to_approval()
    monkeypatch.setattr(judge, "decide", away)
    shown = show_restore(request, needs=world.showing, now=world.now)
    assert (shown.state, shown.reason) == ("pending", "the identity provider cannot be reached")
    missed = Unreached(whom=Whom.IDENTITY_PROVIDER, why="the identity provider cannot be reached")
    assert shown.unreached == (missed,)


def test_x07_what_nobody_can_tell_at_the_moment_is_not_said_to_be_nothing(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> tuple[str, str]:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")

    request = world.open()
    world.sign(request, "maria")
    monkeypatch.setattr(judge.CeremonyJudge, "why_not_counted", away)
    assert show_restore(request, needs=world.showing, now=world.now).counted is None


def test_x07_a_request_that_became_void_says_why(world: CeremonyWorld) -> None:
    request = world.open()
    people = world.intent.people | {"omar": replace(world.intent.people["omar"], passkeys=())}
    world.intent = replace(world.intent, people=people)
    assert "not its requester's" in show_restore(request, needs=world.showing, now=world.now).reason


def test_what_was_restored_with_faults_is_shown_with_them(world: CeremonyWorld) -> None:
    world.restores.message = said = "One or more objects failed to be restored."
    request = _restored(world)
    world.close(request)
    shown = show_restore(request, needs=world.showing, now=world.now)
    assert (shown.state, shown.faults) == ("restored", (said,))
    assert said in shown.reason
    [gate] = [each for each in shown.gates if each.name == "Restored"]
    assert gate.text.endswith(", with faults")


def test_a_copy_that_was_taken_back_is_shown_with_whose_it_is_and_when_it_is_gone(world: CeremonyWorld) -> None:
    """AWS Backup Developer Guide, "Deleting backups": within eight hours after it expired."""
    request = world.come_to_copied()
    for _ in range(3):
        world.sweep()
    shown = show_restore(request, needs=world.showing, now=world.now)
    expires_at = shown.request.recovery_point_created_at + shown.request.copy_kept_for
    assert timedelta(days=14) <= expires_at - shown.request.requested_at < timedelta(days=15)
    assert shown.left_behind == TemporaryCopy(
        request_id=request,
        account=shown.request.account,
        region=shown.request.region,
        resource=shown.request.resource,
        source=CENTRAL_POINT,
        vault=TEMPORARY_VAULT,
        recovery_point=COPIED_POINT,
        owner="Omar Haddad",
        state=EndState.OPEN,
        since=world.now,
        expires_at=expires_at,
        gone_by=expires_at + timedelta(hours=8),
        is_overdue=False,
        reason="it is there, COMPLETED",
    )


@pytest.mark.parametrize("come_to", [_restored, _closed], ids=["it runs", "it has ended"])
def test_where_no_copy_was_needed_nothing_is_left_behind(
    come_to: Callable[[CeremonyWorld], str], world: CeremonyWorld
) -> None:
    request = come_to(world)
    world.sweep()
    assert show_restore(request, needs=world.showing, now=world.now).left_behind is None


def _lost(world: CeremonyWorld) -> str:
    request, world.restores.dies = world.come_to_approval(), "after"
    with pytest.raises(TemporarilyUnavailableError):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    return request


def _failed_in_aws(world: CeremonyWorld) -> str:
    request, world.restores.states = world.come_to_restore(), ["FAILED"]
    return request


@pytest.mark.parametrize(
    ("come_to", "is_free"),
    [
        pytest.param(lambda world: world.open(), True, id="before it was begun"),
        pytest.param(_failed_in_aws, True, id="its job made nothing"),
        pytest.param(_lost, False, id="it may have been begun"),
        pytest.param(_restored, False, id="it was restored"),
    ],
)
def test_what_is_over_says_whether_its_ticket_may_be_used_again(
    come_to: Callable[[CeremonyWorld], str],
    is_free: bool,  # noqa: FBT001
    world: CeremonyWorld,
) -> None:
    request = come_to(world)
    assert show_restore(request, needs=world.showing, now=world.now).is_ticket_free is None
    world.close(request, error="RestoreFailedError")
    assert show_restore(request, needs=world.showing, now=world.now).is_ticket_free is is_free


def test_of_what_is_not_listed_any_more_nobody_says_so(world: CeremonyWorld) -> None:
    request = _closed(world)
    world.table = MemoryTable()
    assert show_restore(request, needs=world.showing, now=world.now).is_ticket_free is None
