"""Attacks with identities: one who comes as two, two seats for one, somebody who is not one of them any more."""

from collections.abc import Callable
from copy import replace

import pytest

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.acting.starting.start_restore import start_restore
from tests.builders.intents import with_restores
from tests.fakes.restores.world import CeremonyWorld

type Change = Callable[[Intent], Intent]


def _with_groups(intent: Intent, **groups: tuple[str, ...]) -> Intent:
    assert intent.restores is not None
    return with_restores(intent, groups=dict(intent.restores.groups) | groups)


def _with_rules(intent: Intent, *rules: tuple[str, int]) -> Intent:
    """Production is restored into by so many of each group."""
    return with_restores(
        intent, rules=tuple(ApprovalRule(unit="Production", group=group, needed=needed) for group, needed in rules)
    )


def _changed_since(world: CeremonyWorld, request: str, change: Change) -> None:
    """Deploy another intent while the request is open; the rules before it were put into force when they were new."""
    world.shelf.kept[policy_key(world.kept(request).sealed.asked.policy.digest)] = world.kept(
        request
    ).sealed.request.policy
    world.intent = change(world.intent)


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def _omar_as(alias: str) -> Change:
    """Omar once more under another name, with another key: the same subject at the identity provider."""

    def change(intent: Intent) -> Intent:
        twin = replace(intent.people["sana"], subject="idp|omar", email="Omar+approver@strongroom.example")
        return _with_groups(replace(intent, people=dict(intent.people) | {alias: twin}), approvers=(alias, "maria"))

    return change


def test_attack_05_a_second_account_of_the_requester_is_the_requester(world: CeremonyWorld) -> None:
    """Omar is listed once more, with an alias, another mail and another key, and under neither name
    approves his own.
    """
    request = world.open()
    world.read_ticket(request)
    _changed_since(world, request, _omar_as("sana"))
    assert [world.sign(request, each).state for each in ("sana", "omar")] == ["refused", "refused"]
    with pytest.raises((ApprovalPendingError, ApprovalVoidError)):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_05_a_key_that_two_people_hold_is_nobodys(world: CeremonyWorld) -> None:
    """Omar has his own passkey enrolled for Sana, too, and a key that stands twice counts for neither."""
    people = dict(world.intent.people)
    request = world.open()
    people["sana"] = replace(people["sana"], passkeys=people["omar"].passkeys)
    _changed_since(world, request, lambda intent: replace(intent, people=people))
    assert world.sign(request, "omar").state == "refused"
    assert world.kept(request).proofs == ()


def test_attack_06_one_person_in_two_groups_takes_one_seat(world: CeremonyWorld) -> None:
    """Maria is in both groups of which one each is needed, and two seats take two people."""
    world.intent = _with_groups(world.intent, **{"service-owners": ("maria",), "approvers": ("maria", "sana")})
    world.intent = _with_rules(world.intent, ("service-owners", 1), ("approvers", 1))
    request = world.open()
    world.read_ticket(request)
    world.sign(request, "maria")
    world.sign(request, "maria")
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)
    assert world.restores.begun == []


@pytest.mark.parametrize("order", [("maria", "sana"), ("sana", "maria")], ids="-".join)
def test_attack_06_whoever_can_sit_elsewhere_makes_room(order: tuple[str, str], world: CeremonyWorld) -> None:
    """Nobody can block a seat by sitting down first: whoever fits two seats moves to where the other does not fit."""
    world.intent = _with_groups(world.intent, **{"service-owners": ("maria", "sana"), "security": ("sana",)})
    world.intent = _with_rules(world.intent, ("service-owners", 1), ("security", 1))
    request = world.open()
    world.read_ticket(request)
    for person in order:
        world.later(minutes=1)
        world.sign(request, person)
    _start(world, request)
    assert len(world.restores.begun) == 1


def _leave_the_group(intent: Intent) -> Intent:
    return _with_groups(intent, approvers=("sana",))


def _lose_the_key(intent: Intent) -> Intent:
    return replace(intent, people=dict(intent.people) | {"maria": replace(intent.people["maria"], passkeys=())})


def _leave(intent: Intent) -> Intent:
    people = {name: person for name, person in intent.people.items() if name != "maria"}
    left = _with_groups(replace(intent, people=people), **{"approvers": ("sana",), "service-owners": ("sana",)})
    assert left.restores is not None
    return left


@pytest.mark.parametrize("change", [_leave_the_group, _lose_the_key, _leave])
def test_attack_15_whoever_may_not_approve_any_more_has_not_approved(change: Change, world: CeremonyWorld) -> None:
    """Maria approves, then leaves the group, the company or her key behind, and at the act her approval
    counts no more.
    """
    request = world.come_to_approval()
    _changed_since(world, request, change)
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)
    world.sign(request, "sana")
    _start(world, request)
    assert len(world.restores.begun) == 1


def test_attack_15_whoever_may_not_ask_any_more_has_not_asked(world: CeremonyWorld) -> None:
    """Omar asks and leaves, and what was approved for him is not carried out for him."""
    request = world.come_to_approval()
    _changed_since(world, request, lambda intent: _with_groups(intent, oncall=("piet",)))
    with pytest.raises(ApprovalVoidError, match="not its requester's"):
        _start(world, request)
    assert world.restores.begun == []


def test_x_09_a_name_that_is_used_again_inherits_no_vote(world: CeremonyWorld) -> None:
    """Another person gets the alias of Maria, who approved and left, and her proof names her subject and
    not the alias.
    """
    request = world.come_to_approval()

    def rename(intent: Intent) -> Intent:
        new = replace(intent.people["piet"], subject="idp|another")
        return replace(intent, people=dict(intent.people) | {"maria": new})

    _changed_since(world, request, rename)
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)


def test_x_11_whoever_denies_is_heard_after_the_approval(world: CeremonyWorld) -> None:
    """A mistake is noticed after the approval, and a denial or the requester's cancelling stops it until the job is
    begun.
    """
    for person, decision in (("sana", Decision.DENY), ("omar", Decision.CANCEL)):
        each = CeremonyWorld(world.intent)
        request = each.come_to_approval()
        each.later(minutes=1)
        assert each.sign(request, person, decision).state == "counted"
        with pytest.raises(ApprovalVoidError):
            _start(each, request)
        assert each.restores.begun == []
