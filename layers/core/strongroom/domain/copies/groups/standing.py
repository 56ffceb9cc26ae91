"""A cause that stops many copies: it opens with the first and is over with the last, told as one.

A promise whose cause it is tells nothing by itself. It is written first, and then joins; who died in between is made up
for by the sweep, for the promise is untold until then. The same holds for leaving.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Self

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.copies.obstacles import Cause, GroupKey, GroupKind
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.remediation.diagnosis import DIAGNOSED
from strongroom.domain.identifiers import Region

_KIND_OF: Final = {
    GroupKind.KEY: AlertKind.COPIES_STOPPED_BY_KEY,
    GroupKind.ACCOUNT: AlertKind.COPIES_STOPPED_BY_ACCOUNT,
}
# So many are named to people, and so many are known by name, so that others can take the place of those that leave.
_NAMED: Final = 5
_KNOWN_BY_NAME: Final = 20
# It is told again once it has become so many times as large.
_WORSE: Final = 10
_MARK: Final = 10
# So many of those that left are remembered, for whoever comes late.
_REMEMBERED: Final = 200
_OVER: Final = "no copy that it stopped is owed any more: each is verified, or has a cause of its own"


class GroupState(StrEnum):
    """Whether a cause stops anything."""

    OPEN = "OPEN"
    RESOLVED = "RESOLVED"


class Member(NamedTuple):
    """One promise that is stopped: marks of the promise and its resource, and the resource where it is among the first.

    An item of the ledger has room for some fifteen thousand.
    """

    promise: str
    resource: str
    name: str = ""

    @classmethod
    def of(cls, promise: Promise) -> Self:
        """The member that a promise is."""
        return cls(_mark(promise.subject), _mark(promise.resource), promise.resource)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The member that `text` is."""
        return cls(text[:_MARK], text[_MARK : 2 * _MARK], text[2 * _MARK :])

    @property
    def text(self) -> str:
        """The member on one line, as `parse` reads it."""
        return f"{self.promise}{self.resource}{self.name}"


class Gone(NamedTuple):
    """One promise that left: its mark, and its version by then."""

    promise: str
    version: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `text` says that left."""
        return cls(text[:_MARK], int(text[_MARK:]))

    @property
    def text(self) -> str:
        """What left on one line, as `parse` reads it."""
        return f"{self.promise}{self.version}"


class Group(Struct, frozen=True, kw_only=True):
    """What stops how many copies, in words, and whether people have yet to be told that it does, or does no more.

    `version` counts what people are told of it, `revision` every write; `told_size` is how many resources they
    were told of. `region` is that of the first promise. `gone` are the latest that left: whoever comes late with what
    they were before does not bring them back.
    """

    key: GroupKey
    region: Region
    causes: tuple[str, ...]
    members: tuple[Member, ...]
    state: GroupState = GroupState.OPEN
    untold: bool = True
    told_size: int = 0
    gone: tuple[Gone, ...] = ()
    due_at: datetime | None = None
    version: int = 1
    revision: int = 1

    @property
    def size(self) -> int:
        """How many resources it stops copies of."""
        return len({member.resource for member in self.members})

    @property
    def reason(self) -> str:
        """What people read: how many resources, some of them by name, and the cause, or that it is over."""
        if self.state is GroupState.RESOLVED:
            return _OVER
        names = [*dict.fromkeys(member.name for member in self.members if member.name)][:_NAMED]
        more = f" and {self.size - len(names)} more" if self.size > len(names) else ""
        resources = "1 resource has" if self.size == 1 else f"{self.size} resources have"
        return f"{resources} no copy: {', '.join(names)}{more}; {'; '.join(self.causes)}"

    @property
    def alert(self) -> Alert:
        """The alert about it: one, whatever becomes of it."""
        return Alert(
            kind=_KIND_OF[self.key.kind],
            subject=self.key.id,
            account=self.key.account,
            region=self.key.region or self.region,
            reason=self.reason,
        )

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to tell of it."""
        return self.due_at is not None and self.due_at <= now


def joined(known: Group | None, key: GroupKey, promise: Promise, *, within: timedelta, now: datetime) -> Group | None:
    """The group once it stops the promise; None where it does already, or the promise has left it since.

    It is told after `within`, so that those that come together are told together, and again once it is much larger, or
    more is known of the cause.
    """
    member = Member.of(promise)
    if known is None:
        causes = _causes_with((), promise)
        return Group(key=key, region=promise.region, causes=causes, members=(member,), due_at=now + within)
    causes = _causes_with(known.causes if known.state is GroupState.OPEN else (), promise)
    is_held = _holds(known, member)
    if _has_left(known, promise) or (is_held and causes == known.causes):
        return None
    members = known.members if is_held else _with(known.members, member)
    more = replace(known, members=members, causes=causes, revision=known.revision + 1)
    if known.state is GroupState.RESOLVED:
        return _to_tell(replace(more, state=GroupState.OPEN, told_size=0), at=now + within)
    is_news = causes != known.causes or more.size >= _WORSE * known.told_size
    return _to_tell(more, at=now + within) if is_news and not known.untold else more


def left(known: Group | None, key: GroupKey, promise: Promise, *, within: timedelta, now: datetime) -> Group | None:
    """The group once it stops the promise no more, even if it never was told to. It is over with the last.

    None where the promise has left it already.
    """
    gone = Gone(Member.of(promise).promise, promise.version)
    if known is None:
        over = Group(key=key, region=promise.region, causes=(), members=(), gone=(gone,))
        return replace(over, state=GroupState.RESOLVED, untold=False)
    if gone in known.gone:
        return None
    rest = tuple(each for each in known.members if each.promise != gone.promise)
    before = tuple(each for each in known.gone if each.promise != gone.promise)
    fewer = replace(known, members=rest, gone=(*before, gone)[-_REMEMBERED:], revision=known.revision + 1)
    is_over = known.state is GroupState.OPEN and not rest
    return _to_tell(replace(fewer, state=GroupState.RESOLVED), at=now + within) if is_over else fewer


def told(known: Group) -> Group:
    """The same, once people were told of it as it stands."""
    return replace(known, untold=False, told_size=known.size, due_at=None, revision=known.revision + 1)


def postponed(known: Group, *, again: datetime) -> Group:
    """The same, to be told then."""
    return replace(known, due_at=again, revision=known.revision + 1)


def _to_tell(group: Group, *, at: datetime) -> Group:
    return replace(group, untold=True, version=group.version + 1, due_at=at)


def _with(members: tuple[Member, ...], member: Member) -> tuple[Member, ...]:
    is_named = sum(1 for each in members if each.name) < _KNOWN_BY_NAME
    return (*members, member if is_named else member._replace(name=""))


def _holds(known: Group, member: Member) -> bool:
    return any(each.promise == member.promise for each in known.members)


def _has_left(known: Group, promise: Promise) -> bool:
    """Whether the promise, as it is here or later, has left the group: whoever comes with it comes late."""
    mark = Member.of(promise).promise
    return any(each.promise == mark and each.version >= promise.version for each in known.gone)


def _causes_with(causes: tuple[str, ...], promise: Promise) -> tuple[str, ...]:
    """The causes with that of the promise as it was diagnosed, each once; while none is known, what became of it."""
    why = promise.reason.partition(DIAGNOSED)[2]
    if not why:
        return causes or (promise.reason,)
    known = tuple(each for each in causes if _named(each) is not None)
    return causes if _named(why) in map(_named, known) else (*known, why)


def _named(text: str) -> Cause | None:
    """Which cause a diagnosis begins with."""
    return next((cause for cause in Cause if text.startswith(cause.words)), None)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]
