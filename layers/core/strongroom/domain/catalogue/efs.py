"""File systems of EFS."""

from typing import Final

from strongroom.domain.catalogue.model import EVERYTHING, Creation, ResourceType, Scope, Threat

TYPES: Final = (
    ResourceType(
        name="EFS",
        label="EFS file system",
        enters_air_gap=True,
        arn="arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}",
        id_shape=r"fs-[0-9a-z]{1,32}",
        creations=(
            Creation(
                call="elasticfilesystem:CreateFileSystem",
                response=("fileSystemArn", "fileSystemId"),
                tagged=EVERYTHING,
            ),
        ),
        # Either name: the newer calls, and those that AWS keeps for older clients.
        tagging=("elasticfilesystem:CreateTags", "elasticfilesystem:TagResource"),
        untagging=("elasticfilesystem:DeleteTags", "elasticfilesystem:UntagResource"),
        has_cold_storage=True,
        threats=(
            Threat(
                call="elasticfilesystem:DeleteTags",
                what="remove the backup tag",
                target_keys=("fileSystemId",),
                scope=Scope.BACKUP_TAG,
            ),
            Threat(
                call="elasticfilesystem:UntagResource",
                what="remove the backup tag",
                target_keys=("resourceId",),
                scope=Scope.BACKUP_TAG,
            ),
            Threat(
                call="elasticfilesystem:CreateFileSystem",
                what="create a file system without a backup tag",
                target_keys=("creationToken",),
                scope=Scope.UNTAGGED_CREATION,
            ),
        ),
    ),
)
