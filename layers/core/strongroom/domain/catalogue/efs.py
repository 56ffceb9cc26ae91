"""File systems of EFS."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Origin
from strongroom.domain.catalogue.facets.tag_calls import keyed_calls, tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Tagging
from strongroom.domain.catalogue.model import EVERYTHING, Listing, ResourceType, Scope, Threat

_ARN: Final = "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}"

TYPES: Final = (
    ResourceType(
        name="EFS",
        label="EFS file system",
        enters_air_gap=True,
        arn=_ARN,
        is_incremental=True,
        id_shape=r"fs-[0-9a-z]{1,40}",
        wants_opt_in=True,
        listing=Listing(
            call="DescribeFileSystems",
            items="FileSystems[]",
            name="FileSystemArn",
            tags="Tags",
            made_at="CreationTime",
            state="LifeCycleState",
            ended=("deleting", "deleted"),
            begin_at="Marker",
            next_at="NextMarker",
            size="MaxItems",
            page=100,
        ),
        creations=(
            Creation(
                call="elasticfilesystem:CreateFileSystem",
                response=("fileSystemArn", "fileSystemId"),
                evidence=Evidence.RECORDED,
                source="public record of 2021",
                model="efs",
                tagged=EVERYTHING,
            ),
            # The replica lies in another Region, or account, where a role of EFS makes it (Amazon EFS User Guide,
            # "Replicating EFS file systems").
            Creation(
                call="elasticfilesystem:CreateReplicationConfiguration",
                per="destinations[]",
                response=("fileSystemId",),
                home="region",
                owner="ownerId",
                kind=Kind.REPLICA,
                origins=(Origin(paths=("response.sourceFileSystemArn", "request.sourceFileSystemId"), arn=_ARN),),
                model="efs",
            ),
        ),
        tags=Tagging(
            is_listed_by_tag=True,
            client="efs",
            write="elasticfilesystem:TagResource",
            read="ListTagsForResource",
            tags="Tags",
            when="at once, or when it is available",
            not_yet=("IncorrectFileSystemLifeCycleState",),
            gone=("FileSystemNotFound",),
        ),
        # Either name: the newer calls, and those that AWS keeps for older clients.
        tagging=("elasticfilesystem:CreateTags", "elasticfilesystem:TagResource"),
        untagging=("elasticfilesystem:DeleteTags", "elasticfilesystem:UntagResource"),
        tag_calls=(
            *keyed_calls(
                "elasticfilesystem:CreateTags",
                "elasticfilesystem:DeleteTags",
                named_at="fileSystemId",
                by_id=True,
                model="efs",
            ),
            *tag_resource_calls("elasticfilesystem", named_at="resourceId", by_id=True, model="efs"),
        ),
        has_cold_storage=True,
        is_restored_here=True,
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
