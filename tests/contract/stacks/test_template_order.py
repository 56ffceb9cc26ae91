"""Each application's template reads from top to bottom: a banner for each capability, and under each the same order."""

import re
from itertools import pairwise

import pytest

from tests.contract.templates import APPLICATIONS, ROOT

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
_BANNER = re.compile(r"^  # ── (.+?): .* ─+$", re.MULTILINE)


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


@pytest.mark.parametrize(
    "alarm", [name for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"]
)
def test_an_alarm_stands_with_what_it_watches(alarm: str) -> None:
    [banner] = (each for each in CAPABILITIES if alarm in resources_under(each))
    [dimension] = RESOURCES[alarm]["Properties"]["Dimensions"]
    [watched] = dimension["Value"].values()
    assert watched.partition(".")[0] in resources_under(banner)
