"""Vaults with their content, and jobs, in the words of AWS Backup."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.doctor.backups import NightlyBackups
from strongroom.domain.doctor.found import JobFound, VaultedPoint
from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId
from tests.builders.places import HOME, LOCAL_VAULT, PAYMENTS
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

MANAGEMENT = AccountId("111111111111")
AT = datetime(2026, 9, 1, tzinfo=UTC)
PLAN = {"BackupPlanArn": "arn:plan", "BackupPlanName": "strongroom-daily-prod"}


def listed(arn: str, **changed: Any) -> dict[str, Any]:
    return {
        "RecoveryPointArn": arn,
        "ResourceType": "RDS",
        "Status": "COMPLETED",
        "EncryptionKeyArn": "arn:key",
        "CreationDate": AT,
        "CalculatedLifecycle": {"DeleteAt": AT + timedelta(days=35)},
        "CreatedBy": PLAN,
    } | changed


@dataclass
class Backup:
    """AWS Backup with one vault; tags of the types that it manages fully only."""

    points: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def describe_region_settings(self) -> dict[str, Any]:
        return {"ResourceTypeOptInPreference": {"RDS": True}, "ResourceTypeManagementPreference": {"DynamoDB": False}}

    def list_backup_vaults(self) -> dict[str, Any]:
        return {"BackupVaultList": [{"BackupVaultArn": LOCAL_VAULT, "EncryptionKeyArn": "arn:key"}]}

    def list_recovery_points_by_backup_vault(self, *, BackupVaultName: str) -> dict[str, Any]:  # noqa: N803
        assert BackupVaultName == "local-prod-vault"
        return {"RecoveryPoints": self.points}

    def list_tags(self, *, ResourceArn: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        if "recovery-point" not in ResourceArn:
            raise refusal("InvalidParameterValueException", "ListTags")
        return {"Tags": {"Backup": "daily-prod"}}

    def list_backup_jobs(self, *, ByAccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert ByAccountId == "*"
        return {"BackupJobs": self.jobs.get("backup", [])}

    def list_copy_jobs(self, *, ByAccountId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert ByAccountId == "*"
        return {"CopyJobs": self.jobs.get("copy", [])}


def nights(backup: Backup) -> NightlyBackups:
    return NightlyBackups(FakeAccountClients(own={"backup": backup}), management_account=MANAGEMENT)


def test_a_vault_is_found_with_what_lies_in_it() -> None:
    snapshot = "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1"
    found = nights(Backup([listed(snapshot)])).content(LOCAL_VAULT)
    assert (found.arn, found.key) == (LOCAL_VAULT, "arn:key")
    assert found.points == (
        VaultedPoint(
            arn=snapshot,
            type="RDS",
            status="COMPLETED",
            key="arn:key",
            plan_name="strongroom-daily-prod",
            is_by_plan=True,
            created_at=AT,
            delete_at=AT + timedelta(days=35),
            tags=None,
        ),
    )


def test_tags_are_asked_of_the_newest_of_each_type() -> None:
    old = listed("arn:aws:backup:eu-west-1:222222222222:recovery-point:old", ResourceType="EFS")
    new = listed(
        "arn:aws:backup:eu-west-1:222222222222:recovery-point:new", ResourceType="EFS", CreationDate=AT + timedelta(1)
    )
    tags = {each.arn[-3:]: each.tags for each in nights(Backup([old, new])).content(LOCAL_VAULT).points}
    assert tags == {"old": None, "new": {"Backup": "daily-prod"}}


def test_a_point_that_says_little_is_still_a_point() -> None:
    bare = {"RecoveryPointArn": "arn:x", "Status": "PARTIAL", "CreationDate": AT}
    [found] = nights(Backup([bare])).content(LOCAL_VAULT).points
    assert (found.type, found.key, found.plan_name, found.is_by_plan, found.delete_at) == (
        "unknown",
        None,
        None,
        False,
        None,
    )


def test_a_vault_that_is_not_listed_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="there is no vault"):
        nights(Backup()).key_of(LOCAL_VAULT.replace("local", "other"))
    assert nights(Backup()).key_of(LOCAL_VAULT) == "arn:key"


def test_opt_ins_are_those_of_the_account_itself() -> None:
    clients = FakeAccountClients(own={"backup": Backup()})
    found = NightlyBackups(clients, management_account=MANAGEMENT).opt_ins(PAYMENTS, HOME)
    assert (found.served, found.fully_managed) == ({"RDS": True}, {"DynamoDB": False})
    assert clients.asked == [("backup", PAYMENTS, HOME)]


def test_jobs_are_those_of_every_account() -> None:
    job = {"AccountId": PAYMENTS, "State": "FAILED", "ResourceType": "RDS", "CreationDate": AT}
    backup = {**job, "StatusMessage": "no", "BackupVaultArn": LOCAL_VAULT, "RecoveryPointArn": "p", "CreatedBy": PLAN}
    found = nights(Backup(jobs={"backup": [backup], "copy": [{**job, "CompletionDate": AT}]})).jobs(HOME)
    told: dict[str, Any] = {"type": "RDS", "state": "FAILED", "account": PAYMENTS, "created_at": AT}
    assert found == (
        JobFound(kind="backup", **told, is_by_plan=True, message="no", vault=LOCAL_VAULT, point="p"),
        JobFound(kind="copy", **told, ended_at=AT),
    )
