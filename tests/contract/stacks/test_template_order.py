"""Each application's template reads from top to bottom: a banner for each capability, and under each the same order."""

import re
from itertools import pairwise
from typing import Any

import pytest

from strongroom.domain.health.metrics import Metric
from strongroom.runtime.metrics import DIMENSION, NAMESPACE, SERVICE
from tests.contract.templates import APPLICATIONS, CONTROL_PLANE, ROOT, of_type

# What a capability keeps and lends stands first: data, keys, roles, policies. Then this, in this order.
IN_ORDER = (
    "AWS::Events::Rule",
    "AWS::SQS::Queue",
    "AWS::Serverless::Function",
    "AWS::Serverless::StateMachine",
    "AWS::CloudWatch::Alarm",
)
MOST_LINES = 200

RESOURCES = {name: each for resources in APPLICATIONS.values() for name, each in resources.items()}
RULES_ON_THE_BUS = [
    rule for rule in of_type(CONTROL_PLANE, "AWS::Events::Rule").values() if "EventBusName" in rule["Properties"]
]
_BANNER = re.compile(r"^  # ── (.+?): .* ─+$", re.MULTILINE)


def queue_of(target: dict[str, Any]) -> str:
    """The logical id of the queue that a rule points at."""
    name: str = target["Arn"]["!GetAtt"].partition(".")[0]
    return name


def capabilities(path: str) -> dict[str, str]:
    """What stands under each banner, by the template's path and the banner's first words."""
    body = (ROOT / path).read_text(encoding="utf-8").split("\nResources:\n")[1].split("\nOutputs:\n")[0]
    titles = [*_BANNER.finditer(body)]
    ends = [banner.start() for banner in titles[1:]] + [len(body)]
    found = {f"{path}: {banner[1]}": body[banner.start() : end] for banner, end in zip(titles, ends, strict=True)}
    assert len(found) == len(titles), "two banners of one name"
    return found


CAPABILITIES = {banner: text for path in APPLICATIONS for banner, text in capabilities(path).items()}


def resources_under(banner: str) -> list[str]:
    """The logical ids of the resources there, in their order."""
    return re.findall(r"^  (\w+):$", CAPABILITIES[banner], re.MULTILINE)


def test_every_resource_stands_under_a_banner() -> None:
    names = [name for resources in APPLICATIONS.values() for name in resources]
    assert [name for banner in CAPABILITIES for name in resources_under(banner)] == names


@pytest.mark.parametrize("banner", CAPABILITIES)
def test_every_capability_stands_in_the_same_order(banner: str) -> None:
    kinds = {name: RESOURCES[name]["Type"] for name in resources_under(banner)}
    places = {name: IN_ORDER.index(kind) if kind in IN_ORDER else -1 for name, kind in kinds.items()}
    assert [(before, after) for before, after in pairwise(places) if places[before] > places[after]] == []


@pytest.mark.parametrize("banner", CAPABILITIES)
def test_a_capability_is_short_enough_to_be_read_at_once(banner: str) -> None:
    assert CAPABILITIES[banner].count("\n") <= MOST_LINES


ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


def watched_by(alarm: str) -> list[tuple[str, str, Any]]:
    """The metrics that an alarm watches: namespace, name, and the value of their one dimension."""
    stats = [each["MetricStat"]["Metric"] for each in ALARMS[alarm].get("Metrics", []) if "MetricStat" in each]
    return [
        (each["Namespace"], each["MetricName"], dimension["Value"])
        for each in stats or [ALARMS[alarm]]
        for dimension in [*each["Dimensions"]]
    ]


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_stands_with_what_it_watches(alarm: str) -> None:
    [banner] = (each for each in CAPABILITIES if alarm in resources_under(each))
    for namespace, metric, value in watched_by(alarm):
        if namespace == NAMESPACE:
            assert value == SERVICE
            assert metric in set(Metric)
        else:
            [watched] = value.values()
            assert watched.partition(".")[0] in resources_under(banner)


def test_each_number_that_we_measure_is_watched() -> None:
    ours = {metric for alarm in ALARMS for namespace, metric, _ in watched_by(alarm) if namespace == NAMESPACE}
    assert ours == set(Metric)
    names = {each["Name"] for alarm in ALARMS.values() for each in alarm.get("Dimensions", []) if "Name" in each}
    assert DIMENSION in names


# All accounts of the organisation are told at once to be gone through, ten at a time; a ticket whose answer was lost is
# looked for during ten minutes before another is asked for.
MAY_WAIT = {"NoteSettingsQueue": 14400, "OpenTicketQueue": 3600, "TakeInventoryQueue": 7200}


@pytest.mark.parametrize(
    "queue",
    sorted(
        {
            queue_of(each)
            for rule in RULES_ON_THE_BUS
            for each in rule["Properties"]["Targets"]
            if "!GetAtt" in each["Arn"]
        }
    ),
)
def test_the_age_of_the_oldest_event_that_waits_is_watched(queue: str) -> None:
    waiting = ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"!GetAtt": f"{queue}.QueueName"})
    [alarm] = [name for name in ALARMS if waiting in watched_by(name)]
    assert ALARMS[alarm]["Threshold"] == MAY_WAIT.get(queue, 900)
