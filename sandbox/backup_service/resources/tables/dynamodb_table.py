"""DynamoDB tables: with AWS Backup's advanced features the recovery point is AWS Backup's own and can be copied."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    RestoreRefusedError,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices, Document
from sandbox.seams.backup import InternalCallError

_BATCH = 25
_PATIENCE = 200
_KEYS = frozenset({"deletionprotection", "encryptiontype", "kmsmasterkeyarn", "originaltablename", "targettablename"})
_INDEX_MEMBERS = ("IndexName", "KeySchema", "Projection")


class DynamoDbTable:
    """A DynamoDB table."""

    resource_type = "DynamoDB"
    selector = "arn:aws:dynamodb:*:*:table/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = False
    required_metadata = ("targetTableName",)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a table."""
        return arn.startswith("arn:aws:dynamodb:") and ":table/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every table."""
        names = (await services.call("dynamodb", "ListTables")).get("TableNames", [])
        place = services.place
        arns = [f"arn:aws:dynamodb:{place.region}:{place.account}:table/{name}" for name in names]
        return [Resource(arn, await _tags(services, arn)) for arn in arns]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """The table's keys and indexes, and every item."""
        name = arn.rpartition("/")[2]
        try:
            table: Document = (await services.call("dynamodb", "DescribeTable", TableName=name))["Table"]
        except InternalCallError as error:
            raise ResourceGoneError(f"Table {arn} does not exist") from error
        items = await _items(services, name)
        definition = {
            "KeySchema": table["KeySchema"],
            "AttributeDefinitions": table["AttributeDefinitions"],
            "BillingMode": "PAY_PER_REQUEST",
        }
        for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
            if table.get(member):
                definition[member] = [{key: index[key] for key in _INDEX_MEMBERS} for index in table[member]]
        key = (table.get("SSEDescription") or {}).get("KMSMasterKeyArn")
        return Capture(
            metadata={
                "originalTableName": name,
                "targetTableName": name,
                "encryptionType": "KMS" if key else "Default",
            },
            content=items,
            size=int(table.get("TableSizeBytes") or 0),
            key_arn=key,
            configuration=definition,
        )

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: Metadata, recovery_point_arn: str
    ) -> str:
        """A new table with every item; its tags, streams and expiry are not carried over."""
        name = str(metadata.get("targetTableName"))
        parameters = dict(capture.configuration)
        if key := _restored_key(metadata):
            parameters["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
        created = await services.call("dynamodb", "CreateTable", TableName=name, **parameters)
        arn = str(created["TableDescription"]["TableArn"])
        await _wait_until_active(services, name)
        for start in range(0, len(capture.content), _BATCH):
            puts = [{"PutRequest": {"Item": item}} for item in capture.content[start : start + _BATCH]]
            await services.call("dynamodb", "BatchWriteItem", RequestItems={name: puts})
        services.record(
            "dynamodb.amazonaws.com",
            "RestoreTableFromBackup",
            {"targetTableName": name, "backupArn": recovery_point_arn},
            {"tableDescription": {"tableName": name, "tableArn": arn, "tableStatus": "CREATING"}},
        )
        return arn

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the table."""
        await services.call("dynamodb", "TagResource", ResourceArn=arn, Tags=tag_list(tags))


def _restored_key(metadata: Metadata) -> str | None:
    """The customer's key that the metadata names; RestoreRefusedError where it does not hang together.

    AWS Backup Developer Guide, "Restoring a DynamoDB table": an encryption type, and for KMS the key.
    """
    unknown = sorted(key for key in metadata.said() - _KEYS if not key.startswith("aws:backup:"))
    if unknown:
        raise RestoreRefusedError(f"Unknown restore metadata: {', '.join(unknown)}")
    match metadata.get("encryptionType") or "Default", metadata.get("kmsMasterKeyArn"):
        case "Default", None:
            return None
        case "KMS", str(key):
            return key
        case "KMS", None:
            raise RestoreRefusedError("encryptionType KMS needs kmsMasterKeyArn")
        case kind, _:
            raise RestoreRefusedError(f"encryptionType {kind} does not go with what else is said")


async def _tags(services: AccountServices, arn: str) -> dict[str, str]:
    return tag_map((await services.call("dynamodb", "ListTagsOfResource", ResourceArn=arn)).get("Tags"))


async def _items(services: AccountServices, name: str) -> list[Any]:
    items: list[Any] = []
    start: Document = {}
    while True:
        answer = await services.call("dynamodb", "Scan", TableName=name, **start)
        items += answer.get("Items", [])
        if not answer.get("LastEvaluatedKey"):
            return items
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


async def _wait_until_active(services: AccountServices, name: str) -> None:
    for _ in range(_PATIENCE):
        table = (await services.call("dynamodb", "DescribeTable", TableName=name))["Table"]
        if table["TableStatus"] == "ACTIVE":
            return
        await asyncio.sleep(0.05)
    raise RestoreRefusedError(f"Table {name} did not become active")
