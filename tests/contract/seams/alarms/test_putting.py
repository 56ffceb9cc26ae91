"""What we touch of alarms inside MiniStack's CloudWatch is still there, and refuses what CloudWatch refuses."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import cloudwatch

from sandbox.seams import host as seams
from sandbox.seams.alarms import putting

ACCOUNT, REGION = "222222222222", "eu-west-1"
ONE: dict[str, Any] = {
    "AlarmName": "seam",
    "Namespace": "AWS/DynamoDB",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
BARE = {name: value for name, value in ONE.items() if name not in ("Namespace", "MetricName", "Statistic", "Period")}
QUERIES = {"Metrics": [{"Id": "q", "Expression": "a/60", "ReturnData": True}]}


def _put(**sent: Any) -> str:
    """What is said against it; empty where it is done."""
    status, _, body = cloudwatch._put_metric_alarm({}, sent, False, True)  # noqa: FBT003, SLF001 - as MiniStack has it
    return "" if status == 200 else str(json.loads(body)["message"])


@pytest.fixture(autouse=True)
def _strict() -> Iterator[None]:
    putting.be_strict()
    with seams.request_scope(ACCOUNT, REGION):
        yield
        cloudwatch._alarms.pop("seam", None)  # noqa: SLF001
    seams.restore()


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams.restore()
    taken = [*inspect.signature(cloudwatch._put_metric_alarm).parameters]  # noqa: SLF001
    assert taken == ["params", "cbor_data", "is_cbor", "is_json"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(BARE, "Exactly one of MetricName, Metrics and EvaluationCriteria", id="nothing to watch"),
        pytest.param(ONE | QUERIES, "Exactly one of MetricName, Metrics and EvaluationCriteria", id="both"),
        pytest.param(
            BARE | QUERIES | {"Period": 60}, "Period must not be specified together with Metrics", id="a period"
        ),
        pytest.param(ONE | {"AlarmName": "x" * 256}, "AlarmName must have length less than", id="a long name"),
        pytest.param(BARE | QUERIES | {"ThresholdMetricId": "q"}, "Threshold must not be specified", id="both bounds"),
    ],
)
def test_what_cannot_be_watched_is_refused(sent: dict[str, Any], said: str) -> None:
    assert said in _put(**sent)


def test_an_alarm_on_queries_is_told_as_one() -> None:
    assert _put(**BARE, **QUERIES) == ""
    kept = cloudwatch._alarms["seam"]  # noqa: SLF001
    assert (kept["Metrics"], kept["MetricName"], kept["Period"], kept["Dimensions"]) == (
        QUERIES["Metrics"],
        None,
        None,
        None,
    )


def test_an_alarm_on_one_metric_is_as_before() -> None:
    assert _put(**ONE) == ""
    assert cloudwatch._alarms["seam"]["MetricName"] == "Errors"  # noqa: SLF001
