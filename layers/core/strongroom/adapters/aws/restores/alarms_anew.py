"""The alarms of what was restored, made as the original's are or were, with their actions off.

Source: Amazon CloudWatch API Reference, DescribeAlarms and PutMetricAlarm, which puts anew what has the name already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.session_policy import alarm_prefix
from strongroom.domain.restores.settings.alarms import alarm_anew, alarms_of, why_left
from strongroom.domain.restores.settings.table import ALARMS, move_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.alarms import Move
    from strongroom.domain.restores.settings.note import SettingsNote

    type Client = Callable[..., Any]

ACTIONS: tuple[str, ...] = ()
# CloudWatch asks for cloudwatch:TagResource besides, for the tags of what is made ("Tags" of PutMetricAlarm).
MEMBER_ACTIONS = ("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm")
# So many are named of those that are left to people.
_NAMED: Final = 5


def make_alarms_anew(
    client: Client, created: Arn, request: RestoreRequest, note: SettingsNote | None
) -> tuple[StepOutcome, str]:
    """Make what the original has in this account, or else what was noted of it; which are left, and why."""
    original = Arn.parse(request.resource)
    move = move_of(original, created, account=request.account)
    if move is None:
        return StepOutcome.SKIPPED, f"nobody here knows which metrics are of {created}"
    if created == original:
        return StepOutcome.DONE, "what was there before keeps its own"
    is_seen = original.account in ("", request.account)
    own = _living(client, original, request, move=move) if is_seen else []
    noted: Sequence[Mapping[str, Any]] = note.settings.get(ALARMS, ()) if note else ()
    if not own and not noted:
        return _without_any(note, is_seen=is_seen)
    left = {str(alarm["AlarmName"]): why for alarm in own or noted if (why := why_left(alarm, move))}
    made = [alarm for alarm in own or noted if alarm["AlarmName"] not in left]
    cloudwatch, prefix = client(region=request.region), alarm_prefix(request)
    for alarm in made:
        cloudwatch.put_metric_alarm(
            **alarm_anew(
                alarm,
                prefix=prefix,
                move=move,
                request_id=request.id,
                topics_of=f":{request.region}:{request.account}:",
            )
        )
    whose = "the original has them" if own else "they were noted"
    said = f"{len(made)} are made as {whose}, called {prefix}…; they tell nobody yet" if made else "none is made anew"
    return (StepOutcome.SKIPPED, f"{said}; {_told_left(left)}") if left else (StepOutcome.DONE, said)


def _told_left(left: Mapping[str, str]) -> str:
    """Which are left to people, and why."""
    told = "; ".join(f"{name} ({why})" for name, why in sorted(left.items())[:_NAMED])
    more = f"; and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    return f"left to people: {told}{more}"


def _without_any(note: SettingsNote | None, *, is_seen: bool) -> tuple[StepOutcome, str]:
    """It is done where nobody has seen any, and left where nobody could look."""
    if note is not None and ALARMS in note.unread:
        return StepOutcome.SKIPPED, f"no alarm of the original is known: {note.unread[ALARMS]}"
    if note is None and not is_seen:
        return StepOutcome.SKIPPED, "the original is in another account, and nobody has noted its alarms"
    return StepOutcome.DONE, "the original has none now, and none were noted"


def _living(client: Client, original: Arn, request: RestoreRequest, *, move: Move) -> list[dict[str, Any]]:
    """The alarms that the original has in this account, where it lies."""
    cloudwatch = client(region=original.region or request.region)
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    every = (alarm for page in pages for alarm in page.get("MetricAlarms", ()))
    dimension, (was, _) = next(iter(move.values.items()))
    return alarms_of(every, dimension=dimension, name=was)
