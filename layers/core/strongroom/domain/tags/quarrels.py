"""Who changed tags of ours on a resource, and since when somebody and we write against each other.

The third time within a day in which one actor takes a resource out of its tier, after we had put it back twice, is a
quarrel: nothing is written there any more until a day has passed in which they left it alone.
"""

from collections.abc import Iterable
from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

QUARREL_LASTS: Final = timedelta(days=1)
MOST_TIMES: Final = 3
# An event that names nobody is about the change of a call that was made so soon before or after it.
TOGETHER: Final = timedelta(minutes=5)
_UNTOLD: Final = "somebody whom no event names"


class Drift(Struct, frozen=True, kw_only=True):
    """What somebody did to tags of ours: by which call, to which keys, when, and who, as far as that is told.

    `role` is the role behind a session, `person` its source identity, `through` the service that called for somebody.
    Without `keys` the event does not tell them.
    """

    act: str
    at: datetime
    keys: tuple[str, ...] = ()
    caller: str = ""
    role: str = ""
    person: str = ""
    through: str = ""

    @property
    def actor(self) -> str:
        """Who counts as the same: the role, whatever its sessions are called, else the caller; empty of nobody."""
        return self.role or self.caller

    @property
    def said(self) -> str:
        """Who did what and when, as people read it."""
        what = f"{' and '.join(self.keys)} {'was' if len(self.keys) == 1 else 'were'}" if self.keys else "its tags were"
        extra = [
            f"under the role {self.role}" if self.role and self.role != self.caller else "",
            f"for {self.person}" if self.person else "",
            f"through {self.through}" if self.through and self.through != self.caller else "",
        ]
        by = " ".join([self.caller or _UNTOLD, *(each for each in extra if each)])
        return f"{what} changed by {by}, with {self.act} at {self.at:%Y-%m-%d %H:%M:%S} UTC"


class Quarrel(Struct, frozen=True, kw_only=True):
    """When one actor took a resource out of its tier, the last times only, and whether nothing is put back any more."""

    by: str
    times: tuple[datetime, ...]
    is_open: bool = False

    @property
    def until(self) -> datetime:
        """When it is forgotten, if they leave the resource alone until then."""
        return self.times[-1] + QUARREL_LASTS

    @property
    def words(self) -> str:
        """With whom it is."""
        return self.by or _UNTOLD


def after_drift(quarrels: Iterable[Quarrel], drift: Drift) -> tuple[Quarrel, ...]:
    """What is known of the actors, once one of them has taken the resource out of its tier again.

    A change that is known already, by its time or because an event told it without naming anybody, counts once.
    """
    known = {each.by: each for each in with_name(quarrels, drift)}
    if any(drift.at in each.times for each in known.values() if each.by == drift.actor):
        return tuple(known.values())
    if not drift.actor and any(_is_close(time, drift) for each in known.values() for time in each.times):
        return tuple(known.values())
    return tuple((known | {drift.actor: _longer(known.get(drift.actor), drift)}).values())


def with_name(quarrels: Iterable[Quarrel], drift: Drift) -> tuple[Quarrel, ...]:
    """The same, where an event that named nobody was about this change: it is the actor's."""
    known = {each.by: each for each in quarrels}
    unnamed = known.get("")
    if unnamed is None or not drift.actor or not any(_is_close(time, drift) for time in unnamed.times):
        return tuple(known.values())
    known[drift.actor] = _longer(known.get(drift.actor), drift)
    left = tuple(time for time in unnamed.times if not _is_close(time, drift))
    others = {by: each for by, each in known.items() if by}
    return tuple(others.values()) if not left else (replace(unnamed, times=left), *others.values())


def standing(quarrels: Iterable[Quarrel], *, now: datetime) -> tuple[Quarrel, ...]:
    """Those that are not forgotten yet."""
    return tuple(each for each in quarrels if now < each.until)


def open_quarrel(quarrels: Iterable[Quarrel], *, now: datetime) -> Quarrel | None:
    """The quarrel in which nothing is written, the one that lasts longest."""
    fought = (each for each in standing(quarrels, now=now) if each.is_open)
    return max(fought, key=lambda each: each.until, default=None)


def _longer(quarrel: Quarrel | None, drift: Drift) -> Quarrel:
    if quarrel is None or drift.at - quarrel.times[-1] > QUARREL_LASTS:
        return Quarrel(by=drift.actor, times=(drift.at,))
    times = tuple(sorted((*quarrel.times, drift.at)))[-MOST_TIMES:]
    is_third = len(times) == MOST_TIMES and times[-1] - times[0] <= QUARREL_LASTS
    return Quarrel(by=drift.actor, times=times, is_open=quarrel.is_open or is_third)


def _is_close(time: datetime, drift: Drift) -> bool:
    return abs(time - drift.at) <= TOGETHER
