"""Who holds the copies of others is not governed."""

from copy import replace

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.rollout.members import LiveMembers
from tests.builders.intents import with_vault
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, PAYMENTS, PRODUCTION, VAULT_ACCOUNT
from tests.builders.rollout import DEPLOYERS, a_desired_organization, a_settled_organization
from tests.unit.domain.rollout.plans import codes, plan_of


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (PAYMENTS, []),
        (AUDIT_ACCOUNT, []),  # it holds reports, and none of its roles has the name of a member's
        (BACKUP_ACCOUNT, ["vaults-governed"]),
        (VAULT_ACCOUNT, ["vaults-governed"]),
    ],
)
def test_an_account_of_vaults_below_a_target_is_an_error(
    account: AccountId, expected: list[str], intent: Intent
) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none"))
    named = (*DEPLOYERS, f"arn:aws:iam::{VAULT_ACCOUNT}:role/deployer")
    wanted = a_desired_organization(replace(far, guardrails=replace(far.guardrails, deployer_role_arns=named)))
    live = replace(a_settled_organization(wanted), members=LiveMembers(accounts={PRODUCTION: (account,)}))
    assert codes(plan_of(wanted, live).errors) == expected


def test_who_deploys_in_an_account_of_vaults_must_be_named(intent: Intent) -> None:
    wanted = a_desired_organization(with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none")))
    [found] = plan_of(wanted, a_settled_organization(wanted)).errors
    assert (found.code, VAULT_ACCOUNT in found.message) == ("no-deployers", True)
