"""Which alarms of CloudWatch are a resource's, which of them can be made anew for what was restored, and by which call.

Sources: Amazon CloudWatch API Reference, MetricAlarm, MetricDataQuery and PutMetricAlarm; Amazon CloudWatch User Guide,
"Using CloudWatch anomaly detection", "Create alarms on Metrics Insights queries" and "Search expression syntax".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.identifiers import REQUEST_TAG, AccountId

# As PutMetricAlarm takes it; what DescribeAlarms tells besides changes by itself, or says where the alarm is.
_TAKEN: Final = (
    *("AlarmDescription", "ComparisonOperator", "DatapointsToAlarm", "Dimensions", "EvaluateLowSampleCountPercentile"),
    *("EvaluationPeriods", "EvaluationWindow", "ExtendedStatistic", "MetricName", "Metrics", "Namespace", "Period"),
    *("Statistic", "Threshold", "ThresholdMetricId", "TreatMissingData", "Unit", "WarmUpConfiguration"),
)
_ACTIONS: Final = ("AlarmActions", "InsufficientDataActions", "OKActions")
# By a query of PromQL alone, in which the resource is named in words.
_QUERY: Final = "EvaluationCriteria"
_KEPT: Final = ("AlarmName", "ActionsEnabled", *_ACTIONS, *_TAKEN, _QUERY, "EvaluationInterval")
_BAND: Final = "ANOMALY_DETECTION_BAND"
# Nobody has approved that a function is called.
_FUNCTION: Final = re.compile(r"\bLAMBDA\s*\(", re.IGNORECASE)
# A call to a topic is a message; others stop machines, or begin what nobody has approved.
_TOPIC: Final = ":sns"
_LONGEST_NAME: Final = 255
_OF_DIGEST: Final = 8


class Move(Struct, frozen=True, kw_only=True):
    """From which resource to which its alarms are moved: the `values` of the dimensions that name it, was and is.

    The first tells its metrics from others. What it was made of, or lay in, has the dimensions `lost`: what is restored
    has none of these, or others that nobody knows.
    """

    values: Mapping[str, tuple[str, str]]
    lost: tuple[str, ...]
    account: AccountId


def alarms_of(alarms: Iterable[Mapping[str, Any]], *, dimension: str, name: str) -> list[dict[str, Any]]:
    """What is kept of the alarms on a metric of that resource, or whose query names it in words, by their names."""
    own = (
        alarm
        for alarm in alarms
        if any(each.get(dimension) == name for each in _dimensions(alarm))
        or any(dimension in text and _is_named(name, text) for text in _queries(alarm))
    )
    kept = ({key: alarm[key] for key in _KEPT if alarm.get(key) not in (None, "", [])} for alarm in own)
    return sorted(kept, key=lambda alarm: str(alarm["AlarmName"]))


def named_alarms(content: Any) -> list[Mapping[str, Any]]:
    """Of what a note calls alarms those that are, by their names."""
    every = content if isinstance(content, list | tuple) else ()
    return [each for each in every if isinstance(each, dict) and isinstance(each.get("AlarmName"), str)]


def why_left(alarm: Mapping[str, Any], move: Move) -> str:
    """Why an alarm of the original is left to people, who know what is meant; empty where it can be made anew."""
    if not _reads_as_alarm(alarm):
        return "its note does not read as an alarm"
    if any(_FUNCTION.search(text) for text in _queries(alarm)):
        return "it calls a function"
    if "ThresholdMetricId" in alarm or any(_BAND in text for text in _queries(alarm)):
        return "its band is learnt from the metric's past, and what is restored has none"
    if any(_is_named(was, text) for text in _queries(alarm) for was, _ in move.values.values()):
        return "its query names the original in words"
    accounts = {str(each["AccountId"]) for each in alarm.get("Metrics", ()) if each.get("AccountId")}
    if foreign := sorted(accounts - {move.account}):
        return f"it watches metrics of account {foreign[0]}"
    own = next(iter(move.values))
    beside = {key for each in _dimensions(alarm) if each.get(own) == move.values[own][0] for key in each}
    if gone := sorted(beside & set(move.lost)):
        return f"its metric is told apart by {gone[0]} as well, of which what is restored has not the original's"
    return ""


def alarm_anew(alarm: Mapping[str, Any], *, prefix: str, move: Move, request_id: str, topics_of: str) -> dict[str, Any]:
    """The call that makes an alarm anew, with its actions off: its name begins so, and its metric is the restored's.

    Of its actions those are kept that tell a topic whose ARN goes on so: of the account and Region. Its tag says of
    which request it is.
    """
    made = {key: alarm[key] for key in _TAKEN if key in alarm}
    if "Threshold" in made:
        made["Threshold"] = float(made["Threshold"])
    moved: dict[str, Any] = _moved(made, move)
    topics = {key: [each for each in alarm.get(key, ()) if f"{_TOPIC}{topics_of}" in each] for key in _ACTIONS}
    named = {"AlarmName": name_anew(alarm, prefix=prefix), "ActionsEnabled": False}
    tagged = {"Tags": [{"Key": REQUEST_TAG, "Value": request_id}]}
    return named | moved | {key: found for key, found in topics.items() if found} | tagged


def name_anew(alarm: Mapping[str, Any], *, prefix: str) -> str:
    """What an alarm is called that is made anew: no longer than CloudWatch takes, and like no other's."""
    name = f"{prefix}{alarm['AlarmName']}"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - _OF_DIGEST - 1]}-{digest_of(name)[:_OF_DIGEST]}"


def _reads_as_alarm(alarm: Mapping[str, Any]) -> bool:
    """Whether what is moved and called has the shape in which CloudWatch describes it."""
    metrics = alarm.get("Metrics", [])
    if not _are_all(metrics, dict) or not all(_are_all(alarm.get(each, []), str) for each in _ACTIONS):
        return False
    stats = [each.get("MetricStat", {}) for each in metrics]
    measured = [each.get("Metric", {}) if isinstance(each, dict) else each for each in stats]
    if not all(isinstance(each, dict) and _are_named(each.get("Dimensions", [])) for each in (alarm, *measured)):
        return False
    try:
        float(alarm.get("Threshold", 0))
    except (OverflowError, TypeError, ValueError):
        return False
    return True


def _are_named(dimensions: Any) -> bool:
    return _are_all(dimensions, dict) and all(
        isinstance(each.get(key), str) for each in dimensions for key in ("Name", "Value")
    )


def _are_all(content: Any, kind: type) -> bool:
    return isinstance(content, list | tuple) and all(isinstance(each, kind) for each in content)


def _dimensions(alarm: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The dimensions of each of its metrics, by their names."""
    metrics = (each.get("MetricStat", {}).get("Metric", {}) for each in alarm.get("Metrics", ()))
    for metric in (alarm, *metrics):
        yield {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}


def _queries(alarm: Mapping[str, Any]) -> Iterator[str]:
    """What it calculates, searches or asks for, in words."""
    yield from (str(each["Expression"]) for each in alarm.get("Metrics", ()) if each.get("Expression"))
    yield from _texts(alarm.get(_QUERY))


def _is_named(name: str, text: str) -> bool:
    return any(f"{quote}{name}{quote}" in text for quote in ("'", '"'))


def _texts(content: Any) -> Iterator[str]:
    match content:
        case str():
            yield content
        case dict():
            for each in content.values():
                yield from _texts(each)


def _moved(content: Any, move: Move) -> Any:
    """The content with the restored's name wherever the original's stands as the dimension."""
    match content:
        case {"Name": str(found), "Value": value} if move.values.get(found, ("", ""))[0] == value:
            return {"Name": found, "Value": move.values[found][1]}
        case dict():
            return {key: _moved(each, move) for key, each in content.items()}
        case list() | tuple():
            return [_moved(each, move) for each in content]
        case _:
            return content
