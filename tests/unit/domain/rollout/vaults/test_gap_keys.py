"""Who must be let use the key of somebody's own that an air-gapped vault lies under, told because nobody judges it."""

from copy import replace

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.vaults.gap_keys import judge_gap_keys
from tests.builders.air_gaps import CENTRAL_GAP, TEAM, with_central_gap
from tests.builders.intents import with_restores
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.unit.domain.rollout.plans import codes, plan_of

KEY = f"arn:aws:kms:eu-west-1:{BACKUP_ACCOUNT}:key/of-others"


@pytest.mark.parametrize("key", ["", KEY], ids=["AWS's own", "somebody's own"])
def test_a_key_of_somebodys_own_is_told_with_whom_its_policy_must_name(key: str, intent: Intent) -> None:
    wanted = a_desired_organization(with_central_gap(intent, existing=True, approval_team=TEAM))
    live = a_settled_organization(wanted)
    gapped = replace(live.vaults[CENTRAL_GAP], approval_team=TEAM, key=key)
    live = replace(live, vaults={**live.vaults, CENTRAL_GAP: gapped})
    plan, found = plan_of(wanted, live), list(judge_gap_keys(wanted, live))
    assert [each for each in plan.findings if each.code == "vault-key-unjudged"] == found
    assert [(each.level, each.path) for each in found] == ([(Level.WARNING, "vaults.safe")] if key else [])
    for named in (
        CENTRAL_GAP,
        KEY,
        "strongroom/strongroom-backup",
        "strongroom/strongroom-restore-job",
        BACKUP_ACCOUNT,
    ):
        assert all(named in each.message for each in found)
    assert codes(plan.errors) == []


@pytest.mark.parametrize("is_by_hand", [False, True])
def test_the_role_of_restores_by_hand_is_named_where_there_are_some(*, is_by_hand: bool, intent: Intent) -> None:
    told = with_central_gap(intent, existing=True, approval_team=TEAM)
    profiles = (AccountProfile(account=PAYMENTS, region=HOME, raw=("VirtualMachine",)),) if is_by_hand else ()
    wanted = a_desired_organization(with_restores(told, profiles=profiles))
    live = a_settled_organization(wanted)
    gapped = replace(live.vaults[CENTRAL_GAP], approval_team=TEAM, key=KEY)
    [finding] = judge_gap_keys(wanted, replace(live, vaults={**live.vaults, CENTRAL_GAP: gapped}))
    assert ("strongroom/strongroom-restore-raw" in finding.message) is is_by_hand
