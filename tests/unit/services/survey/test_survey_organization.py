"""A survey asks everything once, looks into every account, and keeps a question where nobody answers."""

from copy import replace

import pytest

from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region, vault_arn
from strongroom.domain.survey.found import AccountPlan, LandingZoneFound
from strongroom.services.survey.survey_organization import survey_organization
from tests.builders.survey import CENTRAL, HOME, MANAGEMENT, SHOP, WALLET, WORKLOADS, a_locked_vault, a_policy
from tests.fakes.survey import FakeSurveyed
from tests.unit.domain.backup_policy.linting.sound_policies import copied, plan, policy, rule, tagged

FRANKFURT, LONDON = Region("eu-central-1"), Region("eu-west-2")
REPLICA = vault_arn("replica", account=CENTRAL, region=LONDON)
DOCUMENT = policy(
    daily=plan(
        {"daily": rule("0 2 ? * * *", 35, copy_actions=copied(REPLICA, 90))}, tagged("Backup", "daily"), FRANKFURT
    )
)


def test_every_account_is_looked_into_where_plans_run_and_copies_go() -> None:
    found = FakeSurveyed(
        live=(a_policy(DOCUMENT),),
        zones={HOME: LandingZoneFound(regions=(HOME,))},
        live_vaults={(CENTRAL, LONDON): {REPLICA: a_locked_vault()}},
        live_plans=(AccountPlan(account=WALLET, name="own", plan={"regions": [FRANKFURT]}),),
        scps={WORKLOADS: ("FullAWSAccess",)},
        merged={SHOP: {"plans": {}}},
    )
    surveyed = survey_organization(needs=found.needs, region=HOME)
    everywhere = {(account, region) for account in (MANAGEMENT, SHOP, WALLET, CENTRAL) for region in (HOME, FRANKFURT)}
    assert surveyed.looked_at == everywhere | {(CENTRAL, LONDON)}
    assert surveyed.vaults == {REPLICA: a_locked_vault()}
    assert [each.name for each in surveyed.plans] == ["own"]
    assert surveyed.scps[WORKLOADS] == ("FullAWSAccess",)
    assert surveyed.effective == {SHOP: {"plans": {}}}
    assert (surveyed.landing_zone, surveyed.unseen) == (LandingZoneFound(regions=(HOME,)), ())


def test_policies_of_other_types_and_those_that_hang_nowhere_are_left_out() -> None:
    scp = replace(a_policy({}), type="SERVICE_CONTROL_POLICY")
    unused = replace(a_policy(DOCUMENT), targets=())
    surveyed = survey_organization(needs=FakeSurveyed(live=(scp, unused)).needs, region=HOME)
    assert surveyed.policies == ()


@pytest.mark.parametrize(
    ("method", "section", "action"),
    [
        ("administrators", "organization", "organizations:ListDelegatedAdministrators"),
        ("landing_zone", "organization", "controltower:ListLandingZones"),
        ("policies", "tiers", "organizations:ListTargetsForPolicy"),
        ("effective_backup_policy", "tiers", "organizations:DescribeEffectivePolicy"),
        ("tag_keys", "tag_key", "organizations:ListPolicies"),
        ("attached", "targets", "organizations:ListPoliciesForTarget"),
    ],
)
def test_a_refusal_is_a_question_in_its_section_and_the_rest_goes_on(method: str, section: str, action: str) -> None:
    found = FakeSurveyed(live=(a_policy(DOCUMENT),), closed=frozenset({method}))
    surveyed = survey_organization(needs=found.needs, region=HOME)
    [unseen] = surveyed.unseen
    assert unseen.section == section
    assert unseen.question.endswith("?")
    assert f"no rights: {method} answered AccessDenied" in unseen.reason
    assert f'"{action}"' in unseen.reason
    assert surveyed.looked_at


def test_accounts_that_cannot_be_entered_are_one_question_together() -> None:
    found = FakeSurveyed(closed_accounts=frozenset({SHOP, WALLET, AccountId("999999999999")}))
    surveyed = survey_organization(needs=found.needs, region=HOME)
    [unseen] = surveyed.unseen
    assert f"Nobody could look into {SHOP} {HOME}, {WALLET} {HOME}. no rights" in unseen.reason
    assert surveyed.looked_at == {(MANAGEMENT, HOME), (CENTRAL, HOME)}


def test_without_the_organisation_nothing_can_be_said() -> None:
    with pytest.raises(AccessRefusedError, match="organization answered AccessDenied"):
        survey_organization(needs=FakeSurveyed(closed=frozenset({"organization"})).needs, region=HOME)
