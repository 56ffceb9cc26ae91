"""AWS Backup for restores, against a client that answers as boto3 does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.adapters.aws.backup.restores import (
    CentralCopyJobs,
    MemberRestoreJobs,
    MemberRestoreStarter,
)
from strongroom.domain.errors import (
    AccessRefusedError,
    CopyBackFailedError,
    RestoreFailedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, POINT, RESTORED, a_request
from tests.fakes.backup import FakeBackup, a_copy_job_answer, a_point_answer, a_restore_job_answer


@dataclass
class Places:
    """Our own client and the members', apart; `behalf` is for whom a member's was lent."""

    mine: FakeBackup = field(default_factory=FakeBackup)
    theirs: FakeBackup = field(default_factory=FakeBackup)
    asked: list[tuple[str, str]] = field(default_factory=list)
    behalf: Behalf | None = None

    def own(self, service: str, region: str) -> FakeBackup:
        self.asked.append(("own", region))
        return self.mine

    def client(self, service: str, *, account: str, region: str, behalf: Behalf | None = None) -> FakeBackup:
        self.asked.append((account, region))
        self.behalf = behalf
        return self.theirs


def _places(**errors: str) -> Places:
    """The database's recovery point lies in both vaults; the methods that are named fail with their codes."""
    described = {
        "ResourceArn": DATABASE,
        "ResourceType": "RDS",
        "CreationDate": datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        "RestoreMetadata": {"DBInstanceClass": "db.t3.small"},
    }

    def backup(vault: str) -> FakeBackup:
        tags = {POINT: {"Backup": "daily-prod", "aws:backup:source-resource": "x"}}
        return FakeBackup(points=[a_point_answer(POINT, vault=vault, **described)], tags=tags, errors=errors)

    return Places(mine=backup(CENTRAL_VAULT), theirs=backup(LOCAL_VAULT))


@pytest.mark.parametrize(
    ("vault", "asked"),
    [(LOCAL_VAULT, ("222222222222", "eu-west-1")), (CENTRAL_VAULT, ("own", "eu-west-1"))],
    ids=["local", "central"],
)
def test_a_point_is_read_where_its_vault_is(vault: str, asked: tuple[str, str], intent: Intent) -> None:
    places = _places()
    points = VaultedPoints(places.own, places, intent=intent)
    found = points.find(POINT, vault=vault)
    assert found is not None
    assert (found.resource, found.vault) == (DATABASE, vault)
    assert found.restore_metadata == {"DBInstanceClass": "db.t3.small"}
    assert points.tags(POINT, vault=vault) == {"Backup": "daily-prod"}
    assert set(places.asked) == {asked}


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterValueException"])
def test_a_point_that_is_not_there_is_none(code: str, intent: Intent) -> None:
    places = _places(describe_recovery_point=code)
    assert VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT) is None


@pytest.mark.parametrize("vault", [LOCAL_VAULT, CENTRAL_VAULT], ids=["local", "central"])
def test_a_point_whose_tags_aws_backup_cannot_tell_has_none(vault: str, intent: Intent) -> None:
    places = _places(list_tags="InvalidParameterValueException")
    assert VaultedPoints(places.own, places, intent=intent).tags(POINT, vault=vault) == {}


def test_a_refusal_is_no_absence(intent: Intent) -> None:
    places = _places(describe_recovery_point="AccessDeniedException")
    with pytest.raises(AccessRefusedError):
        VaultedPoints(places.own, places, intent=intent).find(POINT, vault=LOCAL_VAULT)


def test_a_copy_back_runs_in_our_account_into_the_local_vault_once_per_request(intent: Intent) -> None:
    places = Places(mine=FakeBackup(copy_jobs=[a_copy_job_answer(DestinationRecoveryPointArn=POINT)]))
    jobs = CentralCopyJobs(places.own, intent=intent)
    assert jobs.start(a_request(vault=CENTRAL_VAULT, recovery_point=CENTRAL_POINT)) == "started-1"
    [request] = places.mine.started
    assert request["DestinationBackupVaultArn"] == LOCAL_VAULT
    assert request["SourceBackupVaultName"] == "central-backup-vault"
    assert request["IamRoleArn"] == "arn:aws:iam::999999999999:role/strongroom/strongroom-central-backup"
    assert request["IdempotencyToken"] == "r-abcdefgh2345-copy-back"
    assert jobs.describe("copy-1").recovery_point == POINT


def test_a_restore_runs_in_the_member_with_exactly_the_approved_metadata_once_per_request(intent: Intent) -> None:
    places = Places()
    starter = MemberRestoreStarter(places, intent=intent)
    assert starter.start(a_request(), recovery_point=POINT) == "started-1"
    [request] = places.theirs.started
    assert request["Metadata"] == dict(a_request().metadata)
    assert request["IamRoleArn"] == "arn:aws:iam::222222222222:role/strongroom/strongroom-backup"
    assert request["IdempotencyToken"] == "r-abcdefgh2345-restore"
    assert places.asked == [("222222222222", "eu-west-1")]
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket)


def test_a_restore_is_watched_in_the_member() -> None:
    used = {"DBInstanceIdentifier": "payments-db-0200"}
    places = Places(theirs=FakeBackup(restore_jobs=[a_restore_job_answer(Metadata=used)]))
    described = MemberRestoreJobs(places).describe("restore-1", request=a_request())
    assert places.asked == [("222222222222", "eu-west-1")]
    assert (described.created, described.metadata) == (RESTORED, used)


@pytest.mark.parametrize(
    ("code", "copy_error", "restore_error"),
    [
        ("ThrottlingException", TemporarilyUnavailableError, TemporarilyUnavailableError),
        ("AccessDeniedException", CopyBackFailedError, RestoreFailedError),
        ("InvalidRequestException", CopyBackFailedError, RestoreFailedError),
    ],
)
def test_what_a_refused_start_means(
    code: str, copy_error: type[Exception], restore_error: type[Exception], intent: Intent
) -> None:
    places = _places(start_copy_job=code, start_restore_job=code)
    with pytest.raises(copy_error):
        CentralCopyJobs(places.own, intent=intent).start(a_request())
    with pytest.raises(restore_error):
        MemberRestoreStarter(places, intent=intent).start(a_request(), recovery_point=POINT)
