"""The resource types of AWS Backup, and those of them that the sandbox plays."""

from collections.abc import Mapping
from typing import Final

from sandbox.backup_service.resources.cloudformation_stack import CloudFormationStack
from sandbox.backup_service.resources.dsql_cluster import DsqlCluster
from sandbox.backup_service.resources.ebs_volume import EbsVolume
from sandbox.backup_service.resources.ec2_instance import Ec2Instance
from sandbox.backup_service.resources.efs_file_system import EfsFileSystem
from sandbox.backup_service.resources.eks_cluster import EksCluster
from sandbox.backup_service.resources.fsx_file_system import FsxFileSystem
from sandbox.backup_service.resources.fsx_volume import FsxVolume
from sandbox.backup_service.resources.kind import ResourceKind
from sandbox.backup_service.resources.rds_cluster import CLUSTERS, is_cluster
from sandbox.backup_service.resources.rds_instance import RdsInstance
from sandbox.backup_service.resources.s3_bucket import S3Bucket
from sandbox.backup_service.resources.tables.basic_dynamodb_table import BasicDynamoDbTable
from sandbox.backup_service.resources.tables.dynamodb_table import DynamoDbTable
from sandbox.backup_service.resources.tables.timestream_table import TimestreamTable
from sandbox.backup_service.resources.virtual_machine import VirtualMachine
from sandbox.backup_service.resources.warehouses.redshift_cluster import RedshiftCluster
from sandbox.backup_service.resources.warehouses.redshift_namespace import RedshiftNamespace

SUPPORTED_TYPES: Final = (
    "Aurora",
    "Aurora DSQL",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)

# The types whose recovery points hold those of others, and one of their own state among them.
COMPOSITES: Final = (CloudFormationStack.resource_type, EksCluster.resource_type)
# Developer Guide, "Restore an Amazon EKS cluster": of these the composite is restored.
_RESTORED_WHOLE: Final = (EksCluster.resource_type,)
ADVANCED_DYNAMODB: Final = DynamoDbTable()
BASIC_DYNAMODB: Final = BasicDynamoDbTable()
KINDS: Final[tuple[ResourceKind, ...]] = (
    RdsInstance(),
    *CLUSTERS,
    DsqlCluster(),
    ADVANCED_DYNAMODB,
    EbsVolume(),
    Ec2Instance(),
    EfsFileSystem(),
    FsxFileSystem(),
    FsxVolume(),
    RedshiftCluster(),
    RedshiftNamespace(),
    S3Bucket(),
    TimestreamTable(),
    CloudFormationStack(),
    EksCluster(),
    VirtualMachine(),
)

# Public records of restores have StartRestoreJob refuse a key that the type does not know, as `cluster_id` of Aurora
# DSQL. Of most types nobody has recorded it: those take any key here.
_KNOWN_METADATA: Final = {
    DsqlCluster.resource_type: DsqlCluster.known_metadata,
    VirtualMachine.resource_type: VirtualMachine.known_metadata,
}
# The same records have the token of what was refused so used up. Of other types nobody has recorded it.
_SPENDING_TOKENS: Final = (DsqlCluster.resource_type,)
# So many run at once in an account: Developer Guide, "Amazon Aurora DSQL restore"; Amazon Timestream Developer Guide,
# "Quota and limits" of backups; "AWS Backup quotas".
_AT_ONCE: Final = {DsqlCluster.resource_type: 4, EksCluster.resource_type: 5, TimestreamTable.resource_type: 1}
# Developer Guide, "AWS Backup quotas": of these one at a time runs into what this key of the metadata names.
_ONE_INTO: Final = {EksCluster.resource_type: "clusterName"}


def is_own_state(resource_type: str, *, is_parent: bool) -> bool:
    """Whether it is of what lies nested in a composite of the same resource, as a stack's template."""
    return resource_type in COMPOSITES and not is_parent


def state_arn(composite: str) -> str:
    """The ARN of that which lies in the composite of this one: it names it no composite, where the other does."""
    return composite.replace(":recovery-point:composite:", ":recovery-point:")


def is_restored_whole(resource_type: str) -> bool:
    """Whether a composite recovery point of the type is restored, and not only what lies in it."""
    return resource_type in _RESTORED_WHOLE


def unknown_metadata(resource_type: str, said: frozenset[str]) -> list[str]:
    """Of the keys that are said, in lower case, those that the type does not know, where it refuses such keys."""
    known = _KNOWN_METADATA.get(resource_type)
    return [] if known is None else sorted(said - {key.lower() for key in known})


def spends_its_token(resource_type: str) -> bool:
    """Whether a restore that is refused for its metadata has used up its idempotency token."""
    return resource_type in _SPENDING_TOKENS


def most_at_once(resource_type: str) -> int | None:
    """How many restores of the type an account may have running in a Region, or None where nobody says."""
    return _AT_ONCE.get(resource_type)


def one_into(resource_type: str) -> str:
    """The key of the metadata by which two restores of the type would go into the same at once, which they may not."""
    return _ONE_INTO.get(resource_type, "")


def kind_of(resource_arn: str, management: Mapping[str, bool], *, engine: str = "") -> ResourceKind | None:
    """The type of a resource, as AWS Backup manages it where the resource is; None for a type it does not know.

    `engine` is that of a DB cluster.
    """
    if is_cluster(resource_arn):
        return next((cluster for cluster in CLUSTERS if cluster.runs(engine)), None)
    kind = next((kind for kind in KINDS if kind.owns(resource_arn)), None)
    if kind is ADVANCED_DYNAMODB and not management.get("DynamoDB", False):
        return BASIC_DYNAMODB
    return kind


# Developer Guide, "Feature availability by resource", column "Logically air-gapped vault".
# Of FSx some kinds are taken, too; here none.
_AIR_GAPPED_TYPES: Final = frozenset(
    {
        "Aurora",
        "Aurora DSQL",
        "DocumentDB",
        "DynamoDB",
        "EBS",
        "EC2",
        "EFS",
        "Neptune",
        "S3",
        "Timestream",
        "VirtualMachine",
    }
)


def enters_air_gap(kind: ResourceKind) -> bool:
    """Whether an air-gapped vault takes backups of the type; of tables only with DynamoDB's advanced features."""
    return kind.resource_type in _AIR_GAPPED_TYPES and kind is not BASIC_DYNAMODB


def kind_by_type(resource_type: str, resource_arn: str) -> ResourceKind:
    """The kind of a resource that is backed up here, by AWS Backup's word for it; RDS has instances and clusters."""
    return next(kind for kind in KINDS if kind.resource_type == resource_type and kind.owns(resource_arn))
