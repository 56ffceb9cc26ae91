"""AWS Backup for restores, against a client that answers as boto3 does."""

from datetime import UTC, datetime
from typing import Any

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
from tests.builders import restores as a
from tests.fakes.account_clients import operation_of, refusal


class FakeBackup:
    def __init__(self, error: str = "") -> None:
        self.error = error
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> dict[str, Any]:
            self.calls.append((name, request))
            if self.error:
                raise refusal(self.error, operation_of(name))
            return ANSWERS[name]

        return call


ANSWERS: dict[str, dict[str, Any]] = {
    "describe_recovery_point": {
        "ResourceArn": a.DATABASE,
        "ResourceType": "RDS",
        "CreationDate": datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        "Status": "COMPLETED",
    },
    "get_recovery_point_restore_metadata": {"RestoreMetadata": {"DBInstanceClass": "db.t3.small"}},
    "list_tags": {"Tags": {"Backup": "daily-prod", "aws:backup:source-resource": "x"}},
    "start_copy_job": {"CopyJobId": "copy-1"},
    "describe_copy_job": {"CopyJob": {"State": "COMPLETED", "DestinationRecoveryPointArn": a.POINT}},
    "start_restore_job": {"RestoreJobId": "restore-1"},
    "describe_restore_job": {"Status": "COMPLETED", "CreatedResourceArn": a.RESTORED},
    "get_restore_job_metadata": {"Metadata": {"DBInstanceIdentifier": "payments-db-0200"}},
}


class Places:
    """Our own client and the members', apart."""

    def __init__(self, error: str = "") -> None:
        self.mine, self.theirs = FakeBackup(error), FakeBackup(error)
        self.asked: list[tuple[str, str]] = []
        self.behalf: Behalf | None = None

    def own(self, service: str, region: str) -> FakeBackup:
        self.asked.append(("own", region))
        return self.mine

    def client(self, service: str, *, account: str, region: str, behalf: Behalf | None = None) -> FakeBackup:
        self.asked.append((account, region))
        self.behalf = behalf
        return self.theirs


@pytest.mark.parametrize(
    ("vault", "asked"),
    [(a.LOCAL_VAULT, ("222222222222", "eu-west-1")), (a.CENTRAL_VAULT, ("own", "eu-west-1"))],
    ids=["local", "central"],
)
def test_a_point_is_read_where_its_vault_is(vault: str, asked: tuple[str, str], intent: Intent) -> None:
    places = Places()
    points = VaultedPoints(places.own, places, intent=intent)
    found = points.find(a.POINT, vault=vault)
    assert found is not None
    assert (found.resource, found.vault) == (a.DATABASE, vault)
    assert points.tags(a.POINT, vault=vault) == {"Backup": "daily-prod"}
    assert set(places.asked) == {asked}


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidParameterValueException"])
def test_a_point_that_is_not_there_is_none(code: str, intent: Intent) -> None:
    places = Places(code)
    assert VaultedPoints(places.own, places, intent=intent).find(a.POINT, vault=a.LOCAL_VAULT) is None


def test_a_refusal_is_no_absence(intent: Intent) -> None:
    places = Places("AccessDeniedException")
    with pytest.raises(AccessRefusedError):
        VaultedPoints(places.own, places, intent=intent).find(a.POINT, vault=a.LOCAL_VAULT)


def test_a_copy_back_runs_in_our_account_into_the_local_vault_once_per_request(intent: Intent) -> None:
    places = Places()
    jobs = CentralCopyJobs(places.own, intent=intent)
    assert jobs.start(a.request(vault=a.CENTRAL_VAULT, recovery_point=a.CENTRAL_POINT)) == "copy-1"
    [(_, request)] = places.mine.calls
    assert request["DestinationBackupVaultArn"] == a.LOCAL_VAULT
    assert request["SourceBackupVaultName"] == "central-backup-vault"
    assert request["IamRoleArn"] == "arn:aws:iam::999999999999:role/strongroom/strongroom-central-backup"
    assert request["IdempotencyToken"] == "r-abcdefgh2345-copy-back"
    assert jobs.describe("copy-1").recovery_point == a.POINT


def test_a_restore_runs_in_the_member_with_exactly_the_approved_metadata_once_per_request(intent: Intent) -> None:
    places = Places()
    starter = MemberRestoreStarter(places, intent=intent)
    assert starter.start(a.request(), recovery_point=a.POINT) == "restore-1"
    [(_, request)] = places.theirs.calls
    assert request["Metadata"] == dict(a.request().metadata)
    assert request["IamRoleArn"] == "arn:aws:iam::222222222222:role/strongroom/strongroom-backup"
    assert request["IdempotencyToken"] == "r-abcdefgh2345-restore"
    assert places.asked == [("222222222222", "eu-west-1")]
    assert places.behalf == Behalf(subject="idp|omar", ticket=a.request().ticket)


def test_a_restore_is_watched_in_the_member() -> None:
    places = Places()
    described = MemberRestoreJobs(places).describe("restore-1", request=a.request())
    assert places.asked == [("222222222222", "eu-west-1")]
    assert (described.created, described.metadata) == (a.RESTORED, {"DBInstanceIdentifier": "payments-db-0200"})


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
    places = Places(code)
    with pytest.raises(copy_error):
        CentralCopyJobs(places.own, intent=intent).start(a.request())
    with pytest.raises(restore_error):
        MemberRestoreStarter(places, intent=intent).start(a.request(), recovery_point=a.POINT)
