"""At the front door: whoever makes an alarm with tags must be let tag it, too, and CloudWatch tells both."""

from functools import partial
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.settings import HOME_REGION
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, refusal

PUT, TAG = "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"


def _allowing(*actions: str) -> dict[str, Any]:
    ours = f"arn:aws:cloudwatch:{HOME_REGION}:{ACCOUNT}:alarm:r-*"
    return {"Effect": "Allow", "Action": list(actions), "Resource": ours}


def _alarm(**more: Any) -> dict[str, Any]:
    return {
        "AlarmName": f"r-{a_name()}",
        "Namespace": "Ours",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    } | more


TAGS = [{"Key": "strongroom-restore", "Value": "r-1"}]


@pytest.mark.parametrize(
    ("actions", "more", "said"),
    [
        pytest.param((PUT,), {}, "", id="no tags"),
        pytest.param((PUT,), {"Tags": TAGS}, "AccessDenied", id="tags that nobody allows"),
        pytest.param((PUT, TAG), {"Tags": TAGS}, "", id="tags"),
        pytest.param((PUT, TAG), {"AlarmName": "somebodys"}, "AccessDenied", id="another name"),
    ],
)
def test_an_alarm_with_tags_needs_both_actions(actions: tuple[str, ...], more: dict[str, Any], said: str) -> None:
    asked = _alarm(**more)
    put = partial(a_role(_allowing(*actions)).client("cloudwatch").put_metric_alarm, **asked)
    assert refusal(put)[0].startswith(said) if said else put()
    found = client("cloudwatch", ACCOUNT).describe_alarms(AlarmNames=[asked["AlarmName"]])["MetricAlarms"]
    assert bool(found) is not bool(said)
