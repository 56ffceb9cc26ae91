"""The stack of an air-gapped vault: told what it declares, lets copies in, and lets nothing be taken out."""

from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.stacks.parameters import air_gap_parameters
from tests.builders.air_gaps import OWN
from tests.contract.templates import of_type, template_of

TEMPLATE = template_of("stacks/air-gapped-vault.yaml")
(VAULT,) = of_type(TEMPLATE["Resources"], "AWS::Backup::LogicallyAirGappedBackupVault").values()


def test_it_declares_what_it_is_told_and_the_organisation_where_copies_come_from_others() -> None:
    assert isinstance(OWN.lock, VaultLock)
    assert {*air_gap_parameters(OWN.name, OWN.lock), "OrganizationId"} == set(TEMPLATE["Parameters"])
    assert TEMPLATE["Parameters"]["OrganizationId"]["Default"] == ""
    assert TEMPLATE["Parameters"]["MinRetentionDays"]["MinValue"] == 7


def test_it_is_the_only_resource_and_outlives_its_stack_but_not_the_rollback_of_its_creation() -> None:
    assert len(TEMPLATE["Resources"]) == 1
    assert (VAULT["DeletionPolicy"], VAULT["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert "EncryptionKeyArn" not in VAULT["Properties"]


def test_only_copies_of_the_organisation_come_in_and_nobody_takes_a_backup_out() -> None:
    conditional, denied = VAULT["Properties"]["AccessPolicy"]["Statement"]
    condition, allowed, otherwise = conditional["!If"]
    assert (condition, otherwise) == ("TakesCopies", {"!Ref": "AWS::NoValue"})
    assert (allowed["Effect"], allowed["Action"]) == ("Allow", "backup:CopyIntoBackupVault")
    assert allowed["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": {"!Ref": "OrganizationId"}}}
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert set(denied["Action"]) == {
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
    }
