"""Settings of the organisation and of Regions, and the locks of vaults."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.backup.settings import OrganizationBackupSettings
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.live import LiveOptIns, LiveVault
from tests.builders.places import CENTRAL_VAULT, HOME, REPLICA_VAULT
from tests.builders.rollout import LOCK_DATE
from tests.fakes.account_clients import FakeAccountClients, refusal

LOCK = VaultLock(min_retention_days=30, max_retention_days=2555, changeable_for_days=30)


@dataclass
class FakeBackupSettings:
    """The settings and locks of AWS Backup, which moto does not play."""

    vaults: list[dict[str, Any]] = field(default_factory=list)
    refuses: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    described: dict[str, Any] = field(default_factory=dict)

    def describe_backup_vault(self, **request: Any) -> dict[str, Any]:
        assert request == {"BackupVaultName": REPLICA_VAULT.rpartition(":")[2]}
        return self.described

    def describe_global_settings(self) -> dict[str, Any]:
        return {"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}}

    def update_global_settings(self, **request: Any) -> None:
        self.requests.append(request)

    def describe_region_settings(self) -> dict[str, Any]:
        return {"ResourceTypeOptInPreference": {"RDS": False}}

    def update_region_settings(self, **request: Any) -> None:
        self.requests.append(request)

    def get_paginator(self, operation: str) -> "FakeBackupSettings":
        assert operation == "list_backup_vaults"
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        if self.refuses:
            raise refusal(self.refuses, "ListBackupVaults")
        yield from ({"BackupVaultList": [vault]} for vault in self.vaults)

    def put_backup_vault_lock_configuration(self, **request: Any) -> None:
        if self.refuses:
            raise refusal(self.refuses, "PutBackupVaultLockConfiguration", "it is locked")
        self.requests.append(request)


def of(backup: FakeBackupSettings, intent: Intent) -> tuple[OrganizationBackupSettings, FakeAccountClients]:
    clients = FakeAccountClients(own={"backup": backup})
    return OrganizationBackupSettings(clients, place=intent.organization), clients


def test_the_settings_of_the_organization_belong_to_management(intent: Intent) -> None:
    backup = FakeBackupSettings()
    settings, clients = of(backup, intent)
    assert settings.global_settings() == {"isCrossAccountBackupEnabled": "false"}
    settings.switch_on(("isCrossAccountBackupEnabled",))
    assert backup.requests == [{"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}}]
    assert {place[1] for place in clients.asked} == {intent.organization.management_account}


def test_a_region_without_managed_types_has_none(intent: Intent) -> None:
    settings, _ = of(FakeBackupSettings(), intent)
    assert settings.opt_ins(HOME) == LiveOptIns(served={"RDS": False}, fully_managed={})


@pytest.mark.parametrize(
    ("served", "managed", "request_"),
    [
        (("RDS",), (), {"ResourceTypeOptInPreference": {"RDS": True}}),
        ((), ("DynamoDB",), {"ResourceTypeManagementPreference": {"DynamoDB": True}}),
    ],
)
def test_only_what_is_off_is_switched_on(
    served: tuple[str, ...], managed: tuple[str, ...], request_: dict[str, Any], intent: Intent
) -> None:
    backup = FakeBackupSettings()
    settings, clients = of(backup, intent)
    settings.opt_in(HOME, served=served, fully_managed=managed)
    assert backup.requests == [request_]
    assert clients.asked == [("backup", intent.organization.management_account, HOME)]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param(None, None, id="no vault"),
        pytest.param({"Locked": False}, LiveVault(is_locked=False), id="no lock"),
        pytest.param(
            {"Locked": True, "MinRetentionDays": 30, "MaxRetentionDays": 2555, "LockDate": LOCK_DATE},
            LiveVault(is_locked=True, min_retention_days=30, max_retention_days=2555, lock_date=LOCK_DATE),
            id="a lock",
        ),
    ],
)
def test_a_lock_is_read_in_the_account_of_its_vault(
    answer: dict[str, Any] | None, found: LiveVault | None, intent: Intent
) -> None:
    other = {"BackupVaultArn": CENTRAL_VAULT, "Locked": True}
    ours = [] if answer is None else [{"BackupVaultArn": REPLICA_VAULT, **answer}]
    settings, clients = of(FakeBackupSettings([other, *ours]), intent)
    assert settings.vault(REPLICA_VAULT) == found
    assert clients.asked == [("backup", "999999999999", "eu-central-1")]


def test_the_team_of_an_air_gapped_vault_is_read_where_no_list_tells_it(intent: Intent) -> None:
    listed = {"BackupVaultArn": REPLICA_VAULT, "Locked": True, "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}
    backup = FakeBackupSettings([listed], described={**listed, "MpaApprovalTeamArn": "arn:team"})
    settings, _ = of(backup, intent)
    assert settings.vault(REPLICA_VAULT) == LiveVault(is_locked=True, approval_team="arn:team")


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({}, ""),
        ({"EncryptionKeyArn": "arn:key", "EncryptionKeyType": "AWS_OWNED_KMS_KEY"}, ""),
        ({"EncryptionKeyArn": "arn:key", "EncryptionKeyType": "CUSTOMER_MANAGED_KMS_KEY"}, "arn:key"),
        ({"EncryptionKeyArn": "arn:key"}, "arn:key"),
    ],
    ids=["no key", "a key that AWS owns", "a customer's key", "a key of who knows whom"],
)
def test_the_key_of_an_air_gapped_vault_is_read_where_it_is_not_awss_own(
    told: dict[str, str], key: str, intent: Intent
) -> None:
    listed = {"BackupVaultArn": REPLICA_VAULT, "Locked": True, "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}
    settings, _ = of(FakeBackupSettings([listed], described={**listed, **told}), intent)
    assert settings.vault(REPLICA_VAULT) == LiveVault(is_locked=True, key=key)


def test_vaults_that_nobody_may_see_are_not_taken_for_missing(intent: Intent) -> None:
    settings, _ = of(FakeBackupSettings(refuses="AccessDeniedException"), intent)
    with pytest.raises(AccessRefusedError, match="ListBackupVaults answered AccessDeniedException"):
        settings.vault(CENTRAL_VAULT)


def test_a_lock_is_put_on(intent: Intent) -> None:
    backup = FakeBackupSettings()
    of(backup, intent)[0].lock(CENTRAL_VAULT, LOCK)
    assert backup.requests == [
        {
            "BackupVaultName": "central-backup-vault",
            "MinRetentionDays": 30,
            "MaxRetentionDays": 2555,
            "ChangeableForDays": 30,
        }
    ]


def test_an_immutable_lock_is_refused_in_our_words(intent: Intent) -> None:
    settings, _ = of(FakeBackupSettings(refuses="InvalidRequestException"), intent)
    with pytest.raises(CallRefusedError, match="PutBackupVaultLockConfiguration answered InvalidRequestException"):
        settings.lock(CENTRAL_VAULT, LOCK)
