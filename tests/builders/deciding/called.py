"""A file system of OpenZFS that a service's own call restores: its backup, what a person writes, who lets it."""

from copy import replace
from typing import Any, Final

from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import (
    PROFILE,
    RESTORE_KEY,
    a_proving_intent,
    a_recovery_point,
    a_request,
    a_ticket,
    a_wish,
)

CALL: Final = "fsx:CreateFileSystemFromBackup"
SYSTEM: Final = f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0aa1aa1aa1aa1aa1a"
RESTORED_SYSTEM: Final = f"arn:aws:fsx:{HOME}:{PAYMENTS}:file-system/fs-0bb2bb2bb2bb2bb2b"
SYSTEM_POINT: Final = f"arn:aws:fsx:{HOME}:{PAYMENTS}:backup/backup-0aa1aa1aa1aa1aa1a"
NATIVE_ROLE: Final = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-native"
# Amazon FSx API Reference, CreateFileSystemFromBackup; the order and the blanks inside of JSON stay as they are.
WRITTEN: Final = {
    "SubnetIds": '["subnet-0r1", "subnet-0r2"]',
    "SecurityGroupIds": '["sg-0a1"]',
    "KmsKeyId": RESTORE_KEY,
    "StorageType": "SSD",
    "OpenZFSConfiguration": (
        '{"DeploymentType":"MULTI_AZ_1","PreferredSubnetId": "subnet-0r1","ThroughputCapacity":160,'
        '"AutomaticBackupRetentionDays":0}'
    ),
}


VOLUME_CALL: Final = "ec2:CreateVolume"
VOLUME: Final = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-0aa1aa1aa1aa1aa1a"
RESTORED_VOLUME: Final = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-0bb2bb2bb2bb2bb2b"
SNAPSHOT_POINT: Final = f"arn:aws:ec2:{HOME}::snapshot/snap-0aa1aa1aa1aa1aa1a"
# Amazon EC2 API Reference, CreateVolume.
WRITTEN_VOLUME: Final = {
    "AvailabilityZone": f"{HOME}a",
    "KmsKeyId": RESTORE_KEY,
    "VolumeInitializationRate": "300",
    "VolumeType": "gp3",
    "Size": "64",
    "Throughput": "500",
}


TABLE_CALL: Final = "redshift:RestoreTableFromClusterSnapshot"
WAREHOUSE: Final = f"arn:aws:redshift:{HOME}:{PAYMENTS}:cluster:night"
TABLE_POINT: Final = f"arn:aws:redshift:{HOME}:{PAYMENTS}:snapshot:night/awsbackup:job-1"
# Amazon Redshift API Reference, RestoreTableFromClusterSnapshot.
WRITTEN_TABLE: Final = {
    "ClusterIdentifier": "night",
    "SourceDatabaseName": "shop",
    "SourceSchemaName": "public",
    "SourceTableName": "orders",
    "TargetDatabaseName": "shop",
    "TargetSchemaName": "public",
    "NewTableName": "orders_of_tuesday",
}


NAMESPACE_CALL: Final = "redshift-serverless:RestoreFromSnapshot"
NAMESPACE_TABLE_CALL: Final = "redshift-serverless:RestoreTableFromSnapshot"
NAMESPACE: Final = f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS}:namespace/8f1ab3c4-0000-4000-8000-000000000001"
NAMESPACE_POINT: Final = f"arn:aws:redshift-serverless:{HOME}:{PAYMENTS}:snapshot/8f1ab3c4-0000-4000-8000-000000000003"


def small(name: str) -> str:
    """The parameter as Redshift Serverless spells it."""
    return name[:1].lower() + name[1:]


# Amazon Redshift Serverless API Reference, RestoreTableFromSnapshot.
WRITTEN_NAMESPACE_TABLE: Final = {
    "namespaceName": "shop",
    "workgroupName": "shop-team",
    **{small(name): value for name, value in WRITTEN_TABLE.items() if name != "ClusterIdentifier"},
}

# Amazon Redshift Serverless API Reference, RestoreFromSnapshot.
WRITTEN_NAMESPACE: Final = {"namespaceName": "shop", "workgroupName": "shop-team"}


def an_intent_with_native(intent: Intent, *calls: str) -> Intent:
    """The call may be made in the account of the payments, and two approvers decide on what is grave."""
    proving = a_proving_intent(intent)
    rules = ceremony_of(proving).restores.rules
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    profile: AccountProfile = replace(PROFILE, subnets=("subnet-0r1", "subnet-0r2"), native=calls or (CALL,))
    return with_restores(proving, profiles=(profile,), rules=(*rules, grave))


def a_system_point(**changes: Any) -> RecoveryPoint:
    """The file system's recovery point in the local vault."""
    made = {
        "arn": SYSTEM_POINT,
        "resource": SYSTEM,
        "resource_type": "FSx",
        "restore_metadata": {
            "FileSystemType": "OPENZFS",
            "OpenZFSConfiguration": '{"DeploymentType": "MULTI_AZ_1", "ThroughputCapacity": 160}',
        },
    }
    return a_recovery_point(**made | changes)


def a_called_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for the file system, and writes the parameters of the call."""
    made = {"recovery_point": SYSTEM_POINT, "target_name": "", "metadata": WRITTEN, "is_native": True}
    return a_wish(**made | changes)


def a_system_ticket(**changes: Any) -> Any:
    """The ticket about it."""
    return a_ticket(**{"resources": (SYSTEM,)} | changes)


def a_called_request(**changes: Any) -> RestoreRequest:
    """The request whose call is made."""
    made = {
        "kind": "native",
        "call": CALL,
        "role": NATIVE_ROLE,
        "resource": SYSTEM,
        "resource_type": "FSx",
        "recovery_point": SYSTEM_POINT,
        "metadata": tuple(sorted(WRITTEN.items())),
        "wishes": tuple(sorted(WRITTEN.items())),
    }
    return a_request(**made | changes)


def a_volume_request(**changes: Any) -> RestoreRequest:
    """The request whose call makes a volume."""
    made = {
        "call": VOLUME_CALL,
        "resource": VOLUME,
        "resource_type": "EBS",
        "recovery_point": SNAPSHOT_POINT,
        "metadata": tuple(sorted(WRITTEN_VOLUME.items())),
        "wishes": tuple(sorted(WRITTEN_VOLUME.items())),
    }
    return a_called_request(**made | changes)


def a_table_request(**changes: Any) -> RestoreRequest:
    """The request whose call restores a table of Redshift."""
    made = {
        "call": TABLE_CALL,
        "resource": WAREHOUSE,
        "resource_type": "Redshift",
        "recovery_point": TABLE_POINT,
        "metadata": tuple(sorted(WRITTEN_TABLE.items())),
        "wishes": tuple(sorted(WRITTEN_TABLE.items())),
    }
    return a_called_request(**made | changes)


def a_namespace_table_request(**changes: Any) -> RestoreRequest:
    """The request whose call restores a table of Redshift Serverless."""
    made = {
        "call": NAMESPACE_TABLE_CALL,
        "resource": NAMESPACE,
        "resource_type": "Redshift Serverless",
        "recovery_point": NAMESPACE_POINT,
        "metadata": tuple(sorted(WRITTEN_NAMESPACE_TABLE.items())),
        "wishes": tuple(sorted(WRITTEN_NAMESPACE_TABLE.items())),
    }
    return a_called_request(**made | changes)


def a_namespace_request(**changes: Any) -> RestoreRequest:
    """The request whose call overwrites a namespace of Redshift Serverless."""
    written = tuple(sorted(WRITTEN_NAMESPACE.items()))
    return a_namespace_table_request(**{"call": NAMESPACE_CALL, "metadata": written, "wishes": written} | changes)
