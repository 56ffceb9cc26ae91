"""Copy jobs: what arrives, and everything that refuses them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox.backup_service.jobs.copy_refusals import why_reach_refuses
from sandbox.backup_service.surroundings import Place
from tests.builders.places import BACKUP_ACCOUNT, PAYMENTS, a_vault_arn

MANAGEMENT = "111111111111"
CENTRAL_VAULT = a_vault_arn("central")
LOCAL_VAULT = a_vault_arn("local", account=PAYMENTS)
CENTRAL_KEY = f"arn:aws:kms:eu-west-1:{BACKUP_ACCOUNT}:key/mine"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/backup"
LETS_ALL_IN = '{"Statement": [{"Effect": "Allow"}]}'


def arrived(world: Any) -> list[Any]:
    world.service.estate.vault_by_arn(CENTRAL_VAULT).policy = None
    request = {"account": BACKUP_ACCOUNT, "BackupVaultName": "central"}
    points: list[Any] = world.ask("ListRecoveryPointsByBackupVault", **request)["RecoveryPoints"]
    return points


def test_a_copy_arrives_with_a_new_arn_the_vaults_key_and_the_sources_age(world: Any) -> None:
    source = world.backed_up()
    world.moment += timedelta(hours=3)
    job = world.copied(source, Lifecycle={"DeleteAfterDays": 2555})
    assert job["State"] == "COMPLETED"
    (point,) = arrived(world)
    assert point["RecoveryPointArn"] == job["DestinationRecoveryPointArn"] != source
    assert point["EncryptionKeyArn"] == CENTRAL_KEY
    assert point["SourceBackupVaultArn"] == LOCAL_VAULT
    assert (world.moment - point["CreationDate"]) == timedelta(hours=3)
    assert (point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]).days == 2555
    assert job["CreatedByBackupJobId"]


def test_a_copy_without_a_lifecycle_inherits_its_sources(world: Any) -> None:
    world.copied(world.backed_up(Lifecycle={"DeleteAfterDays": 35}))
    assert arrived(world)[0]["Lifecycle"] == {"DeleteAfterDays": 35}


def test_a_copy_job_belongs_to_the_source_and_its_arrival_shows_at_the_destination(world: Any) -> None:
    world.copied(world.backed_up())
    copies = [event for event in world.events if event["detail-type"] == "Copy Job State Change"]
    assert [event["detail"]["state"] for event in copies] == ["CREATED", "RUNNING", "COMPLETED"]
    assert {event["account"] for event in copies} == {PAYMENTS}
    arrivals = [event for event in world.events if event["detail"].get("eventName") == "RecoveryPointCreated"]
    assert [event["account"] for event in arrivals] == [BACKUP_ACCOUNT]
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.ask("DescribeCopyJob", BACKUP_ACCOUNT, CopyJobId=copies[-1]["detail"]["copyJobId"])


def _vault_with_aws_key(world: Any) -> str:
    world.ask("CreateBackupVault", BACKUP_ACCOUNT, BackupVaultName="aws-key")
    world.ask(
        "PutBackupVaultAccessPolicy",
        BACKUP_ACCOUNT,
        BackupVaultName="aws-key",
        Policy=LETS_ALL_IN,
    )
    return CENTRAL_VAULT.replace(":central", ":aws-key")


def _policy_gone(world: Any) -> None:
    world.ask("DeleteBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="central")


def _policy_denies(world: Any) -> None:
    policy = '{"Statement": [{"Effect": "Deny"}]}'
    world.service.estate.vault_by_arn(CENTRAL_VAULT).policy = policy


def _switch_off(world: Any) -> None:
    world.ask("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})


def _lock(**lock: int) -> Callable[[Any], None]:
    return lambda world: world.ask("PutBackupVaultLockConfiguration", BACKUP_ACCOUNT, BackupVaultName="central", **lock)


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda _: CENTRAL_VAULT + "-of-nobody", id="no such vault"),
        pytest.param(
            lambda _: CENTRAL_VAULT.replace(BACKUP_ACCOUNT, "123456789012"), id="account outside the organisation"
        ),
        pytest.param(_vault_with_aws_key, id="vault under an AWS managed key"),
        pytest.param(_policy_gone, id="vault without an access policy"),
        pytest.param(_policy_denies, id="vault policy denies"),
        pytest.param(_switch_off, id="cross-account switch off"),
        pytest.param(_lock(MinRetentionDays=36), id="retention under the lock's minimum"),
        pytest.param(_lock(MaxRetentionDays=34), id="retention over the lock's maximum"),
        pytest.param(lambda world: world.aws.roles.clear(), id="role gone"),
    ],
)
def test_a_copy_fails(world: Any, prepare: Callable[[Any], str | None]) -> None:
    source = world.backed_up(Lifecycle={"DeleteAfterDays": 35})
    destination = prepare(world)
    job = world.copied(source, destination if isinstance(destination, str) else CENTRAL_VAULT)
    assert (job["State"], bool(job["StatusMessage"])) == ("FAILED", True)
    assert world.states("Copy Job State Change")[-1] == "FAILED"
    assert arrived(world) == []


FAR_VAULT = CENTRAL_VAULT.replace("eu-west-1", "eu-south-1")


def _vault_far_away(world: Any) -> None:
    central = world.service.estate.vault_by_arn(CENTRAL_VAULT)
    far = replace(central, place=Place(BACKUP_ACCOUNT, "eu-south-1"))
    world.service.estate.vaults[far.place, far.name] = far


def test_to_a_region_that_is_off_at_first_a_type_may_go_less_far(world: Any) -> None:
    """Developer Guide, "Feature availability by resource", the notes on opt-in Regions."""
    source, ended = world.backed_up(), {}
    _vault_far_away(world)
    points = world.service.estate.recovery_points
    for resource_type in ("DocumentDB", "EBS"):
        points[source] = replace(points[source], resource_type=resource_type)
        job = world.copied(source, FAR_VAULT)
        ended[resource_type] = (job["State"], job.get("StatusMessage", ""))
    assert ended["DocumentDB"] == (
        "FAILED",
        "DocumentDB cannot be copied to another account where eu-south-1 is concerned",
    )
    assert ended["EBS"][0] == "COMPLETED"


@pytest.mark.parametrize(
    ("resource_type", "account", "region", "is_refused"),
    [
        ("DocumentDB", PAYMENTS, "eu-west-1", True),
        ("DocumentDB", BACKUP_ACCOUNT, "eu-south-1", True),
        ("Neptune", PAYMENTS, "eu-west-1", False),
        ("Neptune", BACKUP_ACCOUNT, "eu-south-1", True),
        ("Timestream", BACKUP_ACCOUNT, "eu-south-1", True),
        ("FSx", BACKUP_ACCOUNT, "eu-south-1", False),
        ("FSx", BACKUP_ACCOUNT, "eu-west-1", True),
        ("RDS", BACKUP_ACCOUNT, "eu-west-1", False),
    ],
)
def test_how_far_a_type_goes_from_such_a_region(
    resource_type: str, account: str, region: str, *, is_refused: bool
) -> None:
    why = why_reach_refuses(resource_type, Place(PAYMENTS, "eu-south-1"), Place(account, region))
    assert bool(why) is is_refused
    home = why_reach_refuses(resource_type, Place(PAYMENTS, "eu-west-1"), Place(BACKUP_ACCOUNT, "eu-central-1"))
    assert home is None


def test_a_copy_at_the_very_edge_of_the_lock_passes(world: Any) -> None:
    _lock(MinRetentionDays=30, MaxRetentionDays=2555)(world)
    job = world.copied(world.backed_up(), Lifecycle={"DeleteAfterDays": 2555})
    assert (job["State"], job["DestinationVaultLockState"]) == ("COMPLETED", "LOCKED")


def test_a_snapshot_under_an_aws_managed_key_cannot_leave_its_account(world: Any) -> None:
    world.aws.volumes["vol-1"] |= {"Encrypted": True, "KmsKeyId": None}
    assert world.copied(world.backed_up())["State"] == "FAILED"
    world.aws.volumes["vol-1"]["KmsKeyId"] = "arn:aws:kms:eu-west-1:222222222222:key/own"
    assert world.copied(world.backed_up())["State"] == "COMPLETED"


def test_a_basic_dynamodb_backup_cannot_be_copied_and_an_advanced_one_can(world: Any) -> None:
    table = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
    world.aws.tables["orders"] = {
        "Account": PAYMENTS,
        "KeySchema": [],
        "AttributeDefinitions": [],
        "TableStatus": "ACTIVE",
    }
    advanced = world.backed_up(table)
    assert advanced.startswith("arn:aws:backup:eu-west-1:222222222222:recovery-point:")
    assert world.copied(advanced)["State"] == "COMPLETED"
    world.ask("UpdateRegionSettings", ResourceTypeManagementPreference={"DynamoDB": False})
    basic = world.backed_up(table)
    assert basic.startswith(table + "/backup/")
    assert world.copied(basic)["State"] == "FAILED"


def test_an_idempotency_token_makes_one_copy(world: Any) -> None:
    source = world.backed_up()
    first = world.copied(source, IdempotencyToken="t")
    assert world.copied(source, IdempotencyToken="t")["CopyJobId"] == first["CopyJobId"]
    assert len(arrived(world)) == 1


def test_a_copy_can_be_copied_back_by_the_account_that_owns_it(world: Any) -> None:
    copy = world.copied(world.backed_up())["DestinationRecoveryPointArn"]
    world.ask("PutBackupVaultAccessPolicy", BackupVaultName="local", Policy=LETS_ALL_IN)
    request = {
        "SourceBackupVaultName": "central",
        "RecoveryPointArn": copy,
        "DestinationBackupVaultArn": LOCAL_VAULT,
        "IamRoleArn": f"arn:aws:iam::{BACKUP_ACCOUNT}:role/backup",
    }
    job_id = world.ask("StartCopyJob", BACKUP_ACCOUNT, **request)["CopyJobId"]
    world.settle()
    job = world.ask("DescribeCopyJob", BACKUP_ACCOUNT, CopyJobId=job_id)["CopyJob"]
    assert (job["State"], job["AccountId"]) == ("COMPLETED", BACKUP_ACCOUNT)
    points = world.ask("ListRecoveryPointsByBackupVault", BackupVaultName="local")["RecoveryPoints"]
    assert job["DestinationRecoveryPointArn"] in [point["RecoveryPointArn"] for point in points]


def test_a_member_cannot_copy_what_lies_in_another_accounts_vault(world: Any) -> None:
    copy = world.copied(world.backed_up())["DestinationRecoveryPointArn"]
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        world.copied(copy)


def test_a_resource_is_copied_to_one_vault_after_the_other(world: Any) -> None:
    # Developer Guide, "AWS Backup quotas": one concurrent backup copy for each resource.
    world.ask("CreateBackupVault", BACKUP_ACCOUNT, BackupVaultName="second", EncryptionKeyArn=CENTRAL_KEY)
    world.ask("PutBackupVaultAccessPolicy", BACKUP_ACCOUNT, BackupVaultName="second", Policy=LETS_ALL_IN)
    source = world.backed_up()
    world.service.order_fault({"fault": "stall", "match": {"kind": "copy"}, "seconds": 0.05})
    request = {"SourceBackupVaultName": "local", "RecoveryPointArn": source, "IamRoleArn": ROLE}
    for name in ("central", "second"):
        world.ask("StartCopyJob", DestinationBackupVaultArn=CENTRAL_VAULT.replace(":central", f":{name}"), **request)
    world.settle()
    states = [state for state in world.states("Copy Job State Change") if state != "CREATED"]
    assert states == ["RUNNING", "COMPLETED"] * 2
