"""File systems of EFS and FSx, and buckets of S3.

From the AWS Backup Developer Guide, "Restore an Amazon EFS file system", "Restore an FSx file system" and "Restoring S3
data"; the Amazon FSx API Reference, CreateFileSystemFromBackup and CreateVolumeFromBackup.
"""

from datetime import timedelta
from typing import Final

from strongroom.domain.catalogue import efs, fsx, s3
from strongroom.domain.restores.kinds.estimates import Estimate, Pace
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Condition, Key, Name, NativeCall, RestoreKind, Shape, Use
from strongroom.domain.restores.kinds.spelled import (
    Keys,
    asked,
    carried,
    chosen,
    encrypted_by,
    fixed,
    flags,
    made,
    named,
    nested,
    never,
    number,
    offer,
    place,
    zones,
)
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep

_SYSTEMS, _VOLUMES = fsx.TYPES
_ALARMS: Final = SENTENCES[MachineStep.ALARMS]
_SYSTEMS_ESTIMATE: Final = Estimate(pace=Pace(fixed=20))  # a list does not say which of the four it is
_UNNAMED: Final = Name(before="nothing: a file system has no name", after="the job tells the file system's id")
_SINGLE_AZ: Final = Condition("singleAzFilesystem", ("true",))

ELASTIC: Final = RestoreKind(
    row=efs.TYPES[0],
    target=_UNNAMED,
    keys=(
        Key(name="newFileSystem", use=Use.NEW, shape=Shape.FLAG, value="true"),
        *made("CreationToken", "{request}"),
        *fixed("Encrypted", "true"),
        *encrypted_by("KmsKeyId"),
        *chosen("PerformanceMode"),
        *asked("singleAzFilesystem", shape=Shape.FLAG),
        *offer("availabilityZoneName", needs=_SINGLE_AZ),
        *asked("ItemsToRestore", shape=Shape.PATHS),
        *never("file-system-id"),
    ),
    into_existing="file-system-id",
    steps=(
        _ALARMS,
        "Move what came back out of the directory aws-backup-restore_*, in which all of it lies.",
        "Make its mount targets, access points and policy.",
    ),
    comes_back="the files, in a directory aws-backup-restore_*, under a key of the profile",
    lost="mount targets, access points, the policy, replication, lifecycle rules, the alarms",
    pace="200 MB or 1,500 files in a second, the slower of both: 10 TiB take 15 hours; cold storage 4 hours more",
    estimate=Estimate(pace=Pace(fixed=5, per_gib=0.09), is_of_its_start=False),
)


def _own_system(configuration: str, *inner: Key, is_key_needed: bool = True) -> Keys:
    """What the file systems of FSx have in common: their own backups off, for AWS Backup makes them."""
    return (
        *place("SubnetIds", "SecurityGroupIds", shape=Shape.LIST),
        *encrypted_by("KmsKeyId", is_needed=is_key_needed),
        *chosen("StorageType", "NetworkType"),
        *carried("FileSystemTypeVersion"),
        *number("StorageCapacity", grows=True),
        *never("FileSystemId", "FileSystemType", "VpcId"),
        *nested(
            configuration,
            *fixed("AutomaticBackupRetentionDays", "0"),
            *fixed("CopyTagsToBackups", "true"),
            *number("ThroughputCapacity"),
            *chosen("WeeklyMaintenanceStartTime"),
            *never("DailyAutomaticBackupStartTime"),
            *inner,
        ),
    )


WINDOWS: Final = RestoreKind(
    called="FSx Windows",
    row=_SYSTEMS,
    file_system="WINDOWS",
    target=_UNNAMED,
    keys=_own_system(
        "WindowsConfiguration",
        *place("ActiveDirectoryId"),
        *zones("DeploymentType", "MULTI_AZ"),
        *offer("PreferredSubnetId", needs=Condition("DeploymentType", ("MULTI_AZ",))),
        *carried("DiskIopsConfiguration", shape=Shape.JSON),
        # With a directory of one's own comes a password.
        *never("Aliases", "AuditLogConfiguration", "FsrmConfiguration", "SelfManagedActiveDirectoryConfiguration"),
    ),
    steps=(
        _ALARMS,
        "Give it its aliases, and let DNS name it.",
    ),
    comes_back="the files, the size and the throughput, in the directory of the profile",
    lost="aliases, audit logs, the old DNS name, the alarms",
    pace="about as long as a new one takes, files arrive when they are first read",
    estimate=_SYSTEMS_ESTIMATE,
)
LUSTRE: Final = RestoreKind(
    called="FSx Lustre",
    row=_SYSTEMS,
    file_system="LUSTRE",
    target=_UNNAMED,
    keys=_own_system(
        "LustreConfiguration",
        *carried("DataCompressionType", "DeploymentType", "DriveCacheType"),
        *carried("DataReadCacheConfiguration", "MetadataConfiguration", shape=Shape.JSON),
        *carried("RootSquashConfiguration", shape=Shape.JSON),
        *flags("EfaEnabled"),
        *number("PerUnitStorageThroughput"),
        *never("AutoImportPolicy", "ExportPath", "ImportPath", "ImportedFileChunkSize", "LogConfiguration"),
        is_key_needed=False,
    ),
    steps=(
        _ALARMS,
        "Mount it under its new name.",
    ),
    comes_back="the files and the sizes",
    lost="the links to buckets, logs, the old DNS name, the alarms",
    pace="about 20 minutes; only persistent file systems have backups",
    estimate=_SYSTEMS_ESTIMATE,
)
OPEN_ZFS: Final = RestoreKind(
    called="FSx OpenZFS",
    row=_SYSTEMS,
    file_system="OPENZFS",
    target=_UNNAMED,
    keys=_own_system(
        "OpenZFSConfiguration",
        *chosen("DeploymentType"),
        *offer("PreferredSubnetId"),
        *carried("DiskIopsConfiguration", "ReadCacheConfiguration", "RootVolumeConfiguration", shape=Shape.JSON),
        *flags("CopyTagsToVolumes"),
        *never("EndpointIpAddressRange", "EndpointIpv6AddressRange", "RouteTableIds"),
    ),
    by_hand="AWS Backup restores no OpenZFS file system in several zones: FSx's own call does.",
    calls=(NativeCall(call=fsx.SYSTEM_CALL),),
    by_hand_when=Condition("OpenZFSConfiguration.DeploymentType", ("MULTI_AZ",)),
    steps=(
        _ALARMS,
        "Mount it under its new name.",
    ),
    comes_back="the volumes, their snapshots and the sizes, in one zone",
    lost="the old DNS name, the alarms; in several zones it is restored by hand",
    pace="about 20 minutes",
    estimate=_SYSTEMS_ESTIMATE,
)
ONTAP: Final = RestoreKind(
    called="FSx ONTAP",
    row=_VOLUMES,
    file_system="ONTAP",
    target=Name(
        # The API takes nearly any text (Amazon FSx API Reference, CreateVolumeFromBackup).
        shape=r"[A-Za-z_][A-Za-z0-9_-]{0,202}",
        rule="1 to 203 letters, digits, underscores and hyphens, no digit first",
        before="the virtual machine of the profile has no volume of the name, and none at its junction",
        after="the job tells the volume's id",
    ),
    keys=(
        *named("Name"),
        *nested(
            "OntapConfiguration",
            *place("storageVirtualMachineId"),
            *asked("junctionPath", shape=Shape.PATH, value="/{name}"),
            *number("sizeInMegabytes", grows=True),
            *carried("ontapVolumeType", "securityStyle", "snapshotPolicy", "volumeStyle"),
            *flags("copyTagsToBackups", "storageEfficiencyEnabled"),
            *carried("aggregateConfiguration", "tieringPolicy", shape=Shape.JSON),
            *never("snaplockConfiguration"),
        ),
        *never("FileSystemId", "FileSystemType"),
    ),
    steps=(
        _ALARMS,
        "Give the volume its export policy, and mount it at its junction.",
    ),
    comes_back="the files, in a volume of the profile's virtual machine",
    lost="the export policy, the old junction, SnapLock, the alarms",
    pace="about 20 minutes; it is never copied",
    estimate=_SYSTEMS_ESTIMATE,
    lies_under="the key of the file system that it comes into",
)
# Amazon S3 User Guide, "General purpose bucket naming rules": neither an address of IP, nor what S3 keeps for itself.
_RESERVED: Final = (
    r"(?!xn--|sthree-|amzn-s3-demo-)(?!(?:[0-9]+\.){3}[0-9]+\Z)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)\Z)"
)
BUCKET: Final = RestoreKind(
    row=s3.TYPES[0],
    target=Name(
        shape=_RESERVED + r"[a-z0-9](?:[a-z0-9-]|\.(?![.-])){1,61}[a-z0-9]",
        rule="3 to 63 lower-case letters, digits, hyphens and single dots, as S3 lets buckets be called",
        before="nobody in the world has a bucket of the name",
        after="its ARN follows from the name",
    ),
    keys=(
        *named("DestinationBucketName"),
        Key(name="NewBucket", use=Use.NEW, shape=Shape.FLAG, value="true"),
        *made("CreationToken", "{request}"),
        *fixed("Encrypted", "true"),
        *fixed("EncryptionType", "SSE-KMS"),
        *encrypted_by("KMSKey"),
        *asked("RestoreACLs", shape=Shape.FLAG, value="false"),
        *asked("ItemsToRestore", shape=Shape.PATHS),
        *asked("RestoreLatestVersionsUpTo"),
        *never("BucketName"),
    ),
    into_existing="DestinationBucketName",
    time_key="RestoreTime",
    steps=(
        _ALARMS,
        "Give it its policy and its rules for other origins.",
        CALLS[AskedStep.LIFECYCLE].sentence,
        CALLS[AskedStep.NOTIFICATIONS].sentence,
        CALLS[AskedStep.REPLICATION].sentence,
    ),
    comes_back="the objects, with their tags where they were backed up, under a key of the profile",
    lost="the bucket's policy, rules, notifications, replication, logging, the alarms; access lists unless asked for",
    pace="about 10 minutes and 10 seconds for each GiB; only in the Region where the copy lies",
    estimate=Estimate(pace=Pace(fixed=10, per_gib=0.17), is_of_its_start=False, behind=timedelta(minutes=15)),
    tags_are_copied=False,
    stays=True,
)

KINDS: Final = (ELASTIC, WINDOWS, LUSTRE, OPEN_ZFS, ONTAP, BUCKET)
