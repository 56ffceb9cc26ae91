"""The vaults that governed accounts have of their own: which are made, where, behind which lock, and open to whom."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.stacks.member_parts import member_parts
from strongroom.domain.stacks.member_vaults import locks_in, member_vaults
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.stack_sets import MemberTemplate, member_stack, render_stack_sets
from strongroom.domain.stacks.templates import AIR_GAPPED_VAULT, MEMBER
from strongroom_cli.templates import read_templates
from tests.builders.intents import with_settings
from tests.builders.places import GLOBAL_REGION, HOME, VAULT_ACCOUNT

TEMPLATES = read_templates().carried
PARTS = member_parts(TEMPLATES[MEMBER], restores=True)
NORTH = Region("eu-north-1")
FINAL = VaultLock(min_retention_days=7, max_retention_days=60, changeable_for_days=3)
GOVERNANCE = VaultLock(min_retention_days=7, max_retention_days=60, mode="governance")
SECOND = Vault(name="second", account="own", region=NORTH)
ANOTHER = Vault(name="another", account="own", region="same")
CENTRAL = Vault(name="far", account=VAULT_ACCOUNT, lock="none")


def carried(intent: Intent) -> dict[str, MemberTemplate]:
    told = render_parameters(intent)[MEMBER]
    return {each.name: each for each in member_vaults(intent, PARTS.vault, TEMPLATES[AIR_GAPPED_VAULT], told=told)}


def beside(intent: Intent, **vaults: Vault) -> Intent:
    """The example with vaults more, into which no tier copies."""
    return replace(intent, vaults=intent.vaults | vaults)


def resources(template: MemberTemplate) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(template.body)["Resources"]
    return found


def statements(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in document["Statement"] if "Sid" in each}


def opened_to(template: MemberTemplate) -> tuple[dict[str, str], dict[str, str]]:
    """Whose accounts may copy into the vault, and use its key, besides those of the account itself, by statement."""
    made = resources(template)
    documents = (
        made["LocalVault"]["Properties"]["AccessPolicy"],
        made["LocalVaultKey"]["Properties"]["KeyPolicy"],
    )
    into, key = (
        {
            sid: each["Principal"]["AWS"]["Fn::Sub"].partition(":iam::")[2].removesuffix(":root")
            for sid, each in statements(document).items()
            if each["Effect"] == "Allow"
        }
        for document in documents
    )
    key.pop("AccountGoverns")
    return into, key


def test_the_example_has_one_vault_beside_the_role_of_its_backups(intent: Intent) -> None:
    [only] = carried(intent).values()
    assert (only.name, only.body, only.regions) == ("strongroom-member-vault", only.body, (HOME,))
    assert resources(only) == PARTS.vault["Resources"]
    assert only.parameters["LocalVaultName"] == "local-prod-vault"


def test_each_further_vault_has_a_stack_set_of_its_own(intent: Intent) -> None:
    found = carried(beside(intent, second_place=SECOND, another=ANOTHER))
    assert {
        name: (each.parameters["LocalVaultName"], each.regions, list(resources(each))) for name, each in found.items()
    } == {
        "strongroom-member-vault": ("local-prod-vault", (HOME,), ["LocalVaultKey", "LocalVault", "BackupRole"]),
        "strongroom-member-vault-second-place": ("second", (NORTH,), ["LocalVaultKey", "LocalVault"]),
        "strongroom-member-vault-another": ("another", (HOME,), ["LocalVaultKey", "LocalVault"]),
    }


def test_of_an_existing_vault_the_role_alone_is_made_once(intent: Intent) -> None:
    [only] = carried(with_settings(intent, "local", name="Default", existing=True)).values()
    assert (only.name, list(resources(only)), only.regions) == ("strongroom-member-vault", ["BackupRole"], (HOME,))
    assert only.vault is None
    assert set(only.parameters) == {"HomeRegion"}


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        pytest.param(None, None, id="none is said"),
        pytest.param("none", None, id="none is wanted"),
        pytest.param(FINAL, {"MinRetentionDays": 7, "MaxRetentionDays": 60, "ChangeableForDays": 3}, id="compliance"),
        pytest.param(GOVERNANCE, {"MinRetentionDays": 7, "MaxRetentionDays": 60}, id="governance"),
    ],
)
@pytest.mark.parametrize("vault", ["local", "second"])
def test_a_lock_of_the_intent_is_put_on(lock: Any, expected: dict[str, int] | None, vault: str, intent: Intent) -> None:
    locked = with_settings(beside(intent, second=SECOND), vault, lock=lock)
    name = {"local": "strongroom-member-vault", "second": "strongroom-member-vault-second"}[vault]
    found = resources(carried(locked)[name])["LocalVault"]["Properties"]
    assert found.get("LockConfiguration") == expected


def test_what_is_put_on_is_read_out_of_the_stack_again(intent: Intent) -> None:
    another = replace(ANOTHER, lock=GOVERNANCE)
    locked = with_settings(beside(intent, second=SECOND, another=another), "local", lock=FINAL)
    text = member_stack(render_stack_sets(locked, carried(locked).values()), region=GLOBAL_REGION)
    assert locks_in(text) == {"strongroom-member-vault": FINAL, "strongroom-member-vault-another": GOVERNANCE}


@pytest.mark.parametrize(
    "text",
    ["", "Resources:\n  Ours:\n    Properties: {StackSetName: written by hand}\n", "{}"],
    ids=["nothing", "flowing YAML", "JSON"],
)
def test_a_stack_of_somebody_elses_making_has_no_lock_of_ours(text: str) -> None:
    assert locks_in(text) == {}


def test_a_vault_takes_copies_back_from_each_account_of_vaults_whose_aws_backup_reads_it(intent: Intent) -> None:
    into, key = opened_to(carried(beside(intent, far=CENTRAL))["strongroom-member-vault"])
    assert into == {"BackupAccountCopiesBack": "${BackupAccount}", f"Account{VAULT_ACCOUNT}CopiesBack": VAULT_ACCOUNT}
    assert key == {
        "BackupAccountCopies": "${BackupAccount}",
        f"Account{VAULT_ACCOUNT}Copies": VAULT_ACCOUNT,
        "BackupAccountGrantsToAwsServices": "${BackupAccount}",
        f"Account{VAULT_ACCOUNT}GrantsToAwsServices": VAULT_ACCOUNT,
    }


def test_in_another_account_as_in_the_backup_account_named_roles_alone_use_the_key(intent: Intent) -> None:
    policy = resources(carried(beside(intent, far=CENTRAL))["strongroom-member-vault"])["LocalVaultKey"]
    found = statements(policy["Properties"]["KeyPolicy"])
    for purpose in ("Copies", "GrantsToAwsServices"):
        ours, theirs = found[f"BackupAccount{purpose}"], found[f"Account{VAULT_ACCOUNT}{purpose}"]
        said = json.dumps(ours).replace("${BackupAccount}", VAULT_ACCOUNT)
        assert theirs == json.loads(said) | {"Sid": theirs["Sid"]}
        assert "AWSServiceRoleForBackup" in str(theirs["Condition"]["ArnEquals"])


def test_the_lock_of_an_air_gapped_vault_is_read_out_of_the_stack_again(intent: Intent) -> None:
    lock = VaultLock(min_retention_days=7, max_retention_days=60)
    gapped = beside(intent, gap=Vault(name="gap", account="own", region="same", kind="air-gapped", lock=lock))
    text = member_stack(render_stack_sets(gapped, carried(gapped).values()), region=GLOBAL_REGION)
    assert locks_in(text) == {"strongroom-air-gap-gap": lock}


def test_a_vault_of_the_second_region_takes_copies_of_its_own_account_alone(intent: Intent) -> None:
    template = carried(beside(intent, far=CENTRAL, second=SECOND))["strongroom-member-vault-second"]
    assert opened_to(template) == ({"OwnAccountCopiesIn": "${AWS::AccountId}"}, {})
    document = resources(template)["LocalVault"]["Properties"]["AccessPolicy"]
    assert statements(document)["OwnAccountCopiesIn"]["Action"] == "backup:CopyIntoBackupVault"
    assert statements(document)["BackupsExpireAndAreNotDeleted"]["Effect"] == "Deny"
    assert "BackupAccount" not in template.parameters
