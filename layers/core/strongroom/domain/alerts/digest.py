"""The daily digest: what is open, what is new among it, and that all is well when nothing is."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.lifecycle import AlertState
from strongroom.domain.alerts.messages import account_of, owner_of, title_of

_DAY = timedelta(days=1)
_NAMED = 30
_ALL = "all"


class Digest(Struct, frozen=True, kw_only=True):
    """One day's digest, for that moment: what is open, the gravest first; what opened in the day before it is new."""

    day: date
    at: datetime
    open: tuple[AlertState, ...]

    @property
    def title(self) -> str:
        """How things stand, in a line."""
        if not self.open:
            return f"{self.day}: all is well, no alert is open"
        new = len(self.news)
        looked_after = sum(state.is_acknowledged for state in self.open)
        return f"{self.day}: {len(self.open)} open, {new} of them new, {looked_after} looked after"

    @property
    def news(self) -> tuple[AlertState, ...]:
        """What opened since the last digest, and nobody looks after yet."""
        return tuple(state for state in self.open if state.opened_at >= self.at - _DAY and not state.is_acknowledged)

    @property
    def text(self) -> str:
        """The title, and a line for each alert: first what is new, then what waits, last what is looked after."""
        news = self.news
        waiting = [state for state in self.open if state not in news and not state.is_acknowledged]
        marked = [state for state in self.open if state.is_acknowledged]
        parts = (("New", news), ("Still open", waiting), ("Looked after", marked))
        lines = [line for heading, states in parts if states for line in _lines(heading, states)]
        return "\n".join([self.title, *lines])


class DigestMark(Struct, frozen=True, kw_only=True):
    """Of which day the latest digest is, and by which ways it was told already; `number` counts the writes.

    `after` is the day of the last one before it that was told by all ways, or the day before the first. Owners are told
    in their order, `owner` the last so far.
    """

    day: date
    after: date
    owner: str | None = None
    told: tuple[str, ...] = ()
    number: int = 1

    @classmethod
    def first(cls, day: date) -> "DigestMark":
        """Nothing was told of any day."""
        return cls(day=day, after=day - _DAY)

    def with_told(self, way: str) -> "DigestMark":
        """The same, once it was told that way."""
        return replace(self, told=(*self.told, way), number=self.number + 1)

    def next(self, day: date) -> "DigestMark":
        """Nothing of a later day is told yet."""
        return DigestMark(day=day, after=self.day if self.is_told else self.after, number=self.number + 1)

    def with_owner(self, owner: str) -> "DigestMark":
        """The same, once that owner was told."""
        return replace(self, owner=owner, number=self.number + 1)

    @property
    def is_told(self) -> bool:
        """Whether nothing of the day is owed any more."""
        return _ALL in self.told

    def with_all_told(self) -> "DigestMark":
        """The same, once that is so."""
        return self.with_told(_ALL)


def due_day(digest_at: str, *, now: datetime) -> date:
    """The day, UTC, whose digest is the latest that was to be told by now."""
    return now.date() if now.time() >= time.fromisoformat(digest_at) else now.date() - _DAY


def told_at(digest_at: str, day: date, *, now: datetime) -> datetime:
    """When that day's digest was to be told."""
    return datetime.combine(day, time.fromisoformat(digest_at), tzinfo=now.tzinfo)


def _lines(heading: str, states: Iterable[AlertState]) -> Iterable[str]:
    listed = [*states]
    yield f"{heading}:"
    for state in listed[:_NAMED]:
        alert = state.alert
        mark = f" ({state.acknowledged_by})" if state.is_acknowledged else ""
        yield (
            f"- {alert.severity}: {title_of(alert)}, {account_of(alert)}, owner {owner_of(alert)}, "
            f"since {state.opened_at:%Y-%m-%d %H:%M} UTC{mark}: {alert.subject}"
        )
    if len(listed) > _NAMED:
        yield f"- and {len(listed) - _NAMED} more: `strongroom alerts list`"
