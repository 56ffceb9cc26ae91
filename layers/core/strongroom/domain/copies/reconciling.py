"""Which part of AWS's lists of jobs is read next: by completion, page by page, and nothing between two windows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyNotice
from strongroom.domain.identifiers import AccountId, Region

# More than AWS Backup's lists lag behind: what was not listed in one window is in the next.
OVERLAP: Final = timedelta(hours=1)
# AWS Backup lists a job for 30 days after its end.
LISTED_FOR: Final = timedelta(days=30)
# An account that stays closed to us does not let everybody's jobs be read anew for longer than that; then its own are.
HELD_BACK_FOR: Final = timedelta(days=1)
# A token of a page that is older may not be taken any more; no page says how long one is.
TOKEN_LIVES: Final = timedelta(hours=1)
# Whoever was away for longer than an account is waited for reads so much at once: several such windows in an hour.
_AT_ONCE: Final = timedelta(hours=12)
# A window of which no reading saw the end is read in halves, down to this.
_LEAST: Final = timedelta(hours=1)
# A list that was not read up to then is told: longer than one waits for a closed account.
UNREAD_FOR: Final = HELD_BACK_FOR + 2 * OVERLAP


class JobKind(StrEnum):
    """Which list."""

    BACKUPS = "backups"
    COPIES = "copies"


class Mark(Struct, frozen=True, kw_only=True):
    """How far one list of one Region was read: all that ended before `reached`, and `token` of a window half read.

    `until` is where that window ends, `read_at` when that page was read, and `skipped` when the first of its jobs ended
    that could not be looked at, by account. Those of accounts that are `behind` wait from that moment on, although all
    others were read.
    """

    kind: JobKind
    region: Region
    reached: datetime
    until: datetime | None = None
    token: str | None = None
    read_at: datetime | None = None
    skipped: Mapping[AccountId, datetime] = field(default_factory=dict)
    behind: Mapping[AccountId, datetime] = field(default_factory=dict)
    revision: int = 0


class Window(Struct, frozen=True, kw_only=True):
    """What to read: the jobs that ended after `since`, from the page on that `token` names."""

    since: datetime
    until: datetime
    token: str | None


class JobPage(Struct, frozen=True, kw_only=True):
    """One page of a list; without `token` it is the last."""

    backups: tuple[BackupJob, ...] = ()
    copies: tuple[CopyNotice, ...] = ()
    token: str | None = None


def first_mark(kind: JobKind, region: Region, *, now: datetime) -> Mark:
    """Where to begin: with all that AWS Backup still lists."""
    return Mark(kind=kind, region=region, reached=now - LISTED_FOR + OVERLAP)


def window_of(mark: Mark, *, now: datetime) -> Window:
    """The window that was half read, or a new one, which begins before the last one ended.

    It goes up to now, unless that is more than a reading may have time for.
    """
    since = max(mark.reached - OVERLAP, now - LISTED_FOR)
    if mark.until is None:
        is_far = now - mark.reached > HELD_BACK_FOR + OVERLAP
        until = min(now, since + OVERLAP + _AT_ONCE) if is_far else now
    elif is_alive(mark.read_at, now=now):
        return Window(since=since, until=mark.until, token=mark.token)
    else:
        until = min(now, half_of(since, mark.until))
    return Window(since=since, until=until, token=None)


def is_alive(read_at: datetime | None, *, now: datetime) -> bool:
    """Whether the token of a page that was read then may still be taken."""
    return read_at is not None and now - read_at < TOKEN_LIVES


def half_of(since: datetime, until: datetime) -> datetime:
    """Where the first half of the window ends that was too long, beside what it repeats of the last one."""
    begins = since + OVERLAP
    return begins + max((until - begins) / 2, _LEAST)


def is_over(window: Window, page: JobPage, *, now: datetime) -> bool:
    """Whether the list was read to its end by a reading that began now."""
    return page.token is None and window.until >= now


def is_unread(reached: datetime, *, now: datetime) -> bool:
    """Whether people must know that nobody read the list any further."""
    return now - reached > UNREAD_FOR


def window_behind(mark: Mark, account: AccountId, *, now: datetime) -> Window:
    """The window of an account that is behind: up to where everybody's begins, as far back as AWS Backup lists it."""
    since = max(mark.behind[account] - timedelta.resolution, now - LISTED_FOR)
    return Window(since=since, until=max(mark.reached, since), token=None)


def after_page(
    mark: Mark, window: Window, page: JobPage, *, skipped: Mapping[AccountId, datetime], now: datetime
) -> Mark:
    """The mark once the page was worked off; only after the last page does it move on, and never back.

    Where jobs could not be looked at it moves no further than to the first of them (`skipped`, of this page), and yet
    to `HELD_BACK_FOR` before now: whose jobs are in no window any more are behind.
    """
    skips = _earliest(mark.skipped if window.token else {}, skipped)
    following = replace(mark, skipped=skips, revision=mark.revision + 1)
    if page.token is not None:
        return replace(following, until=window.until, token=page.token, read_at=now)
    until = max(min((window.until, *skips.values())), min(window.until, now - HELD_BACK_FOR))
    reached = max(mark.reached, until)
    passed = {account: ended for account, ended in skips.items() if ended <= reached - OVERLAP}
    behind = _earliest(mark.behind, passed)
    return replace(following, reached=reached, until=None, token=None, read_at=None, skipped={}, behind=behind)


def caught_up(mark: Mark, account: AccountId) -> Mark:
    """The mark once all that waited of that account was looked at."""
    behind = {each: ended for each, ended in mark.behind.items() if each != account}
    return replace(mark, behind=behind, revision=mark.revision + 1)


def _earliest(one: Mapping[AccountId, datetime], other: Mapping[AccountId, datetime]) -> dict[AccountId, datetime]:
    return {account: min(each[account] for each in (one, other) if account in each) for account in (*one, *other)}
