"""A restore out of an air-gapped vault that another account shares, through the ceremony, with AWS played here.

Source: AWS Backup Developer Guide, "Logically air-gapped vault".
"""

import json
from copy import replace
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, session_client
from sandbox.settings import AUDIT_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.organizations.vault_shares import OrganizationVaultShares
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.domain.errors import FaultsFoundError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.session_policy import restore_session_policy
from strongroom.domain.rollout.steps import ShareVault
from strongroom.services.restores.asking.find_candidates import CandidateWish, find_candidates
from tests.builders.air_gaps import with_vaults
from tests.builders.intents import with_restores
from tests.builders.places import HOME, a_vault_arn
from tests.builders.restores import a_proving_intent
from tests.integration.backup_service.conftest import LOCAL
from tests.integration.backup_service.test_kinds_through_the_ceremony import (
    Members,
    RealWorld,
    _role,
    member_policies,
)

OWNER: Final = AccountId(PAYMENTS_ACCOUNT)
# Here it holds vaults, and no backups of its own.
KEEPER: Final = AccountId(AUDIT_ACCOUNT)
GAPPED: Final = a_vault_arn("shared-vault", account=KEEPER)
LOCK: Final = VaultLock(min_retention_days=7, max_retention_days=400)
KINDS: Final = ("DynamoDB", "EFS", "EBS", "S3")


@pytest.fixture(scope="module")
def points(night: Any) -> dict[str, str]:
    """What was copied into an air-gapped vault of another account, by kind."""
    keeper, own = client("backup", KEEPER), client("backup", OWNER)
    owners = {"AWS": [f"arn:aws:iam::{each}:root" for each in (OWNER, KEEPER)]}
    client("kms", OWNER).put_key_policy(
        KeyId=night.keys[OWNER],
        PolicyName="default",
        Policy=_policy({"Effect": "Allow", "Principal": owners, "Action": "kms:*", "Resource": "*"}),
    )
    keeper.create_logically_air_gapped_backup_vault(
        BackupVaultName="shared-vault", MinRetentionDays=7, MaxRetentionDays=400
    )
    let = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    keeper.put_backup_vault_access_policy(BackupVaultName="shared-vault", Policy=_policy(let))
    jobs = [
        own.start_backup_job(
            BackupVaultName=LOCAL,
            ResourceArn=night.resources[kind],
            IamRoleArn=night.role_arn,
            RecoveryPointTags={"Backup": "x"},
        )
        for kind in KINDS
    ]
    night.settle()
    for job in jobs:
        own.start_copy_job(
            RecoveryPointArn=own.describe_backup_job(BackupJobId=job["BackupJobId"])["RecoveryPointArn"],
            SourceBackupVaultName=LOCAL,
            DestinationBackupVaultArn=GAPPED,
            IamRoleArn=night.role_arn,
            Lifecycle={"DeleteAfterDays": 30},
        )
    night.settle()
    for name, principal in (
        ("restore", {"AWS": f"arn:aws:iam::{OWNER}:root"}),
        ("restore-after", {"AWS": f"arn:aws:iam::{OWNER}:root"}),
        ("restore-job", {"Service": "backup.amazonaws.com"}),
    ):
        part = "".join(each.capitalize() for each in name.split("-"))
        _role(f"strongroom-{name}", member_policies(f"{part}Role"), principal)
    listed = keeper.list_recovery_points_by_backup_vault(BackupVaultName="shared-vault")["RecoveryPoints"]
    found = {each["ResourceArn"]: each["RecoveryPointArn"] for each in listed}
    return {kind: found[night.resources[kind]] for kind in KINDS}


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def shares(intent: Intent) -> OrganizationVaultShares:
    """What `apply` shares with."""
    clients: Any = Members()
    return OrganizationVaultShares(clients, place=intent.organization)


@pytest.fixture
def world(night: Any, points: dict[str, str], intent: Intent) -> RealWorld:
    """A ceremony of its own, by an intent with the vault."""
    gapped = Vault(name="shared-vault", account=KEEPER, kind="air-gapped", lock=LOCK)
    local = replace(intent.vaults["local"], name=LOCAL)
    named = with_vaults(a_proving_intent(intent), safe=gapped, local=local)
    profile = AccountProfile(account=OWNER, region=HOME, keys=(night.keys[OWNER],), zones=(f"{HOME}a",))
    return RealWorld(with_restores(named, profiles=(profile,)), night.settle)


def _share(shares: OrganizationVaultShares, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> None:
    share = next((each.arn for each in shares.shares(GAPPED)), "")
    accounts = tuple(AccountId(each) for each in added)
    shares.share(ShareVault(vault=GAPPED, name="strongroom-shared-vault", share=share, added=accounts, removed=removed))


def test_what_nobody_shares_is_refused_before_anybody_is_asked(
    night: Any, points: dict[str, str], world: RealWorld
) -> None:
    wish = world.wish(night.resources["DynamoDB"], points["DynamoDB"], "never-made")
    with pytest.raises((RestoreRefusedError, FaultsFoundError), match="is not shared with account 222222222222"):
        world.draft(wish)


@pytest.mark.parametrize("kind", KINDS)
def test_by_resource_and_time_it_comes_back_without_a_copy(
    kind: str, night: Any, points: dict[str, str], world: RealWorld, shares: OrganizationVaultShares
) -> None:
    shares.enable()
    if not shares.shares(GAPPED):
        _share(shares, added=(OWNER,))
    resource = night.resources[kind]
    found = find_candidates(CandidateWish(resource=resource, account=OWNER), needs=world.asking.finding, now=world.now)
    assert GAPPED in found.read
    [(row, way)] = [(row, way) for row in found.candidates for way in row.ways if way.vault == GAPPED]
    # The backup and its copy are one candidate, with two ways.
    assert {each.plan for each in row.ways} == {Way.LOCAL, Way.AIR_GAPPED}
    assert (way.plan, way.recovery_point) == (Way.AIR_GAPPED, points[kind])
    request = world.restored(
        world.wish(resource, way.recovery_point, {"DynamoDB": "shared-table", "S3": "shared-bucket-7d"}.get(kind, ""))
    )
    sealed = world.kept(request).sealed.request
    assert (sealed.plan, sealed.vault, sealed.shared_by) == ("local", GAPPED, KEEPER)
    [job] = [
        each
        for each in client("backup", OWNER).list_restore_jobs()["RestoreJobs"]
        if each["RecoveryPointArn"] == points[kind]
    ]
    assert (job["Status"], job["BackupVaultArn"], job["AccountId"]) == ("COMPLETED", GAPPED, OWNER)
    assert client("backup", KEEPER).list_copy_jobs()["CopyJobs"] == []
    # AWS Backup tells the tags of the recovery point to the account of the vault alone.
    assert world.points.tags(points[kind], account=OWNER, region=HOME)["Backup"] == "x"
    made = MemberTags(Members()).read(job["CreatedResourceArn"], account=OWNER, region=HOME)  # type: ignore[arg-type]
    assert made["Backup"] == "x"


def test_its_session_restores_nothing_else_of_the_vault(
    night: Any, points: dict[str, str], world: RealWorld, shares: OrganizationVaultShares
) -> None:
    request = world.kept(world.open(world.wish(night.resources["EFS"], points["EFS"]))).sealed.request
    policy = restore_session_policy(request, recovery_point=points["EFS"])
    role = f"arn:aws:iam::{OWNER}:role/strongroom/strongroom-restore"
    lent = client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="act", Policy=policy)["Credentials"]
    with pytest.raises(ClientError, match="AccessDenied"):
        session_client("backup", lent, HOME).start_restore_job(
            RecoveryPointArn=points["DynamoDB"], Metadata={"targetTableName": "x"}, IamRoleArn=request.role
        )


def test_what_is_not_shared_any_more_is_restored_by_nobody(
    points: dict[str, str], shares: OrganizationVaultShares
) -> None:
    _share(shares, removed=(OWNER,))
    [share] = shares.shares(GAPPED)
    assert share.principals == frozenset()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("backup", OWNER).start_restore_job(
            RecoveryPointArn=points["EFS"],
            Metadata={"newFileSystem": "true", "Encrypted": "true", "PerformanceMode": "generalPurpose"},
            IamRoleArn=f"arn:aws:iam::{OWNER}:role/strongroom/strongroom-restore-job",
        )
