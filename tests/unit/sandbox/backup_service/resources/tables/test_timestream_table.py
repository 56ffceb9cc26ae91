"""What AWS Backup takes of a table of Timestream, and what it makes of it.

Source: AWS Backup Developer Guide, "Restore an Amazon Timestream table".
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.backup_service.resources.kind import Metadata, ResourceGoneError
from sandbox.backup_service.resources.tables.timestream_table import TimestreamTable
from sandbox.backup_service.surroundings import Place
from sandbox.seams.backup import InternalCallError
from sandbox.time_series.store import TimeSeries, TimeSeriesError

ACCOUNT, REGION = "222222222222", "eu-west-1"
TABLE = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics/table/cpu"
POINT = f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
BUCKET = {"S3Configuration": {"BucketName": "rejected", "EncryptionOption": "SSE_S3"}}
WANTED = {
    "DatabaseName": "restores",
    "TableName": "cpu-back",
    "MemoryStoreRetentionPeriodInHours": "24",
    "MagneticStoreRetentionPeriodInDays": "365",
    "EnableMagneticStoreWrites": "true",
}


@dataclass
class Services:
    """Timestream of one account, and what the trail is told."""

    series: TimeSeries = field(default_factory=lambda: TimeSeries(ACCOUNT, REGION))
    place: Place = field(default_factory=lambda: Place(ACCOUNT, REGION))
    told: list[tuple[str, str, Any]] = field(default_factory=list)

    async def call(self, service: str, operation: str, **parameters: Any) -> Any:
        assert service == "timestream-write"
        calls = {
            "CreateTable": TimeSeries.create_table,
            "DescribeDatabase": TimeSeries.describe_database,
            "DescribeTable": TimeSeries.describe_table,
        }
        try:
            return calls[operation](self.series, parameters)
        except TimeSeriesError as error:
            raise InternalCallError(error.code, error.message) from error

    def record(self, source: str, name: str, request: Any, _: Any) -> None:
        self.told.append((source, name, request["tableName"]))


@pytest.fixture
def services() -> Services:
    """A table whose rejected records go into a bucket, and a database to restore into."""
    found = Services()
    found.series.create_database({"DatabaseName": "metrics", "KmsKeyId": KEY})
    found.series.create_database({"DatabaseName": "restores"})
    found.series.create_table(
        {
            "DatabaseName": "metrics",
            "TableName": "cpu",
            "RetentionProperties": {
                "MemoryStoreRetentionPeriodInHours": 24,
                "MagneticStoreRetentionPeriodInDays": 365,
            },
            "MagneticStoreWriteProperties": {
                "EnableMagneticStoreWrites": True,
                "MagneticStoreRejectedDataLocation": BUCKET,
            },
        }
    )
    return found


def captured(services: Services, arn: str = TABLE) -> Any:
    return asyncio.run(TimestreamTable().capture(services, arn))  # type: ignore[arg-type]


def restored(services: Services, **said: str) -> str:
    metadata = Metadata({**WANTED, **said})
    return asyncio.run(TimestreamTable().restore(services, captured(services), metadata, POINT))  # type: ignore[arg-type]


def test_a_backup_tells_the_table_in_the_words_of_a_restore(services: Services) -> None:
    told = captured(services)
    assert (told.metadata["DatabaseName"], told.metadata["TableName"], told.key_arn) == ("metrics", "cpu", KEY)
    assert told.metadata["MemoryStoreRetentionPeriodInHours"] == "24"
    assert told.metadata["MagneticStoreRetentionPeriodInDays"] == "365"
    assert told.metadata["EnableMagneticStoreWrites"] == "true"
    assert "rejected" in told.metadata["MagneticStoreWriteProperties"]


def test_what_is_gone_cannot_be_backed_up(services: Services) -> None:
    with pytest.raises(ResourceGoneError):
        captured(services, TABLE + "-before")


def test_it_comes_back_into_the_database_that_is_said_and_the_trail_tells_of_it(services: Services) -> None:
    arn = restored(services)
    assert arn == TABLE.replace("metrics", "restores") + "-back"
    made = services.series.tables["restores", "cpu-back"]
    assert made["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 24,
        "MagneticStoreRetentionPeriodInDays": 365,
    }
    assert made["MagneticStoreWriteProperties"] == {"EnableMagneticStoreWrites": True}
    assert services.told == [("timestream.amazonaws.com", "StartAwsRestoreJob", "cpu-back")]


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        pytest.param({"DatabaseName": "gone"}, InternalCallError, "ResourceNotFound", id="no such database"),
        pytest.param(
            {"DatabaseName": "metrics", "TableName": "cpu"}, InternalCallError, "ConflictException", id="a name taken"
        ),
        pytest.param({"MagneticStoreRetentionPeriodInDays": "long"}, ValueError, "long", id="no number"),
    ],
)
def test_what_is_said_wrongly_makes_nothing(
    services: Services, said: dict[str, str], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        restored(services, **said)
    assert (list(services.series.tables), services.told) == ([("metrics", "cpu")], [])
