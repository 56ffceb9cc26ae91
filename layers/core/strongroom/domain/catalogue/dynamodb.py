"""Tables of DynamoDB. What the row says of copies and cold storage holds with DynamoDB's advanced features only."""

from typing import Final

from strongroom.domain.catalogue.model import (
    Creation,
    MetadataRules,
    NativeBackups,
    Pairing,
    ResourceType,
    Scope,
    Threat,
)

_TABLES: Final = ("arn:{partition}:dynamodb:*:*:table/*",)
_MADE: Final = ("tableDescription.tableArn",)

TYPES: Final = (
    ResourceType(
        name="DynamoDB",
        label="DynamoDB table",
        enters_air_gap=True,
        arn="arn:{partition}:dynamodb:{region}:{account}:table/{id}",
        creations=(
            Creation(call="dynamodb:CreateTable", response=_MADE, request="tableName", tagged=_TABLES),
            Creation(call="dynamodb:RestoreTableFromBackup", response=_MADE, request="targetTableName"),
            Creation(call="dynamodb:RestoreTableToPointInTime", response=_MADE, request="targetTableName"),
            Creation(call="dynamodb:ImportTable"),
        ),
        tagging=("dynamodb:TagResource",),
        untagging=("dynamodb:UntagResource",),
        has_cold_storage=True,
        native=NativeBackups(
            unmarked=("dynamodb:DeleteBackup",),
            unmarked_arns=("arn:{partition}:dynamodb:*:*:table/*/backup/*",),
            unmarked_restores=("dynamodb:RestoreTableFromBackup",),
        ),
        restore=MetadataRules(
            name_key="targetTableName",
            name_shape=r"[A-Za-z0-9_.-]{3,255}",
            name_rule="3 to 255 letters, digits, underscores, dots and hyphens",
            allowed=("encryptionType", "kmsMasterKeyArn"),
            pairings=(
                Pairing(key="encryptionType", value="KMS", other="kmsMasterKeyArn", is_needed=True),
                Pairing(key="encryptionType", value="Default", other="kmsMasterKeyArn", is_needed=False),
            ),
            key="kmsMasterKeyArn",
            risks=("kmsMasterKeyArn",),
        ),
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
