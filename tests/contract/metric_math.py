"""CloudWatch's metric math, as far as alarms of the templates use it: whether one that is written so would be open."""

import re
from collections.abc import Mapping
from typing import Any

from strongroom.domain.health.metrics import Metric


def is_open(alarm: Mapping[str, Any], sums: Mapping[Metric, float]) -> bool:
    """Whether the alarm is open in a period in which the metrics, by name, came to these sums.

    CloudWatch User Guide, "Using math expressions with CloudWatch metrics": IF, AND and FILL.
    """
    properties = alarm["Properties"]
    stats = {each["Id"]: each["MetricStat"] for each in properties["Metrics"] if "MetricStat" in each}
    (expression,) = (each["Expression"] for each in properties["Metrics"] if "Expression" in each)
    known = {name: sums.get(Metric(stat["Metric"]["MetricName"])) for name, stat in stats.items()}
    names = {
        **known,
        "IF": lambda condition, then, other: then if condition else other,
        "FILL": lambda value, instead: instead if value is None else value,
    }
    written = re.sub(r"\b(AND|OR)\b", lambda word: word.group().lower(), expression)
    try:
        value = eval(written, {"__builtins__": {}}, names)  # noqa: S307 it is of our own template
    except TypeError:
        return False  # without data there is no data point, which is treated as not breaching
    if properties["ComparisonOperator"] != "GreaterThanThreshold" or properties["TreatMissingData"] != "notBreaching":
        raise LookupError("this alarm compares otherwise")
    return bool(value > properties["Threshold"])
