"""Databases and tables of Timestream, by the rules of its API reference: what is made, refused and told."""

from typing import Any

import pytest

from sandbox.time_series.store import TimeSeries, TimeSeriesError

KEY = "arn:aws:kms:eu-west-1:222222222222:key/1"
ARN = "arn:aws:timestream:eu-west-1:222222222222:database/metrics"
CPU = {"DatabaseName": "metrics", "TableName": "cpu"}
TAG = {"Key": "Backup", "Value": "daily"}


@pytest.fixture
def series() -> TimeSeries:
    found = TimeSeries("222222222222", "eu-west-1")
    found.create_database({"DatabaseName": "metrics", "KmsKeyId": KEY})
    found.create_table({**CPU, "Tags": [TAG]})
    return found


def test_a_table_lies_in_its_database_and_keeps_records_for_long(series: TimeSeries) -> None:
    table = series.describe_table(CPU)["Table"]
    assert (table["Arn"], table["TableStatus"]) == (f"{ARN}/table/cpu", "ACTIVE")
    assert table["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 6,
        "MagneticStoreRetentionPeriodInDays": 73000,
    }
    assert table["MagneticStoreWriteProperties"] == {"EnableMagneticStoreWrites": False}
    database = series.describe_database({"DatabaseName": "metrics"})["Database"]
    assert (database["Arn"], database["KmsKeyId"], database["TableCount"]) == (ARN, KEY, 1)


def test_a_database_that_names_no_key_lies_under_timestreams_own(series: TimeSeries) -> None:
    made = series.create_database({"DatabaseName": "more"})["Database"]
    assert made["KmsKeyId"].endswith("alias/aws/timestream")


@pytest.mark.parametrize(
    ("call", "request_", "code"),
    [
        pytest.param("create_database", {"DatabaseName": "metrics"}, "ConflictException", id="a database twice"),
        pytest.param("create_table", CPU, "ConflictException", id="a table twice"),
        pytest.param("create_table", {**CPU, "DatabaseName": "gone"}, "ResourceNotFoundException", id="in no database"),
        pytest.param("describe_database", {"DatabaseName": "gone"}, "ResourceNotFoundException", id="no database"),
        pytest.param("describe_table", {**CPU, "TableName": "gone"}, "ResourceNotFoundException", id="no table"),
        pytest.param("delete_table", {**CPU, "TableName": "gone"}, "ResourceNotFoundException", id="nothing to delete"),
        pytest.param("list_tags", {"ResourceARN": f"{ARN}/table/gone"}, "ResourceNotFoundException", id="no tags"),
    ],
)
def test_what_is_refused(series: TimeSeries, call: str, request_: dict[str, Any], code: str) -> None:
    with pytest.raises(TimeSeriesError) as refused:
        getattr(series, call)(request_)
    assert refused.value.code == code


def test_a_table_is_deleted_with_its_tags(series: TimeSeries) -> None:
    series.delete_table(CPU)
    assert series.list_tables({}) == {"Tables": []}
    assert (list(series.tags), series.databases["metrics"]["TableCount"]) == ([ARN], 0)


def test_tables_are_listed_so_many_a_page(series: TimeSeries) -> None:
    series.create_database({"DatabaseName": "more"})
    for name in ("disk", "net"):
        series.create_table({"DatabaseName": "more", "TableName": name})
    first = series.list_tables({"MaxResults": 2})
    rest = series.list_tables({"MaxResults": 2, "NextToken": first["NextToken"]})
    assert [each["TableName"] for each in (*first["Tables"], *rest["Tables"])] == ["cpu", "disk", "net"]
    assert "NextToken" not in rest
    assert [each["TableName"] for each in series.list_tables({"DatabaseName": "more"})["Tables"]] == ["disk", "net"]


def test_tags_are_added_and_taken_away(series: TimeSeries) -> None:
    table = {"ResourceARN": f"{ARN}/table/cpu"}
    series.tag({**table, "Tags": [{"Key": "team", "Value": "a"}, {"Key": "Backup", "Value": "weekly"}]})
    series.untag({**table, "TagKeys": ["team"]})
    assert series.list_tags(table) == {"Tags": [{"Key": "Backup", "Value": "weekly"}]}
