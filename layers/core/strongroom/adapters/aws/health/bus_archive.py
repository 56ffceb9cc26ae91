"""The archive of the control plane's bus, which hands its events to chosen rules again.

Source: EventBridge API reference, StartReplay; User Guide, "Replaying archived events in Amazon EventBridge".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.health.replays import Progress, ReplayState

if TYPE_CHECKING:
    from strongroom.domain.health.replays import Replay

ACTIONS = ("events:DescribeArchive", "events:DescribeReplay", "events:ListRules", "events:StartReplay")


class BusArchive:
    """The archive of one bus."""

    def __init__(self, events: Any, *, archive: str, bus: str) -> None:
        """`events` is an EventBridge client of the bus's account and Region, the others are names."""
        self._events = events
        self._archive = archive
        self._bus = bus

    def start(self, replay: Replay) -> Progress:
        """Begin to hand the events in again; NotFoundError where a rule is not there."""
        with aws_errors():
            archive = self._events.describe_archive(ArchiveName=self._archive)
        rules = self._rules(replay.rules)
        with aws_errors():
            begun = self._events.start_replay(
                ReplayName=replay.name,
                EventSourceArn=archive["ArchiveArn"],
                EventStartTime=replay.since,
                EventEndTime=replay.until,
                Destination={"Arn": archive["EventSourceArn"], "FilterArns": rules},
            )
        return Progress(name=replay.name, state=ReplayState(begun["State"]), reason=begun.get("StateReason", ""))

    def progress(self, name: str) -> Progress:
        """How far the replay of that name is."""
        with aws_errors():
            found = self._events.describe_replay(ReplayName=name)
        return Progress(name=name, state=ReplayState(found["State"]), reason=found.get("StateReason", ""))

    def _rules(self, names: tuple[str, ...]) -> list[str]:
        """The ARNs of the rules whose names contain these, as CloudFormation adds to both ends."""
        pages = self._events.get_paginator("list_rules").paginate(EventBusName=self._bus)
        with aws_errors():
            found = {rule["Name"]: rule["Arn"] for page in pages for rule in page["Rules"]}
        arns = {wanted: [arn for name, arn in found.items() if wanted in name] for wanted in names}
        if missing := [wanted for wanted, its in arns.items() if not its]:
            raise NotFoundError(f"the bus {self._bus} has no {', '.join(missing)}")
        return [arn for its in arns.values() for arn in its]
