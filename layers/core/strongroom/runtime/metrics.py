"""Metrics as lines of the function's log, which CloudWatch Logs reads off them: no call, and no permission.

The lines are in CloudWatch's embedded metric format (CloudWatch User Guide, "Specification: Embedded metric format").
They are written whatever the log's level is.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from strongroom.domain.health.metrics import Metric

NAMESPACE: Final = "Strongroom"
# One dimension of one value: a metric for each function or account would cost as much as an alarm each.
DIMENSION: Final = "Service"
SERVICE: Final = "strongroom"


def put_metrics(measured: Iterable[Mapping[Metric, float]], *, now: datetime) -> None:
    """Write the numbers of a batch on one line, if there are any: a metric may have up to a hundred values."""
    values: dict[Metric, list[float]] = {}
    for measures in measured:
        for metric, value in measures.items():
            values.setdefault(metric, []).append(value)
    if not values:
        return
    declared = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": metric, "Unit": metric.unit} for metric in values],
    }
    stamp = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [declared]}
    line: dict[str, Any] = {"_aws": stamp, DIMENSION: SERVICE} | {
        metric: found[0] if len(found) == 1 else found for metric, found in values.items()
    }
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
