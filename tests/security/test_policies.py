"""Attacks past the ceremony, by whoever administers an account: refused by policies, tried as AWS would judge them."""

from functools import cache
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId, function_role
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.judging import judge_tampering
from strongroom.domain.tampering.scopes import Surroundings
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn
from tests.contract.apps import FUNCTIONS, app
from tests.contract.iam.iam_documents import IamDocument, documents_of
from tests.contract.iam.role_simulator import OF_AUDITORS, OWN, bucket_lets_in, may
from tests.contract.templates import MEMBER, actions_of, statements_of
from tests.guardrails import control_plane_requests as backup
from tests.guardrails.matrices import MATRICES
from tests.guardrails.matrices import statements_of as guardrails_of
from tests.guardrails.scp_engines import refusing_sids
from tests.guardrails.scp_requests import BREAK_GLASS, DEPLOYER, OF_AWS_BACKUP, OF_STRONGROOM, TICKET, Account, Case
from tests.unit.domain.tampering.test_judging import a_call

GOVERNED, WITH_DEPLOYERS, WITHOUT_DEPLOYERS = MATRICES
THERE = Account(PAYMENTS)
ADMIN, POINT = THERE.role("AdministratorAccess"), THERE.arn("rds", "snapshot:awsbackup:job-1")
TABLE_BACKUP = THERE.arn("dynamodb", "table/orders/backup/1")
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")
NEVER = {"dynamodb:DeleteItem", "dynamodb:Scan", "dynamodb:BatchWriteItem"}
FAMILIES = ("REQUEST#r-1", "TICKET#OPS-1", "OPEN", "STEP#r-1", "BELL#r-1", "MESSAGE#r-1", "WORD#r-1")
# Who may write which family of the ceremony's table, and which of the ledger's that bear on it.
WRITERS = {
    "request_restore": {"REQUEST#r-1"},
    "tell_approvers": {"MESSAGE#r-1"},
    "refresh_cards": {"MESSAGE#r-1"},
    "take_proof": {"WORD#r-1"},
    "keep_doorbell": {"BELL#r-1"},
}
IN_A_TRANSACTION = {"request_restore": {"OPEN", "TICKET#OPS-1"}}
BY_UPDATE = {"close_restore": {"OPEN", "TICKET#OPS-1"}}


def _sids(intent: Intent, case: Case, matrix: Any = GOVERNED) -> frozenset[str]:
    return refusing_sids(guardrails_of(matrix, intent), case)


@pytest.mark.parametrize("who", [ADMIN, THERE.role("BackupAdminRole"), THERE.role("strongroom/strongroom-tagging")])
def test_attack_19_nobody_restores_past_the_ceremony(who: str, intent: Intent) -> None:
    """An administrator of the account calls StartRestoreJob or restores natively, and the guardrails refuse all but one
    role.
    """
    for action, resource in (
        ("backup:StartRestoreJob", POINT),
        ("rds:RestoreDBInstanceFromDBSnapshot", POINT),
        ("dynamodb:RestoreTableFromBackup", TABLE_BACKUP),
    ):
        assert _sids(intent, Case("", who, action, resource, TICKET)), action


def test_attack_19_the_restore_role_restores_for_a_ticket_only(intent: Intent) -> None:
    """Somebody holds the restore role without a request, and its session must carry the ticket that it restores for."""
    restorer = THERE.role("strongroom/strongroom-restore")
    assert not _sids(intent, Case("", restorer, "backup:StartRestoreJob", POINT, TICKET))
    assert _sids(intent, Case("", restorer, "backup:StartRestoreJob", POINT))


def test_attack_25_whoever_breaks_the_glass_is_heard(intent: Intent) -> None:
    """Somebody restores under the break-glass role, and the call is told as tampering that succeeded,
    exempt as it is.
    """
    call = a_call("backup", "StartRestoreJob", role=BREAK_GLASS, request={"recoveryPointArn": POINT})
    verdict = judge_tampering(call, surroundings=Surroundings(), intent=intent)
    assert verdict.state == "SUCCEEDED"


def _trust(role: str) -> list[dict[str, Any]]:
    [document] = (
        each.document
        for each in _documents("stacks/member.yaml")
        if each.name == f"stacks/member.yaml: {role}.AssumeRolePolicyDocument"
    )
    statements: list[dict[str, Any]] = document["Statement"]
    return statements


def _callers(statement: dict[str, Any]) -> list[str]:
    named = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:PrincipalArn", [])
    return [named] if isinstance(named, str) else list(named)


def test_attack_25_the_glass_is_broken_with_a_second_factor_a_name_and_a_ticket() -> None:
    """Somebody takes the restore role by hand, and it is lent to named people with a second factor, a name and a
    ticket.
    """
    [by_hand] = (each for each in _trust("RestoreRole") if each["Sid"] == "BreakGlassForAPersonAndATicket")
    assert by_hand["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}
    assert set(by_hand["Condition"]["StringLike"]) == {"sts:SourceIdentity", "aws:RequestTag/ticket"}


@pytest.mark.parametrize("matrix", [WITH_DEPLOYERS, WITHOUT_DEPLOYERS], ids=lambda matrix: matrix.name)
def test_x_02_a_role_that_resembles_ours_is_not_made_and_not_trusted(matrix: Any, intent: Intent) -> None:
    """An administrator makes a role that is named like a function's, and neither the guardrails nor any trust let it
    in.
    """
    made = backup.HERE.role("strongroom/evil-StartRestoreFunctionRole-x")
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"):
        assert _sids(intent, Case("", backup.ADMIN, action, made), matrix), action
    assert _sids(
        intent,
        Case("", backup.ADMIN, "iam:PassRole", backup.FUNCTION, {"iam:PassedToService": "lambda.amazonaws.com"}),
        matrix,
    )
    exact = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{function_role('start_restore')}"
    by_us = [each for each in _trust("RestoreRole") if _callers(each)]
    assert by_us
    assert all(_callers(each) == [exact] for each in by_us)


@pytest.mark.parametrize("role", [name for name, each in MEMBER.items() if each["Type"] == "AWS::IAM::Role"])
def test_x_02_no_role_of_a_member_trusts_a_pattern_or_an_account(role: str) -> None:
    """An administrator of the backup account borrows a member's role by a name that fits, and exact roles are named."""
    for statement in _trust(role):
        callers = _callers(statement)
        assert not any(set(each) & set("*?") for each in callers)
        if f":{BACKUP_ACCOUNT}:root" in str(statement["Principal"]):
            assert callers


@pytest.mark.parametrize("role", ["backup", "tagging", "copying", "inspection", "start-restore", "evil"])
def test_x_03_a_restore_by_another_role_of_ours_is_told(role: str, intent: Intent) -> None:
    """A restore is started in a member under a role of ours that does not start restores, and no path makes it ours."""
    arn = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-{role}"
    call = a_call("backup", "StartRestoreJob", role=arn, request={"recoveryPointArn": POINT})
    assert judge_tampering(call, surroundings=Surroundings(), intent=intent).state == "SUCCEEDED"


TOOLS = {
    "run a step": ("lambda:InvokeFunction", backup.FUNCTION_ARN, {}),
    "begin an execution": ("states:StartExecution", backup.MACHINE, {}),
    "stop an execution": ("states:StopExecution", backup.EXECUTION, {}),
    "redrive an execution": ("states:RedriveExecution", backup.EXECUTION, {}),
    "answer a task": ("states:SendTaskSuccess", "*", {}),
    "sign": ("kms:Sign", backup.KEY, OF_STRONGROOM),
    "say that an alert is resolved": ("events:PutEvents", backup.BUS, {}),
    "take a report away": ("sqs:ReceiveMessage", backup.QUEUE, {}),
    "write the ledger": ("dynamodb:PutItem", backup.LEDGER, {}),
    "read the secrets": ("secretsmanager:GetSecretValue", backup.SECRET, OF_STRONGROOM),
    "put a secret of his own": ("secretsmanager:PutSecretValue", backup.SECRET, OF_STRONGROOM),
    "delete the logs": ("logs:DeleteLogGroup", backup.LOGS, {}),
    "throttle a function to nothing": ("lambda:PutFunctionConcurrency", backup.FUNCTION_ARN, {}),
    "change a function": ("lambda:UpdateFunctionCode", backup.FUNCTION_ARN, {}),
}


@pytest.mark.parametrize("matrix", [WITH_DEPLOYERS, WITHOUT_DEPLOYERS], ids=lambda matrix: matrix.name)
@pytest.mark.parametrize("tool", TOOLS)
def test_x_08_an_administrator_of_the_backup_account_uses_none_of_its_tools(
    tool: str, matrix: Any, intent: Intent
) -> None:
    """An administrator of the backup account invokes, signs, rings, writes or silences by hand, and each is refused."""
    action, resource, context = TOOLS[tool]
    for who in (backup.ADMIN, backup.HERE.role("BackupAdminRole"), f"arn:aws:iam::{BACKUP_ACCOUNT}:root"):
        assert _sids(intent, Case("", who, action, resource, context), matrix), who


@pytest.mark.parametrize("tool", ["run a step", "begin an execution", "answer a task", "sign", "read the secrets"])
def test_x_08_who_deploys_acts_in_no_ceremony(tool: str, intent: Intent) -> None:
    """A deployer, who may change what runs after review, takes a step of a ceremony by hand, and is refused as well."""
    action, resource, context = TOOLS[tool]
    assert _sids(intent, Case("", DEPLOYER, action, resource, context), WITH_DEPLOYERS)


STOLEN = a_vault_arn("local-prod-vault", account=AccountId("600000000001"))


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("backup:CopyFromBackupVault", backup.POINT, {"backup:CopyTargets": [a_vault_arn("stolen")]}),
        (
            "backup:CopyFromBackupVault",
            backup.POINT,
            {"backup:CopyTargets": [STOLEN], "backup:CopyTargetOrgPaths": ["o-strongroom1/r-strg/ou-strg-sand0001/"]},
        ),
        ("backup:CopyFromBackupVault", backup.POINT, {}),
        ("ec2:CopySnapshot", backup.SNAPSHOT, OF_AWS_BACKUP),
        ("ec2:CopyImage", backup.IMAGE, OF_AWS_BACKUP),
        ("rds:CopyDBSnapshot", backup.RDS_SNAPSHOT, {}),
        ("ec2:ModifySnapshotAttribute", backup.SNAPSHOT, OF_AWS_BACKUP),
        ("ebs:GetSnapshotBlock", backup.SNAPSHOT, OF_AWS_BACKUP),
        ("fsx:CopyBackup", backup.FSX_BACKUP, OF_AWS_BACKUP),
    ],
    ids=["another vault", "a vault of our name", "unnamed", "snapshot", "image", "database", "share", "read", "files"],
)
def test_x_10_no_copy_is_carried_off(action: str, resource: str, context: dict[str, Any], intent: Intent) -> None:
    """Somebody copies to a vault of our vault's name elsewhere, or copies natively, and the destination must be
    governed.
    """
    who = backup.COPIER if action == "backup:CopyFromBackupVault" else backup.ADMIN
    assert _sids(intent, Case("", who, action, resource, context), WITHOUT_DEPLOYERS)


def test_x_10_a_copy_back_goes_to_the_accounts_own_vault(intent: Intent) -> None:
    """The copy back of a point may go where it came from, by the same rule that refuses all else."""
    context = {
        "backup:CopyTargets": [a_vault_arn("local-prod-vault", account=PAYMENTS)],
        "backup:CopyTargetOrgPaths": ["o-strongroom1/r-strg/ou-strg-prod0001/"],
    }
    assert not _sids(
        intent, Case("", backup.COPIER, "backup:CopyFromBackupVault", backup.POINT, context), WITH_DEPLOYERS
    )


@cache
def _documents(template: str) -> tuple[IamDocument, ...]:
    return tuple(documents_of(template, {"BackupAccount": BACKUP_ACCOUNT}))


def _may_write(function: str, action: str, key: str, *, operation: str | None) -> bool:
    """Whether the function may do that to an item of this partition of the ceremony's table."""
    context = {"dynamodb:LeadingKeys": [key]} | ({"dynamodb:EnclosingOperation": [operation]} if operation else {})
    return may(function, action, f"arn:aws:dynamodb:{HOME}:{OWN}:table/strongroom-CeremonyTable", **context)


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if each not in OF_AUDITORS])
def test_x_01_each_function_writes_its_own_families_of_rows(function: str) -> None:
    """A function is taken over and writes the rows of others, and IAM binds each role to partitions, and
    none to votes.
    """
    for key in FAMILIES:
        may_put = _may_write(function, "dynamodb:PutItem", key, operation=None)
        may_update = _may_write(function, "dynamodb:UpdateItem", key, operation=None)
        in_transaction = _may_write(function, "dynamodb:UpdateItem", key, operation="TransactWriteItems")
        assert may_put is (key in WRITERS.get(function, set())), key
        assert may_update is (key in BY_UPDATE.get(function, set())), key
        assert in_transaction is (key in BY_UPDATE.get(function, set()) | IN_A_TRANSACTION.get(function, set())), key


def _is_about_views(statement: dict[str, Any]) -> bool:
    """Views prove nothing, nobody decides by them, and they are made anew of the ledger."""
    return bool(statement["Resource"] == {"!GetAtt": "ViewsTable.Arn"})


def test_x_01_nobody_deletes_or_scans_rows_or_signs() -> None:
    """A function is taken over and empties the tables or signs by itself, and no role of the control plane may."""
    for function in FUNCTIONS:
        statements = statements_of(app(function).logical_id)
        allowed = {action for each in statements if not _is_about_views(each) for action in actions_of(each)}
        if function not in OF_AUDITORS:
            assert not allowed & (NEVER | {"kms:Sign"}), function
        assert not any("PartiQL" in action for action in allowed), function


def test_attack_09_two_functions_ring_and_the_machine_alone_invokes(intent: Intent) -> None:
    """Somebody has the token and wants to answer the task, and only two roles may, on this one machine."""
    ringing = {
        function
        for function in FUNCTIONS
        for statement in statements_of(app(function).logical_id)
        if "states:SendTaskSuccess" in actions_of(statement)
    }
    assert ringing == {"take_proof", "sweep_ceremonies"}
    case = Case("", backup.HERE.role("strongroom/strongroom-judge-approval"), "states:SendTaskSuccess", "*")
    assert _sids(intent, case, WITH_DEPLOYERS)


BRINGERS = {
    "evidence/r-1/request.json": {"request_restore"},
    "evidence/r-1/proofs/aa.json": {"take_proof"},
    "evidence/r-1/stated/aa.json": {"take_proof"},
    "evidence/r-1/chain/00000001.json": {
        *("check_copy_back", "check_restore", "close_restore", "snapshot_ticket"),
        *("start_copy_back", "start_restore", "tag_restored"),
    },
    "evidence/r-1/anything-else.json": set(),
    "policies/aa.json": set(),
    "log/checkpoint": set(),
}


def _allowed(function: str) -> set[str]:
    """The actions that the function's own role allows."""
    return {action for each in statements_of(app(function).logical_id) for action in actions_of(each)}


NEW = {"s3:if-none-match": "*"}


@pytest.mark.parametrize("key", BRINGERS)
def test_attack_30_each_piece_of_evidence_comes_from_its_own_function(key: str) -> None:
    """A function is taken over and writes evidence in place of another, and the bucket names who brings which kind."""
    bringing = {
        function
        for function in FUNCTIONS
        if function not in OF_AUDITORS
        and bucket_lets_in(f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{function_role(function)}", "s3:PutObject", key, NEW)
    }
    assert bringing == BRINGERS[key]


@pytest.mark.parametrize(
    ("action", "key"), [("s3:GetObjectVersion", "evidence/r-1/request.json"), ("s3:ListBucketVersions", "")]
)
def test_attack_24_who_needs_no_evidence_is_not_let_in_to_read_it(action: str, key: str) -> None:
    """A function that judges nothing is taken over and given leave to read what people signed, and the bucket names
    the readers.
    """
    functions = [each for each in FUNCTIONS if each not in OF_AUDITORS]
    reading = {each for each in functions if action in _allowed(each)}
    let_in = {
        each
        for each in functions
        if bucket_lets_in(
            f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{function_role(each)}", action, key, {"s3:prefix": "evidence/r-1/"}
        )
    }
    assert let_in == reading
    assert {"judge_approval", "start_restore"} < reading


@pytest.mark.parametrize("key", [key for key, bringers in BRINGERS.items() if bringers])
def test_attack_30_nothing_is_written_over_or_deleted(key: str) -> None:
    """Whoever may bring evidence writes over it or deletes it, and a write must be the first and nobody deletes."""
    for function in BRINGERS[key]:
        who = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{function_role(function)}"
        assert not bucket_lets_in(who, "s3:PutObject", key, {})
        assert not bucket_lets_in(who, "s3:DeleteObject", key, NEW)
    for who in (DEPLOYER, f"arn:aws:iam::{AUDIT_ACCOUNT}:role/AdministratorAccess"):
        for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:BypassGovernanceRetention"):
            assert not bucket_lets_in(who, action, key, NEW)
