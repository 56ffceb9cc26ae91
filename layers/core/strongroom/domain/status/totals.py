"""Accounts, units and the whole: counted from the lines of what lies below, never added to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from strongroom.domain.identifiers import AccountId
from strongroom.domain.status.nights import NightSum, added
from strongroom.domain.status.states import Protection

# Where an account lies of which the ledger does not know the unit.
UNIT_NOT_KNOWN: Final = "unit not known"


class ResourceLine(Struct, frozen=True, kw_only=True):
    """A resource in its account's list: as much of its status as is counted, and when to look at it anew."""

    resource: str
    state: Protection
    look_at: datetime | None = None
    restorable_to: datetime | None = None
    sums: tuple[NightSum, ...] = ()


class Totals(Struct, frozen=True, kw_only=True):
    """How many resources are in each state, what the last nights brought, and the oldest state to come back to."""

    states: Mapping[Protection, int]
    sums: tuple[NightSum, ...] = ()
    oldest: datetime | None = None

    @property
    def governed(self) -> int:
        """How many resources are to be protected."""
        return sum(self.states.values()) - self.states.get(Protection.ENDED, 0)

    @property
    def protected(self) -> int:
        """How many of them are."""
        return self.states.get(Protection.PROTECTED, 0)

    @property
    def wrong(self) -> int:
        """At how many somebody should look."""
        return sum(count for state, count in self.states.items() if state.is_wrong)

    @property
    def worst(self) -> Protection:
        """The worst of the states; of nothing, that nothing is to be protected."""
        return min((state for state, count in self.states.items() if count), key=_rank, default=Protection.ENDED)


class AccountLine(Struct, frozen=True, kw_only=True):
    """An account in its unit's list; `readiness` and `name` are what is known of it, and may be empty."""

    account: AccountId
    unit: str
    readiness: str
    totals: Totals
    name: str = ""


class UnitLine(Struct, frozen=True, kw_only=True):
    """A unit with its accounts."""

    unit: str
    accounts: int
    totals: Totals


class Summary(Struct, frozen=True, kw_only=True):
    """The whole: when it was counted, how far AWS's own lists were read, and since when something overdue waits."""

    totals: Totals
    accounts: int
    counted_at: datetime
    compared_until: datetime | None = None
    overdue_since: datetime | None = None


class DayLine(Struct, frozen=True, kw_only=True):
    """What a day looked like at its last count."""

    day: date
    counted_at: datetime
    totals: Totals


def count_resources(lines: Iterable[ResourceLine]) -> Totals:
    """The totals of an account."""
    every = tuple(lines)
    protected = [each for each in every if each.state is not Protection.ENDED]
    return Totals(
        states=Counter(each.state for each in every),
        sums=added(one for each in every for one in each.sums),
        oldest=min((each.restorable_to for each in protected if each.restorable_to), default=None),
    )


def sum_totals(parts: Iterable[Totals]) -> Totals:
    """The totals of a unit, or of the whole."""
    every = tuple(parts)
    states: Counter[Protection] = Counter()
    for part in every:
        states.update(part.states)
    return Totals(
        states=states,
        sums=added(one for part in every for one in part.sums),
        oldest=min((part.oldest for part in every if part.oldest), default=None),
    )


def _rank(state: Protection) -> int:
    return state.rank
