"""Each hour what has newly arrived in a vault is listed there: a copy counts although no event and no job told it."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.copies.found import RecoveryPointFound
from strongroom.domain.copies.reconciling import HELD_BACK_FOR, LISTED_FOR, OVERLAP, Window, half_of, is_alive
from strongroom.domain.copies.reconciling import is_unread as is_list_unread
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.remembered import once_of

# So much is read at once by whoever was away: more than what waits for a closed account, so that there is always more.
_AT_ONCE: Final = timedelta(days=2)


class Arrivals(Struct, frozen=True, kw_only=True):
    """How far one vault was read: all that arrived before `reached`, and `token` of a window half read.

    `until` is where that window ends, `read_at` when that page was read, and `skipped` when the first of its copies
    arrived that could not be looked at.
    """

    vault: str
    reached: datetime
    until: datetime | None = None
    token: str | None = None
    read_at: datetime | None = None
    skipped: datetime | None = None
    revision: int = 0


def first_arrivals(vault: str, *, now: datetime) -> Arrivals:
    """Where to begin: what arrived before is due to be looked for by then, or told by its job."""
    return Arrivals(vault=vault, reached=now - HELD_BACK_FOR)


def arrival_window(known: Arrivals, *, now: datetime, grace: timedelta) -> Window:
    """When what is read next arrived: the window that was half read, or a new one, which overlaps the last one.

    What arrived just now, and so within the `grace`, its job may still tell, which lists show later. One that could not
    be read to its end is read in halves.
    """
    since = max(known.reached - OVERLAP, now - LISTED_FOR)
    if known.until is not None and is_alive(known.read_at, now=now):
        return Window(since=since, until=known.until, token=known.token)
    until = since + OVERLAP + _AT_ONCE if known.until is None else half_of(since, known.until)
    return Window(since=since, until=max(since, min(now - grace, until)), token=None)


def created_in(window: Window, *, intent: Intent) -> Window:
    """When what arrived in the window may have been created: a copy has the creation date of its backup.

    As much earlier as a backup may take, and its last copy after that until it is told as stuck. What took longer is
    looked for at its deadline by name.
    """
    return replace(window, since=window.since - _longest_of(intent))


@once_of
def _longest_of(intent: Intent) -> timedelta:
    deadlines = intent.deadlines
    longest = max(
        rule.complete_window + len(rule.keep) * deadlines.verified_at_most
        for tier in intent.tiers.values()
        for rule in rules_of(tier)
    )
    return longest + deadlines.stuck_after


def announced_in(window: Window, *, grace: timedelta) -> Window:
    """When the jobs ended that brought what arrived in the window, whichever of the two AWS dates first."""
    return Window(since=window.since - grace, until=window.until + grace, token=None)


def has_arrived_in(window: Window, point: RecoveryPointFound) -> bool:
    """Whether the recovery point arrived then, as far as AWS says when it did."""
    return point.completed_at is not None and window.since < point.completed_at <= window.until


def after_arrivals(
    known: Arrivals, window: Window, *, token: str | None, skipped: datetime | None, now: datetime
) -> Arrivals:
    """The same once a page was worked off, after which `token` is the next; it moves on after the last one only.

    It moves no further than to the first arrival that could not be looked at, and yet to `HELD_BACK_FOR` before the
    window's end, or its half before that time: what is older is looked for at its deadline.
    """
    skips = [at for at in (known.skipped if window.token else None, skipped) if at is not None]
    following = replace(known, skipped=min(skips, default=None), revision=known.revision + 1)
    if token is not None:
        return replace(following, until=window.until, token=token, read_at=now)
    middle = window.since + (window.until - window.since) / 2
    waited = max(window.until - HELD_BACK_FOR, min(middle, now - HELD_BACK_FOR))
    reached = max(known.reached, min((window.until, *skips)), waited)
    return replace(following, reached=reached, until=None, token=None, read_at=None, skipped=None)


def is_unread(known: Arrivals | None, *, now: datetime) -> bool:
    """Whether nobody could read the vault's list for so long that people must know."""
    return known is not None and is_list_unread(known.reached, now=now)
