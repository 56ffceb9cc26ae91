"""The judge tells the state machine where a request stands, and writes nowhere."""

import pytest

from strongroom.domain.errors import NotFoundError
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.plans import RestorePlan
from strongroom.services.restores.deciding.judge_approval import ApprovalJudged, judge_approval
from tests.builders.restores import CENTRAL_POINT, a_wish
from tests.fakes.restores.world import CeremonyWorld


def _judge(world: CeremonyWorld, request: str) -> ApprovalJudged:
    return judge_approval(request, needs=world.judging, now=world.now)


def test_a_request_that_nobody_signed_is_pending(world: CeremonyWorld) -> None:
    request = world.open()
    judged = _judge(world, request)
    assert (judged.state, judged.plan) == (DecisionState.PENDING, RestorePlan.LOCAL)
    assert judged.reason == "still needed: approvers"


def test_an_approved_one_names_its_way_back(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    judged = _judge(world, request)
    assert (judged.state, judged.plan) == (DecisionState.APPROVED, RestorePlan.COPY_BACK)


def test_a_denied_one_is_denied(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "sana", Decision.DENY)
    assert _judge(world, request).state is DecisionState.DENIED


def test_one_that_ran_out_is_expired(world: CeremonyWorld) -> None:
    request = world.open()
    world.later(hours=5)
    assert _judge(world, request).state is DecisionState.EXPIRED


def test_judging_writes_nothing(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    before = dict(world.shelf.kept), world.table.everything(), world.ledger.everything()
    _judge(world, request)
    assert (world.shelf.kept, world.table.everything(), world.ledger.everything()) == before


def test_an_unknown_request_is_not_found(world: CeremonyWorld) -> None:
    with pytest.raises(NotFoundError):
        _judge(world, "r-bbbbbbbbbbbb")
