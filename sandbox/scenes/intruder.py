"""The intruder: an administrator of payments, then whoever deploys, turns on the backups: refused, seen, or both."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from sandbox.clients import every, session_client
from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World, as_deployer
from sandbox.scenes.watching import run_night, until_verified
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME_REGION,
    LOCAL_VAULT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
)

NAME = "The intruder"
ALERTS_CHANNEL = "C0ALERTS"
INTENTION = "an administrator of payments turns on the backups"
_TRUST_MALLORY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS_ACCOUNT}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


_START_RESTORE = "strongroom-start-restore"
_TRUST_DEPLOYERS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True)
class Attempt:
    """Something that the intruder tries: what, by which API call, and how."""

    what: str
    event_name: str
    act: Callable[[], Any]


def play(world: World, scene: Scene) -> None:
    """Try everything; each must be refused or alerted, and the backups must still be there."""
    scene.tell("another night passes; what was backed up in the last one has expired where it was made")
    until_verified(world, scene, run_night(world, scene))
    before = _inventory(world)
    attempts = _attempts(world)
    known = {alert["fingerprint"] for alert in world.alerts()}
    outcomes = {attempt.what: _outcome(attempt) for attempt in attempts}
    for what, code in outcomes.items():
        scene.check(f"refused: {what}", code, code or "it was allowed")
    for attempt in attempts:
        scene.until(
            f"seen: {attempt.what}",
            lambda attempt=attempt: [  # type: ignore[misc]
                alert
                for alert in world.alerts(status="opened")
                if alert["fingerprint"] not in known and attempt.event_name in f"{alert['reason']} {alert['resource']}"
            ],
            detail=lambda alerts: alerts[0]["kind"],
        )
    _look_after(world, scene)
    _look_after_by_command(world, scene)
    scene.check("every recovery point, lock, policy and rule is as it was", _inventory(world) == before)
    _restore_by_hand(world, scene)


def _look_after(world: World, scene: Scene) -> None:
    """Somebody says in Slack that they look after an alert, and it says so to everybody."""
    shown = scene.until(
        "#backup-alerts in Slack asks who looks after it",
        lambda: next((each for each in world.slack.messages(ALERTS_CHANNEL) if _asks_who(each)), None),
        detail=lambda message: message["text"].splitlines()[0],
    )
    scene.tell("sana presses its button, `I am on it`")
    clicked = world.slack.click("sana", ALERTS_CHANNEL, shown["ts"], "acknowledge")
    scene.check(
        "Slack's click is taken in time", (clicked["status"], clicked["late"]) == (200, False), clicked["answer"]
    )
    scene.until(
        "the message says that sana looks after it, and asks nobody else",
        lambda: any(
            each["ts"] == shown["ts"] and "Acknowledged by sana" in each["text"] and not _asks_who(each)
            for each in world.slack.messages(ALERTS_CHANNEL)
        ),
    )


def _look_after_by_command(world: World, scene: Scene) -> None:
    """The same from the command line, of another one."""
    open_ = world.alerts(kind="tampering-attempted", status="opened")[-1]
    marked = world.strongroom("alerts", "acknowledge", open_["fingerprint"], person="omar")
    scene.check(
        "omar looks after another one, by `strongroom alerts acknowledge`", marked.returncode == 0, marked.stderr
    )


def _asks_who(message: dict[str, Any]) -> bool:
    buttons = [each for block in message["blocks"] for each in block.get("elements", ())]
    return message["text"].startswith("Tampering attempted") and "acknowledge" in [
        each.get("action_id") for each in buttons
    ]


def _attempts(world: World) -> list[Attempt]:
    backup = world.person("mallory", PAYMENTS_ACCOUNT, "backup")
    events = world.person("mallory", PAYMENTS_ACCOUNT, "events")
    dynamodb = world.person("mallory", PAYMENTS_ACCOUNT, "dynamodb")
    organizations = world.person("mallory", PAYMENTS_ACCOUNT, "organizations", ORGANIZATIONS_REGION)
    iam = world.person("mallory", PAYMENTS_ACCOUNT, "iam", ORGANIZATIONS_REGION)
    local = _points(world, PAYMENTS_ACCOUNT, LOCAL_VAULT)[0]
    central = _points(world, BACKUP_ACCOUNT, CENTRAL_VAULT)[0]
    policy = _policies(world)[0]
    shorter = {"DeleteAfterDays": 1}
    return [
        Attempt(
            "delete a local recovery point",
            "DeleteRecoveryPoint",
            lambda: backup.delete_recovery_point(BackupVaultName=LOCAL_VAULT, RecoveryPointArn=local),
        ),
        Attempt(
            "delete a central recovery point",
            "DeleteRecoveryPoint",
            lambda: backup.delete_recovery_point(BackupVaultName=CENTRAL_VAULT, RecoveryPointArn=central),
        ),
        Attempt(
            "shorten a lifecycle",
            "UpdateRecoveryPointLifecycle",
            lambda: backup.update_recovery_point_lifecycle(
                BackupVaultName=LOCAL_VAULT, RecoveryPointArn=local, Lifecycle=shorter
            ),
        ),
        Attempt(
            "remove the lock",
            "DeleteBackupVaultLockConfiguration",
            lambda: backup.delete_backup_vault_lock_configuration(BackupVaultName=CENTRAL_VAULT),
        ),
        Attempt(
            "detach the backup policy",
            "DetachPolicy",
            lambda: organizations.detach_policy(PolicyId=policy, TargetId=OU_PRODUCTION),
        ),
        Attempt(
            "borrow the restore role",
            "UpdateAssumeRolePolicy",
            lambda: iam.update_assume_role_policy(RoleName="strongroom-restore", PolicyDocument=_TRUST_MALLORY),
        ),
        Attempt(
            "delete the forwarding rule",
            "DeleteRule",
            lambda: events.delete_rule(Name="strongroom-forwarder", Force=True),
        ),
        Attempt(
            "create an untagged table, as piet tried before in the same role",
            "CreateTable",
            lambda: dynamodb.create_table(
                TableName="exfiltration",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            ),
        ),
    ]


def _restore_by_hand(world: World, scene: Scene) -> None:
    """Whoever deploys can make the role that starts restores their own; the audit account sees what they do with it."""
    scene.tell("somebody who deploys lends the role that starts restores to themselves, and restores without a request")
    iam = as_deployer("iam", ORGANIZATIONS_REGION)
    trust = iam.get_role(RoleName=_START_RESTORE)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=_START_RESTORE, PolicyDocument=_TRUST_DEPLOYERS)
    try:
        job = _start_restore(world)
    finally:
        iam.update_assume_role_policy(RoleName=_START_RESTORE, PolicyDocument=json.dumps(trust))
    scene.until(
        "the audit account tells of the restore that nobody approved",
        lambda: world.audit_alerts(kind="restore-unexplained", status="opened", resource=job),
        detail=lambda alerts: alerts[0]["severity"],
    )
    scene.until(
        "it has gone through all accounts, and found the evidence of every ceremony of the day whole",
        lambda: not world.unsettled_evidence(),
    )
    told = {alert["resource"] for alert in world.audit_alerts(kind="restore-unexplained")}
    scene.check("of every other restore of the day it has told nothing", told == {job}, sorted(told))
    unread = [world.audit_alerts(kind="restores-unwatched", status=status) for status in ("opened", "resolved")]
    closed = {each["resource"] for each in unread[0]} - {each["resource"] for each in unread[1]}
    scene.check("there is no account that it cannot look into", not closed, sorted(closed))


def _start_restore(world: World) -> str:
    """Restore the payments database under the restore role, as the ceremony does, but for the ceremony."""
    lent = as_deployer("sts").assume_role(
        RoleArn=f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/{_START_RESTORE}", RoleSessionName="r-aaaaaaaaaaaa"
    )["Credentials"]
    borrowed = session_client("sts", lent).assume_role(
        RoleArn=f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore",
        RoleSessionName="strongroom",
        SourceIdentity="idp=7Comar",
        Tags=[{"Key": "ticket", "Value": "OPS-1"}],
    )["Credentials"]
    point = _points(world, PAYMENTS_ACCOUNT, LOCAL_VAULT)[0]
    used = world.look(PAYMENTS_ACCOUNT, "backup").get_recovery_point_restore_metadata(
        BackupVaultName=LOCAL_VAULT, RecoveryPointArn=point
    )["RestoreMetadata"]
    wanted = {name: used[name] for name in ("DBInstanceClass", "DBSubnetGroupName", "Engine") if name in used}
    started = session_client("backup", borrowed).start_restore_job(
        RecoveryPointArn=point,
        Metadata=wanted | {"DBInstanceIdentifier": "stolen-db"},
        IamRoleArn=f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore-job",
        ResourceType="RDS",
    )
    return str(started["RestoreJobId"])


def _outcome(attempt: Attempt) -> str:
    """The error code of the refusal, or nothing when the call went through."""
    try:
        attempt.act()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def _points(world: World, account: str, vault: str) -> list[str]:
    backup = world.look(account, "backup")
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault, ByResourceArn=estate.PAYMENTS_DATABASE)
    return sorted(point["RecoveryPointArn"] for point in points["RecoveryPoints"])


def _policies(world: World) -> list[str]:
    organizations = world.look(MANAGEMENT_ACCOUNT, "organizations", ORGANIZATIONS_REGION)
    listed = every(organizations, "list_policies_for_target", TargetId=OU_PRODUCTION, Filter="BACKUP_POLICY")
    return sorted(policy["Id"] for policy in listed)


def _inventory(world: World) -> dict[str, Any]:
    vault = world.look(BACKUP_ACCOUNT, "backup").describe_backup_vault(BackupVaultName=CENTRAL_VAULT)
    rule = world.look(PAYMENTS_ACCOUNT, "events", HOME_REGION).describe_rule(Name="strongroom-forwarder")
    return {
        "local": _points(world, PAYMENTS_ACCOUNT, LOCAL_VAULT),
        "central": _points(world, BACKUP_ACCOUNT, CENTRAL_VAULT),
        "locked": (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]),
        "policies": _policies(world),
        "rule": rule["State"],
        "tables": sorted(world.look(PAYMENTS_ACCOUNT, "dynamodb").list_tables()["TableNames"]),
    }
