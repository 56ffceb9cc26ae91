"""Private touches of MiniStack's CloudWatch: what alarms may watch; pinned by `tests/contract/seams/alarms/`.

Source: Amazon CloudWatch API Reference, PutMetricAlarm. MiniStack forgets the queries of an alarm, and takes one that
watches nothing, or a metric and queries at once.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.seams import host as seams

_ALARMS: Final = "ministack.services.cloudwatch"
_QUERIES: Final = "Metrics"
_CRITERIA: Final = "EvaluationCriteria"
_OF_ONE_METRIC: Final = (
    *("Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic"),
)
_BAND: Final = "ThresholdMetricId"
_LONGEST_NAME: Final = 255

type Answer = tuple[int, dict[str, str], bytes]
type Put = Callable[..., Answer]


def be_strict() -> None:
    """Refuse what CloudWatch refuses of an alarm, and keep what it watches."""
    seams.replace(_ALARMS, "_put_metric_alarm", _refusing)


def _refusing(original: Put) -> Put:
    def put(params: Mapping[str, Any], sent: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Answer:  # noqa: FBT001, FBT002 - as MiniStack has it
        cloudwatch = seams.service_module("cloudwatch")
        if not (is_cbor or is_json):
            return original(params, sent, is_cbor, is_json)
        if refusal := _why_not(sent):
            refused: Answer = cloudwatch._error("ValidationError", refusal, 400, use_json=is_json, use_cbor=is_cbor)
            return refused
        answer = original(params, sent, is_cbor, is_json)
        if answer[0] == 200:
            _keep(cloudwatch._alarms[sent["AlarmName"]], sent)
        return answer

    return put


def _why_not(sent: Mapping[str, Any]) -> str:
    if len(sent.get("AlarmName", "")) > _LONGEST_NAME:
        return f"AlarmName must have length less than or equal to {_LONGEST_NAME}"
    watched = [each for each in ("MetricName", _QUERIES, _CRITERIA) if sent.get(each)]
    if len(watched) != 1:
        return f"Exactly one of MetricName, {_QUERIES} and {_CRITERIA} must be specified"
    both = [each for each in _OF_ONE_METRIC if sent.get(each)] if _QUERIES in watched else []
    if both:
        return f"{both[0]} must not be specified together with {_QUERIES}"
    if sent.get(_BAND) and "Threshold" in sent:
        return f"Threshold must not be specified together with {_BAND}"
    return ""


def _keep(alarm: dict[str, Any], sent: Mapping[str, Any]) -> None:
    """An alarm on queries has no metric of its own, and one on a band no threshold."""
    for each in (_QUERIES, _BAND):
        if sent.get(each):
            alarm[each] = sent[each]
    if _QUERIES in alarm:
        alarm.update(dict.fromkeys(_OF_ONE_METRIC))
    if _BAND in alarm:
        alarm["Threshold"] = None
