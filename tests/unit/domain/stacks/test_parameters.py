"""What the stacks are told of keys, of who breaks the glass, and of where the control plane is."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Guardrails, Intent, Keys
from strongroom.domain.intent.proving.break_glass import BreakGlass
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.stacks.parameters import render_parameters
from tests.builders.deciding.called import NAMESPACE_CALL, NAMESPACE_TABLE_CALL, TABLE_CALL
from tests.builders.intents import with_restores, with_settings, with_vault
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, VAULT_ACCOUNT

ADMINISTRATOR = "arn:aws:iam::999999999999:role/key-administrator"
DEPLOYER = "arn:aws:iam::999999999999:role/deployer"
FOREIGN_DEPLOYER = "arn:aws:iam::111111111111:role/deployer"
EDITOR = "arn:aws:iam::999999999999:role/policy-editor"
BREAK_GLASS = "arn:aws:iam::999999999999:role/break-glass"


@pytest.fixture
def named(intent: Intent) -> Intent:
    """An intent that names administrators, deployers and who breaks the glass."""
    guardrails = Guardrails(
        exempt_role_arns=(BREAK_GLASS,),
        deployer_role_arns=(DEPLOYER, FOREIGN_DEPLOYER),
        policy_editor_role_arns=(EDITOR, FOREIGN_DEPLOYER),
    )
    keys = Keys(administrator_role_arns=(ADMINISTRATOR,), deletion_window_days=14, rotation_period_days=180)
    return replace(intent, guardrails=guardrails, keys=keys)


@pytest.mark.parametrize("stack", ["central", "replica", "member"])
def test_the_keys_of_a_stack_are_as_the_intent_says(stack: str, named: Intent) -> None:
    values = render_parameters(named)[stack]
    assert (values["KeyDeletionWindowDays"], values["KeyRotationDays"]) == ("14", "180")


@pytest.mark.parametrize(
    ("stack", "administrators"),
    [
        pytest.param("central", f"{ADMINISTRATOR},{DEPLOYER}", id="who deploys the central key stays able to"),
        pytest.param("replica", f"{ADMINISTRATOR},{DEPLOYER}", id="and the replica's"),
        pytest.param("member", ADMINISTRATOR, id="a member's is deployed by its StackSet"),
    ],
)
def test_the_named_roles_administer_the_keys(stack: str, administrators: str, named: Intent) -> None:
    assert render_parameters(named)[stack]["KeyAdministratorArns"] == administrators


@pytest.mark.parametrize("stack", ["central", "replica", "member"])
def test_a_deployer_alone_makes_no_administrator(stack: str, named: Intent) -> None:
    assert render_parameters(replace(named, keys=Keys()))[stack]["KeyAdministratorArns"] == ""


@pytest.mark.parametrize("name", ["central", "replica"])
def test_a_vault_of_copies_has_the_name_and_the_lock_of_the_intent(name: str, intent: Intent) -> None:
    vault = intent.vaults[name]
    assert isinstance(vault.lock, VaultLock)
    values = render_parameters(intent)[name]
    assert values["VaultName"] == vault.name
    assert [int(values[key]) for key in ("MinRetentionDays", "MaxRetentionDays", "ChangeableForDays")] == [
        vault.lock.min_retention_days,
        vault.lock.max_retention_days,
        vault.lock.changeable_for_days,
    ]


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        pytest.param(
            VaultLock(min_retention_days=7, max_retention_days=60, mode="governance"), "7 60 0", id="governance"
        ),
        pytest.param("none", "0 0 0", id="none"),
    ],
)
def test_what_a_lock_lacks_is_told_as_well_so_that_it_is_seen_to_change(
    lock: Any, expected: str, intent: Intent
) -> None:
    values = render_parameters(with_settings(intent, "central", lock=lock))["central"]
    told = [values[name] for name in ("MinRetentionDays", "MaxRetentionDays", "ChangeableForDays")]
    assert " ".join(told) == expected


def test_who_deploys_in_an_account_administers_the_keys_of_its_vaults(named: Intent) -> None:
    vaults = named.vaults | {"far": Vault(name="far", account=VAULT_ACCOUNT, region="same", lock="none")}
    theirs = f"arn:aws:iam::{VAULT_ACCOUNT}:role/deployer"
    guardrails = replace(named.guardrails, deployer_role_arns=(DEPLOYER, theirs))
    values = render_parameters(replace(named, vaults=vaults, guardrails=guardrails))
    assert values["far-eu-west-1"]["KeyAdministratorArns"] == f"{ADMINISTRATOR},{theirs}"
    assert values["central"]["KeyAdministratorArns"] == f"{ADMINISTRATOR},{DEPLOYER}"


def test_an_account_of_vaults_is_told_who_may_borrow_its_role_and_whom_to_tell(intent: Intent) -> None:
    far = with_vault(intent, "far", Vault(name="far", account=VAULT_ACCOUNT, lock="none"))
    told = render_parameters(far)
    assert (
        told["vault-account"]
        == told["vault-forwarder"]
        == {
            "BackupAccount": BACKUP_ACCOUNT,
            "HomeRegion": HOME,
            "AuditAccount": intent.organization.audit_account,
        }
    )
    without = replace(far, restores=None)
    assert render_parameters(without)["vault-account"]["AuditAccount"] == ""
    assert not {"vault-account", "vault-forwarder"} & render_parameters(intent).keys()


def test_the_control_plane_is_told_where_evidence_lies_and_nothing_of_the_vaults(intent: Intent) -> None:
    place = intent.organization
    assert render_parameters(intent)["control-plane"] == {
        "OrganizationId": place.id,
        "AuditAccount": place.audit_account,
    }


@pytest.mark.parametrize("name", ["central", "replica"])
def test_copies_are_read_by_governed_accounts_only(name: str, intent: Intent) -> None:
    assert render_parameters(intent)[name]["GovernedPaths"] == "o-strongroom1/*/ou-strg-prod0001/*"


def test_who_breaks_the_glass_are_the_users_whom_the_intent_names(named: Intent, intent: Intent) -> None:
    """A role that the guardrails exempt carries no MFA, so that no trust could demand it of one."""
    users = tuple(f"arn:aws:iam::888888888888:user/break-glass-{number}" for number in (1, 2))
    glass = BreakGlass(group="oncall", reviewers="security", users=users)
    with_users = with_restores(intent, break_glass=glass)
    assert render_parameters(with_users)["member"]["BreakGlassUserArns"] == ",".join(users)
    for none in (named, intent, with_restores(intent, break_glass=replace(glass, users=()))):
        assert render_parameters(none)["member"]["BreakGlassUserArns"] == ""


def test_restore_jobs_are_lent_what_profiles_name_and_roles_only_where_the_intent_lends_any(intent: Intent) -> None:
    role = f"arn:aws:iam::{PAYMENTS}:role/orders-server"
    profiles = tuple(
        AccountProfile(account=PAYMENTS, region=region, roles=(role,), clusters=clusters)
        for region, clusters in ((HOME, ("apps",)), (Region("eu-central-1"), ()))
    )
    entered = [f"arn:aws:eks:{HOME}:{PAYMENTS}:{kind}" for kind in ("cluster/apps", "access-entry/apps/*/*/*/*")]
    entered.append(f"arn:aws:eks:{HOME}:{PAYMENTS}:addon/apps/*/*")
    for limits, lent in ((RestoreLimits(), ""), (RestoreLimits(backed_up_role="elevated"), role)):
        told = render_parameters(with_restores(intent, profiles=profiles, limits=limits))["member"]
        assert (told["RestoredRoleArns"], told["RestoredClusterArns"]) == (lent, ",".join(entered))
        assert told["ReplicationRoleArns"] == ""
    to_s3 = with_restores(intent, profiles=profiles, limits=RestoreLimits(replication_role="elevated"))
    told = render_parameters(to_s3)["member"]
    assert (told["RestoredRoleArns"], told["ReplicationRoleArns"]) == ("", role)
    nobody = render_parameters(replace(intent, restores=None))["member"]
    assert [nobody[f"{name}Arns"] for name in ("RestoredRole", "ReplicationRole", "RestoredCluster")] == ["", "", ""]


def test_what_is_restored_by_hand_is_told_by_service_account_and_region_of_the_profiles_that_name_it(
    intent: Intent,
) -> None:
    types = (("VirtualMachine", "Redshift Serverless"), ())
    profiles = tuple(
        AccountProfile(account=PAYMENTS, region=region, raw=raw)
        for region, raw in zip((HOME, Region("eu-central-1")), types, strict=True)
    )
    told = render_parameters(with_restores(intent, profiles=profiles))["member"]
    named = [f"arn:aws:backup-gateway:{HOME}:{PAYMENTS}:hypervisor/*"]
    named += [f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS}:{of}/*" for of in ("namespace", "snapshot", "workgroup")]
    assert told["RestoredByHandArns"] == ",".join(named)
    assert render_parameters(replace(intent, restores=None))["member"]["RestoredByHandArns"] == ""


def test_what_calls_restore_is_told_by_account_and_region_of_the_profiles_that_name_them(intent: Intent) -> None:
    profiles = tuple(
        AccountProfile(account=PAYMENTS, region=region, native=native)
        for region, native in (
            (
                HOME,
                (
                    "fsx:CreateFileSystemFromBackup",
                    "ec2:CreateVolume",
                    TABLE_CALL,
                    NAMESPACE_TABLE_CALL,
                    NAMESPACE_CALL,
                ),
            ),
            (Region("eu-central-1"), ()),
        )
    )
    told = render_parameters(with_restores(intent, profiles=profiles))["member"]
    named = [f"arn:aws:fsx:{HOME}:{PAYMENTS}:{of}/*" for of in ("backup", "file-system")]
    named += [f"arn:aws:ec2:{HOME}::snapshot/*", f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/*"]
    named += [f"arn:aws:redshift:{HOME}:{PAYMENTS}:{of}" for of in ("snapshot:*/awsbackup:*", "cluster:*")]
    named += [f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS}:{of}/*" for of in ("snapshot", "namespace")]
    assert told["OverwrittenByCallArns"] == f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS}:snapshot/*"
    assert (told["RestoredByCallArns"], told["RestoredByHandArns"]) == (",".join(named), "")
    assert render_parameters(replace(intent, restores=None))["member"]["RestoredByCallArns"] == ""


@pytest.mark.parametrize("call", [NAMESPACE_CALL, NAMESPACE_TABLE_CALL])
def test_what_overwrites_is_let_by_no_other_call_of_the_same_backups(intent: Intent, call: str) -> None:
    profile = AccountProfile(account=PAYMENTS, region=HOME, native=(call,))
    told = render_parameters(with_restores(intent, profiles=(profile,)))["member"]
    overwrites = call == NAMESPACE_CALL
    assert (bool(told["OverwrittenByCallArns"]), bool(told["RestoredByCallArns"])) == (overwrites, not overwrites)


def test_the_global_forwarder_aims_where_the_regional_ones_do(intent: Intent) -> None:
    values = render_parameters(intent)
    assert values["member-global"].items() <= values["member"].items()
    assert values["member-global"] == {"BackupAccount": "999999999999", "HomeRegion": "eu-west-1"}
