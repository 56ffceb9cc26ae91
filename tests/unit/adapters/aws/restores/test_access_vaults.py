"""Access to air-gapped vaults as AWS Backup is asked for it: once for a request, for its requester, and narrowly."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from strongroom.adapters.aws.restores.access_vaults import MemberAccessAsker, MemberAccessVaults
from strongroom.domain.errors import AccessRefusedError, RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.requests import RestoreRequest, act_token
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.air_gaps import TEAM
from tests.builders.places import PAYMENTS, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import a_request

GAPPED = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
REQUEST: RestoreRequest = a_request(vault=GAPPED, approval_team=TEAM)


class FakeVaults:
    """AWS Backup in the account: what it describes, what it lists, and how it refuses."""

    def __init__(
        self, *, described: dict[str, Any] | None = None, listed: tuple[str, ...] = (), code: str = ""
    ) -> None:
        self.described = described
        self.listed = listed
        self.code = code
        self.requests: list[dict[str, Any]] = []
        self.lent: list[dict[str, Any]] = []

    def client(self, service: str, **lent: Any) -> "FakeVaults":
        self.lent.append({"service": service, **lent})
        return self

    def _refuse(self, operation: str, code: str) -> None:
        if code:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    def describe_backup_vault(self, **asked: Any) -> dict[str, Any]:
        self.requests.append(asked)
        self._refuse("DescribeBackupVault", self.code or ("" if self.described else "AccessDeniedException"))
        return self.described or {}

    def create_restore_access_backup_vault(self, **asked: Any) -> dict[str, Any]:
        self.requests.append(asked)
        self._refuse("CreateRestoreAccessBackupVault", self.code)
        return {}

    def get_paginator(self, name: str) -> "FakeVaults":
        assert name == "list_backup_vaults"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"BackupVaultList": [{"BackupVaultArn": each} for each in self.listed]}]


def test_it_is_described_by_its_name_in_its_account() -> None:
    told = {"VaultState": "CREATING", "SourceBackupVaultArn": GAPPED, "MpaSessionArn": "arn:session"}
    backup = FakeVaults(described=told)
    found = MemberAccessVaults(backup).find(REQUEST.access_vault)
    assert found == AccessVault(arn=REQUEST.access_vault, source=GAPPED, state="CREATING", session="arn:session")
    assert backup.requests == [{"BackupVaultName": f"strongroom-access-{REQUEST.id}"}]
    assert backup.lent == [{"service": "backup", "account": PAYMENTS, "region": REQUEST.region}]


def test_a_vault_of_its_own_shows_no_other() -> None:
    found = MemberAccessVaults(FakeVaults(described={"VaultState": "AVAILABLE"})).find(REQUEST.access_vault)
    assert found == AccessVault(arn=REQUEST.access_vault, source="", state="AVAILABLE")


def test_a_refusal_that_means_that_there_is_none_is_none_and_any_other_stands() -> None:
    assert MemberAccessVaults(FakeVaults()).find(REQUEST.access_vault) is None
    with pytest.raises(AccessRefusedError):
        MemberAccessVaults(FakeVaults(listed=(REQUEST.access_vault,))).find(REQUEST.access_vault)


def test_the_team_is_asked_by_the_requests_own_token_for_its_requester_and_no_more() -> None:
    backup = FakeVaults()
    MemberAccessAsker(backup).ask(REQUEST)
    assert backup.requests == [
        {
            "SourceBackupVaultArn": GAPPED,
            "BackupVaultName": f"strongroom-access-{REQUEST.id}",
            "CreatorRequestId": act_token(REQUEST),
            "RequesterComment": f"Strongroom restore request {REQUEST.id}",
        }
    ]
    [lent] = backup.lent
    assert lent["behalf"] == Behalf(subject=REQUEST.requester, ticket=REQUEST.ticket, request_id=REQUEST.id)
    allowed = {
        action: statement["Resource"]
        for statement in json.loads(lent["policy"])["Statement"]
        for action in statement["Action"]
    }
    assert allowed == {
        "backup:CreateRestoreAccessBackupVault": [REQUEST.access_vault, GAPPED],
        "mpa:StartSession": [TEAM],
    }


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AlreadyExistsException", RestoreFailedError),
        ("InvalidRequestException", RestoreFailedError),
        ("LimitExceededException", RestoreFailedError),
        ("ThrottlingException", TemporarilyUnavailableError),
        ("ServiceUnavailableException", TemporarilyUnavailableError),
    ],
)
def test_what_aws_does_not_take_is_told_as_what_it_means(code: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=code):
        MemberAccessAsker(FakeVaults(code=code)).ask(REQUEST)
