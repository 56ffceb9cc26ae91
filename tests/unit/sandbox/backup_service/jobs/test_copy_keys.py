"""Under which key a copy is read, and under which it comes to lie."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS, a_vault_arn

OWN_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"
CENTRAL_KEY = f"arn:aws:kms:{HOME}:{BACKUP_ACCOUNT}:key/mine"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/backup"
RECEIVER = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:ledger"
INSTANCE = f"arn:aws:ec2:{HOME}:{PAYMENTS}:instance/i-1"
TABLE = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"


def _plant(world: Any, *, key: str | None) -> None:
    encryption = {"StorageEncrypted": key is not None, "KmsKeyId": key}
    world.aws.instances["payments"] = {"DBInstanceArn": DATABASE, "Engine": "postgres"} | encryption
    world.aws.clusters["ledger"] = {"DBClusterArn": CLUSTER, "Engine": "aurora-postgresql"} | encryption
    world.aws.volumes["vol-1"] |= {"Encrypted": key is not None, "KmsKeyId": key}
    world.aws.machines["i-1"] = {"InstanceId": "i-1", "Account": PAYMENTS}
    world.aws.tables["orders"] = {"Account": PAYMENTS, "KeySchema": [], "AttributeDefinitions": []}


def arrived(world: Any) -> list[Any]:
    world.service.estate.vault_by_arn(a_vault_arn("central")).policy = None
    points = world.ask("ListRecoveryPointsByBackupVault", BACKUP_ACCOUNT, BackupVaultName="central")["RecoveryPoints"]
    return list(points)


def _lose(world: Any, key: str = OWN_KEY) -> None:
    del world.aws.keys[key]


def _disable(world: Any, key: str = OWN_KEY) -> None:
    world.aws.keys[key].enabled = False


def _refuse(*principals: str) -> Callable[..., None]:
    def refuse(world: Any, key: str = OWN_KEY) -> None:
        world.aws.keys[key].refuses = principals

    return refuse


SPOILED = [
    pytest.param(_refuse(RECEIVER), id="AWS Backup of the destination may not use it"),
    pytest.param(_refuse(ROLE), id="the role that copies may not use it"),
    pytest.param(_disable, id="disabled"),
    pytest.param(_lose, id="gone"),
]


# https://repost.aws/knowledge-center/backup-cross-account-copy-error names both texts and what the policy must allow;
# https://github.com/aws-samples/aws-backup-automation/issues/2 has the longer one of disks.
@pytest.mark.parametrize("spoil", SPOILED)
@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (DATABASE, f"The source snapshot KMS key [{OWN_KEY}] does not exist, is not enabled or you do not have"),
        (f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1", "Given key ID is not accessible"),
        (TABLE, f"[{OWN_KEY}]"),
    ],
    ids=["database", "volume", "fully managed, so under the vault's key"],
)
def test_a_copy_under_a_key_that_is_not_shared_fails(
    world: Any, resource: str, words: str, spoil: Callable[[Any], None]
) -> None:
    _plant(world, key=OWN_KEY)
    source = world.backed_up(resource)
    spoil(world)
    job = world.copied(source)
    assert job["State"] == "FAILED"
    assert words in job["StatusMessage"]


# Developer Guide, "Creating backup copies across AWS accounts": AWS Backup "re-encrypts your copy using the encryption
# key of your destination vault"; KMS Developer Guide, "Key policies": who is not named there may not use it.
@pytest.mark.parametrize("spoil", SPOILED)
def test_a_copy_into_a_vault_whose_key_may_not_be_used_fails(world: Any, spoil: Callable[..., None]) -> None:
    source = world.backed_up()
    spoil(world, CENTRAL_KEY)
    job = world.copied(source)
    assert (job["State"], arrived(world)) == ("FAILED", [])
    assert f"The KMS key [{CENTRAL_KEY}] of the destination backup vault" in job["StatusMessage"]


def test_an_image_lies_under_no_key_so_that_of_the_vault_stops_no_copy(world: Any) -> None:
    _plant(world, key=OWN_KEY)
    source = world.backed_up(INSTANCE)
    _lose(world, CENTRAL_KEY)
    assert world.copied(source)["State"] == "COMPLETED"


def test_a_copy_under_a_key_that_is_shared_arrives_under_the_vaults(world: Any) -> None:
    _plant(world, key=OWN_KEY)
    job = world.copied(world.backed_up(DATABASE))
    assert (job["State"], job["DestinationEncryptionKeyArn"]) == ("COMPLETED", CENTRAL_KEY)


# Developer Guide, "Encryption for backups in AWS Backup": what is copied is encrypted, "even if the original backup was
# unencrypted", but unencrypted clusters stay so; the table of types says that images are unencrypted.
@pytest.mark.parametrize(
    ("resource", "key", "copy_key"),
    [
        pytest.param(DATABASE, None, CENTRAL_KEY, id="unencrypted database"),
        pytest.param(CLUSTER, None, None, id="unencrypted cluster"),
        pytest.param(CLUSTER, OWN_KEY, CENTRAL_KEY, id="encrypted cluster"),
        pytest.param(INSTANCE, OWN_KEY, None, id="instance"),
    ],
)
def test_a_copy_lies_under_the_key_that_its_type_is_copied_to(
    world: Any, resource: str, key: str | None, copy_key: str | None
) -> None:
    _plant(world, key=key)
    job = world.copied(world.backed_up(resource))
    [point] = arrived(world)
    assert (job["State"], job.get("DestinationEncryptionKeyArn")) == ("COMPLETED", copy_key)
    assert (point.get("EncryptionKeyArn"), point["IsEncrypted"]) == (copy_key, copy_key is not None)
