"""Which calls are tampering, who is trusted, and what an event pattern must let through."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.calls import DENIED, ApiCall
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.hearing.rules import shares_pattern, tampering_pattern
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.tampering.judging import TamperingState, TamperingVerdict, judge_tampering
from strongroom.domain.tampering.scopes import Surroundings
from strongroom.domain.tampering.threats import THREATS
from tests.builders.air_gaps import OWN, OWN_GAP, with_own_gap
from tests.builders.intents import an_intent_without_ceremony, with_restores, with_vault
from tests.builders.organizations import NESTED, an_organization
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import PROFILE
from tests.contract.events.event_patterns import refusal_pattern

KEY = "arn:aws:kms:eu-west-1:222222222222:key/1234"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
DEV = "arn:aws:iam::222222222222:role/Developer"


def a_call(service: str, name: str, **changes: Any) -> ApiCall:
    call = ApiCall(
        event_id="e-1",
        account=PAYMENTS,
        region=HOME,
        source=f"{service}.amazonaws.com",
        name=name,
        caller="arn:aws:sts::222222222222:assumed-role/Developer/eve",
        caller_type="AssumedRole",
        role=DEV,
        invoked_by=None,
        request={"backupVaultName": "local-prod-vault", "recoveryPointArn": "arn:rp"},
        response=None,
        error_code=None,
        error_message=None,
    )
    return replace(call, **changes)


def test_a_call_is_known_by_its_service_and_its_name_together() -> None:
    assert a_call("rds", "DeleteDBSnapshot").action == "rds:DeleteDBSnapshot"


def judge(intent: Intent, call: ApiCall, surroundings: Surroundings | None = None) -> TamperingState:
    return judge_tampering(call, surroundings=surroundings or Surroundings(), intent=intent).state


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(None, TamperingState.SUCCEEDED, id="done"),
        pytest.param("AccessDenied", TamperingState.ATTEMPTED, id="denied"),
        pytest.param("AccessDeniedException", TamperingState.ATTEMPTED, id="denied-by-backup"),
        pytest.param("InvalidRequestException", TamperingState.ATTEMPTED, id="refused-by-the-lock"),
        pytest.param("ResourceNotFoundException", TamperingState.IRRELEVANT, id="nothing-there"),
        pytest.param("DBSnapshotNotFound", TamperingState.IRRELEVANT, id="no-such-snapshot"),
        pytest.param("BackupNotFoundException", TamperingState.IRRELEVANT, id="no-such-backup"),
        pytest.param("ThrottlingException", TamperingState.IRRELEVANT, id="throttled"),
    ],
)
def test_deleting_a_backup_is_told_whether_or_not_it_was_refused(
    intent: Intent, error: str | None, state: TamperingState
) -> None:
    assert judge(intent, a_call("backup", "DeleteRecoveryPoint", error_code=error)) is state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param(
            {"role": "arn:aws:iam::222222222222:role/strongroom/strongroom-restore"}, "SUCCEEDED", id="another-act"
        ),
        pytest.param(
            {"role": "arn:aws:iam::999999999999:role/strongroom/strongroom-verify-copy", "account": BACKUP_ACCOUNT},
            "SUCCEEDED",
            id="control-plane-function",
        ),
        pytest.param(
            {"role": "arn:aws:iam::222222222222:role/aws-service-role/other.amazonaws.com/AWSServiceRoleForOther"},
            "SUCCEEDED",
            id="another-service-linked",
        ),
        pytest.param(
            {"role": "arn:aws:iam::222222222222:role/strongroom/strongroom-evil"}, "SUCCEEDED", id="role-under-our-path"
        ),
        pytest.param(
            {"role": "arn:aws:iam::333333333333:role/strongroom/strongroom-restore"}, "SUCCEEDED", id="anothers-role"
        ),
        pytest.param(
            {"role": "arn:aws:iam::222222222222:role/strongroom-restore"}, "SUCCEEDED", id="same-name-without-path"
        ),
        pytest.param(
            {"role": "arn:aws:iam::222222222222:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"},
            "OURS",
            id="service-linked",
        ),
        pytest.param({"role": "arn:aws:iam::222222222222:role/stacksets-exec-12ab"}, "SUCCEEDED", id="stack-set"),
        pytest.param({"role": None, "caller_type": "AWSService"}, "OURS", id="aws-service"),
        pytest.param({"invoked_by": "backup.amazonaws.com"}, "OURS", id="backup-on-behalf"),
        pytest.param({"invoked_by": "cloudformation.amazonaws.com"}, "SUCCEEDED", id="anybodys-stack"),
        pytest.param(
            {"invoked_by": "cloudformation.amazonaws.com", "account": BACKUP_ACCOUNT},
            "OURS",
            id="our-own-stack",
        ),
        pytest.param({"role": None, "caller_type": "Root"}, "SUCCEEDED", id="root"),
    ],
)
def test_only_exact_callers_are_trusted(intent: Intent, changes: dict[str, Any], state: str) -> None:
    assert judge(intent, a_call("backup", "DeleteRecoveryPoint", **changes)) == state


STACK_SET = "stacksets-exec-12ab"
AWS_BACKUP = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
RESTORE_TESTING = "aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting"
LOCAL, CENTRAL = "strongroom/strongroom-backup", "strongroom/strongroom-central-backup"
RESTORE_JOB, SCANNER = "strongroom/strongroom-restore-job", "strongroom/strongroom-scanner"
NATIVE = "strongroom/strongroom-restore-native"
# What each role is for, in which account: nobody else does it unseen, and it does nothing else unseen.
OWN_ACTS = [
    ("strongroom/strongroom-restore", PAYMENTS, "backup", "StartRestoreJob"),
    ("strongroom/strongroom-restore", PAYMENTS, "backup", "CreateRestoreAccessBackupVault"),
    (RESTORE_TESTING, PAYMENTS, "backup", "StartRestoreJob"),
    ("strongroom/strongroom-copying", PAYMENTS, "backup", "StartCopyJob"),
    ("strongroom/strongroom-copy-back", BACKUP_ACCOUNT, "backup", "StartCopyJob"),
    (AWS_BACKUP, PAYMENTS, "backup", "DeleteRecoveryPoint"),
    (AWS_BACKUP, PAYMENTS, "rds", "DeleteDBSnapshot"),
    (LOCAL, PAYMENTS, "rds", "DeleteDBSnapshot"),
    (CENTRAL, BACKUP_ACCOUNT, "rds", "DeleteDBSnapshot"),
    *(
        (role, account, "ec2", name)
        for role, account in ((AWS_BACKUP, PAYMENTS), (LOCAL, PAYMENTS), (CENTRAL, BACKUP_ACCOUNT))
        for name in ("DeleteSnapshot", "ModifySnapshotAttribute")
    ),
    (RESTORE_JOB, PAYMENTS, "ec2", "DeleteSnapshot"),
    (RESTORE_JOB, PAYMENTS, "fsx", "CreateFileSystemFromBackup"),
    (SCANNER, PAYMENTS, "ec2", "ModifySnapshotAttribute"),
    (STACK_SET, PAYMENTS, "iam", "PutRolePolicy"),
    (STACK_SET, PAYMENTS, "events", "PutTargets"),
    (STACK_SET, PAYMENTS, "kms", "PutKeyPolicy"),
]
NAMED = {
    "roleName": "strongroom-restore",
    "rule": "strongroom-forwarder",
    "dBSnapshotIdentifier": "awsbackup:job-1",
    "snapshotId": "snap-0123456789abcdef0",
    "backupVaultName": "local-prod-vault",
    "backupId": "backup-0aa1aa1aa1aa1aa1a",
    "destinationBackupVaultArn": LOCAL_VAULT.replace(PAYMENTS, "555555555555"),
}


def an_act(role: str, account: str, service: str, name: str) -> ApiCall:
    """The act, done by that role of the account."""
    arn = f"arn:aws:iam::{account}:role/{role}"
    return a_call(service, name, role=arn, account=account, request=NAMED)


@pytest.mark.parametrize(("role", "account", "service", "name"), OWN_ACTS)
def test_an_act_of_ones_own_is_nobodys_finding(
    intent: Intent, role: str, account: str, service: str, name: str
) -> None:
    assert judge(intent, an_act(role, account, service, name)) == "OURS"


@pytest.mark.parametrize(
    "role",
    sorted(
        {role for role, *_ in OWN_ACTS}
        | {NATIVE, "strongroom/strongroom-evil", "strongroom/strongroom-report-tampering"}
    ),
)
def test_x03_no_role_is_trusted_with_another_ones_act(intent: Intent, role: str) -> None:
    """Neither for its path, nor for being ours: role and action, one by one."""
    done = {
        (account, service, name)
        for account in (PAYMENTS, BACKUP_ACCOUNT)
        for _, _, service, name in (*OWN_ACTS, ("", "", "kms", "DisableKey"), ("", "", "backup", "UpdateBackupPlan"))
        if judge(intent, an_act(role, account, service, name)) == "OURS"
    }
    allowed = {(account, service, name) for own, account, service, name in OWN_ACTS if own == role}
    assert allowed <= done
    assert {(service, name) for _, service, name in done} == {(service, name) for _, service, name in allowed}


def test_x03_a_copy_into_a_strangers_vault_by_a_role_under_our_path_is_told(intent: Intent) -> None:
    """The central backup carried off by whoever could make a role there: nothing was raised."""
    call = an_act("strongroom/strongroom-evil", BACKUP_ACCOUNT, "backup", "StartCopyJob")
    assert judge(intent, call) == "SUCCEEDED"


def a_native_call(role: str, session: str, **changes: Any) -> ApiCall:
    caller = f"arn:aws:sts::{PAYMENTS}:assumed-role/{role.rpartition('/')[2]}/{session}"
    return replace(an_act(role, PAYMENTS, "fsx", "CreateFileSystemFromBackup"), caller=caller, **changes)


@pytest.mark.parametrize(
    ("role", "is_recovery_point", "error", "state"),
    [
        pytest.param(NATIVE, False, None, "SUCCEEDED", id="by the role for it"),
        pytest.param(NATIVE, False, "AccessDeniedException", "ATTEMPTED", id="by the role for it, refused"),
        pytest.param("Admin", True, None, "SUCCEEDED", id="by another, out of a recovery point"),
        pytest.param("Admin", False, None, "IRRELEVANT", id="by another, out of a backup of its own"),
        pytest.param(LOCAL, True, None, "SUCCEEDED", id="by the role that backs up"),
    ],
)
def test_a_services_own_restore_is_told_since_no_job_shows_whether_it_was_approved(
    intent: Intent, role: str, error: str | None, state: str, *, is_recovery_point: bool
) -> None:
    call = a_native_call(role, "r-1", error_code=error)
    assert judge(intent, call, Surroundings(is_recovery_point=is_recovery_point)) == state


def test_a_services_own_restore_is_told_for_each_request_that_its_session_names(intent: Intent) -> None:
    calls = [a_native_call(NATIVE, session) for session in ("r-1", "r-1", "r-2")]
    first, again, other = (judge_tampering(each, surroundings=Surroundings(), intent=intent) for each in calls)
    assert first.subject == again.subject != other.subject
    assert "strongroom-restore-native/r-1" in first.reason
    assert "CreateFileSystemFromBackup on backup-0aa1aa1aa1aa1aa1a" in first.reason


@pytest.mark.parametrize(
    ("role", "error", "state"),
    [
        pytest.param(NATIVE, None, "SUCCEEDED", id="by the role for it"),
        pytest.param(NATIVE, "Client.UnauthorizedOperation", "ATTEMPTED", id="by the role for it, refused"),
        pytest.param("Admin", None, "IRRELEVANT", id="by another, which guardrails let through"),
        pytest.param("Admin", "Client.UnauthorizedOperation", "ATTEMPTED", id="by another, refused without a tag"),
        pytest.param(RESTORE_JOB, None, "OURS", id="by the role of restore jobs"),
    ],
)
def test_so_is_a_volume_that_the_role_makes_and_no_other_volume(
    intent: Intent, role: str, error: str | None, state: str
) -> None:
    assert judge(intent, replace(an_act(role, PAYMENTS, "ec2", "CreateVolume"), error_code=error)) == state


def test_a_volume_is_told_for_each_request_by_its_snapshot(intent: Intent) -> None:
    caller = f"arn:aws:sts::{PAYMENTS}:assumed-role/strongroom-restore-native/r-1"
    call = replace(an_act(NATIVE, PAYMENTS, "ec2", "CreateVolume"), caller=caller)
    verdict = judge_tampering(call, surroundings=Surroundings(), intent=intent)
    assert "strongroom-restore-native/r-1" in verdict.subject
    assert "CreateVolume on snap-0123456789abcdef0" in verdict.reason


@pytest.mark.parametrize(
    ("role", "snapshot", "state"),
    [
        pytest.param(NATIVE, "awsbackup:job-1", "SUCCEEDED", id="by the role for it"),
        pytest.param("Admin", "awsbackup:job-1", "SUCCEEDED", id="by another, out of a backup"),
        pytest.param("Admin", "of-a-team", "IRRELEVANT", id="by another, out of a team's own snapshot"),
        pytest.param(NATIVE, "of-a-team", "SUCCEEDED", id="by the role for it, out of any"),
    ],
)
def test_a_table_that_is_taken_out_of_a_backup_is_told(intent: Intent, role: str, snapshot: str, state: str) -> None:
    act = an_act(role, PAYMENTS, "redshift", "RestoreTableFromClusterSnapshot")
    assert judge(intent, replace(act, request={"snapshotIdentifier": snapshot})) == state


@pytest.mark.parametrize("role", [NATIVE, "Admin", "strongroom/strongroom-backup"])
@pytest.mark.parametrize("name", ["RestoreTableFromSnapshot", "RestoreFromSnapshot"])
def test_what_is_restored_out_of_any_snapshot_of_a_namespace_is_told(intent: Intent, role: str, name: str) -> None:
    """No name tells a snapshot of AWS Backup's from a team's own."""
    act = replace(an_act(role, PAYMENTS, "redshift-serverless", name), request={"snapshotName": "s"})
    assert judge(with_restores(intent), act) == "SUCCEEDED"
    assert judge(replace(intent, restores=None), act) == "IRRELEVANT"


def test_a_namespace_that_aws_backup_overwrites_under_the_role_of_restores_by_hand_is_its_own_act(
    intent: Intent,
) -> None:
    act = an_act("strongroom/strongroom-restore-raw", PAYMENTS, "redshift-serverless", "RestoreFromSnapshot")
    assert judge(with_restores(intent), replace(act, request={"snapshotName": "s"})) == "OURS"


BY_STACK = "cloudformation.amazonaws.com"


@pytest.mark.parametrize(
    ("role", "invoked_by", "service", "name", "state"),
    [
        pytest.param("OrganizationAccountAccessRole", BY_STACK, "events", "PutRule", "OURS", id="a deployer's stack"),
        pytest.param("OrganizationAccountAccessRole", BY_STACK, "kms", "PutKeyPolicy", "OURS", id="the vault's key"),
        pytest.param("OrganizationAccountAccessRole", None, "events", "PutRule", "SUCCEEDED", id="by hand"),
        pytest.param("Developer", BY_STACK, "events", "PutRule", "SUCCEEDED", id="anybody's stack"),
        pytest.param(
            "OrganizationAccountAccessRole", BY_STACK, "backup", "DeleteRecoveryPoint", "SUCCEEDED", id="no deployment"
        ),
    ],
)
def test_in_an_account_of_vaults_only_the_stacks_of_deployers_are_ours(
    intent: Intent, role: str, invoked_by: str | None, service: str, name: str, state: str
) -> None:
    far = with_vault(intent, "far", Vault(name="far-vault", account=VAULT_ACCOUNT, lock="none"))
    far = replace(far, guardrails=replace(far.guardrails, deployer_role_arns=None))
    call = replace(
        an_act(role, VAULT_ACCOUNT, service, name),
        invoked_by=invoked_by,
        request=NAMED | {"backupVaultName": "far-vault"},
    )
    assert judge(far, call, Surroundings(vault_keys=None)) == state
    assert judge(intent, call, Surroundings(vault_keys=None)) != "OURS"


@pytest.mark.parametrize(
    ("role", "service", "name"),
    [(STACK_SET, "iam", "PutRolePolicy"), (AWS_BACKUP, "backup", "DeleteRecoveryPoint")],
)
@pytest.mark.parametrize(("partition", "state"), [("aws-us-gov", "OURS"), ("aws", "SUCCEEDED")])
def test_who_is_trusted_lies_in_the_partition_of_the_organisation(
    intent: Intent, role: str, service: str, name: str, partition: str, state: str
) -> None:
    placed = replace(intent, organization=replace(intent.organization, home_region=Region("us-gov-west-1")))
    arn = f"arn:{partition}:iam::222222222222:role/{role}"
    assert judge(placed, a_call(service, name, role=arn, request=NAMED)) == state


@pytest.mark.parametrize(
    ("role", "state"),
    [("restore", "OURS"), ("backup", "SUCCEEDED"), ("tagging", "SUCCEEDED"), ("inspection", "SUCCEEDED")],
)
def test_only_the_restore_role_restores_for_the_ceremony(intent: Intent, role: str, state: str) -> None:
    arn = f"arn:aws:iam::222222222222:role/strongroom/strongroom-{role}"
    assert judge(intent, a_call("backup", "StartRestoreJob", role=arn)) == state


@pytest.mark.parametrize(
    ("service", "name", "request_parameters", "is_relevant"),
    [
        pytest.param("backup", "DeleteBackupVault", {"backupVaultName": "own-vault"}, False, id="a-teams-own-vault"),
        pytest.param("backup", "DeleteBackupVault", {"backupVaultName": "local-prod-vault"}, True, id="our-vault"),
        pytest.param("backup", "DeleteBackupVault", None, True, id="parameters-left-out"),
        pytest.param("backup", "UpdateGlobalSettings", {}, True, id="global-settings"),
        pytest.param("backup", "StartRestoreJob", {"recoveryPointArn": "arn:rp"}, True, id="restore-past-the-ceremony"),
        pytest.param(
            "backup", "CreateRestoreAccessBackupVault", {"sourceBackupVaultArn": "arn:v"}, True, id="a-vault-opened"
        ),
        pytest.param(
            "backup",
            "DisassociateBackupVaultMpaApprovalTeam",
            {"backupVaultName": "local-prod-vault"},
            True,
            id="our-vault-without-its-team",
        ),
        pytest.param(
            "backup", "DisassociateBackupVaultMpaApprovalTeam", {"backupVaultName": "own"}, False, id="a-teams-own-team"
        ),
        pytest.param("events", "DeleteRule", {"name": "strongroom-forwarder"}, True, id="our-rule"),
        pytest.param("events", "DeleteRule", {"name": "nightly-report"}, False, id="foreign-rule"),
        pytest.param("events", "RemoveTargets", {"rule": "strongroom-forwarder"}, True, id="our-rules-targets"),
        pytest.param("iam", "PutRolePolicy", {"roleName": "strongroom-restore"}, True, id="our-iam-role"),
        pytest.param("iam", "PutRolePolicy", {"roleName": "Developer"}, False, id="foreign-iam-role"),
        pytest.param("ec2", "DeleteSnapshot", {"snapshotId": "snap-1"}, False, id="foreign-snapshot"),
        pytest.param("ec2", "CreateReplaceRootVolumeTask", {"instanceId": "i-1"}, False, id="volume-as-it-began"),
        pytest.param("rds", "DeleteDBSnapshot", {"dBSnapshotIdentifier": "awsbackup:job-1"}, True, id="rds-backup"),
        pytest.param("rds", "DeleteDBSnapshot", {"dBSnapshotIdentifier": "manual-1"}, False, id="rds-own-snapshot"),
        pytest.param("rds", "RemoveTagsFromResource", {"tagKeys": ["Backup"]}, True, id="rds-backup-tag"),
        pytest.param("rds", "RemoveTagsFromResource", {"tagKeys": ["team"]}, False, id="rds-other-tag"),
        pytest.param("ec2", "DeleteTags", {"tagSet": {"items": [{"key": "Backup"}]}}, True, id="ec2-backup-tag"),
        pytest.param("ec2", "DeleteTags", {"tagSet": {"items": [{"key": "x"}]}}, False, id="ec2-other-tag"),
        pytest.param("ec2", "DeleteTags", {"tagSet": {}}, True, id="ec2-all-tags"),
        pytest.param("elasticfilesystem", "DeleteTags", {"tagKeys": ["Backup"]}, True, id="efs-backup-tag"),
        pytest.param("dynamodb", "UntagResource", {"tagKeys": HIDDEN}, True, id="hidden-tags"),
        pytest.param("tagging", "UntagResources", {"tagKeys": ["team", "Backup"]}, True, id="tagging-backup-tag"),
        pytest.param("tagging", "UntagResources", {"tagKeys": ["team"]}, False, id="tagging-other-tag"),
        pytest.param("s3", "DeleteBucketTagging", {"bucketName": "docs", "tagging": ""}, True, id="s3-all-tags"),
        pytest.param("kms", "ScheduleKeyDeletion", {"keyId": "9999"}, False, id="foreign-key"),
        pytest.param("organizations", "LeaveOrganization", None, True, id="leaving"),
        pytest.param("dynamodb", "DeleteRecoveryPoint", None, False, id="same-name-in-another-service"),
    ],
)
def test_a_call_counts_when_it_touches_what_is_guarded(
    intent: Intent,
    service: str,
    name: str,
    request_parameters: dict[str, Any] | None,
    is_relevant: bool,  # noqa: FBT001
) -> None:
    state = judge(intent, a_call(service, name, request=request_parameters))
    assert state is (TamperingState.SUCCEEDED if is_relevant else TamperingState.IRRELEVANT)


def test_a_temporary_vault_is_ours_where_there_is_one(intent: Intent) -> None:
    call = a_call("backup", "DeleteBackupVault", request={"backupVaultName": "strongroom-restores"})
    profiled = with_restores(intent, profiles=(PROFILE,))
    assert (judge(intent, call), judge(profiled, call)) == (TamperingState.IRRELEVANT, TamperingState.SUCCEEDED)


def test_copying_a_backup_to_a_foreign_vault_is_carrying_it_off(intent: Intent) -> None:
    foreign = a_vault_arn("loot", account="666666666666")
    request = {"sourceBackupVaultName": "local-prod-vault", "destinationBackupVaultArn": foreign}
    call = a_call("backup", "StartCopyJob", request=request)
    assert judge(intent, call) is TamperingState.SUCCEEDED
    home = request | {"destinationBackupVaultArn": CENTRAL_VAULT}
    assert judge(intent, replace(call, request=home)) is TamperingState.IRRELEVANT
    gap = replace(call, request=request | {"destinationBackupVaultArn": OWN_GAP})
    assert judge(intent, gap) is TamperingState.SUCCEEDED
    assert judge(with_own_gap(intent), gap) is TamperingState.IRRELEVANT
    out_of_it = replace(call, request={"sourceBackupVaultName": OWN.name, "destinationBackupVaultArn": foreign})
    assert judge(with_own_gap(intent), out_of_it) is TamperingState.SUCCEEDED


@pytest.mark.parametrize(
    ("account", "state"),
    [
        pytest.param("222222222222", TamperingState.SUCCEEDED, id="a-governed-account"),
        pytest.param("999999999999", TamperingState.SUCCEEDED, id="the-delegated-administrator"),
        pytest.param("111111111111", TamperingState.IRRELEVANT, id="the-management-account"),
    ],
)
@pytest.mark.parametrize("name", ["AttachPolicy", "CreatePolicy", "DeletePolicy", "DetachPolicy", "UpdatePolicy"])
def test_a_policy_is_changed_by_the_management_account_or_it_is_told(
    intent: Intent, name: str, account: str, state: TamperingState
) -> None:
    call = a_call("organizations", name, account=AccountId(account), request={"policyId": "p-1"})
    assert judge(intent, call) is state


@pytest.mark.parametrize("key_id", ["1234", KEY], ids=["id", "arn"])
def test_the_key_of_a_vault_is_known_by_id_and_by_arn(intent: Intent, key_id: str) -> None:
    call = a_call("kms", "ScheduleKeyDeletion", request={"keyId": key_id})
    assert judge(intent, call, Surroundings(vault_keys=frozenset({KEY}))) is TamperingState.SUCCEEDED


def test_a_key_counts_while_nobody_can_be_asked_whose_it_is(intent: Intent) -> None:
    call = a_call("kms", "DisableKey", request={"keyId": "9999"})
    assert judge(intent, call, Surroundings(vault_keys=None)) is TamperingState.SUCCEEDED


def test_a_snapshot_that_is_a_recovery_point_counts(intent: Intent) -> None:
    call = a_call("ec2", "DeleteSnapshot", request={"snapshotId": "snap-1"})
    assert judge(intent, call, Surroundings(is_recovery_point=True)) is TamperingState.SUCCEEDED


@pytest.mark.parametrize(
    ("error", "tags", "state"),
    [
        pytest.param("AccessDeniedException", [], "ATTEMPTED", id="untagged"),
        pytest.param("AccessDeniedException", [{"key": "team", "value": "a"}], "ATTEMPTED", id="other-tag"),
        pytest.param("AccessDeniedException", [{"key": "Backup", "value": "daily-prod"}], "IRRELEVANT", id="tagged"),
        pytest.param(None, [], "IRRELEVANT", id="let-through"),
        pytest.param("ResourceInUseException", [], "IRRELEVANT", id="exists-already"),
    ],
)
def test_an_untagged_creation_that_was_refused_is_told(
    intent: Intent, error: str | None, tags: list[dict[str, str]], state: str
) -> None:
    call = a_call("dynamodb", "CreateTable", request={"tableName": "orders", "tags": tags}, error_code=error)
    assert judge(intent, call) == state


@pytest.mark.parametrize("error", [None, "Client.UnauthorizedOperation"])
@pytest.mark.parametrize(
    ("name", "request_parameters"),
    [
        ("ModifySnapshotAttribute", {"snapshotId": "snap-0c0py"}),
        ("DeleteSnapshot", {"snapshotId": "snap-0c0py"}),
        ("ModifyImageAttribute", {"imageId": "ami-0c0py"}),
    ],
)
def test_whatever_is_done_to_a_copy_in_the_backup_account_is_told(
    intent: Intent, name: str, request_parameters: dict[str, Any], error: str | None
) -> None:
    call = a_call("ec2", name, account=BACKUP_ACCOUNT, request=request_parameters, error_code=error)
    assert judge(intent, call) is (TamperingState.ATTEMPTED if error else TamperingState.SUCCEEDED)


@pytest.mark.parametrize(
    ("key", "state"),
    [("is-production", "SUCCEEDED"), ("backup", "SUCCEEDED"), ("retention", "SUCCEEDED"), ("Backup", "IRRELEVANT")],
)
def test_taking_away_any_tag_that_chooses_a_tier_is_told(key: str, state: str) -> None:
    call = a_call("rds", "RemoveTagsFromResource", request={"tagKeys": [key]})
    assert judge(an_organization(NESTED), call) == state


@pytest.mark.parametrize(("key", "state"), [("retention", "IRRELEVANT"), ("is-production", "ATTEMPTED")])
def test_a_refused_creation_is_untagged_where_no_guarded_tag_is_named(key: str, state: str) -> None:
    request = {"tableName": "orders", "tags": [{"key": key, "value": "true"}]}
    call = a_call("dynamodb", "CreateTable", request=request, error_code="AccessDeniedException")
    assert judge(an_organization(NESTED), call) == state


def test_an_untagged_resource_is_named(intent: Intent) -> None:
    request = {"resourcesSet": {"items": [{"resourceId": "i-0abc"}]}, "tagSet": {}}
    verdict = judge_tampering(a_call("ec2", "DeleteTags", request=request), surroundings=Surroundings(), intent=intent)
    assert verdict.target == "i-0abc"
    assert "i-0abc" in verdict.subject


def test_one_call_on_many_things_is_one_act_that_names_them(intent: Intent) -> None:
    def untagged(*names: str) -> TamperingVerdict:
        request = {
            "resourcesSet": {"items": [{"resourceId": name} for name in names]},
            "tagSet": {"items": [{"key": "Backup"}]},
        }
        call = a_call("ec2", "DeleteTags", request=request)
        return judge_tampering(call, surroundings=Surroundings(), intent=intent)

    assert "on i-1, i-2, vol-3)" in untagged("i-1", "i-2", "vol-3").reason
    assert untagged("i-1", "i-2").subject == untagged("i-1", "i-2").subject
    assert len({untagged("i-1", *others).subject for others in ((), ("i-2",), ("i-3",), ("i-2", "i-3"))}) == 4
    of_many = untagged(*(f"i-{number}" for number in range(1_000)))
    assert "i-19 and 980 more)" in of_many.reason
    assert len(of_many.subject) < 200


def test_a_trail_that_is_not_there_was_not_stopped(intent: Intent) -> None:
    call = a_call("cloudtrail", "StopLogging", request={"name": "t"}, error_code="TrailNotFoundException")
    assert judge(intent, call) is TamperingState.IRRELEVANT


@pytest.mark.parametrize(
    ("service", "name", "parameter", "error"),
    [
        pytest.param("backup", "DeleteRecoveryPoint", "recoveryPointArn", "AccessDeniedException", id="points"),
        pytest.param("cloudtrail", "StopLogging", "name", "AccessDeniedException", id="trails"),
        # What clears old snapshots away meets those of AWS Backup, which only that deletes.
        pytest.param("ec2", "DeleteSnapshot", "snapshotId", "Client.InvalidParameterValue", id="snapshots"),
    ],
)
def test_two_hundred_refusals_of_one_kind_by_one_caller_are_one_subject(
    service: str, name: str, parameter: str, error: str, intent: Intent
) -> None:
    refused = [a_call(service, name, error_code=error, request={parameter: f"thing-{number}"}) for number in range(200)]
    known = Surroundings(is_recovery_point=True)
    verdicts = [judge_tampering(each, surroundings=known, intent=intent) for each in refused]
    assert {each.state for each in verdicts} == {TamperingState.ATTEMPTED}
    assert len({each.subject for each in verdicts}) == 1
    assert "thing-7" in verdicts[7].reason


def test_the_refusal_of_another_person_in_the_same_role_is_another_subject(intent: Intent) -> None:
    eve = a_call("backup", "DeleteRecoveryPoint", error_code="AccessDeniedException")
    mallory = replace(eve, caller="arn:aws:sts::222222222222:assumed-role/Developer/mallory")
    subjects = {judge_tampering(each, surroundings=Surroundings(), intent=intent).subject for each in (eve, mallory)}
    assert len(subjects) == 2


def test_the_same_act_in_another_session_is_the_same_subject(intent: Intent) -> None:
    first = a_call("backup", "DeleteRecoveryPoint")
    second = replace(first, caller="arn:aws:sts::222222222222:assumed-role/Developer/mallory")
    third = replace(first, request={"backupVaultName": "local-prod-vault", "recoveryPointArn": "arn:other"})
    subjects = [judge_tampering(each, surroundings=Surroundings(), intent=intent).subject for each in (first, second)]
    assert subjects[0] == subjects[1]
    assert judge_tampering(third, surroundings=Surroundings(), intent=intent).subject != subjects[0]


def test_the_reason_names_caller_act_target_and_refusal(intent: Intent) -> None:
    call = a_call("backup", "DeleteRecoveryPoint", error_code="AccessDeniedException")
    reason = judge_tampering(call, surroundings=Surroundings(), intent=intent).reason
    assert "Developer/eve tried to delete a backup and was refused" in reason
    assert "arn:rp" in reason


def test_the_pattern_lets_every_row_through_unless_it_was_refused() -> None:
    pattern = tampering_pattern()
    for call, threat in THREATS.items():
        service, name = call.split(":")
        if threat.scope not in (Scope.SHARE, Scope.UNTAGGED_CREATION, Scope.UNTAGGED_OR_NATIVE):
            assert name in pattern["detail"]["eventName"]
            assert f"aws.{service}" in pattern["source"]
    assert pattern["detail"]["errorCode"] == [{"exists": False}, {"anything-but": list(DENIED)}]


def test_calls_about_shares_are_let_through_by_a_rule_of_their_own() -> None:
    names = {name for service, name in (call.split(":") for call in THREATS) if service == "ram"}
    assert (set(shares_pattern()["source"]), set(shares_pattern()["detail"]["eventName"])) == ({"aws.ram"}, names)
    assert names.isdisjoint(tampering_pattern()["detail"]["eventName"])


def test_what_was_refused_is_let_through_by_whatever_name() -> None:
    pattern = refusal_pattern()
    assert pattern["detail"] == {"errorCode": list(DENIED)}
    assert {f"aws.{call.split(':')[0]}" for call in THREATS} <= set(pattern["source"])


def test_a_restore_is_no_tampering_where_there_is_no_ceremony_to_go_by(intent: Intent) -> None:
    restore = a_call("backup", "StartRestoreJob")
    assert judge(intent, restore) is TamperingState.SUCCEEDED
    assert judge(an_intent_without_ceremony(intent), restore) is TamperingState.IRRELEVANT
