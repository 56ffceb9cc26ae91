"""A resource's alarms are those on its metrics; anew they are on the restored's, and call nobody."""

from typing import Any, Final

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.restores.settings.alarms import Move, alarm_anew, alarms_of, why_left

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


ACCOUNT: Final = AccountId("222222222222")
MOVE: Final = Move(values={"TableName": ("orders", "orders-0200")}, lost=("ReceivingRegion",), account=ACCOUNT)


def _of(alarms: list[dict[str, Any]], name: str = "orders") -> list[str]:
    return [each["AlarmName"] for each in alarms_of(alarms, dimension="TableName", name=name)]


def _anew(alarm: dict[str, Any], move: Move = MOVE) -> dict[str, Any]:
    return alarm_anew(alarm, prefix="r-a-", move=move, request_id="r-a", topics_of=f":eu-west-1:{ACCOUNT}:")


def _query(expression: str, **more: Any) -> dict[str, Any]:
    """An alarm on what is asked for in words."""
    return {"AlarmName": "asked", "Metrics": [{"Id": "q", "Expression": expression} | more]}


def test_alarms_on_its_metrics_and_on_what_is_computed_from_them_are_its_own() -> None:
    assert _of([ALARM, MATHS]) == ["orders-rate", "orders-throttled"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            _query("SELECT MAX(X) FROM SCHEMA(\"AWS/DynamoDB\", TableName) WHERE TableName = 'orders'"), id="SQL"
        ),
        pytest.param(_query("SEARCH('{AWS/DynamoDB,TableName} TableName=\"orders\"', 'Sum')"), id="search"),
        pytest.param(
            {
                "AlarmName": "asked",
                "EvaluationCriteria": {"PromQLCriteria": {"Query": 'x{TableName="orders"}', "PendingPeriod": 60}},
            },
            id="PromQL",
        ),
    ],
)
def test_an_alarm_that_asks_in_words_is_its_own_and_left_to_people(query: dict[str, Any]) -> None:
    [kept] = alarms_of([query], dimension="TableName", name="orders")
    assert why_left(kept, MOVE) == "its query names the original in words"
    assert _of([query], "order") == []


ODD: Final[tuple[dict[str, Any], ...]] = (
    {"Dimensions": ["TableName"]},
    {"Dimensions": [{"Name": "TableName"}]},
    {"Dimensions": 7},
    {"Metrics": "all"},
    {"Metrics": ["a"]},
    {"Metrics": [{"MetricStat": "Sum"}]},
    {"Metrics": [{"MetricStat": {"Metric": []}}]},
    {"Metrics": [{"MetricStat": {"Metric": {"Dimensions": [7]}}}]},
    {"AlarmActions": "all"},
    {"OKActions": [7]},
    {"Threshold": "much"},
    {"Threshold": []},
)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({}, "", id="one metric"),
        pytest.param(MATHS, "", id="computed"),
        *(
            pytest.param(_query(text), "it calls a function", id=text)
            for text in ("LAMBDA('f')", "lambda ('f')", "a + Lambda\n(\"f\", 'orders')")
        ),
        pytest.param(_query("LAMBDAS/60"), "", id="of a like name"),
        *(pytest.param(odd, "its note does not read as an alarm", id=f"odd: {odd}") for odd in ODD),
        pytest.param({"Threshold": 10**400}, "its note does not read as an alarm", id="odd: larger than any number"),
        pytest.param(
            {"ThresholdMetricId": "band"},
            "its band is learnt from the metric's past, and what is restored has none",
            id="band",
        ),
        pytest.param(
            _query("ANOMALY_DETECTION_BAND(a, 2)"),
            "its band is learnt from the metric's past, and what is restored has none",
            id="band that is computed",
        ),
        pytest.param(_query("a/60", AccountId=ACCOUNT), "", id="of the account, said"),
        pytest.param(
            _query("a/60", AccountId="333333333333"),
            "it watches metrics of account 333333333333",
            id="of another account",
        ),
        pytest.param(
            {
                "Dimensions": [
                    {"Name": "TableName", "Value": "orders"},
                    {"Name": "ReceivingRegion", "Value": "eu-west-3"},
                ]
            },
            "its metric is told apart by ReceivingRegion as well, of which what is restored has not the original's",
            id="of what is lost",
        ),
        pytest.param(
            {"Dimensions": [{"Name": "TableName", "Value": "a"}, {"Name": "ReceivingRegion", "Value": "eu-west-3"}]},
            "",
            id="of what another lost",
        ),
    ],
)
def test_what_cannot_be_moved_is_left_and_it_is_said_why(changes: dict[str, Any], why: str) -> None:
    assert why_left(ALARM | changes, MOVE) == why


def test_of_a_volume_both_names_are_the_restored_s() -> None:
    both = {"VolumeId": ("fsvol-1", "fsvol-2"), "FileSystemId": ("fs-1", "fs-2")}
    alarm = ALARM | {"Dimensions": [{"Name": key, "Value": was} for key, (was, _) in both.items()]}
    anew = _anew(alarm, Move(values=both, lost=(), account=ACCOUNT))
    assert anew["Dimensions"] == [{"Name": key, "Value": now} for key, (_, now) in both.items()]


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
        "Tags": [{"Key": "strongroom-restore", "Value": "r-a"}],
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
