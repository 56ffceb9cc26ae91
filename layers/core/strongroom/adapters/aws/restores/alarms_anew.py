"""The alarms of what was restored, made as the original's are or were, with their actions off.

Source: Amazon CloudWatch API Reference, DescribeAlarms and PutMetricAlarm, which puts anew what has the name already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.session_policy import alarm_prefix
from strongroom.domain.restores.settings.alarms import alarm_anew, alarms_of, named_alarms, why_left
from strongroom.domain.restores.settings.table import ALARMS, move_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.settings.alarms import Move
    from strongroom.domain.restores.settings.note import SettingsNote

    type Client = Callable[..., Any]

ACTIONS: tuple[str, ...] = ()
# CloudWatch asks for cloudwatch:TagResource besides, for the tags of what is made ("Tags" of PutMetricAlarm).
MEMBER_ACTIONS = ("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm")
# So many are made: CloudWatch lets three calls a second through, and a function of the machine has 30 seconds.
_MOST: Final = 40
# So many are named of those that are left to people, each by so many characters.
_NAMED: Final = 5
_LONGEST_NAME: Final = 60


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
    noted = note.settings.get(ALARMS) or () if note else ()
    every = named_alarms(own or noted)
    if not own and not noted:
        return _without_any(note, original, request, is_seen=is_seen)
    left = {alarm["AlarmName"]: why for alarm in every if (why := why_left(alarm, move))}
    due = [alarm for alarm in every if alarm["AlarmName"] not in left]
    left |= {alarm["AlarmName"]: f"no more than {_MOST} are made" for alarm in due[_MOST:]}
    refused = _make(client, due[:_MOST], request, move=move)
    made, nameless = len(due[:_MOST]) - len(refused), len(own or noted) - len(every)
    whose = "the original has them" if own else "they were noted"
    called = f"called {alarm_prefix(request)}…; they tell nobody yet"
    said = f"{made} are made as {whose}, {called}" if made else "none is made anew"
    if not (left or refused or nameless):
        return StepOutcome.DONE, said
    return StepOutcome.SKIPPED, f"{said}; {_told_left(left | refused, nameless=nameless)}"


def _make(
    client: Client, alarms: Iterable[Mapping[str, Any]], request: RestoreRequest, *, move: Move
) -> dict[str, str]:
    """Make those that are not there yet, which somebody may have turned on since; which were refused, and why."""
    cloudwatch, prefix, refused = client(region=request.region), alarm_prefix(request), {}
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
    there = {each["AlarmName"] for page in pages for each in page.get("MetricAlarms", ())}
    topics_of = f":{request.region}:{request.account}:"
    for alarm in alarms:
        anew = alarm_anew(alarm, prefix=prefix, move=move, request_id=request.id, topics_of=topics_of)
        if anew["AlarmName"] in there:
            continue
        try:
            with aws_errors():
                cloudwatch.put_metric_alarm(**anew)
        except (AccessRefusedError, CallRefusedError) as error:
            refused[alarm["AlarmName"]] = str(error)
    return refused


def _told_left(left: Mapping[str, str], *, nameless: int) -> str:
    """How many are left to people, which, and why."""
    told = [f"{_quoted(name)} ({why})" for name, why in sorted(left.items())[:_NAMED]]
    told += [f"… and {len(left) - _NAMED} more"] if len(left) > _NAMED else []
    told += [f"{nameless} without a name"] if nameless else []
    return f"{len(left) + nameless} left to people: {'; '.join(told)}"


def _quoted(name: str) -> str:
    return f"'{name}'" if len(name) <= _LONGEST_NAME else f"'{name[: _LONGEST_NAME - 1]}…'"


def _without_any(
    note: SettingsNote | None, original: Arn, request: RestoreRequest, *, is_seen: bool
) -> tuple[StepOutcome, str]:
    """It is done where nobody has seen any, and left where nobody could look."""
    if note is not None and ALARMS in note.unread:
        return StepOutcome.SKIPPED, f"no alarm of the original is known: {note.unread[ALARMS]}"
    if note is None and not is_seen:
        return StepOutcome.SKIPPED, "the original is in another account, and nobody has noted its alarms"
    if note is None and not original.region and request.source_region != request.region:
        return StepOutcome.SKIPPED, f"nobody knows in which Region {original} is, or has noted its alarms"
    return StepOutcome.DONE, "the original has none now, and none were noted"


def _living(client: Client, original: Arn, request: RestoreRequest, *, move: Move) -> list[dict[str, Any]]:
    """The alarms that the original has in this account, where it lies."""
    cloudwatch = client(region=original.region or request.region)
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    every = (alarm for page in pages for alarm in page.get("MetricAlarms", ()))
    dimension, (was, _) = next(iter(move.values.items()))
    return alarms_of(every, dimension=dimension, name=was)
