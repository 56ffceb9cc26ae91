"""Numbers go out as lines that CloudWatch Logs reads metrics off."""

import json
from datetime import UTC, datetime

import pytest

from strongroom.domain.health.metrics import Metric
from strongroom.runtime.metrics import put_metrics

NOW = datetime(2026, 9, 1, 6, 10, tzinfo=UTC)


def test_a_line_declares_its_metrics_as_the_embedded_format_wants_them(capsys: pytest.CaptureFixture[str]) -> None:
    put_metrics([{Metric.OLDEST_DUE: 12.5, Metric.TOLD_BY_EVENT: 3}], now=NOW)
    [line] = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said["_aws"]["Timestamp"] == 1_788_243_000_000
    [declared] = said["_aws"]["CloudWatchMetrics"]
    assert (declared["Namespace"], declared["Dimensions"]) == ("Strongroom", [["Service"]])
    assert declared["Metrics"] == [
        {"Name": "OldestDue", "Unit": "Seconds"},
        {"Name": "ToldByEvent", "Unit": "Count"},
    ]
    assert (said["Service"], said["OldestDue"], said["ToldByEvent"]) == ("strongroom", 12.5, 3)


def test_nothing_is_said_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    put_metrics([{}], now=NOW)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_has_a_unit(metric: Metric) -> None:
    assert metric.unit in {"Count", "Seconds"}
