"""Buckets of S3, volumes of EBS, instances of EC2, and file systems of EFS.

Sources: Amazon S3 API Reference, Amazon EC2 API Reference and Amazon EFS API Reference, the operations named, and the
"Errors" of each.
"""

from copy import replace
from typing import Final

from strongroom.domain.restores.settings.reading import Afterwards, Reading, Unread

_TAG: Final = ("Key", "Value")


def _of_bucket(
    what: str,
    call: str,
    action: str,
    *,
    at: str = "",
    none: tuple[str, ...] = (),
    afterwards: Afterwards = Afterwards.CANNOT,
) -> Reading:
    return Reading(
        what=what,
        service="s3",
        call=call,
        action=f"s3:{action}",
        by=(("Bucket", "{name}"),),
        at=at,
        drops=("ResponseMetadata",),
        none=none,
        afterwards=afterwards,
    )


BUCKET: Final = (
    _of_bucket("versioning", "get_bucket_versioning", "GetBucketVersioning"),
    _of_bucket("encryption", "get_bucket_encryption", "GetEncryptionConfiguration"),
    _of_bucket(
        "lifecycle",
        "get_bucket_lifecycle_configuration",
        "GetLifecycleConfiguration",
        at="Rules",
        none=("NoSuchLifecycleConfiguration",),
        afterwards=Afterwards.ASKED,
    ),
    replace(
        _of_bucket("policy", "get_bucket_policy", "GetBucketPolicy", at="Policy", none=("NoSuchBucketPolicy",)),
        is_policy=True,
    ),
    _of_bucket("CORS", "get_bucket_cors", "GetBucketCORS", none=("NoSuchCORSConfiguration",)),
    _of_bucket(
        "notifications",
        "get_bucket_notification_configuration",
        "GetBucketNotification",
        afterwards=Afterwards.ASKED,
    ),
    _of_bucket(
        "replication",
        "get_bucket_replication",
        "GetReplicationConfiguration",
        at="ReplicationConfiguration",
        none=("ReplicationConfigurationNotFoundError",),
        afterwards=Afterwards.ASKED,
    ),
    _of_bucket("logging", "get_bucket_logging", "GetBucketLogging", at="LoggingEnabled"),
    _of_bucket("website", "get_bucket_website", "GetBucketWebsite", none=("NoSuchWebsiteConfiguration",)),
    _of_bucket(
        "public access",
        "get_public_access_block",
        "GetBucketPublicAccessBlock",
        at="PublicAccessBlockConfiguration",
        none=("NoSuchPublicAccessBlockConfiguration",),
    ),
    _of_bucket(
        "ownership",
        "get_bucket_ownership_controls",
        "GetBucketOwnershipControls",
        at="OwnershipControls/Rules",
        none=("OwnershipControlsNotFoundError",),
    ),
    _of_bucket(
        "object lock",
        "get_object_lock_configuration",
        "GetBucketObjectLockConfiguration",
        at="ObjectLockConfiguration",
        none=("ObjectLockConfigurationNotFoundError",),
    ),
    replace(
        _of_bucket("tags", "get_bucket_tagging", "GetBucketTagging", at="TagSet", none=("NoSuchTagSet",)),
        pairs=_TAG,
        afterwards=Afterwards.DONE,
    ),
)
_VOLUME: Final = Reading(
    what="volume",
    service="ec2",
    call="describe_volumes",
    action="ec2:DescribeVolumes",
    by=(("VolumeIds", ("{name}",)),),
    at="Volumes/0",
    keeps=(
        *("Attachments/Device", "Attachments/InstanceId", "AvailabilityZone", "Encrypted", "Iops", "KmsKeyId"),
        *("MultiAttachEnabled", "Size", "Throughput", "VolumeType"),
    ),
    afterwards=Afterwards.RESTORED,
    lost=("Attachments/Device", "Attachments/InstanceId"),
)
VOLUME: Final = (
    _VOLUME,
    replace(_VOLUME, what="tags", at="Volumes/0/Tags", keeps=(), pairs=_TAG, afterwards=Afterwards.DONE),
)
_MACHINE: Final = Reading(
    what="instance",
    service="ec2",
    call="describe_instances",
    action="ec2:DescribeInstances",
    by=(("InstanceIds", ("{name}",)),),
    at="Reservations/0/Instances/0",
    keeps=(
        *("BlockDeviceMappings/DeviceName", "EbsOptimized", "IamInstanceProfile/Arn", "ImageId", "InstanceType"),
        *("KeyName", "Monitoring/State", "Placement/AvailabilityZone", "Placement/Tenancy", "PrivateIpAddress"),
        *("SecurityGroups/GroupId", "SourceDestCheck", "SubnetId"),
    ),
    afterwards=Afterwards.RESTORED,
    lost=("IamInstanceProfile/Arn",),
)
MACHINE: Final = (
    _MACHINE,
    replace(
        _MACHINE, what="tags", at="Reservations/0/Instances/0/Tags", keeps=(), pairs=_TAG, afterwards=Afterwards.DONE
    ),
)
UNREAD_OF_MACHINES: Final = (Unread(what="user data", reason="it may hold secrets, and code"),)

_BY_ID: Final = (("FileSystemId", "{name}"),)
_FILE_SYSTEM: Final = Reading(
    what="file system",
    service="efs",
    call="describe_file_systems",
    action="elasticfilesystem:DescribeFileSystems",
    by=_BY_ID,
    at="FileSystems/0",
    keeps=(
        *("AvailabilityZoneName", "Encrypted", "FileSystemProtection/ReplicationOverwriteProtection", "KmsKeyId"),
        *("Name", "PerformanceMode", "ProvisionedThroughputInMibps", "ThroughputMode"),
    ),
    afterwards=Afterwards.RESTORED,
    lost=("Name", "ProvisionedThroughputInMibps", "ThroughputMode"),
)
FILE_SYSTEM: Final = (
    _FILE_SYSTEM,
    Reading(
        what="mount targets",
        service="efs",
        call="describe_mount_targets",
        action="elasticfilesystem:DescribeMountTargets",
        by=_BY_ID,
        at="MountTargets",
        keeps=("AvailabilityZoneName", "IpAddress", "MountTargetId", "SubnetId"),
    ),
    Reading(
        what="security groups of mount targets",
        service="efs",
        call="describe_mount_target_security_groups",
        action="elasticfilesystem:DescribeMountTargetSecurityGroups",
        by=(("MountTargetId", "{each}"),),
        each="mount targets:MountTargetId",
        at="SecurityGroups",
    ),
    Reading(
        what="access points",
        service="efs",
        call="describe_access_points",
        action="elasticfilesystem:DescribeAccessPoints",
        by=_BY_ID,
        at="AccessPoints",
        keeps=("Name", "PosixUser", "RootDirectory"),
    ),
    Reading(
        what="policy",
        service="efs",
        call="describe_file_system_policy",
        action="elasticfilesystem:DescribeFileSystemPolicy",
        by=_BY_ID,
        at="Policy",
        is_policy=True,
        none=("PolicyNotFound",),
    ),
    Reading(
        what="lifecycle",
        service="efs",
        call="describe_lifecycle_configuration",
        action="elasticfilesystem:DescribeLifecycleConfiguration",
        by=_BY_ID,
        at="LifecyclePolicies",
        afterwards=Afterwards.ASKED,
    ),
    Reading(
        what="replication",
        service="efs",
        call="describe_replication_configurations",
        action="elasticfilesystem:DescribeReplicationConfigurations",
        by=_BY_ID,
        at="Replications",
        keeps=("Destinations/FileSystemId", "Destinations/Region", "SourceFileSystemId"),
        none=("ReplicationNotFound",),
        afterwards=Afterwards.ASKED,
    ),
    replace(_FILE_SYSTEM, what="tags", at="FileSystems/0/Tags", keeps=(), pairs=_TAG, afterwards=Afterwards.DONE),
)
