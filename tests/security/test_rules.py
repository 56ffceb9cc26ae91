"""Attacks with the rules: loosened under a request, invented, empty, or of another place."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError, QuorumUndefinedError
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.looseness import loosenings
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import take_proof
from tests.builders.intents import with_restores
from tests.builders.restores import AUTHENTICATORS
from tests.fakes.restores.world import CeremonyWorld

type Change = Callable[[Intent], Intent]


def _needs(number: int, group: str = "approvers") -> Change:
    return lambda intent: with_restores(intent, rules=(ApprovalRule(unit="Production", group=group, needed=number),))


def _grouped(**groups: tuple[str, ...]) -> Change:
    def change(intent: Intent) -> Intent:
        assert intent.restores is not None
        return with_restores(intent, groups=dict(intent.restores.groups) | groups)

    return change


def _deploy(world: CeremonyWorld, request: str, change: Change) -> None:
    """Another intent, with the rules before it put into force when they were new."""
    sealed = world.kept(request).sealed
    world.shelf.kept[policy_key(sealed.asked.policy.digest)] = sealed.request.policy
    world.intent = change(world.intent)


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def test_attack_26_rules_that_are_loosened_meanwhile_gain_nothing(world: CeremonyWorld) -> None:
    """Mallory has one approval of two, loosens the rule to one, and the rules of the asking count as well."""
    world.intent = _needs(2)(world.intent)
    request = world.come_to_approval()
    _deploy(world, request, _needs(1))
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)
    world.sign(request, "sana")
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_attack_26_a_friend_who_joins_the_group_meanwhile_does_not_vote(world: CeremonyWorld) -> None:
    """Mallory adds his friend Piet to the approvers of an open request, who is in none of its own groups."""
    request = world.open()
    world.read_ticket(request)
    _deploy(world, request, _grouped(approvers=("maria", "sana", "piet")))
    assert world.sign(request, "piet").state == "refused"
    with pytest.raises(ApprovalPendingError):
        _start(world, request)


def test_attack_26_rules_that_become_stricter_are_waited_for(world: CeremonyWorld) -> None:
    """The rule is tightened between vote and act, and the act waits for whom it now takes instead of failing."""
    request = world.come_to_approval()
    _deploy(world, request, _needs(2))
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)
    world.sign(request, "sana")
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_attack_26_what_is_looser_is_told(world: CeremonyWorld) -> None:
    """Mallory slips a loosened rule into a large change, and each way in which rules become looser is named."""
    policy = read_canonical(world.kept(world.open()).sealed.request.policy)
    before = read_policy(canonical_text(policy))
    looser = (
        {"rules": [{"group": "approvers", "needed": 1}], "disjoint": ["voters"]},
        {"groups": policy["groups"] | {"approvers": [*policy["groups"]["approvers"], "idp|mallory"]}},
        {"presence_max_age": policy["presence_max_age"] + 1},
    )
    for change in looser:
        assert loosenings(before, read_policy(canonical_text(policy | change))), change
    assert not loosenings(before, before)


def test_x_09_a_longer_presence_does_not_apply_to_what_was_asked_before(world: CeremonyWorld) -> None:
    """Mallory lets statements live for days while a request is open, and the request's own rules keep theirs short."""
    request = world.open()
    proposed = propose_statement(request, Decision.APPROVE, view=None, needs=world.proposing, now=world.now)
    _deploy(world, request, lambda intent: with_restores(intent, presence_max_age=timedelta(days=9)))
    world.later(minutes=6)
    signed = AUTHENTICATORS["maria"].sign(proposed.statement)
    taken = take_proof(request, statement=proposed.statement, signed=signed, needs=world.proving, now=world.now)
    assert (taken.state, "too long ago" in taken.reason) == ("refused", True)


def test_x_09_rules_that_nobody_put_into_force_are_nobodys(world: CeremonyWorld) -> None:
    """Mallory deploys other rules for an hour and takes them back, and a request under them needs them in
    the evidence.
    """
    kept = world.intent
    world.apply_rules()
    world.applies_rules = False
    world.intent = _grouped(approvers=("maria", "piet"))(world.intent)
    request = world.open()
    world.read_ticket(request)
    world.sign(request, "maria")
    world.intent = kept
    with pytest.raises(ApprovalVoidError, match="never in force"):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_27_without_a_rule_nobody_may(world: CeremonyWorld) -> None:
    """Somebody deletes the rules so that nobody is needed, and without a rule there is no request and no act."""
    request = world.come_to_approval()
    _deploy(world, request, lambda intent: with_restores(intent, rules=()))
    with pytest.raises(QuorumUndefinedError):
        _start(world, request)
    with pytest.raises(QuorumUndefinedError):
        world.open()
    assert world.restores.begun == []


def test_attack_27_a_group_of_nobody_approves_nothing(world: CeremonyWorld) -> None:
    """Somebody empties the group that approves, and an empty group is nobody and not everybody."""
    world.intent = replace(_grouped(approvers=())(world.intent))
    request = world.open()
    world.read_ticket(request)
    assert world.sign(request, "maria").state == "refused"
    with pytest.raises(ApprovalPendingError):
        _start(world, request)
