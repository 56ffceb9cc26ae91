"""The resource types that a tier may name: AWS Backup's names, their patterns in a backup policy, and what they can do.

Source: AWS Backup Developer Guide, "Feature availability by resource"; AWS Organizations User Guide, "Backup policy
syntax and examples".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from strongroom.domain.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupType:
    """How a backup policy selects a type, and whether AWS Backup copies it to another account or keeps it cold.

    `is_copied` is None where AWS's own pages disagree.
    """

    patterns: tuple[str, ...]
    is_copied: bool | None = True
    has_cold_storage: bool = False


# A policy cannot tell these three apart (one ARN pattern): to name one is to name all.
_CLUSTERS: Final = BackupType(patterns=("arn:aws:rds:*:*:cluster:*",))

BACKUP_TYPES: Final = MappingProxyType(
    {
        "Aurora": _CLUSTERS,
        "Aurora DSQL": BackupType(patterns=("arn:aws:dsql:*:*:cluster/*",), has_cold_storage=True),
        # The matrix denies cross-account copies of stacks.
        "CloudFormation": BackupType(
            patterns=("arn:aws:cloudformation:*:*:stack/*",), is_copied=False, has_cold_storage=True
        ),
        "DocumentDB": _CLUSTERS,
        "DynamoDB": BackupType(patterns=("arn:aws:dynamodb:*:*:table/*",), has_cold_storage=True),
        # Cold means the archive tier of snapshots.
        "EBS": BackupType(patterns=("arn:aws:ec2:*:*:volume/*",), has_cold_storage=True),
        "EC2": BackupType(patterns=("arn:aws:ec2:*:*:instance/*",)),
        "EFS": BackupType(patterns=("arn:aws:elasticfilesystem:*:*:file-system/*",), has_cold_storage=True),
        "EKS": BackupType(patterns=("arn:aws:eks:*:*:cluster/*",)),
        "FSx": BackupType(patterns=("arn:aws:fsx:*:*:file-system/*", "arn:aws:fsx:*:*:volume/*"), is_copied=None),
        "Neptune": _CLUSTERS,
        "RDS": BackupType(patterns=("arn:aws:rds:*:*:db:*",)),
        "Redshift": BackupType(patterns=("arn:aws:redshift:*:*:cluster:*",), is_copied=False),
        "Redshift Serverless": BackupType(patterns=("arn:aws:redshift-serverless:*:*:namespace/*",), is_copied=False),
        "S3": BackupType(patterns=("arn:aws:s3:::*",)),
        "SAP HANA on Amazon EC2": BackupType(patterns=("arn:aws:ssm-sap:*:*:HANA/*",), has_cold_storage=True),
        "Storage Gateway": BackupType(patterns=("arn:aws:storagegateway:*:*:gateway/*",)),
        "Timestream": BackupType(patterns=("arn:aws:timestream:*:*:database/*",), has_cold_storage=True),
        "VirtualMachine": BackupType(patterns=("arn:aws:backup-gateway:*:*:vm/*",), has_cold_storage=True),
    }
)

BACKUP_TYPE: Final = Form(choices=tuple(BACKUP_TYPES))


def patterns_of(names: Iterable[str]) -> tuple[str, ...]:
    """The policy patterns of these types, each once, in the order of the table."""
    chosen = set(names)
    return tuple(
        dict.fromkeys(pattern for name, each in BACKUP_TYPES.items() if name in chosen for pattern in each.patterns)
    )
