"""The vaults and their keys: who copies in, who uses a key, who may weaken it, and that nobody is locked out."""

from typing import Any

import pytest

from tests.contract.templates import (
    CONTROL_PLANE,
    MEMBER,
    RESTORE_VAULT,
    VAULT,
    Resources,
    actions_of,
    of_type,
    template_of,
)

SERVICE_LINKED = "role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
USE = {"kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"}
OF_THE_ORGANIZATION = {"aws:PrincipalOrgID": {"!Ref": "OrganizationId"}}
ROOT_OF_BACKUP = {"AWS": {"!Sub": "arn:${AWS::Partition}:iam::${BackupAccount}:root"}}
DESTROY = {"backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}

VAULTS = [pytest.param(MEMBER, "Local", id="local"), pytest.param(VAULT, "", id="of copies")]


def key_statements(resources: Resources, vault: str) -> dict[str, dict[str, Any]]:
    """The key policy's statements by their name, those that a condition adds among them."""
    statements = resources[f"{vault}VaultKey"]["Properties"]["KeyPolicy"]["Statement"]
    found = [each["!If"][1] if "!If" in each else each for each in statements]
    return {each["Sid"]: each for each in found}


def vault_statements(resources: Resources, vault: str) -> dict[str, dict[str, Any]]:
    """The access policy's statements by their name."""
    statements = resources[f"{vault}Vault"]["Properties"]["AccessPolicy"]["Statement"]
    return {each["Sid"]: each for each in statements}


def test_the_control_plane_makes_no_vault_so_that_deploying_it_starts_no_lock() -> None:
    assert of_type(CONTROL_PLANE, "AWS::Backup::BackupVault") == {}
    assert "RetentionDays" not in " ".join(template_of("template.yaml")["Parameters"])


@pytest.mark.parametrize(("resources", "vault"), VAULTS)
def test_a_vault_and_its_key_outlive_their_stack(resources: Resources, vault: str) -> None:
    kept = {
        name: (resources[name]["DeletionPolicy"], resources[name]["UpdateReplacePolicy"])
        for name in (f"{vault}Vault", f"{vault}VaultKey")
    }
    # The vault's name is fixed, so one whose creation failed must go; copies may lie under a key, so it never does.
    assert kept == {f"{vault}Vault": ("RetainExceptOnCreate", "Retain"), f"{vault}VaultKey": ("Retain", "Retain")}
    assert resources[f"{vault}Vault"]["Properties"]["EncryptionKeyArn"] == {"!GetAtt": f"{vault}VaultKey.Arn"}


@pytest.mark.parametrize(("resources", "vault"), VAULTS)
def test_a_key_turns_and_dies_as_the_intent_says(resources: Resources, vault: str) -> None:
    properties = resources[f"{vault}VaultKey"]["Properties"]
    assert properties["EnableKeyRotation"] is True
    assert properties["RotationPeriodInDays"] == {"!Ref": "KeyRotationDays"}
    assert properties["PendingWindowInDays"] == {"!Ref": "KeyDeletionWindowDays"}
    assert properties["Tags"] == [{"Key": "strongroom", "Value": "vault-key"}], "the guardrails know keys by this tag"


@pytest.mark.parametrize(("resources", "vault"), VAULTS)
def test_only_administrators_weaken_a_key_and_they_never_use_it(resources: Resources, vault: str) -> None:
    statements = key_statements(resources, vault)
    denied, allowed = statements["AdministratorsAloneWeaken"], statements["AdministratorsAdminister"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert {"kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} <= actions_of(denied)
    assert "KeyAdministratorArns" in str(denied["Condition"]["ArnNotLike"]["aws:PrincipalArn"])
    assert allowed["Principal"] == {"AWS": {"!Split": [",", {"!Ref": "KeyAdministratorArns"}]}}
    assert not actions_of(allowed) & (USE - {"kms:DescribeKey"})
    assert "kms:CreateGrant" not in actions_of(allowed)


@pytest.mark.parametrize(("resources", "vault"), VAULTS)
def test_the_owner_of_a_key_is_never_locked_out_of_it(resources: Resources, vault: str) -> None:
    governs = key_statements(resources, vault)["AccountGoverns"]
    assert (governs["Effect"], governs["Action"]) == ("Allow", "kms:*")
    assert governs["Principal"] == {"AWS": {"!Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}


def test_the_local_key_serves_the_copies_of_the_backup_account_only() -> None:
    statements = key_statements(MEMBER, "Local")
    copies, grants = statements["BackupAccountCopies"], statements["BackupAccountGrantsToAwsServices"]
    assert (actions_of(copies), actions_of(grants)) == (USE, {"kms:CreateGrant"})
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    for each in (copies, grants):
        assert each["Principal"] == ROOT_OF_BACKUP
        named = [arn["!Sub"] for arn in each["Condition"]["ArnEquals"]["aws:PrincipalArn"]]
        assert [arn.partition("${BackupAccount}:")[2] for arn in named] == [
            SERVICE_LINKED,
            "role/strongroom/strongroom-central-backup",
        ]


def test_members_use_the_key_of_the_copies_by_aws_backup_only() -> None:
    statements = key_statements(VAULT, "")
    reads, grants = statements["MembersReadCopiesBack"], statements["MembersGrantToAwsServices"]
    assert (actions_of(reads), actions_of(grants)) == (USE, {"kms:CreateGrant"})
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    for each in (reads, grants):
        assert each["Condition"]["StringEquals"] == OF_THE_ORGANIZATION
        assert each["Condition"]["ForAnyValue:StringLike"] == {
            "aws:PrincipalOrgPaths": {"!Split": [",", {"!Ref": "GovernedPaths"}]}
        }
        named = [arn["!Sub"] for arn in each["Condition"]["ArnLike"]["aws:PrincipalArn"]]
        assert [arn.partition("iam::*:")[2] for arn in named] == [SERVICE_LINKED, "role/strongroom/strongroom-backup"]


def test_the_organization_copies_in_and_nobody_else() -> None:
    copies = vault_statements(VAULT, "")["OrganizationCopiesIn"]
    assert (copies["Effect"], actions_of(copies)) == ("Allow", {"backup:CopyIntoBackupVault"})
    assert copies["Condition"] == {"StringEquals": OF_THE_ORGANIZATION}


@pytest.mark.parametrize(("resources", "vault"), [(MEMBER, "Local"), (RESTORE_VAULT, "Restore")])
def test_only_the_backup_account_copies_back_into_a_vault_of_a_member(resources: Resources, vault: str) -> None:
    copies = vault_statements(resources, vault)["BackupAccountCopiesBack"]
    assert (copies["Effect"], actions_of(copies)) == ("Allow", {"backup:CopyIntoBackupVault"})
    assert copies["Principal"] == ROOT_OF_BACKUP


@pytest.mark.parametrize(("resources", "vault"), [*VAULTS, pytest.param(RESTORE_VAULT, "Restore", id="for restores")])
def test_a_vault_denies_deletion_but_not_the_change_of_its_own_policy(resources: Resources, vault: str) -> None:
    (denied,) = (each for each in vault_statements(resources, vault).values() if each["Effect"] == "Deny")
    assert (denied["Principal"], actions_of(denied)) == ("*", DESTROY)


def test_a_vault_of_copies_is_locked_as_its_parameters_say_in_compliance_mode_where_they_name_a_cooling_off() -> None:
    has_lock, lock, otherwise = VAULT["Vault"]["Properties"]["LockConfiguration"]["!If"]
    assert (has_lock, otherwise) == ("HasLock", {"!Ref": "AWS::NoValue"})
    assert lock == {
        "MinRetentionDays": {"!Ref": "MinRetentionDays"},
        "MaxRetentionDays": {"!Ref": "MaxRetentionDays"},
        "ChangeableForDays": {"!If": ["IsFinal", {"!Ref": "ChangeableForDays"}, {"!Ref": "AWS::NoValue"}]},
    }


def test_the_local_vault_is_not_locked_so_that_copies_can_come_back() -> None:
    assert "LockConfiguration" not in MEMBER["LocalVault"]["Properties"]


def test_cloudwatch_logs_looks_at_the_key_under_which_it_encrypts() -> None:
    statements = {each["Sid"]: each for each in CONTROL_PLANE["LedgerKey"]["Properties"]["KeyPolicy"]["Statement"]}
    looks, encrypts = statements["LogsLookAtTheKey"], statements["LogsOfThisAccount"]
    assert looks["Principal"] == encrypts["Principal"] == {"Service": {"!Sub": "logs.${AWS::Region}.${AWS::URLSuffix}"}}
    assert actions_of(looks) == {"kms:DescribeKey"}
    assert "Condition" not in looks  # a look has no encryption context
