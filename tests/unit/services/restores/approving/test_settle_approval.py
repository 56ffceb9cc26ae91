"""Where an approval stands, and the one who closes it: once, told to the machine before anybody else."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from strongroom.domain.errors import QuorumUndefinedError, RestoreRefusedError, TemporarilyUnavailableError
from strongroom.domain.facts import Fact
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.facts import RestoreApproved
from strongroom.domain.restores.quorum import QuorumState
from strongroom.domain.restores.steps import ApprovalClosed, CeremonyStep, Closed, RestoreOutcome
from strongroom.domain.restores.votes import Decision, VoteState
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import NOW, a_request, a_vote, an_approval_closed
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, STREAM

EXPIRES_AT = a_request().approval_expires_at


def with_rules(world: World, *rules: ApprovalRule) -> None:
    """The intent's rules are these from now on."""
    world.intent = with_restores(world.intent, rules=rules)


# where it stands


def test_a_request_is_open_until_the_moment_at_which_it_expires(world: World) -> None:
    world.approvals.demand_open(a_request(), now=EXPIRES_AT - timedelta(microseconds=1))
    with pytest.raises(RestoreRefusedError, match="expired at 2026-11-23 18:20:00 UTC"):
        world.approvals.demand_open(a_request(), now=EXPIRES_AT)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (an_approval_closed(decision="denied", reason="denied by sana"), "already denied: denied by sana"),
        (Closed(outcome=RestoreOutcome.EXPIRED, reason="-", created=""), "is closed: expired"),
    ],
    ids=["decided", "closed"],
)
def test_what_is_decided_or_closed_is_not_open_and_says_how_it_ended(
    step: CeremonyStep, why: str, world: World
) -> None:
    world.book.record(ID, step)
    with pytest.raises(RestoreRefusedError, match=why):
        world.approvals.demand_open(a_request(), now=NOW)


def test_an_account_s_own_rule_of_today_counts_in_place_of_its_unit_s(world: World) -> None:
    own = ApprovalRule(account=PAYMENTS, group="security", needed=1)
    with_rules(world, *world.ceremony.restores.rules, own)
    assert world.approvals.rules_of(a_request()) == (own,)


@pytest.mark.parametrize(
    ("pinned", "current"), [(1, 2), (2, 1)], ids=["the rules of today are stricter", "those of then are stricter"]
)
def test_the_stricter_of_the_rules_then_and_now_decides(pinned: int, current: int, world: World) -> None:
    with_rules(world, ApprovalRule(unit="Production", group="approvers", needed=current))
    request = a_request(rules=(ApprovalRule(unit="Production", group="approvers", needed=pinned),))
    world.book.cast(ID, a_vote())
    assert world.approvals.decide(request).state is QuorumState.PENDING
    world.book.cast(ID, a_vote("sana"))
    assert world.approvals.decide(request).state is QuorumState.APPROVED


def test_where_no_rule_says_who_approves_nothing_is_decided(world: World) -> None:
    with_rules(world)
    world.book.cast(ID, a_vote())
    with pytest.raises(QuorumUndefinedError):
        world.approvals.decide(a_request())


# closing it


def test_a_vote_that_awaits_its_proof_never_settles_anything(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote(state=VoteState.AWAITING_PRESENCE))
    world.decider.settle(world.book.read(ID), now=world.now)
    assert world.tasks.calls == 0


@pytest.mark.parametrize(
    ("decision", "said", "published"),
    [(Decision.APPROVE, "approved", [RestoreApproved]), (Decision.DENY, "denied", [])],
    ids=["an approval", "a denial"],
)
def test_a_decision_is_recorded_written_down_and_told_to_the_machine_and_only_an_approval_is_published(
    decision: Decision, said: str, published: list[type[Fact]], world: World
) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote(decision=decision))
    sealed = world.book.read(ID)
    world.decider.settle(sealed, now=NOW)
    closed = ApprovalClosed(decision=said, reason=f"{said} by maria", people="maria", digest=sealed.digest, at=NOW)
    assert world.book.recorded(ID, ApprovalClosed) == closed
    assert world.kinds(ID)[-1] == f"approval-{said}"
    assert world.tasks.answered == {"token-1": {"decision": said, "reason": f"{said} by maria"}}
    assert [type(fact) for fact in world.facts] == published


def test_the_first_decision_stands(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    sealed = world.book.read(ID)
    world.decider.close(sealed, decision="denied", reason="denied by sana", people=("sana",), now=NOW)
    world.decider.close(sealed, decision="approved", reason="approved by maria", people=("maria",), now=NOW)
    assert world.tasks.calls == 1
    assert world.tasks.answered["token-1"]["decision"] == "denied"
    assert (world.kinds(ID).count("approval-denied"), world.kinds(ID).count("approval-approved")) == (1, 0)
    assert world.facts == []


def test_before_the_machine_waits_a_decision_is_kept_and_written_down(world: World) -> None:
    world.decider.close(world.book.read(ID), decision="denied", reason="-", people=(), now=NOW)
    assert world.tasks.calls == 0
    assert world.kinds(ID)[-1] == "approval-denied"


def test_nothing_is_released_that_was_not_decided(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.decider.release(ID)
    assert (world.tasks.calls, world.kinds(ID)) == (0, ["requested"])


def test_what_is_released_twice_is_written_down_once(world: World) -> None:
    world.book.record(ID, an_approval_closed())
    world.book.keep_token(ID, "token-1")
    for _ in range(2):
        world.decider.release(ID)
    [entry] = [entry for entry in world.log.entries(STREAM) if entry.kind == "approval-approved"]
    assert entry.at == NOW.isoformat()


class DeadBus:
    def publish(self, fact: Fact) -> None:
        raise TemporarilyUnavailableError("the bus is down")


def test_a_bus_that_is_down_does_not_keep_the_machine_waiting(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote())
    with pytest.raises(TemporarilyUnavailableError):
        replace(world.decider, publisher=DeadBus()).settle(world.book.read(ID), now=world.now)
    assert world.tasks.answered["token-1"]["decision"] == "approved"


@dataclass
class DeadMachine:
    """Step Functions does not answer."""

    def succeed(self, token: str, output: object) -> bool:
        raise TemporarilyUnavailableError("the machine cannot be reached")


def test_a_decision_that_did_not_reach_the_machine_is_evidence_already_and_reaches_it_later(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote())
    with pytest.raises(TemporarilyUnavailableError):
        replace(world.decider, tasks=DeadMachine()).settle(world.book.read(ID), now=NOW)
    assert world.kinds(ID)[-1] == "approval-approved"
    world.decider.release(ID)
    assert world.tasks.answered["token-1"]["decision"] == "approved"
