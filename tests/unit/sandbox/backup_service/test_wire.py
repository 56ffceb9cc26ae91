"""The wire finds operations and reads values as botocore's model of the service says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.backup_service import wire
from sandbox.backup_service.errors import (
    MissingParameterValueException,
    SerializationException,
    UnknownOperationException,
)

SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-1"


@pytest.mark.parametrize(
    ("method", "path", "operation", "parameters"),
    [
        ("GET", "/backup-vaults/", "ListBackupVaults", {}),
        ("GET", "/backup-vaults/vault", "DescribeBackupVault", {"BackupVaultName": "vault"}),
        (
            "GET",
            "/backup-vaults/vault/recovery-points/",
            "ListRecoveryPointsByBackupVault",
            {"BackupVaultName": "vault"},
        ),
        (
            "GET",
            f"/backup-vaults/vault/recovery-points/{SNAPSHOT}",
            "DescribeRecoveryPoint",
            {"BackupVaultName": "vault", "RecoveryPointArn": SNAPSHOT},
        ),
        (
            "GET",
            f"/backup-vaults/vault/recovery-points/{SNAPSHOT}/restore-metadata",
            "GetRecoveryPointRestoreMetadata",
            {"BackupVaultName": "vault", "RecoveryPointArn": SNAPSHOT},
        ),
        (
            "GET",
            "/backup-vaults/vault/recovery-points/arn%3Aaws%3Aec2%3Aeu-west-1%3A%3Asnapshot%2Fsnap-1",
            "DescribeRecoveryPoint",
            {"BackupVaultName": "vault", "RecoveryPointArn": SNAPSHOT},
        ),
        ("GET", "/backup/plans/orgs/1-2/", "GetBackupPlan", {"BackupPlanId": "orgs/1-2"}),
        (
            "GET",
            "/resources/arn:aws:ec2:eu-west-1:1:volume/vol-1/recovery-points/",
            "ListRecoveryPointsByResource",
            {"ResourceArn": "arn:aws:ec2:eu-west-1:1:volume/vol-1"},
        ),
    ],
)
def test_addresses_are_understood(method: str, path: str, operation: str, parameters: dict[str, Any]) -> None:
    assert wire.read_request(method, path, b"", {}) == (operation, parameters)


def test_query_values_get_their_types() -> None:
    query = {"maxResults": ["5"], "createdAfter": ["2026-09-01T00:00:00Z"], "accountId": ["*"]}
    _, parameters = wire.read_request("GET", "/copy-jobs/", b"", query)
    expected = {"MaxResults": 5, "ByCreatedAfter": datetime(2026, 9, 1, tzinfo=UTC), "ByAccountId": "*"}
    assert parameters == expected


def test_moments_are_answered_as_epoch_seconds() -> None:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    _, _, body = wire.write_answer("StartRestoreJob", {"RestoreJobId": "x", "Unknown": moment})
    assert body == b'{"RestoreJobId": "x"}'
    _, _, body = wire.write_answer("StartCopyJob", {"CopyJobId": "x", "CreationDate": moment})
    assert str(moment.timestamp()).encode() in body


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        pytest.param("GET", "/nothing", b"", UnknownOperationException, id="no such address"),
        pytest.param("PUT", "/copy-jobs", b"{}", MissingParameterValueException, id="required parameter missing"),
        pytest.param("PUT", "/copy-jobs", b"{", SerializationException, id="body is not JSON"),
    ],
)
def test_bad_requests_are_refused(method: str, path: str, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        wire.read_request(method, path, body, {})
