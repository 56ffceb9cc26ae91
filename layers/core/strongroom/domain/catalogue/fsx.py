"""File systems of FSx for Windows, Lustre and OpenZFS, and volumes of FSx for ONTAP; one name at AWS Backup."""

from copy import replace
from typing import Final

from strongroom.domain.catalogue.facets.creations import Cover, Creation, Evidence, Kind, Origin, Sign
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Limit, Tagging
from strongroom.domain.catalogue.model import (
    EVERYTHING,
    Listing,
    NativeBackups,
    OwnCall,
    Reach,
    ResourceType,
    Scope,
    Threat,
)

SYSTEM_CALL: Final = "fsx:CreateFileSystemFromBackup"

_TAGS: Final = Tagging(
    client="fsx",
    write="fsx:TagResource",
    read="ListTagsForResource",
    tags="Tags",
    not_yet=("BadRequest",),
    gone=("FileSystemNotFound", "ResourceNotFound"),
)
_ONTAP: Final = Cover(
    sign=Sign(paths=("request.fileSystemType", "response.fileSystem.fileSystemType"), values=("ONTAP",)),
    by="its volumes, which are backed up one by one: a tag of the file system selects nothing",
)
_OPENZFS: Final = Cover(
    sign=Sign(paths=("request.volumeType", "response.volume.volumeType"), values=("OPENZFS",)),
    by="its file system",
    named_at=("response.volume.fileSystemId",),
)
_OWN_KEY: Final = Limit(
    fact="under the AWS-managed key of FSx its backups are copied to no other account",
    lifted_by="a key of yours",
    shown=(Sign(paths=("request.kmsKeyId",), values=("alias/aws/fsx", "*:alias/aws/fsx")),),
    read="the answer's kmsKeyId, then DescribeKey",
    of_key=True,
    key_at=("response.fileSystem.kmsKeyId", "request.kmsKeyId"),
)
_LUSTRE: Final = "lustreConfiguration"
_SCRATCH: Final = Limit(
    fact="a scratch file system of Lustre has no backups",
    lifted_by="a persistent deployment type",
    shown=(
        Sign(
            paths=(
                f"response.fileSystem.{_LUSTRE}.deploymentType",
                f"request.{_LUSTRE}.deploymentType",
            ),
            values=("SCRATCH_*",),
        ),
    ),
    stops_backups=True,
)
_LINKED: Final = Limit(
    fact="a file system of Lustre that is linked to a bucket has no backups",
    lifted_by="a file system without a data repository",
    shown=(
        Sign(
            paths=(
                f"response.fileSystem.{_LUSTRE}.dataRepositoryConfiguration.importPath",
                f"request.{_LUSTRE}.importPath",
            )
        ),
    ),
    stops_backups=True,
)
_PROTECTION: Final = Limit(
    fact="a volume of ONTAP that takes replicas (DP or LS) has no backups",
    lifted_by="a volume of type RW",
    shown=(
        Sign(
            paths=(
                "response.volume.ontapConfiguration.ontapVolumeType",
                "request.ontapConfiguration.ontapVolumeType",
            ),
            values=("DP", "LS"),
        ),
    ),
    stops_backups=True,
)
_TAGGING: Final = ("fsx:TagResource",)
_UNTAGGING: Final = ("fsx:UntagResource",)
_TAG_CALLS: Final = tag_resource_calls("fsx", named_at="resourceARN")
_BACKUPS: Final = NativeBackups(
    arns=("arn:{partition}:fsx:*:*:backup/*",),
    changes=("fsx:DeleteBackup",),
    readings=("fsx:CopyBackup",),
    restores=("fsx:CreateFileSystemFromBackup", "fsx:CreateVolumeFromBackup"),
)
_FROM_BACKUP: Final = (Origin(paths=("request.backupId",), arn="arn:{partition}:fsx:{region}:{account}:backup/{id}"),)

TYPES: Final = (
    ResourceType(
        name="FSx",
        label="FSx file system",
        enters_air_gap=True,
        arn="arn:{partition}:fsx:{region}:{account}:file-system/{id}",
        id_shape=r"fs-[0-9a-f]{8,}",
        listing=Listing(
            call="DescribeFileSystems",
            items="FileSystems[]",
            name="ResourceARN",
            tags="Tags",
            made_at="CreationTime",
            state="Lifecycle",
            ended=("DELETING",),
            record="fileSystem",
        ),
        creations=(
            Creation(
                call="fsx:CreateFileSystem",
                response=("fileSystem.resourceARN",),
                covers=(_ONTAP,),
                evidence=Evidence.RECORDED,
                source="public record of 2022, of ONTAP",
                tagged=EVERYTHING,
            ),
            Creation(
                call="fsx:CreateFileSystemFromBackup",
                response=("fileSystem.resourceARN",),
                covers=(_ONTAP,),
                kind=Kind.RESTORE,
                origins=_FROM_BACKUP,
                tagged=EVERYTHING,
            ),
        ),
        tags=_TAGS,
        limits=(_SCRATCH, _LINKED, _OWN_KEY),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        tag_calls=_TAG_CALLS,
        opt_in_reach=Reach.ACCOUNTS,
        native=_BACKUPS,
        is_restored_here=True,
        own_calls=(OwnCall(call=SYSTEM_CALL, what="FSx file system"),),
        threats=(
            Threat(
                call="fsx:CreateFileSystemFromBackup",
                what="make a file system out of a backup",
                target_keys=("backupId",),
                scope=Scope.NATIVE_RESTORE,
                point="arn:{partition}:fsx:{region}:{account}:backup/{id}",
            ),
        ),
    ),
    ResourceType(
        name="FSx",
        label="FSx volume",
        arn="arn:{partition}:fsx:{region}:{account}:volume/{id}",
        id_shape=r"fs-[0-9a-f]{8,}/fsvol-[0-9a-f]{17,}",
        listing=Listing(
            call="DescribeVolumes",
            items="Volumes[]",
            name="ResourceARN",
            tags="Tags",
            made_at="CreationTime",
            state="Lifecycle",
            ended=("DELETING",),
            record="volume",
        ),
        creations=(
            Creation(
                call="fsx:CreateVolume",
                response=("volume.resourceARN",),
                covers=(_OPENZFS,),
                tagged=("arn:{partition}:fsx:*:*:volume/*",),
            ),
            Creation(
                call="fsx:CreateVolumeFromBackup",
                response=("volume.resourceARN",),
                kind=Kind.RESTORE,
                origins=_FROM_BACKUP,
                tagged=EVERYTHING,
            ),
        ),
        tags=replace(_TAGS, gone=("ResourceNotFound", "VolumeNotFound")),
        limits=(_PROTECTION,),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        tag_calls=_TAG_CALLS,
        reach=Reach.UNSETTLED,
        native=_BACKUPS,
        is_restored_here=True,
    ),
)

FILE_SYSTEM, ONTAP_VOLUME = TYPES
