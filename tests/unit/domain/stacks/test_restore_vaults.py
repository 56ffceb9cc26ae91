"""The vaults that copies come back into: where they are made, under which key, and by which StackSets."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.restore_vaults import MOST_KEYS, restore_vaults
from strongroom.domain.stacks.stack_sets import MemberTemplate, render_stack_sets
from strongroom.domain.stacks.templates import MEMBER, RESTORE_VAULT
from strongroom_cli.templates import read_templates
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, REPLICA_REGION, REPORTS
from tests.builders.restores import PROFILE, RESTORE_KEY

TEMPLATE = read_templates().carried[RESTORE_VAULT]
# CloudFormation User Guide, "Understand CloudFormation quotas": what TemplateBody takes.
LONGEST_BODY = 51_200


def carried(intent: Intent, *profiles: AccountProfile) -> tuple[MemberTemplate, ...]:
    profiled = with_restores(intent, profiles=profiles)
    return tuple(restore_vaults(profiled, TEMPLATE, told=render_parameters(profiled)[MEMBER]))


def keys_in(template: MemberTemplate) -> dict[str, str]:
    keys: dict[str, dict[str, str]] = json.loads(template.body)["Mappings"]["Keys"]
    return {account: told["Arn"] for account, told in keys.items()}


def test_a_profile_with_keys_gets_a_vault_under_the_first_where_it_is_and_nowhere_else(intent: Intent) -> None:
    two, none = replace(PROFILE, keys=(RESTORE_KEY, "arn:second")), replace(PROFILE, region=REPLICA_REGION, keys=())
    [vault] = carried(intent, two, none)
    assert (vault.name, vault.accounts, vault.regions) == ("strongroom-restores-eu-west-1-2", (PAYMENTS,), (HOME,))
    assert keys_in(vault) == {PAYMENTS: RESTORE_KEY}
    assert vault.parameters == {"BackupAccount": BACKUP_ACCOUNT}


def test_without_profiles_or_a_ceremony_there_is_none(intent: Intent) -> None:
    assert carried(intent) == ()
    assert list(restore_vaults(an_intent_without_ceremony(intent), TEMPLATE, told={})) == []


def test_a_stack_set_reaches_the_accounts_of_its_profiles_alone_and_follows_no_unit(intent: Intent) -> None:
    [stack_set] = render_stack_sets(intent, carried(intent, PROFILE))
    assert (stack_set.name, stack_set.accounts) == ("strongroom-restores-eu-west-1-2", (PAYMENTS,))
    assert stack_set.units == (intent.organization.root_id,)
    assert (stack_set.stays, stack_set.roles) == (False, None)


def test_each_region_and_last_digit_has_its_own_so_that_no_account_ever_moves_to_another(intent: Intent) -> None:
    profiles = [
        PROFILE,
        replace(PROFILE, region=REPLICA_REGION, keys=("arn:replica",)),
        replace(PROFILE, account=REPORTS, keys=("arn:reports",)),
    ]
    before = {each.name: keys_in(each) for each in carried(intent, *profiles)}
    assert before == {
        "strongroom-restores-eu-central-1-2": {PAYMENTS: "arn:replica"},
        "strongroom-restores-eu-west-1-2": {PAYMENTS: RESTORE_KEY},
        "strongroom-restores-eu-west-1-5": {REPORTS: "arn:reports"},
    }
    after = {each.name: keys_in(each) for each in carried(intent, *reversed(profiles))}
    assert after == before


def test_a_thousand_profiles_fit(intent: Intent) -> None:
    many = [replace(PROFILE, account=AccountId(f"{300_000_000_000 + number}")) for number in range(1_000)]
    found = carried(intent, *many)
    assert [len(each.accounts) for each in found] == [100] * 10
    assert all(len(keys_in(each)) <= MOST_KEYS for each in found)
    assert all(len(each.body) <= LONGEST_BODY for each in found)
    assert {account for each in found for account in each.accounts} == {each.account for each in many}


@pytest.fixture
def vault() -> dict[str, Any]:
    resources: dict[str, Any] = dict(TEMPLATE["Resources"])
    assert list(resources) == ["RestoreVault"]
    made: dict[str, Any] = resources["RestoreVault"]
    return made


def test_b_7_the_vault_has_no_lock_and_the_backup_account_alone_copies_in(vault: dict[str, Any]) -> None:
    properties = vault["Properties"]
    assert set(properties) == {"BackupVaultName", "EncryptionKeyArn", "AccessPolicy"}
    copies, denied = properties["AccessPolicy"]["Statement"]
    assert (copies["Effect"], copies["Action"]) == ("Allow", "backup:CopyIntoBackupVault")
    assert copies["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${BackupAccount}:root"}}
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert "backup:DeleteRecoveryPoint" in denied["Action"]


def test_it_goes_with_its_profile_which_it_can_only_while_it_is_empty(vault: dict[str, Any]) -> None:
    """AWS Backup Developer Guide, "Deleting backup vaults": one that holds something is not deleted."""
    assert (vault["DeletionPolicy"], vault["UpdateReplacePolicy"]) == ("Delete", "Delete")
