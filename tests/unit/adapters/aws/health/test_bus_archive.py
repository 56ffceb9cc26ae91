"""The archive hands events to the rules that are named in the template, and to no others."""

from collections.abc import Iterator
from typing import Any

import pytest

from strongroom.adapters.aws.health.bus_archive import BusArchive
from strongroom.domain.errors import NotFoundError
from strongroom.domain.health.replays import Progress, Replay, ReplayState
from tests.builders.health import BEAT_DUE, HEARD_AT

ARCHIVE = "arn:aws:events:eu-west-1:999999999999:archive/a"
BUS = "arn:aws:events:eu-west-1:999999999999:event-bus/strongroom"


class FakeEvents:
    """EventBridge with one bus, its archive, and two rules as CloudFormation names them."""

    def __init__(self) -> None:
        self.started: list[dict[str, Any]] = []

    def describe_archive(self, **request: str) -> dict[str, str]:
        assert request == {"ArchiveName": "a"}
        return {"ArchiveArn": ARCHIVE, "EventSourceArn": BUS}

    def get_paginator(self, _name: str) -> "FakeEvents":
        return self

    def paginate(self, **request: str) -> Iterator[dict[str, Any]]:
        assert request == {"EventBusName": "strongroom"}
        for name in ("strongroom-CopyJobsRule-1", "observed-facts"):
            yield {"Rules": [{"Name": name, "Arn": f"arn:rule/{name}"}]}

    def start_replay(self, **request: Any) -> dict[str, str]:
        self.started.append(request)
        return {"State": "STARTING"}

    def describe_replay(self, **request: str) -> dict[str, str]:
        assert request == {"ReplayName": "r-1"}
        return {"State": "FAILED", "StateReason": "the bus is gone"}


def replay(*rules: str) -> Replay:
    return Replay(name="r-1", since=HEARD_AT, until=BEAT_DUE, rules=rules)


def test_events_are_handed_to_the_rules_that_are_named_only() -> None:
    events = FakeEvents()
    begun = BusArchive(events, archive="a", bus="strongroom").start(replay("CopyJobsRule"))
    assert begun == Progress(name="r-1", state=ReplayState.STARTING)
    assert events.started == [
        {
            "ReplayName": "r-1",
            "EventSourceArn": ARCHIVE,
            "EventStartTime": HEARD_AT,
            "EventEndTime": BEAT_DUE,
            "Destination": {"Arn": BUS, "FilterArns": ["arn:rule/strongroom-CopyJobsRule-1"]},
        }
    ]


def test_nothing_begins_where_a_rule_is_missing() -> None:
    events = FakeEvents()
    with pytest.raises(NotFoundError, match="the bus strongroom has no BackupJobsRule"):
        BusArchive(events, archive="a", bus="strongroom").start(replay("CopyJobsRule", "BackupJobsRule"))
    assert events.started == []


def test_why_a_replay_failed_is_said() -> None:
    found = BusArchive(FakeEvents(), archive="a", bus="strongroom").progress("r-1")
    assert found == Progress(name="r-1", state=ReplayState.FAILED, reason="the bus is gone")
