"""Which part of AWS's lists of jobs is read next: by completion, page by page, and nothing between two windows."""

from collections.abc import Mapping
from copy import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

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


class JobKind(StrEnum):
    """Which list."""

    BACKUPS = "backups"
    COPIES = "copies"


class Mark(Struct, frozen=True, kw_only=True):
    """How far one list of one Region was read: all that ended before `reached`, and `token` of a window half read.

    `until` is where that window ends, `begun_at` when its reading began, and `skipped` when the first of its jobs ended
    that could not be looked at, by account. Those of accounts that are `behind` wait from that moment on, although all
    others were read.
    """

    kind: JobKind
    region: Region
    reached: datetime
    until: datetime | None = None
    token: str | None = None
    begun_at: datetime | None = None
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
    """The window that was half read, or a new one up to now, which begins before the last one ended."""
    since = max(mark.reached - OVERLAP, now - LISTED_FOR)
    is_resumed = mark.begun_at is not None and now - mark.begun_at < TOKEN_LIVES and mark.until is not None
    if is_resumed and mark.until is not None:
        return Window(since=since, until=mark.until, token=mark.token)
    return Window(since=since, until=now, token=None)


def window_behind(mark: Mark, account: AccountId, *, now: datetime) -> Window:
    """The window of an account that is behind: up to where everybody's begins, as far back as AWS Backup lists it."""
    since = max(mark.behind[account] - timedelta.resolution, now - LISTED_FOR)
    return Window(since=since, until=max(mark.reached, since), token=None)


def after_page(
    mark: Mark, window: Window, page: JobPage, *, skipped: Mapping[AccountId, datetime], now: datetime
) -> Mark:
    """The mark once the page was worked off; only after the last page does it move on, and never back.

    Where jobs could not be looked at it moves no further than to the first of them (`skipped`, of this page), and yet
    to `HELD_BACK_FOR` before the window's end: whose jobs are in no window any more are behind.
    """
    skips = _earliest(mark.skipped if window.token else {}, skipped)
    following = replace(mark, skipped=skips, revision=mark.revision + 1)
    if page.token is not None:
        begun_at = mark.begun_at if window.token is not None else now
        return replace(following, until=window.until, token=page.token, begun_at=begun_at)
    until = max(min((window.until, *skips.values())), window.until - HELD_BACK_FOR)
    reached = max(mark.reached, until)
    passed = {account: ended for account, ended in skips.items() if ended <= reached - OVERLAP}
    behind = _earliest(mark.behind, passed)
    return replace(following, reached=reached, until=None, token=None, begun_at=None, skipped={}, behind=behind)


def caught_up(mark: Mark, account: AccountId) -> Mark:
    """The mark once all that waited of that account was looked at."""
    behind = {each: ended for each, ended in mark.behind.items() if each != account}
    return replace(mark, behind=behind, revision=mark.revision + 1)


def _earliest(one: Mapping[AccountId, datetime], other: Mapping[AccountId, datetime]) -> dict[AccountId, datetime]:
    return {account: min(each[account] for each in (one, other) if account in each) for account in (*one, *other)}
