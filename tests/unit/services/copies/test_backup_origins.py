"""Whose a backup job is: by its plan, which is asked for its names, else by what else is known of the resource."""

from dataclasses import dataclass, field

import pytest

from strongroom.domain.copies.found import MadeBy, PlanFound
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.backup_origins import origin_of_job, our_maker
from tests.builders.copies import BY_PLAN, PLAN, RESOURCE, a_backup_job
from tests.builders.places import PAYMENTS, REPORTS
from tests.fakes.copies import FakeProtection, FakeTruth

MONTHLY = PlanFound(name="strongroom-monthly-prod", rule_names={})


@dataclass
class World:
    intent: Intent
    points: FakeTruth = field(default_factory=FakeTruth)
    protection: FakeProtection = field(default_factory=FakeProtection)

    def tier(self, made_by: MadeBy | None = BY_PLAN, likely: str | None = None) -> str | None:
        origin = origin_of_job(a_backup_job(made_by=made_by), needs=self, likely=likely)
        return None if origin is None else origin.tier


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


@pytest.mark.parametrize(
    "made_by",
    [
        pytest.param(None, id="made by hand"),
        pytest.param(MadeBy(plan=PLAN, plan_name="superwerker"), id="somebody else's plan"),
        pytest.param(MadeBy(plan=PLAN.replace("orgs/", "")), id="no plan of the organisation"),
    ],
)
def test_a_job_that_no_plan_of_ours_made_has_no_origin(made_by: MadeBy | None, world: World) -> None:
    world.protection.tiers[RESOURCE] = "daily-prod"
    assert world.tier(made_by) is None


def test_the_tier_is_that_of_the_plan_else_the_likely_one_else_the_resources_last(world: World) -> None:
    assert world.tier() is None
    world.protection.tiers[RESOURCE] = "daily-prod"
    assert world.tier() == "daily-prod"
    assert world.tier(likely="compliance-7y") == "compliance-7y"
    world.points.plans[PLAN] = MONTHLY
    assert world.tier(likely="compliance-7y") == "monthly-prod"


def test_a_plan_of_another_account_is_not_asked_for_its_name(world: World) -> None:
    world.points.plans[PLAN] = MONTHLY
    own = our_maker(BY_PLAN, account=PAYMENTS, points=world.points)
    foreign = our_maker(BY_PLAN, account=REPORTS, points=world.points)
    assert (own and own.plan_name, foreign and foreign.plan_name) == ("strongroom-monthly-prod", None)
