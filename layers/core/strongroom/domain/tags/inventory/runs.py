"""The inventory: every account and Region is gone through by lists, which show what no event told.

A run goes through the accounts that are governed. How far it is in a Region of an account is a mark, so that one that
was stopped goes on at its page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from strongroom.domain.identifiers import AccountId, Region

EVERY: Final = timedelta(days=1)
# Whoever has not moved for so long is at work no more.
STALE: Final = timedelta(minutes=10)
# So often what could not be listed is tried in one run.
TRIES: Final = 3
# So many accounts can be named at once.
MOST_NAMED: Final = 50
# A list that was refused for so long is refused again tomorrow.
REFUSED_FOR: Final = timedelta(days=1)


class InventoryOrder(Struct, frozen=True, kw_only=True):
    """Whether somebody asks for an inventory now, and of which accounts; of none that is named, of all."""

    is_asked: bool = False
    accounts: tuple[AccountId, ...] = ()


class Run(Struct, frozen=True, kw_only=True):
    """An inventory of these accounts, or of all that are governed, where it names none.

    `sent_at` is when accounts were last told to be gone through. `places` are the Regions of accounts that it goes
    through, `done` those that are gone through, `partly` those of them in which something could not be listed. `found`
    is what no event had told, by what it is called.
    """

    id: str
    begun_at: datetime
    accounts: tuple[AccountId, ...] = ()
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    places: int = 0
    done: int = 0
    partly: int = 0
    listed: int = 0
    found: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether it goes through all accounts."""
        return not self.accounts

    @property
    def event_id(self) -> str:
        """What stands where another verdict has its event."""
        return f"inventory {self.id}"


class Place(Struct, frozen=True):
    """A Region of an account, in a run."""

    run: str
    account: AccountId
    region: Region


class Mark(Struct, frozen=True, kw_only=True):
    """How far the inventory of a place is: the lists that are left, the first of them from `token` on.

    `unread` are lists that could not be read, and why; those are left, too, while another time may mend it. `tries` are
    the times at which all that was left was tried. `listed` is how much was seen, `states` what it came to, `found`
    what no event had told. `refused` are those of the unread that the tagging role has no right to.
    """

    place: Place
    left: tuple[str, ...]
    seen_at: datetime
    token: str | None = None
    ended_at: datetime | None = None
    tries: int = 0
    listed: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    found: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    revision: int = 0

    @property
    def is_partly_read(self) -> bool:
        """Whether something could not be listed."""
        return self.ended_at is not None and bool(self.unread)


class Tally(Struct, frozen=True, kw_only=True):
    """What a page came to: how much it lists, in which states, and what of it no event had told, by its label."""

    listed: int
    states: Mapping[str, int]
    found: Mapping[str, int]


def after_page(mark: Mark, tally: Tally, *, token: str | None, now: datetime) -> Mark:
    """The mark after a page of its first list."""
    counted = replace(
        mark,
        token=token,
        seen_at=now,
        listed=mark.listed + tally.listed,
        states=_sum(mark.states, tally.states),
        found=_sum(mark.found, tally.found),
        revision=mark.revision + 1,
    )
    if token is not None:
        return counted
    name, unread = mark.left[0], dict(mark.unread)
    unread.pop(name, None)
    refused = tuple(each for each in mark.refused if each != name)
    return _ended(replace(counted, left=mark.left[1:], unread=unread, refused=refused), now=now)


def after_failure(mark: Mark, reason: str, *, may_mend: bool, now: datetime, is_refused: bool = False) -> Mark:
    """The mark after its first list could not be read; where another time may mend that, it is read again later."""
    name, others = mark.left[0], mark.left[1:]
    left = (*others, name) if may_mend else others
    unread = {**mark.unread, name: reason}
    others_refused = tuple(each for each in mark.refused if each != name)
    failed = replace(
        mark,
        left=left,
        token=None,
        unread=unread,
        refused=(*others_refused, name) if is_refused else others_refused,
        seen_at=now,
        revision=mark.revision + 1,
    )
    return _ended(failed, now=now)


def after_try(mark: Mark, *, now: datetime) -> Mark:
    """The mark after everything that is left was tried in vain; it is not tried for ever."""
    tried = replace(mark, tries=mark.tries + 1, seen_at=now, revision=mark.revision + 1)
    return tried if tried.tries < TRIES else _ended(replace(tried, left=()), now=now)


def left_alone(mark: Mark, reason: str, *, now: datetime) -> Mark:
    """The mark of a place into which nobody looks."""
    unread = dict.fromkeys(mark.left, reason)
    return _ended(replace(mark, left=(), unread=unread, seen_at=now, revision=mark.revision + 1), now=now)


def count_run(run: Run, marks: Iterable[Mark], *, places: int, now: datetime) -> Run:
    """How far the run is, by the marks of its places."""
    known = tuple(marks)
    done = [mark for mark in known if mark.ended_at is not None]
    found: Counter[str] = Counter()
    for mark in known:
        found.update(mark.found)
    return replace(
        run,
        places=places,
        done=len(done),
        partly=sum(mark.is_partly_read for mark in known),
        listed=sum(mark.listed for mark in known),
        found=dict(found),
        ended_at=now if len(done) >= places else None,
    )


def refused_since(refused: Iterable[str], *, before: Mapping[str, datetime], run: Run) -> dict[str, datetime]:
    """Since which inventory each list of an account is refused without a break."""
    return {name: before.get(name, run.begun_at) for name in refused}


def refused_for_long(since: Mapping[str, datetime], *, now: datetime) -> tuple[str, ...]:
    """The lists that stay refused."""
    return tuple(sorted(name for name, began in since.items() if now - began >= REFUSED_FOR))


def _ended(mark: Mark, *, now: datetime) -> Mark:
    return mark if mark.left else replace(mark, token=None, ended_at=now)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
