"""Which alarms of CloudWatch are a resource's, and what makes them anew for what was restored in its place.

Source: Amazon CloudWatch API Reference, MetricAlarm and PutMetricAlarm.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from strongroom.domain.canonical import digest_of

# As PutMetricAlarm takes it; what DescribeAlarms tells besides changes by itself, or says where the alarm is.
_TAKEN: Final = (
    *("AlarmDescription", "ComparisonOperator", "DatapointsToAlarm", "Dimensions", "EvaluateLowSampleCountPercentile"),
    *("EvaluationPeriods", "ExtendedStatistic", "MetricName", "Metrics", "Namespace", "Period", "Statistic"),
    *("Threshold", "ThresholdMetricId", "TreatMissingData", "Unit"),
)
_ACTIONS: Final = ("AlarmActions", "InsufficientDataActions", "OKActions")
_KEPT: Final = ("AlarmName", "ActionsEnabled", *_ACTIONS, *_TAKEN)
# A call to a topic is a message; others stop machines, or begin what nobody has approved.
_TOPIC: Final = ":sns"
_LONGEST_NAME: Final = 255
_OF_DIGEST: Final = 8


def alarms_of(alarms: Iterable[Mapping[str, Any]], *, dimension: str, name: str) -> list[dict[str, Any]]:
    """What is kept of the alarms on a metric of that resource, by their names."""
    own = (alarm for alarm in alarms if name in _names(alarm, dimension=dimension))
    kept = ({key: alarm[key] for key in _KEPT if alarm.get(key) not in (None, "", [])} for alarm in own)
    return sorted(kept, key=lambda alarm: str(alarm["AlarmName"]))


def alarm_anew(
    alarm: Mapping[str, Any], *, prefix: str, dimension: str, was: str, name: str, topics_of: str
) -> dict[str, Any]:
    """The call that makes an alarm anew, with its actions off: its name begins so, and its metric is the restored's.

    Of its actions those are kept that tell a topic whose ARN goes on so: of the account and Region.
    """
    made = {key: alarm[key] for key in _TAKEN if key in alarm}
    if "Threshold" in made:
        made["Threshold"] = float(made["Threshold"])
    moved: dict[str, Any] = _renamed(made, dimension=dimension, was=was, name=name)
    topics = {key: [each for each in alarm.get(key, ()) if f"{_TOPIC}{topics_of}" in each] for key in _ACTIONS}
    named = {"AlarmName": _named(f"{prefix}{alarm['AlarmName']}"), "ActionsEnabled": False}
    return named | moved | {key: found for key, found in topics.items() if found}


def _names(alarm: Mapping[str, Any], *, dimension: str) -> set[str]:
    metrics = (each.get("MetricStat", {}).get("Metric", {}) for each in alarm.get("Metrics", ()))
    every = (each for metric in (alarm, *metrics) for each in metric.get("Dimensions", ()))
    return {each["Value"] for each in every if each["Name"] == dimension}


def _renamed(content: Any, *, dimension: str, was: str, name: str) -> Any:
    """The content with the restored's name wherever the original's stands as the dimension."""
    match content:
        case {"Name": found, "Value": value} if found == dimension and value == was:
            return {"Name": found, "Value": name}
        case dict():
            return {key: _renamed(each, dimension=dimension, was=was, name=name) for key, each in content.items()}
        case list() | tuple():
            return [_renamed(each, dimension=dimension, was=was, name=name) for each in content]
        case _:
            return content


def _named(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - _OF_DIGEST - 1]}-{digest_of(name)[:_OF_DIGEST]}"
