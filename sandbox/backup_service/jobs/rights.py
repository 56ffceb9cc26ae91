"""What a job does in other services with the rights of its role, per resource type.

Source: AWS Backup Developer Guide, "Managed policies for AWS Backup" and "IAM service roles": each row is what the
managed policy of backups, of restores or of S3 grants for it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.backup_service.estate import BackupJob, CopyJob, RecoveryPoint, RestoreJob, Vault
from sandbox.backup_service.keys import AIR_GAP, aws_managed_key, is_aws_managed
from sandbox.backup_service.resources.fsx_volume import is_volume
from sandbox.backup_service.resources.kind import Capture, Metadata, ResourceKind
from sandbox.backup_service.resources.rds_cluster import is_cluster
from sandbox.backup_service.surroundings import Place
from sandbox.seams.iam.authority import Question

_GRANT: Final = {"kms:GrantIsForAWSResource": "true"}
# On what AWS Backup makes in other services it sets this tag, on which its policies and ours rely.
_OF_AWS_BACKUP: Final = "aws:ResourceTag/aws:backup:source-resource"

# A resource is the source, the recovery point, or an ARN with names to fill in, those of restore metadata among them.
_SOURCE: Final = "{source}"
_POINT: Final = "{point}"
_DSQL: Final = "arn:aws:dsql:{region}:{account}:cluster/*"
_EC2: Final = "arn:aws:ec2:{region}:{account}:"
_FILES: Final = "arn:aws:elasticfilesystem:{region}:{account}:file-system/*"
_FSX: Final = "arn:aws:fsx:{region}:{account}:"
_WAREHOUSE: Final = "arn:aws:redshift:{region}:{account}:cluster:{ClusterIdentifier}"
_SECRETS: Final = "arn:aws:secretsmanager:{region}:{account}:secret:redshift!{ClusterIdentifier}-*"
_KUBERNETES: Final = "arn:aws:eks:{region}:{account}:cluster/{clusterName}"
_ENTRY: Final = "arn:aws:eks:{region}:{account}:access-entry/{clusterName}/role/{account}/role-name/id"
# The managed policies let their role into a cluster with this one only.
_ENTERING: Final = {
    "eks:accessScope": "cluster",
    "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AWSBackupFullAccessPolicyForRestore",
}
_STACK: Final = "arn:aws:cloudformation:{region}:{account}:stack/{StackName}/*"
_SERIES: Final = "arn:aws:timestream:{region}:{account}:database/{DatabaseName}"
_TABLE: Final = "arn:aws:dynamodb:{region}:{account}:table/{targetTableName}"

_CLUSTERS: Final = "Aurora"
_VOLUMES: Final = "FSx volume"

type Rights = tuple[tuple[str, str], ...]

_CAPTURES: Final[dict[str, Rights]] = {
    "RDS": (("rds:CreateDBSnapshot", _SOURCE), ("rds:CreateDBSnapshot", _POINT), ("rds:AddTagsToResource", _POINT)),
    "Aurora": (("rds:CreateDBClusterSnapshot", _SOURCE), ("rds:CreateDBClusterSnapshot", _POINT)),
    "Aurora DSQL": (("dsql:GetCluster", _SOURCE), ("dsql:StartBackupJob", _SOURCE)),
    "EBS": (("ec2:CreateSnapshot", _SOURCE), ("ec2:CreateSnapshot", _POINT), ("ec2:CreateTags", _POINT)),
    "EC2": (("ec2:CreateImage", _SOURCE),),
    "EFS": (("elasticfilesystem:Backup", _SOURCE),),
    "FSx": (("fsx:DescribeFileSystems", _SOURCE), ("fsx:CreateBackup", _SOURCE), ("fsx:CreateBackup", _POINT)),
    _VOLUMES: (("fsx:DescribeVolumes", _SOURCE), ("fsx:CreateBackup", _SOURCE), ("fsx:CreateBackup", _POINT)),
    "Redshift": (
        ("redshift:DescribeClusters", _SOURCE),
        ("redshift:CreateClusterSnapshot", _SOURCE),
        ("redshift:CreateClusterSnapshot", _POINT),
        ("redshift:CreateTags", _POINT),
    ),
    "Timestream": (
        ("timestream:DescribeEndpoints", "*"),
        ("timestream:DescribeTable", _SOURCE),
        ("timestream:StartAwsBackupJob", _SOURCE),
    ),
    "VirtualMachine": (("backup-gateway:Backup", _SOURCE),),
    "CloudFormation": (("cloudformation:GetTemplate", _SOURCE), ("cloudformation:ListStackResources", _SOURCE)),
    "EKS": (("eks:DescribeCluster", _SOURCE), ("eks:ListAddons", _SOURCE), ("eks:CreateAccessEntry", _SOURCE)),
    "S3": (
        ("s3:GetBucketVersioning", _SOURCE),
        ("s3:ListBucketVersions", _SOURCE),
        ("s3:GetObjectVersion", _SOURCE + "/*"),
        ("events:PutRule", "arn:aws:events:{region}:{account}:rule/AwsBackupManagedRule"),
    ),
}
# A continuous backup is kept by the service itself, which is only told for how long.
_CONTINUOUS: Final[dict[str, Rights]] = {
    "RDS": (("rds:ModifyDBInstance", _SOURCE),),
    "Aurora": (("rds:ModifyDBCluster", _SOURCE),),
}
_RESTORES: Final[dict[str, Rights]] = {
    "RDS": (
        ("rds:RestoreDBInstanceFromDBSnapshot", _POINT),
        ("rds:RestoreDBInstanceFromDBSnapshot", "arn:aws:rds:{region}:{account}:db:{DBInstanceIdentifier}"),
    ),
    "Aurora": (
        ("rds:RestoreDBClusterFromSnapshot", _POINT),
        ("rds:RestoreDBClusterFromSnapshot", "arn:aws:rds:{region}:{account}:cluster:{DBClusterIdentifier}"),
    ),
    "Aurora DSQL": (("dsql:CreateCluster", _DSQL), ("dsql:StartRestoreJob", _DSQL), ("dsql:GetRestoreJob", _DSQL)),
    "EBS": (("ec2:CreateVolume", _POINT), ("ec2:CreateVolume", _EC2 + "volume/*")),
    "EC2": (("ec2:RunInstances", _POINT), ("ec2:RunInstances", _EC2 + "instance/*")),
    "EFS": (("elasticfilesystem:Restore", _FILES),),
    "FSx": (("fsx:CreateFileSystemFromBackup", _POINT), ("fsx:CreateFileSystemFromBackup", _FSX + "file-system/*")),
    _VOLUMES: (
        ("fsx:CreateVolumeFromBackup", _POINT),
        ("fsx:CreateVolumeFromBackup", _FSX + "storage-virtual-machine/*"),
        ("fsx:CreateVolumeFromBackup", _FSX + "volume/*"),
    ),
    "Redshift": (
        ("redshift:RestoreFromClusterSnapshot", _POINT),
        ("redshift:RestoreFromClusterSnapshot", _WAREHOUSE),
        ("redshift:DescribeClusters", _WAREHOUSE),
    ),
    "Timestream": (
        ("timestream:DescribeEndpoints", "*"),
        ("timestream:DescribeDatabase", _SERIES),
        ("timestream:StartAwsRestoreJob", _SERIES + "/table/{TableName}"),
    ),
    "VirtualMachine": (("backup-gateway:Restore", "{HypervisorArn}"),),
    "CloudFormation": (("cloudformation:CreateChangeSet", _STACK), ("cloudformation:DescribeChangeSet", _STACK)),
    "EKS": (("eks:DescribeCluster", _KUBERNETES), ("eks:CreateAccessEntry", _KUBERNETES)),
    "S3": (("s3:ListBucket", "arn:aws:s3:::{DestinationBucketName}"),
           ("s3:PutObject", "arn:aws:s3:::{DestinationBucketName}/*")),
}  # fmt: skip
# What makes something new first: its key of the metadata says true.
_MAKING: Final[dict[str, tuple[str, Rights]]] = {
    "EFS": ("newFileSystem", (("elasticfilesystem:CreateFileSystem", _FILES),)),
    "S3": (
        "NewBucket",
        (
            ("s3:CreateBucket", "arn:aws:s3:::{DestinationBucketName}"),
            ("s3:PutBucketVersioning", "arn:aws:s3:::{DestinationBucketName}"),
        ),
    ),
    # Amazon Redshift Management Guide, "Permissions required for AWS Secrets Manager integration".
    "Redshift": (
        "ManageMasterPassword",
        (
            ("secretsmanager:GetRandomPassword", "*"),
            *(
                (f"secretsmanager:{name}", _SECRETS)
                for name in (
                    "CreateSecret",
                    "DeleteSecret",
                    "DescribeSecret",
                    "RotateSecret",
                    "TagResource",
                    "UpdateSecret",
                )
            ),
        ),
    ),
}
# Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB backup and restore": a restore writes into the new table.
_WRITING: Final[Rights] = tuple(
    (f"dynamodb:{name}", _TABLE)
    for name in ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")
)
_FROM_AWS_BACKUP: Final[Rights] = (("dynamodb:RestoreTableFromAwsBackup", _TABLE), *_WRITING)
_FROM_DYNAMODB: Final[Rights] = (("dynamodb:RestoreTableFromBackup", _POINT), *_WRITING)
# The key of the metadata that names what encrypts what is made.
_ENCRYPTING: Final = {
    "Aurora": "KmsKeyId",
    "DynamoDB": "kmsMasterKeyArn",
    "EBS": "kmsKeyId",
    "EFS": "KmsKeyId",
    "FSx": "KmsKeyId",
    "Redshift": "KmsKeyId",
}
# What encrypts a cluster of DSQL stands among the settings of its Region.
_KEY_OF_CLUSTER: Final = re.compile(r'"kmsKeyId":\s*"([^"]+)"')
# Out of an air-gapped vault a volume is made of a snapshot that the role clears in the end, and an instance of an image
# that the alias aws-backup-vault owns (Developer Guide, "Logically air-gapped vault").
_SHOWN: Final[dict[str, tuple[str, Rights]]] = {
    "EBS": ("arn:aws:ec2:{region}::snapshot/snap-{id}", (("ec2:DeleteSnapshot", _POINT),)),
    "EC2": ("arn:aws:ec2:{region}::image/ami-{id}", ()),
}
# Within an account the role copies what lies in another service; across accounts it shares, and there it is copied.
_COPIES: Final = {
    "RDS": ("rds:CopyDBSnapshot", "rds:ModifyDBSnapshotAttribute"),
    "Aurora": ("rds:CopyDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute"),
    "EBS": ("ec2:CopySnapshot", "ec2:ModifySnapshotAttribute"),
    "EC2": ("ec2:CopyImage", "ec2:ModifyImageAttribute"),
    "FSx": ("fsx:CopyBackup", "fsx:CopyBackup"),
}

_DELETIONS: Final = {
    "RDS": "rds:DeleteDBSnapshot",
    "Aurora": "rds:DeleteDBClusterSnapshot",
    "EBS": "ec2:DeleteSnapshot",
    "EC2": "ec2:DeregisterImage",
    "FSx": "fsx:DeleteBackup",
    _VOLUMES: "fsx:DeleteBackup",
    "Redshift": "redshift:DeleteClusterSnapshot",
}


def to_back_up(job: BackupJob, kind: ResourceKind, vault: Vault) -> Iterator[Question]:
    """What a backup of a resource asks."""
    row = _row(kind.resource_type, job.resource_arn)
    continuous = _CONTINUOUS.get(row) if job.is_continuous else None
    rights = continuous or _CAPTURES.get(row, ())
    if kind.resource_type == "DynamoDB":
        rights = (("dynamodb:StartAwsBackupJob" if kind.is_fully_managed else "dynamodb:CreateBackup", _SOURCE),)
    yield from _questions(job.role_arn, rights, job.place, source=job.resource_arn, point=job.recovery_point_arn)
    if kind.is_fully_managed:
        yield from _grants(job.role_arn, vault.key_arn, vault.place)


def to_read(job: BackupJob, kind: ResourceKind, capture: Capture) -> Iterator[Question]:
    """What reading a table or bucket under a customer's key asks."""
    service = {"Aurora DSQL": "dsql", "DynamoDB": "dynamodb", "S3": "s3"}.get(kind.resource_type)
    if service and capture.key_arn and not is_aws_managed(capture.key_arn, job.place):
        via = _by(service, job.place)
        of_cluster = {"kms:EncryptionContextKeys": ["aws:dsql:ClusterId"]} if service == "dsql" else {}
        yield Question(job.role_arn, "kms:Decrypt", capture.key_arn, via | of_cluster)


def to_copy(job: CopyJob, source: RecoveryPoint, destination: Vault, targets: Mapping[str, Any]) -> Iterator[Question]:
    """What a copy asks: out of the source's vault, by `targets` that an SCP can judge, and into the destination's."""
    yield Question(job.role_arn, "backup:CopyFromBackupVault", source.vault.arn, targets)
    yield Question(job.role_arn, "backup:CopyIntoBackupVault", destination.arn)
    is_local = destination.place.account == source.vault.place.account
    if _is_fully_managed(source):
        # The service-linked role's own policy allows grants for EC2, RDS and FSx only, the role's for AWS Backup, too.
        yield from _grants(job.role_arn, destination.key_arn, destination.place)
    elif (
        (row := _row(source.resource_type, source.resource_arn)) in _COPIES
        and not source.is_continuous
        and not source.vault.is_air_gapped
    ):
        copying, sharing = _COPIES[row]
        marked = {_OF_AWS_BACKUP: source.resource_arn}
        # An air-gapped vault lies in an account of AWS Backup, with which the source is shared for the copy.
        action = copying if is_local and not destination.is_air_gapped else sharing
        yield Question(job.role_arn, action, source.arn, marked)


def to_delete(point: RecoveryPoint) -> Iterator[Question]:
    """What deleting the snapshot or image of a recovery point asks."""
    marked = {_OF_AWS_BACKUP: point.resource_arn}
    if action := _DELETIONS.get(_row(point.resource_type, point.resource_arn)):
        yield Question(point.role_arn, action, point.arn, marked)


def to_restore(job: RestoreJob, point: RecoveryPoint) -> Iterator[Question]:
    """What a restore asks."""
    row = _row(point.resource_type, point.resource_arn)
    rights = _RESTORES.get(row, ())
    if point.resource_type == "DynamoDB":
        rights = _FROM_AWS_BACKUP if _is_fully_managed(point) else _FROM_DYNAMODB
    given = Metadata(job.metadata)
    if row == "EKS":
        yield from _entering(job, given)
    says_new, making = _MAKING.get(row, ("", ()))
    rights = (*(making if given.is_true(says_new) else ()), *rights)
    shown = point.arn
    if point.vault.is_air_gapped and row in _SHOWN:
        pattern, clearing = _SHOWN[row]
        rights = (*rights, *clearing)
        shown = pattern.format(region=job.place.region, id=point.arn.rpartition(":")[2].replace("-", "")[:17])
    yield from _questions(job.role_arn, rights, job.place, job.metadata, source=job.resource_arn, point=shown)
    # Of a key that AWS owns nobody is asked (Developer Guide, "Logically air-gapped vault").
    if point.capture.key_arn and point.capture.key_arn != aws_managed_key(AIR_GAP, point.vault.place):
        yield from _grants(job.role_arn, point.capture.key_arn, job.place)
    if key_arn := given.get(_ENCRYPTING.get(row, "")):
        yield from _grants(job.role_arn, key_arn, job.place)
    if inside := _KEY_OF_CLUSTER.search(given.get("regionalConfig") or ""):
        # AWS managed policy AWSBackupServiceRolePolicyForRestores, KMSPermissions: DSQL uses the key for whoever calls.
        yield Question(job.role_arn, "kms:DescribeKey", inside[1])
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            yield Question(job.role_arn, action, inside[1], _by("dsql", job.place))
    if point.resource_type == "S3" and (key_arn := given.get("KMSKey")):
        # Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys": whoever writes has its key made.
        yield Question(job.role_arn, "kms:GenerateDataKey", key_arn, _by("s3", job.place))


def _entering(job: RestoreJob, given: Metadata) -> Iterator[Question]:
    """What putting objects into a cluster asks: its role gets in, and out again."""
    names = _Names(given, {"region": job.place.region, "account": job.place.account})
    for name in ("AssociateAccessPolicy", "DisassociateAccessPolicy"):
        yield Question(job.role_arn, f"eks:{name}", _ENTRY.format_map(names), _ENTERING)


def to_lend(job: RestoreJob, role_arn: str) -> Question:
    """What a machine that is restored with a role asks (IAM User Guide, "Grant a user permissions to pass a role")."""
    return Question(job.role_arn, "iam:PassRole", role_arn, {"iam:PassedToService": "ec2.amazonaws.com"})


def _questions(
    role: str, rights: Rights, place: Place, metadata: dict[str, str] | None = None, **named: str
) -> Iterator[Question]:
    given = Metadata(metadata or {})
    for action, pattern in rights:
        arn = pattern.format_map(_Names(given, {"region": place.region, "account": place.account, **named}))
        keys = {_OF_AWS_BACKUP: named["source"]} if arn == named["point"] else {}
        yield Question(role, action, arn, keys)


class _Names(dict[str, str]):
    """Names in an ARN: those that are known, else what the restore metadata says, else any."""

    def __init__(self, metadata: Metadata, known: dict[str, str]) -> None:
        super().__init__(known)
        self._metadata = metadata

    def __missing__(self, key: str) -> str:
        return self._metadata.get(key) or "*"


def _grants(role: str, key_arn: str, place: Place) -> Iterator[Question]:
    if is_aws_managed(key_arn, place):
        return
    yield Question(role, "kms:DescribeKey", key_arn)
    yield Question(role, "kms:CreateGrant", key_arn, _GRANT)


def _by(service: str, place: Place) -> dict[str, Any]:
    return {"kms:ViaService": f"{service}.{place.region}.amazonaws.com"}


def _is_fully_managed(point: RecoveryPoint) -> bool:
    return point.arn.startswith("arn:aws:backup:") and _row(point.resource_type, point.resource_arn) not in _COPIES


def _row(resource_type: str, resource_arn: str) -> str:
    """Under which name the tables have it: DocumentDB and Neptune are RDS's own calls, as Aurora is."""
    if is_volume(resource_arn):
        return _VOLUMES
    return _CLUSTERS if is_cluster(resource_arn) else resource_type
