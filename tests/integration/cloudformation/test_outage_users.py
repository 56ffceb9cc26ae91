"""The two users who restore while the control plane is away: a key of one person, a device of another, and not alone.

Everything is as the rollout leaves it: the member stack trusts the two users, and the guardrails of the audit account
keep them. Sources: IAM User Guide, "Secure API access with MFA"; AWS STS API reference, GetSessionToken.
"""

import json
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.example.deployment import ROOT
from sandbox.settings import AUDIT_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from sandbox.standins.identity.one_time_codes import code_at
from strongroom.domain.intent.model import Intent
from strongroom.domain.stacks.attached_policies import SERVICE_CONTROL_POLICY, render_attached_policies
from strongroom_cli.intent.file import load_intent_file
from tests.builders.intents import with_outage_users
from tests.builders.places import OUTAGE_USERS
from tests.integration.cloudformation.member_parts import deploy_member

VAULT, TABLE = "outage-vault", "orders"
RESTORE_ROLE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore"
BACKUP_ROLE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-backup"
JOB_ROLE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore-job"
NAMES = tuple(arn.rpartition("/")[2] for arn in OUTAGE_USERS)
STRANGER = "carol"
FOR = {"SourceIdentity": "omar", "Tags": [{"Key": "ticket", "Value": "INC-77"}]}
RIGHTS = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession", "sts:GetSessionToken")


@dataclass
class Device:
    """A token: whoever holds it reads a code off it that counts once."""

    serial: str
    seed: str
    used: list[str] = field(default_factory=list)

    def code(self) -> str:
        """One that has opened nothing: the one before, this one, or the next."""
        now = datetime.now(UTC)
        codes = (code_at(self.seed, now + timedelta(seconds=30 * step)) for step in (-1, 0, 1))
        return next(code for code in codes if code not in self.used)


@dataclass
class Halves:
    """What one user is made of: the key that one person has, and the device of another person."""

    key: dict[str, Any]
    device: Device
    opened: Any = None

    def session(self) -> Any:
        """STS in the one session that the two open together."""
        if self.opened is None:
            code = self.device.code()
            self.opened = with_code(self.key, self.device.serial, code)
            self.device.used.append(code)
        return self.opened


type Users = dict[str, Halves]


def with_code(key: dict[str, Any], serial: str, code: str) -> Any:
    """STS in a session that was opened with a key and a code."""
    sts = session_client("sts", key)
    return session_client("sts", sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"])


def borrow(sts: Any) -> dict[str, Any]:
    """Borrow the restore role for an incident."""
    credentials: dict[str, Any] = sts.assume_role(RoleArn=RESTORE_ROLE, RoleSessionName="INC-77", **FOR)["Credentials"]
    return credentials


def document(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def made(sandbox_host: lifecycle.Sandbox) -> Users:
    """The two, and somebody of whom nobody has heard, before a stack names them."""
    assert sandbox_host
    return {name: _made(name) for name in (*NAMES, STRANGER)}


@pytest.fixture(scope="module")
def recovery_point(sandbox_host: lifecycle.Sandbox, made: Users) -> str:
    """A backup in an account whose restore role trusts the two users."""
    assert made
    deploy_member(
        "outage-member",
        LocalVaultName=VAULT,
        TagKeys="Backup",
        BreakGlassUserArns=",".join(OUTAGE_USERS),
        AuditAccount=AUDIT_ACCOUNT,
    )
    table = client("dynamodb", PAYMENTS_ACCOUNT).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    backup = client("backup", PAYMENTS_ACCOUNT)
    job = backup.start_backup_job(
        BackupVaultName=VAULT, ResourceArn=table["TableDescription"]["TableArn"], IamRoleArn=BACKUP_ROLE
    )
    settle(sandbox_host)
    return str(backup.describe_backup_job(BackupJobId=job["BackupJobId"])["RecoveryPointArn"])


def settle(sandbox_host: lifecycle.Sandbox) -> None:
    """Wait until every job has ended."""
    requests.post(f"{sandbox_host.url}/_sandbox/backup/settle", json={}, timeout=60).raise_for_status()


@pytest.fixture(scope="module")
def users(recovery_point: str, made: Users) -> Users:
    """Those whom the deployers made, once the guardrails are attached."""
    assert recovery_point
    intent = with_outage_users(_example())
    intent = replace(intent, guardrails=replace(intent.guardrails, deployer_role_arns=None))
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    for policy in render_attached_policies(intent):
        if policy.type == SERVICE_CONTROL_POLICY and AUDIT_ACCOUNT in policy.targets:
            created = organizations.create_policy(
                Name=policy.name, Description=policy.description, Type=policy.type, Content=policy.content
            )["Policy"]["PolicySummary"]["Id"]
            organizations.attach_policy(PolicyId=created, TargetId=AUDIT_ACCOUNT)
    return made


def _example() -> Intent:
    return load_intent_file(ROOT / "strongroom.yaml")[0]


def _made(name: str) -> Halves:
    """As the runbook makes one."""
    iam = client("iam", AUDIT_ACCOUNT)
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="restore", PolicyDocument=document(*RIGHTS))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"].decode()
    now = datetime.now(UTC)
    first, second = (code_at(seed, now - timedelta(seconds=seconds)) for seconds in (60, 30))
    iam.enable_mfa_device(UserName=name, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Halves(key=key, device=Device(serial=serial, seed=seed, used=[second]))


@pytest.mark.parametrize("name", NAMES)
def test_x12_either_of_the_two_users_opens_for_a_key_and_a_code_together(name: str, users: Users) -> None:
    own = session_client("sts", borrow(users[name].session()))
    assert own.get_caller_identity()["Arn"].endswith("assumed-role/strongroom-restore/INC-77")


def test_x12_what_they_open_restores_and_names_person_and_incident(
    users: Users, recovery_point: str, sandbox_host: lifecycle.Sandbox, listen: Callable[..., Any]
) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {"source": ["aws.backup"], "detail-type": ["AWS API Call via CloudTrail"]})
    backup = session_client("backup", borrow(users[NAMES[0]].session()))
    job = backup.start_restore_job(
        RecoveryPointArn=recovery_point,
        IamRoleArn=JOB_ROLE,
        Metadata={"targetTableName": "orders-0200", "encryptionType": "Default"},
    )["RestoreJobId"]
    settle(sandbox_host)
    assert client("backup", PAYMENTS_ACCOUNT).describe_restore_job(RestoreJobId=job)["Status"] == "COMPLETED"
    session = ear.wait(eventName="StartRestoreJob")["detail"]["userIdentity"]["sessionContext"]
    assert session["sourceIdentity"] == "omar"


def _key_alone(users: Users) -> Any:
    return session_client("sts", users[NAMES[0]].key)


def _session_without_a_code(users: Users) -> Any:
    return session_client("sts", _key_alone(users).get_session_token()["Credentials"])


def _not_named(users: Users) -> Any:
    return users[STRANGER].session()


@pytest.mark.parametrize(
    "opened",
    [
        pytest.param(_key_alone, id="who has the key alone"),
        pytest.param(_session_without_a_code, id="who opens a session with the key alone"),
        pytest.param(_not_named, id="another user with a key and a code"),
    ],
)
def test_attack_25_it_stays_shut_to(opened: Callable[[Users], Any], users: Users) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        borrow(opened(users))


def _device_alone(users: Users) -> tuple[str, str, str]:
    device = users[NAMES[0]].device
    return STRANGER, device.serial, device.code()


def _device_of_the_other(users: Users) -> tuple[str, str, str]:
    device = users[NAMES[1]].device
    return NAMES[0], device.serial, device.code()


def _code_of_the_other(users: Users) -> tuple[str, str, str]:
    return NAMES[0], users[NAMES[0]].device.serial, users[NAMES[1]].device.code()


def _code_once_more(users: Users) -> tuple[str, str, str]:
    users[NAMES[0]].session()
    device = users[NAMES[0]].device
    return NAMES[0], device.serial, device.used[-1]


@pytest.mark.parametrize(
    "tried",
    [
        pytest.param(_device_alone, id="who has the device alone, and a key of somebody else"),
        pytest.param(_device_of_the_other, id="the device of the other user"),
        pytest.param(_code_of_the_other, id="the code of the other user's device"),
        pytest.param(_code_once_more, id="a code that was used, a second time"),
    ],
)
def test_attack_25_no_session_is_opened_by(tried: Callable[[Users], tuple[str, str, str]], users: Users) -> None:
    name, serial, code = tried(users)
    with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
        with_code(users[name].key, serial, code)


def _makes_a_key(iam: Any) -> None:
    iam.create_access_key(UserName=NAMES[0])


def _makes_a_password(iam: Any) -> None:
    iam.create_login_profile(UserName=NAMES[0], Password="a-Password-of-mine-1")


def _takes_the_device_away(iam: Any) -> None:
    [device] = iam.list_mfa_devices(UserName=NAMES[0])["MFADevices"]
    iam.deactivate_mfa_device(UserName=NAMES[0], SerialNumber=device["SerialNumber"])


@pytest.mark.parametrize("tries", [_makes_a_key, _makes_a_password, _takes_the_device_away])
def test_attack_25_no_administrator_there_becomes_both_halves(tries: Callable[[Any], None], users: Users) -> None:
    with pytest.raises(ClientError, match="service control policy"):
        tries(client("iam", AUDIT_ACCOUNT))


def test_attack_25_with_both_halves_they_do_nothing_but_restore(users: Users) -> None:
    coded = users[NAMES[0]].session()
    other = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-tagging"
    with pytest.raises(ClientError, match="AccessDenied"):
        coded.assume_role(RoleArn=other, RoleSessionName="INC-77")
    backup = session_client("backup", borrow(coded))
    with pytest.raises(ClientError, match="AccessDenied"):
        backup.delete_backup_vault(BackupVaultName=VAULT)
