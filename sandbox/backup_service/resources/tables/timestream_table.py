"""Tables of Timestream: fully managed by AWS Backup, and restored into a database that is there.

AWS Backup Developer Guide, "Restore an Amazon Timestream table". How the database is called in the metadata is not
known: its pages say DatabaseName and DestinationDatabase; here it is the former.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.backup_service.resources.kind import (
    Capture,
    Metadata,
    Resource,
    ResourceGoneError,
    stringified,
    tag_list,
    tag_map,
)
from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError

_SERVICE: Final = "timestream-write"
_RETENTIONS: Final = ("MemoryStoreRetentionPeriodInHours", "MagneticStoreRetentionPeriodInDays")
_WRITES: Final = "EnableMagneticStoreWrites"


class TimestreamTable:
    """A table of Timestream."""

    resource_type = "Timestream"
    selector = "arn:aws:timestream:*:*:database/*"
    is_fully_managed = True
    has_cold_storage = True
    restores_tags = False
    required_metadata = ("TableName", "DatabaseName", *_RETENTIONS)

    def owns(self, arn: str) -> bool:
        """Whether the ARN names a table."""
        return arn.startswith("arn:aws:timestream:") and "/table/" in arn

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:  # noqa: ARG002
        """`arn:aws:backup:R:A:recovery-point:<uuid>`."""
        return f"arn:aws:backup:{region}:{account}:recovery-point:{unique}"

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every table, as far as one page tells."""
        arns = [str(each["Arn"]) for each in (await services.call(_SERVICE, "ListTables")).get("Tables", [])]
        return [Resource(arn, await _tags(services, arn)) for arn in arns]

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """How long the table keeps its records, and where."""
        database, name = _names(arn)
        try:
            answer = await services.call(_SERVICE, "DescribeTable", DatabaseName=database, TableName=name)
            key = (await services.call(_SERVICE, "DescribeDatabase", DatabaseName=database))["Database"]["KmsKeyId"]
        except InternalCallError as error:
            raise ResourceGoneError(f"Table {arn} does not exist") from error
        table = answer["Table"]
        writes = table.get("MagneticStoreWriteProperties") or {}
        settings = {
            "TableName": name,
            "DatabaseName": database,
            **table["RetentionProperties"],
            _WRITES: bool(writes.get(_WRITES)),
        }
        if "MagneticStoreRejectedDataLocation" in writes:
            settings["MagneticStoreWriteProperties"] = writes
        return Capture(metadata=stringified(settings), key_arn=key)

    async def restore(
        self,
        services: AccountServices,
        capture: Capture,  # noqa: ARG002 what is not said does not come back
        metadata: Metadata,
        recovery_point_arn: str,
    ) -> str:
        """A new table in the database that is named."""
        request: dict[str, Any] = {
            "DatabaseName": metadata.get("DatabaseName"),
            "TableName": metadata.get("TableName"),
            "RetentionProperties": metadata.chosen(dict.fromkeys(_RETENTIONS, "number")),
            "MagneticStoreWriteProperties": {_WRITES: metadata.is_true(_WRITES)},
        }
        table = (await services.call(_SERVICE, "CreateTable", **request))["Table"]
        services.record(
            "timestream.amazonaws.com",
            "StartAwsRestoreJob",
            {"databaseName": table["DatabaseName"], "tableName": table["TableName"], "backupArn": recovery_point_arn},
            None,
        )
        return str(table["Arn"])

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Tag the table."""
        await services.call(_SERVICE, "TagResource", ResourceARN=arn, Tags=tag_list(tags))


def _names(arn: str) -> tuple[str, str]:
    database, _, name = arn.partition(":database/")[2].partition("/table/")
    return database, name


async def _tags(services: AccountServices, arn: str) -> dict[str, str]:
    return tag_map((await services.call(_SERVICE, "ListTagsForResource", ResourceARN=arn)).get("Tags"))
