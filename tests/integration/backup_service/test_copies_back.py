"""Copies that come back into the vault of a restore profile: of any age, under the profile's key, and gone in time.

Sources: AWS Backup Developer Guide, "Creating backup copies across AWS accounts" (the destination vault's access
policy; what is copied is encrypted anew under that vault's key), "Creating a backup copy" (a copy keeps its original's
creation date), "Deleting backups" (within eight hours of its end), "Restore an Amazon RDS database" (an instance keeps
the key of its snapshot).
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.recovery_points import LeftPoints, VaultedPoints
from strongroom.adapters.aws.backup.restores import CentralCopiesBegun, CentralCopyJobs, CentralCopyStarter
from strongroom.adapters.aws.restores.access_vaults import MemberAccessUses, MemberAccessVaults, VaultAccessRevoker
from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.copies.source_keys import KEY_ACCOUNT, restore_key_statements
from strongroom.domain.evidence.object_keys import end_closed_key, end_key
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.arriving.landing import decide_keeping, demand_as_rendered, last_hop
from strongroom.domain.restores.ends.standing import EndState, begun
from strongroom.domain.restores.jobs import CopyBackJob
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from strongroom.domain.stacks.parameters import render_parameters
from strongroom.domain.stacks.restore_vaults import restore_vaults
from strongroom.domain.stacks.templates import MEMBER, RESTORE_VAULT
from strongroom.services.evidence.keep_ceremony import EvidenceReading
from strongroom.services.restores.ends.begin_end import EndNeeds
from strongroom.services.restores.ends.look_at_end import look_at_end
from strongroom_cli.templates import read_templates
from tests.builders.intents import with_restores
from tests.builders.places import HOME, TEMPORARY_VAULT, a_vault_arn
from tests.builders.restores import a_request
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.restores.evidence import FakeShelf

CENTRAL: Final = a_vault_arn("night-central")
WITHIN: Final = timedelta(hours=6)
# Nobody but the account itself: what its owners have before they read what `strongroom compile` writes.
ALONE: Final[dict[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS_ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}

type Copy = Callable[[RecoveryPoint], CopyBackJob]


class Members:
    """Clients of every account, for whomever they are asked for."""

    def client(self, service: str, *, account: AccountId, region: Region, **_: Any) -> Any:
        return client(service, account, region)


def own(service: str, region: str) -> Any:
    return client(service, BACKUP_ACCOUNT, region)


@pytest.fixture(scope="module")
def key(night: Any) -> str:
    """The key of the workload, which nobody has been let use yet."""
    made = client("kms", PAYMENTS_ACCOUNT).create_key(Policy=json.dumps(ALONE))["KeyMetadata"]["Arn"]
    return str(made)


@pytest.fixture(scope="module")
def profiled(intent: Intent, key: str) -> Intent:
    return with_restores(
        intent, profiles=(AccountProfile(account=AccountId(PAYMENTS_ACCOUNT), region=HOME, keys=(key,)),)
    )


@pytest.fixture(scope="module")
def vault(profiled: Intent) -> None:
    """The vault as a StackSet makes it, and the role under which copies come back."""
    told = render_parameters(profiled)[MEMBER]
    [template] = restore_vaults(profiled, read_templates().carried[RESTORE_VAULT], told=told)
    cloudformation = client("cloudformation", PAYMENTS_ACCOUNT, HOME)
    cloudformation.create_stack(
        StackName="restores",
        TemplateBody=template.body,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in template.parameters.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="restores", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam, name = client("iam", BACKUP_ACCOUNT), "strongroom-central-backup"
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=name, Path="/strongroom/", AssumeRolePolicyDocument=document)
    managed = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    iam.attach_role_policy(RoleName=name, PolicyArn=managed)


@pytest.fixture(scope="module")
def copy(night: Any, profiled: Intent, vault: None) -> Copy:
    """Copies a recovery point back as the ceremony does, and waits for the end of the job."""

    def copied(point: RecoveryPoint) -> CopyBackJob:
        points = VaultedPoints(own, Members(), intent=profiled)
        landing = points.landing(AccountId(PAYMENTS_ACCOUNT), HOME)
        demand_as_rendered(landing, intent=profiled)
        now = datetime.now(UTC)
        request = a_request(
            id=f"r-{(now - point.created_at).days:0>12}",
            plan=RestorePlan.COPY_BACK,
            account=AccountId(PAYMENTS_ACCOUNT),
            recovery_point=point.arn,
            vault=CENTRAL,
            temporary_vault=TEMPORARY_VAULT,
            copy_kept_for=decide_keeping(point, vault=landing, act_before=now + WITHIN, now=now),
        )
        job = CentralCopyStarter(Members(), intent=profiled).start(
            request, last_hop(request, recovery_point=request.recovery_point, intent=profiled)
        )
        night.settle()
        return CentralCopyJobs(own).describe(job, region=HOME)

    return copied


@pytest.fixture(scope="module")
def central(night: Any, profiled: Intent) -> Callable[[], RecoveryPoint]:
    """The copy of the database in the central vault, as it is told there."""
    night.control("/backup/run", {"schedule": "cron(0 3 ? * * *)"})
    night.settle()

    def found() -> RecoveryPoint:
        listed = own("backup", HOME).list_recovery_points_by_backup_vault(
            BackupVaultName="night-central", ByResourceArn=night.resources["RDS"]
        )
        [point] = listed["RecoveryPoints"]
        told = VaultedPoints(own, Members(), intent=profiled).find(point["RecoveryPointArn"], vault=CENTRAL)
        assert told is not None
        return told

    return found


def test_until_its_owners_let_both_ends_use_the_key_nothing_comes_back(
    copy: Copy, central: Callable[[], RecoveryPoint], key: str
) -> None:
    job = copy(central())
    assert (job.state, job.destination) == ("FAILED", TEMPORARY_VAULT)
    assert f"The KMS key [{key}] of the destination backup vault" in job.message


@pytest.mark.parametrize(("age", "more"), [(1, 1), (40, 39), (400, 360), (2500, 2100)])
def test_b_3_a_backup_of_any_age_comes_back_under_the_profiles_key_and_is_restored_under_it(
    age: int, more: int, night: Any, profiled: Intent, copy: Copy, central: Callable[[], RecoveryPoint], key: str
) -> None:
    kms = client("kms", PAYMENTS_ACCOUNT)
    statements = json.loads(json.dumps(restore_key_statements(profiled)).replace(KEY_ACCOUNT, PAYMENTS_ACCOUNT))
    opened = ALONE | {"Statement": [*ALONE["Statement"], *statements]}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(opened))
    night.control("/backup/days", {"days": more})
    backup = client("backup", PAYMENTS_ACCOUNT)
    assert backup.list_recovery_points_by_backup_vault(BackupVaultName="strongroom-restores")["RecoveryPoints"] == []
    point = central()
    assert (datetime.now(UTC) - point.created_at).days == age
    job = copy(point)
    assert job.state == "COMPLETED", job.message
    [landed] = backup.list_recovery_points_by_backup_vault(BackupVaultName="strongroom-restores")["RecoveryPoints"]
    assert (landed["EncryptionKeyArn"], landed["CreationDate"]) == (key, point.created_at)
    left = landed["CalculatedLifecycle"]["DeleteAt"] - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=15)
    name = f"back-{age}"
    backup.start_restore_job(
        RecoveryPointArn=job.recovery_point,
        Metadata={"DBInstanceIdentifier": name, "DBInstanceClass": "db.t3.micro"},
        IamRoleArn=night.role_arn,
        ResourceType="RDS",
    )
    night.settle()
    [restored] = client("rds", PAYMENTS_ACCOUNT).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert restored["KmsKeyId"] == key


def test_what_came_back_is_an_open_end_until_it_is_found_gone(
    night: Any, profiled: Intent, central: Callable[[], RecoveryPoint]
) -> None:
    """The last copy, whose start nobody wrote down, expires, and two looks do not find it any more."""
    now, point = datetime.now(UTC), central()
    request = a_request(
        account=AccountId(PAYMENTS_ACCOUNT),
        resource=point.resource,
        recovery_point=point.arn,
        recovery_point_created_at=point.created_at,
        copy_kept_for=now - point.created_at + timedelta(days=14),
    )
    table, shelf = MemoryTable(), FakeShelf()
    needs = EndNeeds(
        intent=profiled,
        ends=LedgerEnds(table),
        shelf=lambda: shelf,
        jobs=CentralCopyJobs(own),
        begun=CentralCopiesBegun(own),
        points=LeftPoints(own, Members(), own_account=AccountId(BACKUP_ACCOUNT)),
        access=MemberAccessVaults(Members()),
        uses=MemberAccessUses(Members()),
        revoker=VaultAccessRevoker(Members()),
        kept=EvidenceReading(shelf).read,
        alerts=FakeAlerts().notifier,
        open_alerts=FakeAlerts(),
    )
    end = begun(request, vault=TEMPORARY_VAULT, job="", since=now - timedelta(hours=1), now=now)
    for _ in range(2):
        end = look_at_end(end, needs=needs, now=now)
    backup = client("backup", PAYMENTS_ACCOUNT)
    [left] = backup.list_recovery_points_by_backup_vault(BackupVaultName="strongroom-restores")["RecoveryPoints"]
    assert (end.state, end.recovery_point) == (EndState.OPEN, left["RecoveryPointArn"])
    night.control("/backup/days", {"days": 20})
    for _ in range(2):
        end = look_at_end(end, needs=needs, now=now)
    assert end.state is EndState.GONE
    assert [*shelf.kept] == [end_key(request.id, 1), end_closed_key(request.id, 1)]


def test_the_vault_lets_nobody_else_copy_in(night: Any, vault: None) -> None:
    backup = client("backup", PAYMENTS_ACCOUNT)
    policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName="strongroom-restores")["Policy"])
    [allowed] = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}
    assert allowed["Action"] == "backup:CopyIntoBackupVault"
