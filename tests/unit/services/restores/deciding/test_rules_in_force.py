"""Rules count once somebody who deploys in the audit account has kept them, and as long as nobody touched them."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.services.restores.deciding.rules_in_force import demand_rules_in_force
from tests.builders.intents import with_restores
from tests.fakes.restores.world import CeremonyWorld


def own_rules(world: CeremonyWorld, request: str) -> str:
    return policy_key(world.kept(request).sealed.asked.policy.digest)


def demand(world: CeremonyWorld, request: str) -> None:
    demand_rules_in_force(world.kept(request), judge=world.judge, keeper=world.keeper)


def change_rules(world: CeremonyWorld) -> None:
    world.intent = with_restores(world.intent, presence_max_age=timedelta(minutes=4))


def test_rules_that_are_kept_are_enough_those_of_then_and_those_of_today(world: CeremonyWorld) -> None:
    request = world.open()
    demand(world, request)
    change_rules(world)
    demand(world, request)


def test_attack_26_former_rules_that_were_never_kept_end_it(world: CeremonyWorld) -> None:
    request = world.open()
    change_rules(world)
    del world.shelf.rules[own_rules(world, request)]
    with pytest.raises(ApprovalVoidError, match="never in force"):
        demand(world, request)


def test_attack_26_rules_that_somebody_touched_end_it(world: CeremonyWorld) -> None:
    request = world.open()
    world.shelf.tampered.add(own_rules(world, request))
    with pytest.raises(ApprovalVoidError, match="tampered with"):
        demand(world, request)


def test_attack_26_another_text_under_their_name_is_not_the_rules(world: CeremonyWorld) -> None:
    request = world.open()
    own = own_rules(world, request)
    change_rules(world)
    demand(world, request)
    world.shelf.rules[own] = "looser rules"
    with pytest.raises(ApprovalVoidError, match="never in force"):
        demand(world, request)


def test_rules_of_today_that_are_not_kept_yet_are_waited_for(world: CeremonyWorld) -> None:
    request = world.open()
    world.applies_rules = False
    change_rules(world)
    with pytest.raises(ApprovalPendingError, match="`strongroom apply` puts them there"):
        demand(world, request)
    world.apply_rules()
    demand(world, request)
