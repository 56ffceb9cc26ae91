"""What is to be seen to, now or once it can be: a table that restores for hours takes no tags before it is there."""

from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.quarrels import Drift
from strongroom.domain.tags.verdicts import TagVerdict

FIRST_LOOK: Final = timedelta(seconds=20)
LONGEST_PAUSE: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(hours=24)
# What a service does not find so soon after it was made may not be shown yet.
NOT_SHOWN_FOR: Final = timedelta(seconds=60)


class Task(Struct, frozen=True, kw_only=True):
    """A resource that is to be seen to: what its event says, since when, and how often it was looked at in vain.

    `made_at` is when it was made; the event may have come much later. `written` is the verdict whose tags were written
    and not yet seen. `drift` is what somebody did to its tags, where that is why it is seen to.
    """

    made: Made
    event_id: str
    made_at: datetime
    since: datetime
    looks: int = 0
    written: TagVerdict | None = None
    drift: Drift | None = None

    @property
    def arn(self) -> str:
        """The resource's ARN."""
        return self.made.resource.arn

    def says_more_than(self, other: "Task") -> bool:
        """Whether of two changes of a resource this one is to be named: one with an actor, and the later one."""
        if self.drift is None or other.drift is None:
            return False
        return (bool(self.drift.actor), self.drift.at) > (bool(other.drift.actor), other.drift.at)


class Pause(Struct, frozen=True, kw_only=True):
    """How a task goes on: when it is looked at next, or never again, for it has waited for too long."""

    task: Task
    until: datetime | None


def paused(task: Task, *, now: datetime, written: TagVerdict | None = None, soon: timedelta | None = None) -> Pause:
    """The task until its next look: the pause doubles up to a quarter of an hour, and a day ends it.

    Where something was written, or the service is too busy, the next look is `soon`, and counts for none in vain.
    """
    if now - task.since >= LONGEST_WAIT:
        return Pause(task=replace(task, written=written), until=None)
    if soon is not None:
        return Pause(task=replace(task, written=written), until=now + soon)
    # Beyond this power the pause is the longest anyway.
    pause = min(FIRST_LOOK * 2 ** min(task.looks, 10), LONGEST_PAUSE)
    return Pause(task=replace(task, looks=task.looks + 1, written=written), until=now + pause)
