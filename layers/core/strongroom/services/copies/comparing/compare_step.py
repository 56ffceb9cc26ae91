"""Hold the copies of one step against what their vaults list: which of them are doubted, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from strongroom.domain.copies.comparing.kept import day_after, day_of, is_to_be_noted, made_on
from strongroom.domain.copies.comparing.rounds import contents_of, is_believed
from strongroom.domain.copies.reconciling import JobKind, JobPage
from strongroom.domain.copies.traces import is_known_copy, promise_key_of
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.services.copies.comparing.compare_older import note_kept, unseen_of
from strongroom.services.copies.comparing.tell_comparison import tell_unread
from strongroom.services.copies.look_again import doubt
from strongroom.services.copies.verify_copy import CopyVerificationNeeds

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.copies.comparing.kept import KeptCopy
    from strongroom.domain.copies.found import CopyNotice
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.copies.reconciling import Window
    from strongroom.domain.identifiers import Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import KeptCopies, OrganizationJobs, Standings, VaultContents

_REFUSED: Final = (MalformedError, RefusedError, NotFoundError, CallRefusedError)
_NOT_NOW: Final = (TemporarilyUnavailableError, *_REFUSED)

type WorkOff = Callable[[JobPage, datetime], object]
type Held = Mapping[str, Container[str]]


class StepNeeds(CopyVerificationNeeds, frozen=True, kw_only=True):
    """What one step needs of the world: the lists of jobs and of vaults, and what is known of them."""

    listed: OrganizationJobs
    contents: VaultContents
    standings: Standings
    kept: KeptCopies


class ReadingTime(Struct, frozen=True):
    """How long there is: the whole reading began then; and which vaults it was that may not be listed in it."""

    clock: Callable[[], datetime]
    begins: datetime
    ends: datetime
    refused: set[str] = field(default_factory=set)

    def left(self) -> bool:
        return self.clock() < self.ends

    def is_most_left(self) -> bool:
        """Whether what does not fit into it would not fit into another reading either."""
        return 2 * (self.ends - self.clock()) > self.ends - self.begins


class Found(Struct, frozen=True, kw_only=True):
    """What came of a step: how many copies are doubted, and whether all was compared but with vaults that refuse it."""

    doubted: int
    is_whole: bool
    refused: frozenset[str] = frozenset()


class _Held(Struct, frozen=True, kw_only=True):
    """What a vault lists; None where it does not say, and whether it may another time."""

    arns: frozenset[str] | None = None
    may_be_had: bool = False


class _Missed(Struct, frozen=True, kw_only=True):
    """What a vault should list and does not, as far as it says; and whether it may say more another time."""

    copies: list[KeptCopy] = field(default_factory=list)
    may_be_had: bool = False


def compare_listed(
    step: Window,
    only: str | None,
    *,
    regions: tuple[Region, ...],
    time: ReadingTime,
    needs: StepNeeds,
    work_off: WorkOff,
) -> Found:
    """Hold the copies of the step against each vault that can be listed, or against the one that was left."""
    held: dict[str, frozenset[str]] = {}
    is_whole, doubted = True, 0
    vaults = _vaults(needs.intent, only)
    for vault in vaults:
        found = _held(vault, contents_of(step), time=time, needs=needs)
        if not time.left():
            return Found(doubted=0, is_whole=False)
        if found.arns is not None:
            held[vault] = found.arns
        is_whole = is_whole and not found.may_be_had
    refused = time.refused.intersection(vaults)
    if only is not None and refused:
        return Found(doubted=0, is_whole=True, refused=frozenset(refused))
    for region in regions:
        try:
            for page in _copies(step, region, time=time, needs=needs):
                found_of_page = _doubts(page, step, held=held, needs=needs, now=time.clock(), work_off=work_off)
                doubted += found_of_page.doubted
                is_whole = is_whole and found_of_page.is_whole
        except TemporarilyUnavailableError:
            is_whole = False
        except AccessRefusedError:
            continue  # whoever reads its list each hour tells that
    return Found(doubted=doubted, is_whole=is_whole and time.left(), refused=frozenset(refused))


def compare_noted(step: Window, only: str | None, *, time: ReadingTime, needs: StepNeeds) -> Found:
    """Hold what was noted of what was backed up on the step's first day against each vault that can be listed."""
    day, is_whole, doubted, refused = day_of(step.since), True, 0, set[str]()
    for vault in _vaults(needs.intent, only):
        now = time.clock()
        try:
            noted = [each for each in needs.kept.of_day(vault, day) if now < each.until]
            if not noted:
                continue  # nor is what is over a reason to list the vault
            missed = _missed(noted, vault, day, time=time, needs=needs)
            unseen = unseen_of(missed.copies, standings=needs.standings, promises=needs.promises, now=time.clock())
            found = _doubt_each(unseen, needs=needs, clock=time.clock)
        except TemporarilyUnavailableError:
            is_whole = False
            continue
        doubted += found.doubted
        is_whole = is_whole and found.is_whole and not missed.may_be_had
        refused |= time.refused & {vault}
    return Found(doubted=doubted, is_whole=is_whole and time.left(), refused=frozenset(refused))


def _vaults(intent: Intent, only: str | None) -> tuple[str, ...]:
    """The ARNs of the vaults that copies go to, or of the one of them."""
    return tuple(vault.arn for vault in destination_vaults(intent) if only in {None, vault.arn})


def _missed(noted: list[KeptCopy], vault: str, day: datetime, *, time: ReadingTime, needs: StepNeeds) -> _Missed:
    """What of the day is noted and the vault does not list, on the day after either where that is worth it."""
    window: Window | None = made_on(day)
    while window is not None:
        found = _held(vault, window, time=time, needs=needs)
        if found.arns is None:
            return _Missed(may_be_had=found.may_be_had)
        noted = [each for each in noted if each.copy not in found.arns]
        window = day_after(day, missed=noted) if window == made_on(day) else None
    return _Missed(copies=noted)


def _held(vault: str, window: Window, *, time: ReadingTime, needs: StepNeeds) -> _Held:
    """What the vault lists of that time; that it may not be listed is told, and asked once in a reading."""
    arns: set[str] = set()
    if vault in time.refused:
        return _Held()
    try:
        while time.left():
            page = needs.contents.page(vault, window)
            arns.update(point.arn for point in page.points)
            if page.token is None:
                return _Held(arns=frozenset(arns))
            window = replace(window, token=page.token)
    except TemporarilyUnavailableError:
        pass  # another time it says
    except _REFUSED as error:
        time.refused.add(vault)
        tell_unread(vault, cause=str(error), alerts=needs.alerts, now=time.clock())
        return _Held()
    return _Held(may_be_had=True)


def _copies(window: Window, region: Region, *, time: ReadingTime, needs: StepNeeds) -> Iterator[JobPage]:
    while time.left():
        page = needs.listed.page(JobKind.COPIES, window, region=region)
        yield page
        if page.token is None:
            return
        window = replace(window, token=page.token)


def _doubts(page: JobPage, step: Window, *, held: Held, needs: StepNeeds, now: datetime, work_off: WorkOff) -> Found:
    """Which copies of the page are not where they were; the others are noted before no job tells of them."""
    keys = [(notice, promise_key_of(notice)) for notice in page.copies]
    promises = needs.standings.promises(key for _, key in keys if key is not None)
    unknown: list[CopyNotice] = []
    unseen: list[Promise] = []
    seen: list[Promise] = []
    for notice, key in keys:
        promise = None if key is None else promises.get(key)
        if not is_known_copy(notice.job, promise=promise):
            unknown.append(notice)
        elif promise is not None and is_believed(promise, notice.job, now=now):
            (unseen if _is_unseen(promise, held) else seen).append(promise)
    if unknown:
        work_off(JobPage(copies=tuple(unknown)), now)
    if is_to_be_noted(step, now=now):
        note_kept(seen, kept=needs.kept)
    return _doubt_each(unseen, needs=needs, clock=lambda: now)


def _doubt_each(unseen: Iterable[Promise], *, needs: StepNeeds, clock: Callable[[], datetime]) -> Found:
    """One that cannot be looked at keeps nobody from the others, and is looked at another time."""
    is_whole, doubted = True, 0
    for promise in unseen:
        try:
            doubted += doubt(promise, points=needs.points, needs=needs, now=clock())
        except _NOT_NOW:
            is_whole = False
    return Found(doubted=doubted, is_whole=is_whole)


def _is_unseen(promise: Promise, held: Held) -> bool:
    """Whether its vault was listed, and the copy not among what it holds."""
    return promise.destination in held and promise.copy not in held[promise.destination]
