"""A visit to resources of one service, in one account and Region: they are read, written and read back together."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.catalogue.facets.tagging import ASSUMED_PACE
from strongroom.domain.errors import AccessRefusedError, NotFoundError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.tags.standing import judge_resource
from strongroom.domain.tags.verdicts import judge_barred, judge_gone, judge_unseen, judge_waiting
from strongroom.domain.tags.waiting import NOT_SHOWN_FOR, paused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.catalogue.facets.tagging import Pace
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.tags.creations import Resource
    from strongroom.domain.tags.seen import Seen
    from strongroom.domain.tags.standing import Known
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.domain.tags.waiting import Pause, Task
    from strongroom.services.tags.tagging_needs import TaggingNeeds

# When what was written is looked at again, where the service shows it late.
SHOWN_AFTER: Final = timedelta(seconds=5)


class Group(Struct, frozen=True):
    """What is at one service, in one account and Region."""

    service: str
    account: AccountId
    region: Region


class Ended(Struct, frozen=True):
    """What a task came to: a verdict, with the pause that it waits through, if it waits.

    `is_key_untold` where nobody says who manages a key that it lies under.
    """

    task: Task
    verdict: TagVerdict
    pause: Pause | None = None
    volumes: tuple[str, ...] = ()
    is_refused: bool = False
    is_key_untold: bool = False

    @property
    def is_given_up(self) -> bool:
        """Whether it has waited for too long."""
        return self.pause is not None and self.pause.until is None

    @property
    def is_fought_over(self) -> bool:
        """Whether nothing is written, because somebody undoes it each time."""
        return self.verdict.quarrels_with is not None

    @property
    def has_waited(self) -> bool:
        """Whether nobody but the ledger knows of it any more."""
        return self.task.looks > 0 or self.task.written is not None


def group_of(resource: Resource) -> Group:
    return Group(Arn.parse(resource.arn).service, resource.account, resource.region)


def visit(
    group: Group, members: Sequence[tuple[Task, Known]], *, needs: TaggingNeeds, now: datetime
) -> Iterator[Ended]:
    """See whether what was written shows; look at the group's other resources, and write what is owed."""
    written = [task for task, _ in members if task.written is not None]
    believed = {ended.task.arn: ended for ended in _believe(group, written, needs=needs)}
    yield from believed.values()
    others = [(task, known) for task, known in members if task.arn not in believed]
    if not others:
        return
    looked = needs.tags.look([task.arn for task, _ in others], account=group.account, region=group.region)
    owed: list[tuple[Task, Known, TagVerdict]] = []
    for task, known in others:
        seen = looked[task.arn]
        if isinstance(seen, StrongroomError):
            yield _unseen(task, known, seen, group=group, needs=needs, now=now)
            continue
        verdict, looked_at = _judge(known, seen, needs=needs, now=now), _under(task, seen)
        if verdict.writes:
            owed.append((looked_at, known, verdict))
        else:
            yield Ended(looked_at, verdict, volumes=seen.volumes)
    for ended in _write(group, owed, needs=needs, now=now):
        seen = looked[ended.task.arn]
        yield ended if isinstance(seen, StrongroomError) else replace(ended, volumes=seen.volumes)


def _under(task: Task, seen: Seen) -> Task:
    """The task with the keys that the resource is seen under, where a look shows them."""
    return replace(task, made=replace(task.made, keys=seen.keys)) if seen.keys else task


def _believe(group: Group, written: Sequence[Task], *, needs: TaggingNeeds) -> Iterator[Ended]:
    """What shows now that it was written; anything else is looked at as if it was not."""
    if not written:
        return
    shown = needs.tags.shown([task.arn for task in written], account=group.account, region=group.region)
    for task in written:
        tags = shown[task.arn]
        if task.written is not None and not isinstance(tags, StrongroomError) and not _lacking(task.written, tags):
            yield Ended(task, task.written)


def _judge(known: Known, seen: Seen, *, needs: TaggingNeeds, now: datetime) -> TagVerdict:
    whole = replace(known, tags=seen.tags, attached_to=seen.attached_to, answers=seen.answers)
    return judge_resource(whole, intent=needs.intent, today=now.date())


def _write(
    group: Group, owed: Sequence[tuple[Task, Known, TagVerdict]], *, needs: TaggingNeeds, now: datetime
) -> Iterator[Ended]:
    """Write what is owed as far as the service takes it now, and believe what shows."""
    granted: list[tuple[Task, Known, TagVerdict]] = []
    for task, known, verdict in owed:
        later = None if granted and _at_once(known) > len(granted) else _leave(group, known, needs=needs, now=now)
        if later is None:
            granted.append((task, known, verdict))
        else:
            yield wait(task, "its service takes no more tags at the moment", now=now, soon=later - now)
    if not granted:
        return
    wanted = {task.arn: verdict.writes for task, _, verdict in granted}
    failed = needs.tags.put(wanted, account=group.account, region=group.region)
    written = [(task, known, verdict) for task, known, verdict in granted if task.arn not in failed]
    for task, known, _ in granted:
        if task.arn in failed:
            yield _unseen(task, known, failed[task.arn], group=group, needs=needs, now=now)
    yield from _read_back(group, written, needs=needs, now=now)


def _read_back(
    group: Group, written: Sequence[tuple[Task, Known, TagVerdict]], *, needs: TaggingNeeds, now: datetime
) -> Iterator[Ended]:
    late = [(task, verdict) for task, known, verdict in written if _is_shown_late(known)]
    for task, verdict in late:
        reason = f"{_said(verdict.writes)} was written, and is read back"
        yield wait(task, reason, now=now, written=verdict, soon=SHOWN_AFTER)
    soon = [(task, known, verdict) for task, known, verdict in written if not _is_shown_late(known)]
    if not soon:
        return
    shown = needs.tags.shown([task.arn for task, _, _ in soon], account=group.account, region=group.region)
    for task, known, verdict in soon:
        tags = shown[task.arn]
        if isinstance(tags, StrongroomError):
            yield _unseen(task, known, tags, group=group, needs=needs, now=now, written=verdict)
        elif lacking := _lacking(verdict, tags):
            yield wait(task, f"it does not show {_said(lacking)} yet", now=now, written=verdict)
        else:
            yield Ended(task, verdict)


def _unseen(
    task: Task,
    known: Known,
    error: StrongroomError,
    *,
    group: Group,
    needs: TaggingNeeds,
    now: datetime,
    written: TagVerdict | None = None,
) -> Ended:
    """What follows from what kept a resource from being seen, or tagged."""
    resource = task.made.resource
    if isinstance(error, NotFoundError) and now - task.made_at >= NOT_SHOWN_FOR:
        return Ended(task, judge_gone(resource))
    if isinstance(error, TemporarilyUnavailableError):
        needs.paces.refused(group.service, account=group.account, region=group.region, pace=_pace(known), now=now)
    if isinstance(error, AccessRefusedError):
        exemption = needs.intent.exemption_of(resource.account, resource=resource.arn, today=now.date())
        if exemption is not None:
            return Ended(task, judge_unseen(resource, exemption=exemption))
        waiting = replace(wait(task, str(error), now=now, written=written), is_refused=True)
        return replace(waiting, verdict=judge_barred(waiting.verdict)) if waiting.is_given_up else waiting
    return wait(task, str(error), now=now, written=written)


def wait(
    task: Task,
    reason: str,
    *,
    now: datetime,
    written: TagVerdict | None = None,
    soon: timedelta | None = None,
) -> Ended:
    pause = paused(task, now=now, written=written, soon=soon)
    if pause.until is None:
        hours = (now - task.since) // timedelta(hours=1)
        why = f"it is WAITING for {hours} hours, and nobody looks at it any more: {reason}"
    else:
        why = f"{reason}: it is looked at again at {pause.until:%H:%M:%S} UTC"
    return Ended(task, judge_waiting(task.made.resource, why, until=pause.until), pause)


def _leave(group: Group, known: Known, *, needs: TaggingNeeds, now: datetime) -> datetime | None:
    return needs.paces.take(group.service, account=group.account, region=group.region, pace=_pace(known), now=now)


def _pace(known: Known) -> Pace:
    return ASSUMED_PACE if known.type.tags is None else known.type.tags.pace


def _at_once(known: Known) -> int:
    return 1 if known.type.tags is None else known.type.tags.at_once


def _is_shown_late(known: Known) -> bool:
    return known.type.tags is not None and known.type.tags.is_shown_late


def _lacking(verdict: TagVerdict, tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in verdict.writes.items() if tags.get(key) != value}


def _said(tags: Mapping[str, str]) -> str:
    return " and ".join(f"{key}={value}" for key, value in tags.items())
