"""Tables of DynamoDB. What the row says of copies and cold storage holds with DynamoDB's advanced features only."""

from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence, Kind, Origin, Sign
from strongroom.domain.catalogue.facets.tag_calls import tag_resource_calls
from strongroom.domain.catalogue.facets.tagging import Limit, Pace, Tagging
from strongroom.domain.catalogue.model import (
    Listing,
    NativeBackups,
    ResourceType,
    Scope,
    Threat,
)

# How tables are called (API reference, CreateTable, `TableName`).
NAME_SHAPE: Final = r"[A-Za-z0-9_.-]{3,255}"
NAME_RULE: Final = "3 to 255 letters, digits, underscores, dots and hyphens"

_TABLES: Final = ("arn:{partition}:dynamodb:*:*:table/*",)
_MADE: Final = ("tableDescription.tableArn",)
_ARN: Final = "arn:{partition}:dynamodb:{region}:{account}:table/{id}"


def _from(*paths: str) -> tuple[Origin, ...]:
    return (Origin(paths=paths, arn=_ARN),)


_RESTORED_FROM: Final = "response.tableDescription.restoreSummary.sourceTableArn"

TYPES: Final = (
    ResourceType(
        name="DynamoDB",
        label="DynamoDB table",
        enters_air_gap=True,
        arn=_ARN,
        id_shape=NAME_SHAPE,
        wants_opt_in=True,
        listing=Listing(
            call="ListTables",
            items="TableNames[]",
            begin_at="ExclusiveStartTableName",
            next_at="LastEvaluatedTableName",
            page=100,
        ),
        creations=(
            Creation(
                call="dynamodb:CreateTable",
                response=_MADE,
                request=("tableName",),
                kind_when=((Sign(paths=("request.globalTableSourceArn",)), Kind.REPLICA),),
                origins=_from("request.globalTableSourceArn"),
                evidence=Evidence.RECORDED,
                source="public record of 2021; Amazon DynamoDB Developer Guide, where it has no ARN",
                tagged=_TABLES,
            ),
            Creation(
                call="dynamodb:RestoreTableFromBackup",
                response=_MADE,
                request=("targetTableName",),
                kind=Kind.RESTORE,
                origins=_from(_RESTORED_FROM),
            ),
            Creation(
                call="dynamodb:RestoreTableToPointInTime",
                response=_MADE,
                request=("targetTableName",),
                kind=Kind.RESTORE,
                origins=_from("request.sourceTableArn", "request.sourceTableName", _RESTORED_FROM),
            ),
            Creation(
                call="dynamodb:ImportTable",
                response=("importTableDescription.tableArn",),
                request=("tableCreationParameters.tableName",),
                kind=Kind.IMPORT,
            ),
            # The replica's own Region may show no event: this one, of another Region, may be the only word of it.
            Creation(
                call="dynamodb:UpdateTable",
                response=_MADE,
                request=("tableName",),
                home="replicaUpdates[].create.regionName",
                is_elsewhere=True,
                only_when=Sign(paths=("request.replicaUpdates[].create.regionName",)),
                kind=Kind.REPLICA,
                origins=_from("response.tableDescription.tableArn", "request.tableName"),
                evidence=Evidence.PUBLISHED,
                source="Amazon DynamoDB Developer Guide, without replicas, which follow from the model",
            ),
            Creation(
                call="dynamodb:RestoreTableFromAwsBackup",
                response=_MADE,
                request=("targetTableName",),
                kind=Kind.RESTORE,
                evidence=Evidence.UNCONFIRMED,
                source="AWSBackupServiceRolePolicyForRestores",
            ),
        ),
        tags=Tagging(
            is_listed_by_tag=True,
            client="dynamodb",
            write="dynamodb:TagResource",
            read="ListTagsOfResource",
            tags="Tags",
            when="once it is ACTIVE: a restore or an import may take hours",
            not_yet=("ResourceInUseException",),
            gone=("ResourceNotFoundException",),
            rate="5 a second for each account",
            pace=Pace(per_second=5, burst=5),
            is_shown_late=True,
        ),
        limits=(
            Limit(
                fact="without the advanced features of its account and Region its backups are copied nowhere",
                lifted_by="the advanced features for DynamoDB backups",
                read="DescribeRegionSettings, once for each account and Region",
                unless=Sign(paths=("response.ResourceTypeManagementPreference.DynamoDB",), values=("true",)),
            ),
        ),
        tagging=("dynamodb:TagResource",),
        untagging=("dynamodb:UntagResource",),
        tag_calls=tag_resource_calls("dynamodb", named_at="resourceArn"),
        has_cold_storage=True,
        native=NativeBackups(
            unmarked=("dynamodb:DeleteBackup",),
            unmarked_arns=("arn:{partition}:dynamodb:*:*:table/*/backup/*",),
            unmarked_restores=("dynamodb:RestoreTableFromBackup",),
        ),
        is_restored_here=True,
        # Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest": under a key of AWS's own at least.
        is_always_encrypted=True,
        threats=(
            Threat(
                call="dynamodb:DeleteBackup",
                what="delete the table backup behind a backup",
                target_keys=("backupArn",),
                scope=Scope.NATIVE_BACKUP,
            ),
            Threat(
                call="dynamodb:UntagResource",
                what="remove the backup tag",
                target_keys=("resourceArn",),
                scope=Scope.BACKUP_TAG,
            ),
            Threat(
                call="dynamodb:CreateTable",
                what="create a table without a backup tag",
                target_keys=("tableName",),
                scope=Scope.UNTAGGED_CREATION,
            ),
        ),
    ),
)
