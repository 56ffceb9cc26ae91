"""File systems of FSx for Windows, Lustre and OpenZFS, and volumes of FSx for ONTAP; one name at AWS Backup."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, NativeBackups, Reach, ResourceType

_TAGGING: Final = ("fsx:TagResource",)
_UNTAGGING: Final = ("fsx:UntagResource",)
_BACKUPS: Final = NativeBackups(
    arns=("arn:{partition}:fsx:*:*:backup/*",),
    changes=("fsx:DeleteBackup",),
    readings=("fsx:CopyBackup",),
    restores=("fsx:CreateFileSystemFromBackup", "fsx:CreateVolumeFromBackup"),
)

TYPES: Final = (
    ResourceType(
        name="FSx",
        label="FSx file system",
        enters_air_gap=True,
        arn="arn:{partition}:fsx:{region}:{account}:file-system/{id}",
        creations=(
            Creation(call="fsx:CreateFileSystem", tagged=EVERYTHING),
            Creation(call="fsx:CreateFileSystemFromBackup", tagged=EVERYTHING),
        ),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        opt_in_reach=Reach.ACCOUNTS,
        native=_BACKUPS,
    ),
    ResourceType(
        name="FSx",
        label="FSx volume",
        arn="arn:{partition}:fsx:{region}:{account}:volume/{id}",
        creations=(
            Creation(call="fsx:CreateVolume", tagged=("arn:{partition}:fsx:*:*:volume/*",)),
            Creation(call="fsx:CreateVolumeFromBackup", tagged=EVERYTHING),
        ),
        tagging=_TAGGING,
        untagging=_UNTAGGING,
        reach=Reach.UNSETTLED,
        native=_BACKUPS,
    ),
)
