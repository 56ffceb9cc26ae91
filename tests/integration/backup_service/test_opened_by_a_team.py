"""A restore out of an air-gapped vault that its approval team opens, through the ceremony, with AWS Backup played here.

Sources: AWS Backup Developer Guide, "Requester tasks" and "Administrator tasks" of multi-party approval.
"""

import json
from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, session_client
from sandbox.settings import BACKUP_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.restores.access_vaults import (
    MemberAccessAsker,
    MemberAccessUses,
    MemberAccessVaults,
    VaultAccessRevoker,
)
from strongroom.domain.errors import RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import REVOKE_ROLE, AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.ends.standing import ACCESS, EndState, OpenEnd
from strongroom.domain.restores.session_policy import access_session_policy
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds, start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.ends.begin_end import EndNeeds, begin_end
from strongroom.services.restores.ends.look_at_end import look_at_end
from tests.builders.air_gaps import with_vaults
from tests.builders.intents import with_restores
from tests.builders.places import HOME, a_vault_arn
from tests.builders.restores import a_proving_intent
from tests.contract.iam.iam_documents import documents_of
from tests.integration.backup_service.conftest import LOCAL, TRUST
from tests.integration.backup_service.test_kinds_through_the_ceremony import (
    GIVEN,
    READ_HERE,
    Members,
    RealWorld,
    member_policies,
)

OWNER: Final = AccountId(PAYMENTS_ACCOUNT)
TEAM: Final = f"arn:aws:mpa:us-east-1:{MANAGEMENT_ACCOUNT}:approval-team/vaults"
GAPPED: Final = a_vault_arn("guarded-vault", account=BACKUP_ACCOUNT)
LOCK: Final = VaultLock(min_retention_days=7, max_retention_days=400)
KINDS: Final = ("DynamoDB", "EFS")


class Revokers:
    """Clients in the account of the vault under the role that revokes, as the control plane has it, and narrowed."""

    def client(self, service: str, *, account: str, region: str, session: str, policy: str) -> Any:
        role = f"arn:aws:iam::{account}:role/{REVOKE_ROLE}"
        narrowed = {"Policy": policy} if policy else {}
        lent = client("sts", account).assume_role(RoleArn=role, RoleSessionName=session, **narrowed)["Credentials"]
        return session_client(service, lent, region)


class OpenedWorld(RealWorld):
    """The ceremony, whose vault a team opens."""

    @property
    def restoring(self) -> RestoreStartNeeds:
        members: Any = Members()
        needs = super().restoring
        return type(needs)(
            **{name: getattr(needs, name) for name in needs.__struct_fields__}
            | {"access": MemberAccessVaults(members), "asker": MemberAccessAsker(members)}
        )

    @property
    def following(self) -> EndNeeds:
        members: Any = Members()
        access, uses = MemberAccessVaults(members), MemberAccessUses(members)
        return replace(super().following, access=access, uses=uses, revoker=VaultAccessRevoker(Revokers()))

    def left(self, request_id: str) -> OpenEnd:
        """What its access has become by another look."""
        begin_end(self.kept(request_id), needs=self.following, now=self.now)
        end = self.following.ends.end_of(request_id, ACCESS)
        assert end is not None
        return look_at_end(end, needs=self.following, now=self.now)

    def approved(self, resource: str, point: str, name: str) -> str:
        """A request for the point, approved; its id."""
        request_id = self.open(self.wish(resource, point, name))
        self.read_ticket(request_id)
        self.sign(request_id, "maria")
        return request_id

    def start(self, request_id: str) -> str:
        """Start it; its job."""
        execution = self.execution(request_id)
        return start_restore(request_id, execution=execution, needs=self.restoring, now=self.now).job


@dataclass
class Stage:
    """The vault with its points, by kind, and who votes."""

    night: Any
    points: dict[str, str]

    def vote(self, vault: str, decision: str = "APPROVED") -> None:
        """Let the team say so."""
        self.night.control("/backup/vote", {"vault": vault, "decision": decision})


@pytest.fixture(scope="module")
def stage(night: Any) -> Stage:
    """An air-gapped vault of the backup account, with its team, into which resources of payments were copied."""
    central, own = client("backup", BACKUP_ACCOUNT), client("backup", OWNER)
    client("backup", MANAGEMENT_ACCOUNT).update_global_settings(GlobalSettings={"isMpaEnabled": "true"})
    night.control("/backup/team", {"team": TEAM, "accounts": [BACKUP_ACCOUNT, OWNER]})
    central.create_logically_air_gapped_backup_vault(
        BackupVaultName="guarded-vault", MinRetentionDays=7, MaxRetentionDays=400
    )
    let = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let]})
    central.put_backup_vault_access_policy(BackupVaultName="guarded-vault", Policy=policy)
    central.associate_backup_vault_mpa_approval_team(BackupVaultName="guarded-vault", MpaApprovalTeamArn=TEAM)
    for kind in KINDS:
        asked = {"BackupVaultName": LOCAL, "ResourceArn": night.resources[kind], "IamRoleArn": night.role_arn}
        own.start_backup_job(**asked, RecoveryPointTags={"Backup": "x"})
    night.settle()
    for each in own.list_recovery_points_by_backup_vault(BackupVaultName=LOCAL)["RecoveryPoints"]:
        own.start_copy_job(
            RecoveryPointArn=each["RecoveryPointArn"],
            SourceBackupVaultName=LOCAL,
            DestinationBackupVaultArn=GAPPED,
            IamRoleArn=night.role_arn,
            Lifecycle={"DeleteAfterDays": 30},
        )
    night.settle()
    _role("strongroom-restore", member_policies("RestoreRole"), {"AWS": f"arn:aws:iam::{OWNER}:root"})
    _role("strongroom-restore-job", member_policies("RestoreJobRole"), {"Service": "backup.amazonaws.com"})
    _role("strongroom-restore-after", member_policies("RestoreAfterRole"), {"AWS": f"arn:aws:iam::{OWNER}:root"})
    revoking = [
        json.loads(json.dumps(each.document).replace(READ_HERE, BACKUP_ACCOUNT))
        for each in documents_of("template.yaml", GIVEN)
        if "RevokeAccessRole.Policies" in each.name
    ]
    _role("strongroom-revoke-access", revoking, {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}, account=BACKUP_ACCOUNT)
    listed = central.list_recovery_points_by_backup_vault(BackupVaultName="guarded-vault")["RecoveryPoints"]
    found = {each["ResourceArn"]: each["RecoveryPointArn"] for each in listed}
    return Stage(night, {kind: found[night.resources[kind]] for kind in KINDS})


def _role(name: str, documents: list[Any], principal: dict[str, str], *, account: str = OWNER) -> None:
    statement = TRUST["Statement"][0] | {  # type: ignore[operator]
        "Principal": principal,
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
    }
    iam, trust = client("iam", account), json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName=name, Path="/strongroom/", AssumeRolePolicyDocument=trust)
    for number, each in enumerate(documents):
        iam.put_role_policy(RoleName=name, PolicyName=f"part-{number}", PolicyDocument=json.dumps(each))


@pytest.fixture
def world(night: Any, stage: Stage, intent: Intent) -> OpenedWorld:
    """A ceremony of its own, by an intent that names the vault's team."""
    gapped = Vault(name="guarded-vault", kind="air-gapped", lock=LOCK, existing=True, approval_team=TEAM)
    named = with_vaults(a_proving_intent(intent), guarded=gapped)
    key = night.keys[OWNER]
    profile = AccountProfile(account=OWNER, region=HOME, keys=(key,), subnets=("subnet-1",), security_groups=())
    return OpenedWorld(with_restores(named, profiles=(profile,)), night.settle)


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back_once_the_vaults_team_has_opened_it_and_not_before(
    kind: str, night: Any, stage: Stage, world: OpenedWorld
) -> None:
    name = {"DynamoDB": "opened-table"}.get(kind, "")
    request_id = world.approved(night.resources[kind], stage.points[kind], name)
    request = world.kept(request_id).sealed.request
    assert (request.vault, request.approval_team) == (GAPPED, TEAM)
    chosen = [row.way_of(request.recovery_point, request.vault) for row in request.candidates.rows]  # type: ignore[union-attr]
    assert {way.plan for way in chosen if way} == {Way.AIR_GAPPED_MPA}
    for _ in range(2):
        with pytest.raises(TemporarilyUnavailableError, match="it waits for its vault"):
            world.start(request_id)
    stage.vote(request.access_vault)
    job = world.start(request_id)
    night.settle()
    found = client("backup", OWNER).describe_restore_job(RestoreJobId=job)
    assert found["Status"] == "COMPLETED", found.get("StatusMessage")
    assert ":backup-vault:strongroom-access-" in found["BackupVaultArn"]
    execution = world.execution(request_id)
    assert check_restore(request_id, execution=execution, needs=world.checking_restore, now=world.now).state == (
        "completed"
    )
    tagged = tag_restored(request_id, execution=execution, needs=world.tagging, now=world.now)
    assert "Backup" in tagged.keys
    kinds = world.kinds(request_id)
    assert [kinds.count(each) for each in (EntryKind.ACCESS_ASKED, EntryKind.ACCESS_OPENED)] == [1, 1]
    opened = client("backup", OWNER).list_backup_vaults(ByVaultType="RESTORE_ACCESS_BACKUP_VAULT")["BackupVaultList"]
    assert [each["BackupVaultArn"] for each in opened].count(request.access_vault) == 1


def test_once_its_restore_is_over_its_team_is_asked_to_let_it_be_revoked_and_no_other(
    night: Any, stage: Stage, world: OpenedWorld
) -> None:
    """Requester tasks: "Revoke restore access backup vault"."""
    request_id = world.approved(night.resources["EFS"], stage.points["EFS"], "")
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request_id)
    request = world.kept(request_id).sealed.request
    stage.vote(request.access_vault)
    world.start(request_id)
    world.now = request.act_before
    end = world.left(request_id)
    assert (end.state, end.reason) == (EndState.OPEN, f"it is open: {request_id} has not come to its end")
    night.settle()
    check_restore(request_id, execution=world.execution(request_id), needs=world.checking_restore, now=world.now)
    world.close(request_id, reason="")
    before = accesses()
    assert "its team is asked" in world.left(request_id).reason
    asked = {name for name, each in accesses().items() if "LatestRevokeRequest" in each}
    assert (asked, accesses().keys()) == ({request.access_vault}, before.keys())
    revoker = world.following.revoker
    assert request.access_vault in revoker.open_accesses(request.vault)
    # The world is a day ahead of AWS, so that the sweep takes the vote for over, which it is not there.
    pending = revoker.asked(request, team=TEAM)
    assert pending is not None
    assert (pending.state, pending.votes_until - pending.since) == ("PENDING", timedelta(days=1))
    assert "today, once" in world.left(request_id).reason
    stage.vote(request.access_vault)
    assert [world.left(request_id).state for _ in range(2)] == [EndState.OPEN, EndState.GONE]
    assert accesses().keys() == before.keys() - {request.access_vault}


def accesses() -> dict[str, Any]:
    """Who has access to the vault, by what it is seen through."""
    central = client("backup", BACKUP_ACCOUNT)
    found = central.list_restore_access_backup_vaults(BackupVaultName="guarded-vault")["RestoreAccessBackupVaults"]
    return {each["RestoreAccessBackupVaultArn"]: each for each in found}


def test_the_role_that_revokes_takes_nothing_away_but_an_access(night: Any, stage: Stage) -> None:
    lent = Revokers().client("backup", account=BACKUP_ACCOUNT, region=HOME, session="act", policy="")
    for call, asked in (
        (lent.delete_backup_vault, {"BackupVaultName": "guarded-vault"}),
        (lent.disassociate_backup_vault_mpa_approval_team, {"BackupVaultName": "guarded-vault"}),
        (lent.delete_recovery_point, {"BackupVaultName": "guarded-vault", "RecoveryPointArn": stage.points["EFS"]}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(**asked)


def test_what_the_team_refuses_is_not_restored(night: Any, stage: Stage, world: OpenedWorld) -> None:
    request_id = world.approved(night.resources["EFS"], stage.points["EFS"], "")
    with pytest.raises(TemporarilyUnavailableError):
        world.start(request_id)
    stage.vote(world.kept(request_id).sealed.request.access_vault, "REJECTED")
    with pytest.raises(RestoreFailedError, match="the approval team vaults has refused to"):
        world.start(request_id)
    assert world.close(request_id, reason="it has refused to").outcome == "failed"


def test_a_session_asks_this_team_for_this_vault_and_nothing_else(night: Any, stage: Stage, world: OpenedWorld) -> None:
    request = world.kept(world.approved(night.resources["EFS"], stage.points["EFS"], "")).sealed.request
    role = f"arn:aws:iam::{OWNER}:role/strongroom/strongroom-restore"
    lent = client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="act", Policy=access_session_policy(request))
    backup = session_client("backup", lent["Credentials"], HOME)
    with pytest.raises(ClientError, match="AccessDenied"):
        backup.create_restore_access_backup_vault(SourceBackupVaultArn=GAPPED, BackupVaultName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        backup.start_restore_job(
            RecoveryPointArn=stage.points["EFS"], Metadata={}, IamRoleArn=request.role, IdempotencyToken="x"
        )


def test_without_the_right_to_begin_a_session_nobody_is_asked(night: Any, stage: Stage) -> None:
    """Requester tasks: "must include the mpa:StartSession permission"."""
    only = {"Effect": "Allow", "Action": "backup:*", "Resource": "*"}
    _role("asks-no-team", [{"Version": "2012-10-17", "Statement": [only]}], {"AWS": f"arn:aws:iam::{OWNER}:root"})
    role = f"arn:aws:iam::{OWNER}:role/strongroom/asks-no-team"
    lent = client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="act")["Credentials"]
    with pytest.raises(ClientError, match="AccessDenied"):
        session_client("backup", lent, HOME).create_restore_access_backup_vault(
            SourceBackupVaultArn=GAPPED, BackupVaultName="asked-for"
        )
