"""A plan tells what a restore profile names and the account has not, or has and cannot use."""

from copy import replace

import pytest

from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization, ProfileValue
from strongroom.domain.rollout.restore_profiles import judge_profiles, profiles_of
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.unit.domain.rollout.plans import codes, plan_of

PROFILE = AccountProfile(account=PAYMENTS, region=HOME, subnets=("subnet-1",))
SUBNET = ProfileValue(field="subnets", name="subnet-1", is_there=True, network="vpc-1")
GROUP = ProfileValue(field="security_groups", name="sg-1", is_there=True, network="vpc-1")
GONE = ProfileValue(field="db_subnet_group", name="restores", is_there=False)
OPEN = replace(GROUP, unfit="lets everybody in")


@pytest.fixture
def profiled(wanted: Desired) -> Desired:
    return a_desired_organization(with_restores(wanted.intent, profiles=(PROFILE,)))


def _told(wanted: Desired, *values: ProfileValue) -> list[tuple[str, str, str]]:
    live = replace(a_settled_organization(wanted), profiles={(PAYMENTS, HOME): values})
    return [(each.code, each.path, each.message) for each in judge_profiles(wanted.intent, live)]


def test_what_is_there_and_fits_is_not_mentioned(profiled: Desired) -> None:
    assert _told(profiled, SUBNET, GROUP) == []
    assert _told(profiled) == []


def test_what_is_gone_is_named(profiled: Desired) -> None:
    why = f"{PAYMENTS} in {HOME} has no restores"
    assert _told(profiled, SUBNET, GONE) == [("profile-missing", "restores.profiles[0].db_subnet_group", why)]


def test_what_does_not_fit_is_named(profiled: Desired) -> None:
    assert _told(profiled, OPEN) == [
        ("profile-unfit", "restores.profiles[0].security_groups", "sg-1 lets everybody in")
    ]


def test_a_profile_lies_in_one_network(profiled: Desired) -> None:
    told = "what it names lies in more than one VPC: subnet-1 in vpc-1 and sg-1 in vpc-2"
    assert _told(profiled, SUBNET, replace(GROUP, network="vpc-2")) == [
        ("profile-networks", "restores.profiles[0]", told)
    ]


def test_an_account_that_nobody_could_enter_is_a_warning(profiled: Desired) -> None:
    live = replace(a_settled_organization(profiled), profiles={(PAYMENTS, HOME): None})
    plan = plan_of(profiled, live)
    assert (codes(plan.findings), plan.errors) == (["profile-unknown"], ())


def test_a_plan_with_a_profile_that_is_not_true_has_errors(profiled: Desired) -> None:
    live = replace(a_settled_organization(profiled), profiles={(PAYMENTS, HOME): (GONE,)})
    assert codes(plan_of(profiled, live).errors) == ["profile-missing"]


def test_without_a_ceremony_there_is_no_profile(wanted: Desired, live: LiveOrganization) -> None:
    assert profiles_of(replace(wanted.intent, restores=None)) == ()
    assert list(judge_profiles(wanted.intent, live)) == []
