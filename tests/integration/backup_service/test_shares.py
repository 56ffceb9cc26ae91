"""AWS RAM on the wire: who shares a vault, who sees it, and who may not share."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client
from sandbox.lifecycle import Sandbox
from sandbox.settings import HOME_REGION, MANAGEMENT_ACCOUNT
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn

VAULT = {"BackupVaultName": "wire-gapped"}
ARN = a_vault_arn("wire-gapped")


def ram(account: str) -> Any:
    return client("ram", account, HOME_REGION)


def test_a_vault_is_shared_inside_of_the_organisation_and_seen_by_whom_it_is_for(sandbox_host: Sandbox) -> None:
    days = {"MinRetentionDays": 7, "MaxRetentionDays": 30}
    client("backup", BACKUP_ACCOUNT, HOME_REGION).create_logically_air_gapped_backup_vault(**VAULT, **days)
    asked: dict[str, Any] = {"name": "wire", "resourceArns": [ARN], "allowExternalPrincipals": False}
    with pytest.raises(ClientError, match="OperationNotPermittedException"):
        ram(BACKUP_ACCOUNT).create_resource_share(**asked, principals=[PAYMENTS])
    with pytest.raises(ClientError, match="OperationNotPermittedException"):
        ram(BACKUP_ACCOUNT).enable_sharing_with_aws_organization()
    ram(MANAGEMENT_ACCOUNT).enable_sharing_with_aws_organization()
    share = ram(BACKUP_ACCOUNT).create_resource_share(**asked, principals=[PAYMENTS])["resourceShare"]
    there = ram(BACKUP_ACCOUNT).get_resource_shares(resourceOwner="SELF", name="wire")["resourceShares"]
    assert [each["resourceShareArn"] for each in there] == [share["resourceShareArn"]]
    told = ram(BACKUP_ACCOUNT).list_principals(resourceOwner="SELF", resourceArn=ARN)["principals"]
    assert [each["id"] for each in told] == [PAYMENTS]
    seen = client("backup", PAYMENTS, HOME_REGION).describe_backup_vault(**VAULT, BackupVaultAccountId=BACKUP_ACCOUNT)
    assert seen["BackupVaultArn"] == ARN
    ram(BACKUP_ACCOUNT).disassociate_resource_share(resourceShareArn=share["resourceShareArn"], principals=[PAYMENTS])
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client("backup", PAYMENTS, HOME_REGION).describe_backup_vault(**VAULT, BackupVaultAccountId=BACKUP_ACCOUNT)
