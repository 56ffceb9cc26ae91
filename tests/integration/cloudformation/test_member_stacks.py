"""The deployed member stacks: to whom the restore role is lent, and that what happens is forwarded, once."""

import json
from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME_REGION, PAYMENTS_ACCOUNT
from sandbox.standins.identity.one_time_codes import code_at
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.domain.accounts.readiness import RegionInspection
from strongroom.domain.identifiers import AccountId, Region, function_role
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.session_policy import restore_session_policy
from strongroom.domain.stacks.templates import MEMBER_GLOBAL
from strongroom.domain.tags.drift.patterns import change_forwarder_pattern
from strongroom_cli.templates import read_templates
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import a_request
from tests.integration.cloudformation.member_parts import deploy, deploy_member

if TYPE_CHECKING:
    from strongroom.adapters.aws.clients import MemberClients

GLOBAL_REGION = "us-east-1"
MILAN = Region("eu-south-1")
VAULT = "member-test-vault"
RESTORE_ROLE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore"
INSPECTION_ROLE = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-inspection"
PERSON = {"SourceIdentity": "idp=7Comar"}
TICKET = {"Tags": [{"Key": "ticket", "Value": "CHG-123"}]}
BOTH = PERSON | TICKET
USERS = tuple(f"arn:aws:iam::{AUDIT_ACCOUNT}:user/break-glass-{number}" for number in (1, 2))
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
START = function_role("start_restore")
EVERYTHING = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]

type Borrow = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def member(sandbox_host: lifecycle.Sandbox) -> None:
    """The member stack in the payments account, after the users whom its restore role trusts."""
    assert sandbox_host
    for user in USERS:
        client("iam", AUDIT_ACCOUNT).create_user(UserName=user.rpartition("/")[2])
    deploy_member(
        "test-member",
        LocalVaultName=VAULT,
        TagKeys="Backup",
        BreakGlassUserArns=",".join(USERS),
        AuditAccount=AUDIT_ACCOUNT,
    )


@pytest.fixture(scope="module")
def forwarders(member: None) -> None:
    """The stack of us-east-1 beside it, and the bus that both aim at."""
    deploy("test-member-global", read_templates().carried[MEMBER_GLOBAL], GLOBAL_REGION)
    events = client("events", BACKUP_ACCOUNT)
    bus = events.create_event_bus(Name="strongroom")["EventBusArn"]
    forwarder = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-forwarder"
    let = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": bus, "Sid": "Forwarders"}
    only = {"Condition": {"ArnLike": {"aws:PrincipalArn": forwarder}}}
    events.put_permission(EventBusName="strongroom", Policy=_document(let | only))


@pytest.fixture
def borrow(member: None) -> Iterator[Borrow]:
    """Borrow a member's role: `borrow(role, allowed, **session)`, as a role of that name in the backup account.

    It is the restore role, unless `lent` names another.
    """
    iam, sts = client("iam", BACKUP_ACCOUNT), client("sts", BACKUP_ACCOUNT)
    made: list[str] = []

    def lend(role: str, allowed: list[str], *, lent: str = RESTORE_ROLE, **session: Any) -> dict[str, Any]:
        path, _, name = role.rpartition("/")
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}}
        arn = iam.create_role(
            RoleName=name,
            Path=f"/{path}/",
            AssumeRolePolicyDocument=_document(trust | {"Action": "sts:AssumeRole"}),
        )["Role"]["Arn"]
        made.append(name)
        may = {"Effect": "Allow", "Action": allowed, "Resource": lent}
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(may))
        own = sts.assume_role(RoleArn=arn, RoleSessionName="function")["Credentials"]
        answer = session_client("sts", own).assume_role(RoleArn=lent, RoleSessionName="strongroom", **session)
        credentials: dict[str, Any] = answer["Credentials"]
        return credentials

    yield lend
    for name in made:
        iam.delete_role_policy(RoleName=name, PolicyName="own")
        iam.delete_role(RoleName=name)


@dataclass
class User:
    """Somebody with a password of one person, here an access key, and the device of another."""

    sts: Any
    serial: str
    seed: str
    used: list[str] = field(default_factory=list)
    coded: Any = None

    def code(self) -> str:
        """A code that counts and that nobody has used: the one before, this one, or the next."""
        now = datetime.now(UTC)
        shown = (code_at(self.seed, now + timedelta(seconds=30 * step)) for step in (-1, 0, 1))
        self.used.append(next(code for code in shown if code not in self.used))
        return self.used[-1]

    def session(self) -> Any:
        """STS in the one session that was opened with a code."""
        if self.coded is None:
            opened = self.sts.get_session_token(SerialNumber=self.serial, TokenCode=self.code())["Credentials"]
            self.coded = session_client("sts", opened)
        return self.coded


@pytest.fixture(scope="module")
def user(member: None) -> User:
    """One of the two users, with a device of hers, as the runbook makes them."""
    iam, name = client("iam", AUDIT_ACCOUNT), "break-glass-1"
    may = {"Effect": "Allow", "Action": [*EVERYTHING, "sts:GetSessionToken"], "Resource": "*"}
    iam.put_user_policy(UserName=name, PolicyName="restore", PolicyDocument=_document(may))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"].decode()
    now = datetime.now(UTC)
    codes = [code_at(seed, now - timedelta(seconds=seconds)) for seconds in (60, 30)]
    iam.enable_mfa_device(
        UserName=name, SerialNumber=serial, AuthenticationCode1=codes[0], AuthenticationCode2=codes[1]
    )
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return User(sts=session_client("sts", key), serial=serial, seed=seed)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("function", "allowed", "session"),
    [
        pytest.param(START, EVERYTHING, {}, id="for nobody"),
        pytest.param(START, EVERYTHING, PERSON, id="without a ticket"),
        pytest.param(START, EVERYTHING, TICKET, id="without a person"),
        pytest.param(
            START,
            EVERYTHING,
            PERSON | {"Tags": [*TICKET["Tags"], {"Key": "role", "Value": "admin"}]},
            id="with more tags than the ticket",
        ),
        pytest.param(START, ["sts:AssumeRole", "sts:TagSession"], BOTH, id="who may name nobody"),
        pytest.param(START, ["sts:AssumeRole", "sts:SetSourceIdentity"], BOTH, id="who may name no ticket"),
        pytest.param(
            "strongroom/evil-StartRestoreFunctionRole-x", EVERYTHING, BOTH, id="to a role that only has such a name"
        ),
        pytest.param(function_role("check_restore"), EVERYTHING, BOTH, id="to another function"),
        pytest.param(function_role("start_copy"), EVERYTHING, BOTH, id="to the one that copies"),
    ],
)
def test_the_restore_role_is_not_lent(
    function: str, allowed: list[str], session: dict[str, Any], borrow: Borrow
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        borrow(function, allowed, **session)


def test_x12_break_glass_opens_for_a_user_with_a_fresh_code(user: User) -> None:
    lent = user.session().assume_role(RoleArn=RESTORE_ROLE, RoleSessionName="INC-77", **BOTH)
    own = session_client("sts", lent["Credentials"])
    assert own.get_caller_identity()["Arn"].endswith("assumed-role/strongroom-restore/INC-77")
    with pytest.raises(ClientError, match="AccessDenied"):  # what was lent lends nothing on
        own.assume_role(RoleArn=RESTORE_ROLE, RoleSessionName="again", **BOTH)
    assert user.sts.assume_role(
        RoleArn=RESTORE_ROLE, RoleSessionName="INC-77", SerialNumber=user.serial, TokenCode=user.code(), **BOTH
    )


@pytest.mark.parametrize(
    "session",
    [
        pytest.param({}, id="for nobody"),
        pytest.param(PERSON, id="without a ticket"),
        pytest.param(TICKET, id="without a person"),
        pytest.param(BOTH | {"DurationSeconds": 3601}, id="for longer than an hour"),
    ],
)
def test_attack_25_break_glass_takes_a_person_and_an_incident(session: dict[str, Any], user: User) -> None:
    coded = user.session()
    with pytest.raises(ClientError, match=r"AccessDenied|MaxSessionDuration"):
        coded.assume_role(RoleArn=RESTORE_ROLE, RoleSessionName="INC-77", **session)


def test_attack_25_break_glass_stays_shut_without_a_code(user: User) -> None:
    """With the password alone, with a session that was opened without a code, and with codes that do not count."""
    plain = user.sts.get_session_token()["Credentials"]
    for sts in (user.sts, session_client("sts", plain)):
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(RoleArn=RESTORE_ROLE, RoleSessionName="INC-77", **BOTH)
    for code in ("000000", user.used[-1]):
        with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
            user.sts.get_session_token(SerialNumber=user.serial, TokenCode=code)


def test_x12_break_glass_stays_shut_for_sessions_of_roles(borrow: Borrow) -> None:
    """Nor would one of single sign-on get in: that is a session of a role, too, and none of them carries MFA."""
    with pytest.raises(ClientError, match="AccessDenied"):
        borrow("ops/break-glass", EVERYTHING, **BOTH)


def test_a_restore_is_told_with_the_person_whom_it_was_started_for(borrow: Borrow, listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {"source": ["aws.backup"], "detail-type": ["AWS API Call via CloudTrail"]})
    credentials = borrow(START, EVERYTHING, **BOTH)
    with pytest.raises(ClientError):
        session_client("backup", credentials).start_restore_job(
            RecoveryPointArn=f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:snapshot:awsbackup:none", Metadata={}
        )
    identity = ear.wait(eventName="StartRestoreJob")["detail"]["userIdentity"]
    assert identity["sessionContext"]["sourceIdentity"] == "idp=7Comar"


def test_attack_20_what_starts_a_restore_may_start_no_other_and_pass_no_other_role(borrow: Borrow) -> None:
    """The session's own policy narrows the role, which may start any."""
    snapshots = f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:snapshot:awsbackup"
    role = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-restore-job"
    policy = restore_session_policy(a_request(role=role), recovery_point=f"{snapshots}:none")
    backup = session_client("backup", borrow(START, EVERYTHING, **BOTH, Policy=policy))

    def code(recovery_point: str, passed: str) -> str:
        with pytest.raises(ClientError) as refused:
            backup.start_restore_job(RecoveryPointArn=recovery_point, IamRoleArn=passed, Metadata={})
        return str(refused.value.response["Error"]["Code"])

    assert code(f"{snapshots}:none", role) == "ResourceNotFoundException"
    assert code(f"{snapshots}:other", role) == "AccessDeniedException"
    for other in (f"{role}-other", role.replace("restore-job", "backup")):
        assert code(f"{snapshots}:none", other) == "AccessDeniedException"


def test_the_restore_role_copies_nothing(borrow: Borrow) -> None:
    backup = session_client("backup", borrow(START, EVERYTHING, **BOTH))
    with pytest.raises(ClientError, match="not authorized to perform: backup:StartCopyJob"):
        backup.start_copy_job(
            RecoveryPointArn=f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:snapshot:awsbackup:none",
            SourceBackupVaultName=VAULT,
            DestinationBackupVaultArn=CENTRAL_VAULT,
            IamRoleArn=f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom/strongroom-backup",
        )


def test_a_call_to_iam_reaches_the_control_plane_from_us_east_1(forwarders: None, listen: Callable[..., Any]) -> None:
    ear = listen(BACKUP_ACCOUNT, {"source": ["aws.iam"]}, bus="strongroom")
    client("iam", PAYMENTS_ACCOUNT).put_role_policy(
        RoleName="strongroom-tagging", PolicyName="more", PolicyDocument=_document(ANYTHING)
    )
    event = ear.wait(eventName="PutRolePolicy")
    assert (event["account"], event["region"]) == (PAYMENTS_ACCOUNT, GLOBAL_REGION)
    assert event["detail"]["requestParameters"]["roleName"] == "strongroom-tagging"


def test_a_call_to_aws_backup_reaches_the_control_plane_once(forwarders: None, listen: Callable[..., Any]) -> None:
    ear = listen(BACKUP_ACCOUNT, {"source": ["aws.backup"]}, bus="strongroom")
    backup = client("backup", PAYMENTS_ACCOUNT)
    for period in (40, 41):  # the second one is told after the first one, however often that was
        backup.put_backup_vault_lock_configuration(BackupVaultName=VAULT, MinRetentionDays=period)
        ear.wait(eventName="PutBackupVaultLockConfiguration", requestParameters=_lock(period))
    calls = [event["detail"]["requestParameters"] for event in ear.events if "eventName" in event["detail"]]
    assert calls == [_lock(40), _lock(41)]


def _lock(days: int) -> dict[str, Any]:
    return {"backupVaultName": VAULT, "minRetentionDays": days}


def test_the_local_vault_lets_nobody_delete_a_backup(member: None) -> None:
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        client("backup", PAYMENTS_ACCOUNT).delete_recovery_point(
            BackupVaultName=VAULT,
            RecoveryPointArn=f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:snapshot:awsbackup:none",
        )


def test_the_stack_asks_for_the_keys_that_it_was_told(member: None) -> None:
    rule = client("events", PAYMENTS_ACCOUNT).describe_rule(Name="strongroom-forwarder-tags")
    assert json.loads(rule["EventPattern"]) == change_forwarder_pattern(["Backup"])


@dataclass
class Inspector:
    """Clients of the inspection role of the payments account."""

    credentials: dict[str, Any]

    def client(self, service: str, *, account: str, region: str) -> Any:
        assert account == PAYMENTS_ACCOUNT
        return session_client(service, self.credentials, region)


def test_a_region_that_is_off_is_seen_by_the_role_that_inspects(
    borrow: Borrow, intent: Intent, sandbox_host: lifecycle.Sandbox
) -> None:
    def put(status: str) -> None:
        order = {"account": PAYMENTS_ACCOUNT, "region": MILAN, "status": status}
        requests.post(f"{sandbox_host.url}/_sandbox/organization/regions", json=order, timeout=60).raise_for_status()

    inspector = Inspector(borrow(function_role("inspect_account"), ["sts:AssumeRole"], lent=INSPECTION_ROLE))
    wide = replace(intent, organization=replace(intent.organization, governed_regions=(Region(HOME_REGION), MILAN)))
    inspection = MemberInspection(cast("MemberClients", inspector), intent=wide)
    put("DISABLED")
    shut = inspection.inspect(AccountId(PAYMENTS_ACCOUNT))
    put("ENABLED")
    opened = inspection.inspect(AccountId(PAYMENTS_ACCOUNT))
    assert (shut.refusal, opened.refusal) == (None, None)
    home, milan, *_ = shut.regions
    assert (home.forwarder_enabled, milan) == (True, RegionInspection(region=MILAN, opt_status="DISABLED"))
    assert not opened.regions[1].forwarder_enabled
