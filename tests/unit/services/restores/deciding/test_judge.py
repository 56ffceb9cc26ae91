"""The judge decides by proofs: under the rules that the request was made under, and under those of today."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.proofs.decisions import DecisionState
from tests.builders.intents import with_restores
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.restores.world import CeremonyWorld


def _state(world: CeremonyWorld, request: str) -> DecisionState:
    return world.judge.decide(world.kept(request), now=world.now).state


def test_a_request_is_approved_by_what_people_signed(world: CeremonyWorld) -> None:
    request = world.open()
    assert _state(world, request) is DecisionState.PENDING
    world.sign(request, "maria")
    assert _state(world, request) is DecisionState.APPROVED


def test_rules_that_are_stricter_today_count(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    rule = ApprovalRule(unit="Production", group="approvers", needed=2)
    world.intent = with_restores(world.intent, rules=(rule,))
    assert _state(world, request) is DecisionState.PENDING
    world.sign(request, "sana")
    assert _state(world, request) is DecisionState.APPROVED


def test_rules_that_are_looser_today_gain_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    groups = world.ceremony.restores.groups | {"approvers": ("maria", "sana", "piet")}
    world.intent = with_restores(world.intent, groups=groups)
    assert world.sign(request, "piet").state == "refused"
    assert _state(world, request) is DecisionState.PENDING


def test_whose_passkey_is_gone_since_does_not_count_any_more(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    people = world.intent.people | {"maria": replace(world.intent.people["maria"], passkeys=())}
    world.intent = replace(world.intent, people=people)
    assert _state(world, request) is DecisionState.PENDING


def test_a_request_that_its_requester_did_not_sign_is_nobodys(world: CeremonyWorld) -> None:
    """X1: an approver who can put objects invents a request in Omar's name."""
    drafted = world.draft()
    signed = AUTHENTICATORS["maria"].sign(drafted.statement)
    sealed = world.asking.drafts.read(drafted.request_id).sealed
    world.keeper.open(sealed, statement=drafted.statement, signed=signed)
    assert request_key(drafted.request_id) in world.shelf.kept
    with pytest.raises(ApprovalVoidError, match="not its requester's"):
        _state(world, drafted.request_id)


def test_the_requester_must_still_be_one_who_may_ask(world: CeremonyWorld) -> None:
    request = world.open()
    world.intent = with_restores(world.intent, requesters="approvers")
    with pytest.raises(ApprovalVoidError, match="not its requester"):
        _state(world, request)


def test_attack_16_a_delay_counts_from_when_the_log_saw_the_approval(world: CeremonyWorld) -> None:
    """When it was signed is the signer's own word."""
    world.intent = with_restores(world.intent, delay=timedelta(minutes=30))
    request = world.open()
    world.sign(request, "maria")
    world.later(minutes=31)
    assert _state(world, request) is DecisionState.PENDING
    [proof] = world.kept(request).proofs
    world.witness.times = {digest_of(proof): world.now}
    world.later(minutes=29)
    assert _state(world, request) is DecisionState.PENDING
    world.later(minutes=1)
    assert _state(world, request) is DecisionState.APPROVED


def test_attack_16_a_delay_that_only_todays_rules_have_counts_from_the_log_as_well(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    assert _state(world, request) is DecisionState.APPROVED
    world.intent = with_restores(world.intent, delay=timedelta(minutes=30))
    world.later(minutes=31)
    assert _state(world, request) is DecisionState.PENDING
