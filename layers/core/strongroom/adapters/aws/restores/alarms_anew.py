"""The alarms of what was restored, made as the original's are or were, with their actions off.

Source: Amazon CloudWatch API Reference, DescribeAlarms and PutMetricAlarm, which puts anew what has the name already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.session_policy import alarm_prefix
from strongroom.domain.restores.settings.alarms import alarm_anew, alarms_of
from strongroom.domain.restores.settings.table import ALARMS, settings_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.note import SettingsNote

    type Client = Callable[..., Any]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = ("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm")


def make_alarms_anew(
    client: Client, created: Arn, request: RestoreRequest, note: SettingsNote | None
) -> tuple[StepOutcome, str]:
    """Make what the original has in this account, or else what was noted of it; why it is left, where it is."""
    original, kind = Arn.parse(request.resource), settings_kind(created)
    if kind is None:
        return StepOutcome.SKIPPED, f"nobody here knows which metrics are of {created}"
    is_seen = original.account in ("", request.account)
    own = _living(client, original, request, dimension=kind.dimension) if is_seen else []
    noted: Sequence[Mapping[str, Any]] = note.settings.get(ALARMS, ()) if note else ()
    if not own and not noted:
        return _without_any(note, is_seen=is_seen)
    cloudwatch, prefix = client(region=request.region), alarm_prefix(request)
    for alarm in own or noted:
        cloudwatch.put_metric_alarm(
            **alarm_anew(
                alarm,
                prefix=prefix,
                dimension=kind.dimension,
                was=original.name,
                name=created.name,
                topics_of=f":{request.region}:{request.account}:",
            )
        )
    whose = "the original has them" if own else "they were noted"
    return StepOutcome.DONE, f"{len(own or noted)} are made as {whose}, called {prefix}…; they tell nobody yet"


def _without_any(note: SettingsNote | None, *, is_seen: bool) -> tuple[StepOutcome, str]:
    """It is done where nobody has seen any, and left where nobody could look."""
    if note is not None and ALARMS in note.unread:
        return StepOutcome.SKIPPED, f"no alarm of the original is known: {note.unread[ALARMS]}"
    if note is None and not is_seen:
        return StepOutcome.SKIPPED, "the original is in another account, and nobody has noted its alarms"
    return StepOutcome.DONE, "the original has none now, and none were noted"


def _living(client: Client, original: Arn, request: RestoreRequest, *, dimension: str) -> list[dict[str, Any]]:
    """The alarms that the original has in this account, where it lies."""
    cloudwatch = client(region=original.region or request.region)
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    every = (alarm for page in pages for alarm in page.get("MetricAlarms", ()))
    return alarms_of(every, dimension=dimension, name=original.name)
