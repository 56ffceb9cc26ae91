"""Hold the copies of the last thirty days against what their vaults list: each week, whichever copies were sampled."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.copies.comparing.rounds import (
    after_step,
    before_the_first,
    contents_of,
    is_believed,
    passed_over,
    round_at,
    step_of,
)
from strongroom.domain.copies.reconciling import JobKind, JobPage
from strongroom.domain.copies.traces import is_known_copy, promise_key_of
from strongroom.domain.errors import (
    CallRefusedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.services.copies.comparing.tell_comparison import tell_round, tell_unread
from strongroom.services.copies.look_again import doubt
from strongroom.services.copies.verify_copy import CopyVerificationNeeds

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.copies.reconciling import Window
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import OrganizationJobs, RoundBook, Standings, VaultContents

type WorkOff = Callable[[JobPage, datetime], object]
type Held = Mapping[str, Container[str]]


class VaultComparisonNeeds(CopyVerificationNeeds, frozen=True, kw_only=True):
    """What the comparison needs of the world: the lists of jobs and of vaults, and what is known of them."""

    listed: OrganizationJobs
    contents: VaultContents
    standings: Standings
    rounds: RoundBook


class _Time(Struct, frozen=True):
    """How long there is."""

    clock: Callable[[], datetime]
    ends: datetime

    def left(self) -> bool:
        return self.clock() < self.ends


class _Found(Struct, frozen=True, kw_only=True):
    """What came of a step: how many copies are doubted, and whether all of it was compared."""

    doubted: int
    is_whole: bool


def compare_vaults(
    *,
    needs: VaultComparisonNeeds,
    regions: tuple[Region, ...],
    now: datetime,
    ends: datetime,
    clock: Callable[[], datetime],
    work_off: WorkOff,
) -> int:
    """How many verified copies neither their vault's list nor their vault itself shows, as far as time allows.

    Each of them is looked at once more by the next sweep, which tells of one that is gone. A copy job that is not known
    is worked off by `work_off`. A day that cannot be compared, or not in the time of a whole reading, is passed over,
    and tried again once all others were compared; that a round is not over after a day is told, and so is a vault that
    nobody may list.
    """
    known, doubted, time = needs.rounds.find(), 0, _Time(clock, ends)
    if known is None:
        needs.rounds.keep(before_the_first(now), was=None)
        return 0
    begun, is_first = round_at(known, now=now), True
    # What was left before: what this reading leaves is for the next one.
    tries = len(begun.left) if begun else 0
    while (current := round_at(known, now=now)) is not None and time.left() and (not current.has_seen_all or tries):
        tries -= current.has_seen_all
        step = step_of(current, now=now)
        found = _compare(step, regions=regions, time=time, needs=needs, work_off=work_off)
        doubted += found.doubted
        if found.is_whole:
            following = after_step(current, step)
        elif time.left() or is_first:
            following = passed_over(current, step, is_too_long=not time.left())
        else:
            break  # with all the time of the next reading it may be done
        if not needs.rounds.keep(following, was=known):
            return doubted
        known, is_first = following, False
    tell_round(known, home=_home(needs.intent), alerts=needs.alerts, now=now)
    return doubted


def _home(intent: Intent) -> tuple[AccountId, Region]:
    return intent.organization.backup_account, intent.organization.home_region


def _compare(
    step: Window, *, regions: tuple[Region, ...], time: _Time, needs: VaultComparisonNeeds, work_off: WorkOff
) -> _Found:
    """Hold the copies of the step against each vault that can be listed; whole only where none was left out."""
    held: dict[str, frozenset[str]] = {}
    is_whole, doubted = True, 0
    for vault in destination_vaults(needs.intent):
        try:
            pages = [*_held(vault.arn, contents_of(step), time=time, needs=needs)]
        except TemporarilyUnavailableError:
            is_whole = False
            continue
        except (MalformedError, RefusedError, NotFoundError, CallRefusedError) as error:
            # That may take long to mend, and would keep everything else waiting: the next week compares it.
            tell_unread(vault.arn, cause=str(error), alerts=needs.alerts, now=time.clock())
            continue
        if not time.left():
            return _Found(doubted=doubted, is_whole=False)
        held[vault.arn] = frozenset(arn for page in pages for arn in page)
    try:
        for region in regions:
            for page in _copies(step, region, time=time, needs=needs):
                doubted += _doubts(page, held=held, needs=needs, now=time.clock(), work_off=work_off)
    except TemporarilyUnavailableError:
        is_whole = False
    return _Found(doubted=doubted, is_whole=is_whole and time.left())


def _held(vault: str, window: Window, *, time: _Time, needs: VaultComparisonNeeds) -> Iterator[tuple[str, ...]]:
    while time.left():
        page = needs.contents.page(vault, window)
        yield tuple(point.arn for point in page.points)
        if page.token is None:
            return
        window = replace(window, token=page.token)


def _copies(window: Window, region: Region, *, time: _Time, needs: VaultComparisonNeeds) -> Iterator[JobPage]:
    while time.left():
        page = needs.listed.page(JobKind.COPIES, window, region=region)
        yield page
        if page.token is None:
            return
        window = replace(window, token=page.token)


def _doubts(page: JobPage, *, held: Held, needs: VaultComparisonNeeds, now: datetime, work_off: WorkOff) -> int:
    """How many copies of the page are not where they were."""
    keys = [(notice, promise_key_of(notice)) for notice in page.copies]
    promises = needs.standings.promises(key for _, key in keys if key is not None)
    unknown, unseen = [], []
    for notice, key in keys:
        promise = None if key is None else promises.get(key)
        if not is_known_copy(notice.job, promise=promise):
            unknown.append(notice)
        elif promise is not None and _is_unseen(promise, held) and is_believed(promise, notice.job, now=now):
            unseen.append(promise)
    if unknown:
        work_off(JobPage(copies=tuple(unknown)), now)
    return sum(doubt(promise, points=needs.points, needs=needs, now=now) for promise in unseen)


def _is_unseen(promise: Promise, held: Held) -> bool:
    """Whether its vault was listed, and the copy not among what it holds."""
    return promise.destination in held and promise.copy not in held[promise.destination]
