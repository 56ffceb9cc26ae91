"""Databases and tables of Timestream in one account and Region, by the rules of its API reference."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

type Document = dict[str, Any]

# API reference, CreateTable: what a table has where nobody says how long it keeps records.
_RETENTION: Final[Document] = {"MemoryStoreRetentionPeriodInHours": 6, "MagneticStoreRetentionPeriodInDays": 73000}
_PAGE: Final = 20


class TimeSeriesError(Exception):
    """The call failed as Timestream fails it: an error code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(slots=True)
class TimeSeries:
    """The databases of one account in one Region, their tables by database and name, and tags by ARN."""

    account: str
    region: str
    databases: dict[str, Document] = field(default_factory=dict)
    tables: dict[tuple[str, str], Document] = field(default_factory=dict)
    tags: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def create_database(self, request: Document) -> Document:
        """CreateDatabase: under the key that is said, or Timestream's own."""
        name = request["DatabaseName"]
        if name in self.databases:
            raise TimeSeriesError("ConflictException", f"A database already exists with the name {name}")
        made = {
            "Arn": self._arn(name),
            "DatabaseName": name,
            "TableCount": 0,
            "KmsKeyId": request.get("KmsKeyId") or f"arn:aws:kms:{self.region}:{self.account}:alias/aws/timestream",
            "CreationTime": time.time(),
        }
        self.databases[name] = made
        self.tags[made["Arn"]] = list(request.get("Tags") or [])
        return {"Database": made}

    def describe_database(self, request: Document) -> Document:
        """DescribeDatabase."""
        return {"Database": self._database(request["DatabaseName"])}

    def create_table(self, request: Document) -> Document:
        """CreateTable, in a database that is there."""
        database, name = self._database(request["DatabaseName"]), request["TableName"]
        key = database["DatabaseName"], name
        if key in self.tables:
            raise TimeSeriesError("ConflictException", f"A table already exists with the name {name}")
        made = {
            "Arn": f"{database['Arn']}/table/{name}",
            "TableName": name,
            "DatabaseName": database["DatabaseName"],
            "TableStatus": "ACTIVE",
            "RetentionProperties": _RETENTION | (request.get("RetentionProperties") or {}),
            "MagneticStoreWriteProperties": request.get("MagneticStoreWriteProperties")
            or {"EnableMagneticStoreWrites": False},
            "CreationTime": time.time(),
        }
        self.tables[key] = made
        self.tags[made["Arn"]] = list(request.get("Tags") or [])
        database["TableCount"] += 1
        return {"Table": made}

    def describe_table(self, request: Document) -> Document:
        """DescribeTable."""
        return {"Table": self._table(request)}

    def delete_table(self, request: Document) -> Document:
        """DeleteTable."""
        table = self._table(request)
        del self.tables[table["DatabaseName"], table["TableName"]], self.tags[table["Arn"]]
        self.databases[table["DatabaseName"]]["TableCount"] -= 1
        return {}

    def list_tables(self, request: Document) -> Document:
        """ListTables: of the database that is named, or of all, so many a page."""
        wanted = request.get("DatabaseName")
        found = [table for table in self.tables.values() if wanted in (None, table["DatabaseName"])]
        start, size = int(request.get("NextToken") or 0), int(request.get("MaxResults") or _PAGE)
        more = {"NextToken": str(start + size)} if start + size < len(found) else {}
        return {"Tables": found[start : start + size], **more}

    def tag(self, request: Document) -> Document:
        """TagResource: beside those that it has."""
        tags = self._tags(request["ResourceARN"])
        kept = {tag["Key"]: tag for tag in (*tags, *request["Tags"])}
        tags[:] = kept.values()
        return {}

    def untag(self, request: Document) -> Document:
        """UntagResource."""
        tags = self._tags(request["ResourceARN"])
        tags[:] = [tag for tag in tags if tag["Key"] not in request["TagKeys"]]
        return {}

    def list_tags(self, request: Document) -> Document:
        """ListTagsForResource."""
        return {"Tags": self._tags(request["ResourceARN"])}

    def _database(self, name: str) -> Document:
        if name not in self.databases:
            raise TimeSeriesError("ResourceNotFoundException", f"The database {name} does not exist.")
        return self.databases[name]

    def _table(self, request: Document) -> Document:
        key = request["DatabaseName"], request["TableName"]
        if key not in self.tables:
            raise TimeSeriesError("ResourceNotFoundException", f"The table {key[1]} does not exist.")
        return self.tables[key]

    def _tags(self, arn: str) -> list[dict[str, str]]:
        if arn not in self.tags:
            raise TimeSeriesError("ResourceNotFoundException", f"The resource {arn} does not exist.")
        return self.tags[arn]

    def _arn(self, name: str) -> str:
        return f"arn:aws:timestream:{self.region}:{self.account}:database/{name}"
