"""A resource's alarms are those on its metrics; anew they are on the restored's, and call nobody."""

from typing import Any, Final

import pytest

from strongroom.domain.restores.settings.alarms import alarm_anew, alarms_of

TOPIC: Final = "arn:aws:sns:eu-west-1:222222222222:on-call"
FOREIGN: Final = "arn:aws:sns:eu-west-1:666666666666:on-call"
STOP: Final = "arn:aws:automate:eu-west-1:ec2:stop"
ALARM: Final[dict[str, Any]] = {
    "AlarmName": "orders-throttled",
    "AlarmArn": "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:orders-throttled",
    "ActionsEnabled": True,
    "AlarmActions": [STOP, FOREIGN, TOPIC],
    "OKActions": [],
    "StateValue": "OK",
    "Namespace": "AWS/DynamoDB",
    "MetricName": "ThrottledRequests",
    "Dimensions": [{"Name": "TableName", "Value": "orders"}, {"Name": "Operation", "Value": "orders"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}
MATHS: Final[dict[str, Any]] = {
    "AlarmName": "orders-rate",
    "Metrics": [
        {"Id": "e", "Expression": "a/60", "ReturnData": True},
        {
            "Id": "a",
            "MetricStat": {
                "Metric": {"MetricName": "M", "Dimensions": [{"Name": "TableName", "Value": "orders"}]},
                "Period": 60,
                "Stat": "Sum",
            },
        },
    ],
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def _of(alarms: list[dict[str, Any]], name: str = "orders") -> list[str]:
    return [each["AlarmName"] for each in alarms_of(alarms, dimension="TableName", name=name)]


def _anew(alarm: dict[str, Any], name: str = "orders-0200") -> dict[str, Any]:
    ours = ":eu-west-1:222222222222:"
    return alarm_anew(alarm, prefix="r-a-", dimension="TableName", was="orders", name=name, topics_of=ours)


def test_alarms_on_its_metrics_and_on_what_is_computed_from_them_are_its_own() -> None:
    assert _of([ALARM, MATHS]) == ["orders-rate", "orders-throttled"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"Dimensions": [{"Name": "TableName", "Value": "orders-2"}]}, id="of another table"),
        pytest.param({"Dimensions": [{"Name": "Operation", "Value": "orders"}]}, id="of another dimension"),
        pytest.param({"Dimensions": []}, id="of none"),
    ],
)
def test_other_alarms_are_not(other: dict[str, Any]) -> None:
    assert _of([ALARM | other]) == []


def test_what_changes_by_itself_is_not_kept() -> None:
    [kept] = alarms_of([ALARM], dimension="TableName", name="orders")
    assert {"StateValue", "AlarmArn", "OKActions"} & set(kept) == set()
    assert kept["Threshold"] == 0.5


def test_anew_it_is_on_the_restored_with_its_actions_off_and_those_that_act_left_out() -> None:
    anew = _anew(alarms_of([ALARM], dimension="TableName", name="orders")[0])
    assert anew == {
        "AlarmName": "r-a-orders-throttled",
        "ActionsEnabled": False,
        "AlarmActions": [TOPIC],
        "Namespace": "AWS/DynamoDB",
        "MetricName": "ThrottledRequests",
        "Dimensions": [{"Name": "TableName", "Value": "orders-0200"}, {"Name": "Operation", "Value": "orders"}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 5,
        "Threshold": 0.5,
        "ComparisonOperator": "GreaterThanThreshold",
    }


def test_anew_every_metric_of_a_computation_is_the_restored_s() -> None:
    anew = _anew(MATHS)
    assert anew["Metrics"][1]["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "TableName", "Value": "orders-0200"}]
    assert anew["Metrics"][0] == MATHS["Metrics"][0]


def test_of_a_note_the_threshold_is_a_number_again() -> None:
    assert _anew(ALARM | {"Threshold": "0.5"})["Threshold"] == 0.5


def test_two_long_names_stay_two() -> None:
    names = {_anew(ALARM | {"AlarmName": "x" * 253 + last})["AlarmName"] for last in "ab"}
    assert {len(each) for each in names} == {255}
    assert len(names) == 2
