"""A vault that a team opens must have that team, before anybody needs it."""

from copy import replace

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.rollout.live import LiveVault
from tests.builders.air_gaps import LOCK, with_vaults
from tests.builders.places import a_vault_arn
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.unit.domain.rollout.plans import codes, plan_of

TEAM, OTHER = (f"arn:aws:mpa:us-east-1:111111111111:approval-team/{name}" for name in ("vaults", "others"))
GUARDED = a_vault_arn("guarded-vault")
LOCKED = LiveVault(is_locked=True, min_retention_days=7, max_retention_days=400)


@pytest.mark.parametrize(
    ("team", "expected", "said"),
    [
        (TEAM, [], ""),
        ("", ["approval-team"], f"--backup-vault-name guarded-vault --mpa-approval-team-arn {TEAM}"),
        (OTHER, ["approval-team"], f"is opened by {OTHER}"),
    ],
    ids=["its team", "none", "another"],
)
def test_it_has_its_team(team: str, expected: list[str], said: str, intent: Intent) -> None:
    guarded = Vault(name="guarded-vault", kind="air-gapped", lock=LOCK, existing=True, approval_team=TEAM)
    wanted = a_desired_organization(with_vaults(intent, guarded=guarded))
    live = a_settled_organization(wanted)
    found = {**live.vaults, GUARDED: replace(LOCKED, approval_team=team)}
    plan = plan_of(wanted, replace(live, vaults=found))
    assert codes(plan.errors) == expected
    assert all(said in each.message for each in plan.errors)


def test_one_that_nobody_has_made_yet_is_told_as_missing_alone(intent: Intent) -> None:
    guarded = Vault(name="guarded-vault", kind="air-gapped", lock=LOCK, existing=True, approval_team=TEAM)
    wanted = a_desired_organization(with_vaults(intent, guarded=guarded))
    live = a_settled_organization(wanted)
    vaults = {arn: vault for arn, vault in live.vaults.items() if arn != GUARDED}
    assert codes(plan_of(wanted, replace(live, vaults=vaults)).errors) == ["vault-missing"]
