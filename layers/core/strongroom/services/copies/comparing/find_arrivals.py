"""List what has newly arrived in the central vaults, and let what no job tells of count as its job would."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from strongroom.domain.copies.comparing.arrivals import (
    after_arrivals,
    announced_in,
    arrival_window,
    created_in,
    first_arrivals,
    has_arrived_in,
    is_unread,
)
from strongroom.domain.copies.comparing.kept import day_of
from strongroom.domain.copies.found import CopyJob, CopyNotice, is_continuous
from strongroom.domain.copies.promises import PromiseState, is_local_vault
from strongroom.domain.copies.reconciling import JobKind, JobPage
from strongroom.domain.copies.traces import promise_key_of
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.services.copies.comparing.compare_older import note_kept
from strongroom.services.copies.comparing.compare_vaults import VaultComparisonNeeds
from strongroom.services.copies.comparing.tell_comparison import tell_read, tell_unread
from strongroom.services.copies.open_promises import SAME_MOMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.copies.comparing.arrivals import Arrivals
    from strongroom.domain.copies.found import RecoveryPointFound
    from strongroom.domain.copies.reconciling import Window
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.ports.copies import ArrivalBook

# What is looked up before it is worked off, so that whatever was looked up counts.
_AT_A_TIME: Final = 25
_UNREADABLE: Final = (MalformedError, RefusedError, NotFoundError, CallRefusedError, TemporarilyUnavailableError)

# Gives by account when the first ended that could not be looked at.
type WorkOff = Callable[[JobPage, datetime], Mapping[AccountId, datetime]]


class ArrivalNeeds(VaultComparisonNeeds, frozen=True, kw_only=True):
    """What it takes of the world: the lists of vaults and of jobs, and how far those of vaults were read."""

    arrivals: ArrivalBook


class _Reading(Struct):
    """One reading of all vaults: `announced` is what jobs tell of what arrived in a window."""

    needs: ArrivalNeeds
    regions: tuple[Region, ...]
    now: datetime
    ends: datetime
    clock: Callable[[], datetime]
    work_off: WorkOff
    announced: dict[Window, frozenset[str]] = field(default_factory=dict)

    def is_in_time(self) -> bool:
        return self.clock() < self.ends


def find_arrivals(
    *,
    needs: ArrivalNeeds,
    regions: tuple[Region, ...],
    now: datetime,
    ends: datetime,
    clock: Callable[[], datetime],
    work_off: WorkOff,
) -> bool:
    """Whether every central vault was read to its end; one that cannot be listed keeps nobody from the others.

    A copy of which a job tells is left to that. For any other its backup is looked for where it came from, and it is
    worked off by `work_off`, as its job would be. Once it is verified that is noted, so that it is looked up no more,
    and is missed when it vanishes: no job lets the weekly comparison see it.
    """
    reading = _Reading(needs, regions, now, ends, clock, work_off)
    read = [_read_vault(vault.arn, reading) for vault in destination_vaults(needs.intent)]
    return all(read)


def _read_vault(vault: str, reading: _Reading) -> bool:
    """Whether it was read to its end; whatever keeps that from being so for long is told."""
    needs, known = reading.needs, reading.needs.arrivals.find(vault)
    try:
        is_read = _read_pages(vault, known, reading)
    except (MalformedError, RefusedError, NotFoundError, CallRefusedError) as error:
        tell_unread(vault, cause=str(error), alerts=needs.alerts, now=reading.now)
        return False
    except TemporarilyUnavailableError as error:
        is_read, cause = False, str(error)
    else:
        cause = "there is never time enough for it"
    if is_read:
        tell_read(vault, alerts=needs.alerts, now=reading.now)
    elif is_unread(known, now=reading.now):
        tell_unread(vault, cause=cause, alerts=needs.alerts, now=reading.now)
    return is_read


def _read_pages(vault: str, known: Arrivals | None, reading: _Reading) -> bool:
    needs, grace = reading.needs, reading.needs.intent.deadlines.grace
    while (now := reading.clock()) < reading.ends:
        mark = known or first_arrivals(vault, now=reading.now)
        window = arrival_window(mark, now=reading.now, grace=grace)
        page = needs.contents.page(vault, created_in(window, intent=needs.intent))
        fresh = [point for point in page.points if has_arrived_in(window, point)]
        announced = _announced(window, reading) if fresh else frozenset()
        if announced is None:
            return False
        unannounced = [point for point in fresh if point.arn not in announced]
        skipped = _work_off(_unknown_of(unannounced, reading.needs), reading, now=now)
        following = after_arrivals(mark, window, token=page.token, skipped=skipped, now=now)
        if not needs.arrivals.keep(following, was=known):
            return False
        if page.token is None and window.until >= reading.now - grace:
            return skipped is None or reading.is_in_time()
        known = following
    return False


def _unknown_of(points: list[RecoveryPointFound], needs: ArrivalNeeds) -> list[RecoveryPointFound]:
    """Those that are not noted: what is, was found before."""
    days = dict.fromkeys((point.vault, day_of(point.created_at)) for point in points)
    noted = {each.copy for vault, day in days for each in needs.kept.of_day(vault, day)}
    return [point for point in points if point.arn not in noted]


def _work_off(points: list[RecoveryPointFound], reading: _Reading, *, now: datetime) -> datetime | None:
    """Let each count as its job would; when the first arrived that could not be looked at, or not in time."""
    skipped: list[datetime] = []
    for some in batched(points, _AT_A_TIME, strict=False):
        notices: list[CopyNotice] = []
        for point in some:
            if not reading.is_in_time():
                skipped.append(point.completed_at or now)
                continue
            try:
                notices += _notices_of(point, reading.needs)
            except (TemporarilyUnavailableError, AccessRefusedError):
                skipped.append(point.completed_at or now)
            except (MalformedError, RefusedError, NotFoundError, CallRefusedError):
                continue  # as it would be at any other time
        if notices:
            skipped += reading.work_off(JobPage(copies=tuple(notices)), now).values()
            _note_verified(notices, reading.needs)
    return min(skipped, default=None)


def _note_verified(notices: list[CopyNotice], needs: ArrivalNeeds) -> None:
    """Note those that must be there from now on, and of which nobody has yet to be told."""
    keys = {notice.job.destination_recovery_point: promise_key_of(notice) for notice in notices}
    promises = needs.standings.promises(key for key in keys.values() if key is not None)
    verified = [
        promise
        for promise in promises.values()
        if promise.state is PromiseState.VERIFIED and keys.get(promise.copy) == promise.key and not promise.untold
    ]
    note_kept(verified, kept=needs.kept)


def _announced(window: Window, reading: _Reading) -> frozenset[str] | None:
    """What jobs say they have brought, None where time is up; vaults that were read as far as each other ask once.

    Where a Region does not say, what arrived from there is looked up as if no job told of it.
    """
    span = announced_in(window, grace=reading.needs.intent.deadlines.grace)
    if span not in reading.announced:
        found: set[str] = set()
        for region in reading.regions:
            try:
                for page in _pages_of_copies(span, region, reading.needs):
                    if reading.clock() >= reading.ends:
                        return None
                    copies = (notice.job.destination_recovery_point for notice in page.copies)
                    found.update(copy for copy in copies if copy is not None)
            except _UNREADABLE:
                continue  # whoever reads that list tells it
        reading.announced[span] = frozenset(found)
    return reading.announced[span]


def _pages_of_copies(window: Window, region: Region, needs: ArrivalNeeds) -> Iterator[JobPage]:
    token: str | None = None
    while True:
        page = needs.listed.page(JobKind.COPIES, replace(window, token=token), region=region)
        yield page
        if page.token is None:
            return
        token = page.token


def _notices_of(point: RecoveryPointFound, needs: ArrivalNeeds) -> Iterator[CopyNotice]:
    """The copy as its job would tell it; nothing of one that is no copy of ours, or whose backup is not there any more.

    The copy of a continuous backup has a date of its own: of which night it is, only its job tells.
    """
    if point.source_vault is None:
        return
    place = Arn.parse(point.source_vault)
    if not is_local_vault(point.source_vault, account=place.account, region=place.region, intent=needs.intent):
        return
    for source in needs.points.of_resource(point.resource, vault=point.source_vault):
        if abs(source.created_at - point.created_at) <= SAME_MOMENT and not is_continuous(source.arn):
            job = CopyJob(
                id=None,
                state="COMPLETED",
                recovery_point=source.arn,
                source_vault=point.source_vault,
                destination=point.vault,
                destination_recovery_point=point.arn,
                created_at=None,
                message=None,
                made_by=point.made_by,
                completed_at=point.completed_at,
            )
            yield CopyNotice(account=place.account, region=place.region, job=job)
            return
