"""Which backups a resource can be restored from before a moment: the best five, and why the others are not offered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.candidates.backups import Backup, backups_of
from strongroom.domain.restores.candidates.estimates import minutes_back
from strongroom.domain.restores.candidates.logs import log_of
from strongroom.domain.restores.candidates.model import Candidate, Candidates, ListedPoint, Mark, NotOffered, WayBack
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.kinds.restored_here import why_not_restored_so
from strongroom.domain.restores.kinds.table import kind_named
from strongroom.domain.restores.scans.verdicts import Scan

MOST_ROWS: Final = 5
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_UNKNOWN: Final = float("inf")
_DOUBTFUL: Final = (Scan.THREATS, Scan.INCOMPLETE)
_UNREAD: Final = "it could not be read, so that nobody can say of when it is"
_BY_NEARNESS: Final = (
    Way.LOCAL,
    Way.AIR_GAPPED,
    Way.AIR_GAPPED_MPA,
    Way.COPY_BACK,
    Way.REPLICA,
    Way.OTHER_REGION,
    Way.OTHER_REGION_IN_TWO,
)

type WayOf = Callable[[ListedPoint], Way]


class Question(NamedTuple):
    """What is asked: the newest state that is not later than `before`, at the moment `now`.

    `way_of` says how a point comes back, and raises RestoreRefusedError where it does not. `seen` are the minutes that
    restores took, by the kind of what was restored.
    """

    before: datetime
    now: datetime
    way_of: WayOf
    seen: Mapping[str, int]
    allows_infected: bool = False


def rank_candidates(points: Iterable[ListedPoint], question: Question) -> Candidates:
    """The rows to choose from: doubtful scans last, then what loses least, is verified, is there soonest, lies nearest.

    Whatever the order of the points, the answer is the same. What is not offered comes newest first.
    """
    offered: list[Candidate] = []
    others: list[NotOffered] = []
    for backup in backups_of(points):
        instant, reason = _instant(backup, question)
        ways: list[WayBack] = []
        for point in backup.points:
            try:
                ways.append(_way(point, backup, question, reason=reason))
            except RestoreRefusedError as error:
                why = str(error)
                others.append(_refused(point, instant=instant, reason=why))
        if ways and instant is not None:
            offered.append(_candidate(backup, tuple(sorted(ways, key=_soonest)), instant, before=question.before))
    offered.sort(key=_order)
    rows = _marked(offered)
    return Candidates(rows=rows, more=len(offered) - len(rows), not_offered=tuple(sorted(others, key=_newest_first)))


def _instant(backup: Backup, question: Question) -> tuple[datetime | None, str]:
    """Of when the data is that comes back, and why the whole backup is not offered, empty where it is."""
    infected = "malware was found in it, and the intent lets none of those be restored"
    reason = infected if backup.scan is Scan.THREATS and not question.allows_infected else ""
    if backup.is_log:
        log = log_of(backup.points[0], now=question.now)
        if log.begin > min(question.before, log.end):
            return None, f"its log begins later, at {_told(log.begin)}"
        return min(question.before, log.end), reason
    if backup.instant is None:
        return None, _UNREAD if any(point.is_whole for point in backup.points) else "it is still being written"
    if backup.instant > question.before:
        was_written = backup.points[0].created_at <= question.before
        return backup.instant, "it was still being written then" if was_written else "it is later"
    return backup.instant, reason


def _way(point: ListedPoint, backup: Backup, question: Question, *, reason: str) -> WayBack:
    """Its way back; RestoreRefusedError where there is none, with the `reason` of the whole backup if it has one."""
    if reason:
        raise RestoreRefusedError(reason)
    if why := why_not_restored_so(kind_named(backup.kind), is_composite=point.is_composite):
        raise RestoreRefusedError(why)
    way = question.way_of(point)
    seen = question.seen.get(backup.kind)
    minutes, measured = minutes_back(backup.kind, way, size=point.size, is_cold=point.is_cold, seen=seen)
    wanted = timedelta(minutes=2 * (minutes or 0)) + _HOUR
    if point.expires_at is not None and point.expires_at < question.now + wanted:
        raise RestoreRefusedError(f"it expires at {_told(point.expires_at)}, before it could be restored for certain")
    return WayBack(point=point, way=way, minutes=minutes, measured=measured)


def _refused(point: ListedPoint, *, instant: datetime | None, reason: str) -> NotOffered:
    return NotOffered(
        recovery_point=point.arn, vault=point.vault, created_at=point.created_at, instant=instant, reason=reason
    )


def _candidate(backup: Backup, ways: tuple[WayBack, ...], instant: datetime, *, before: datetime) -> Candidate:
    kind = kind_named(backup.kind)
    return Candidate(
        instant=instant,
        minutes_lost=-((instant - before) // _MINUTE),
        ways=ways,
        kind=backup.kind,
        scan=backup.scan,
        scanned_at=backup.scanned_at,
        verified=backup.verified,
        steps=() if kind is None else kind.steps,
    )


def _marked(offered: list[Candidate]) -> tuple[Candidate, ...]:
    """The first five, or in the place of the last of them those that are first in something else."""
    marks = dict(_marks(offered))
    chosen = list(dict.fromkeys((*marks.values(), *range(len(offered)))))[:MOST_ROWS]
    return tuple(
        replace(offered[place], marks=tuple(mark for mark, first in marks.items() if first == place))
        for place in sorted(chosen)
    )


def _marks(offered: list[Candidate]) -> Iterator[tuple[Mark, int]]:
    """Which place in the order bears each mark."""
    places = range(len(offered))
    if offered:
        yield Mark.LEAST_LOSS, 0
    told = [place for place in places if offered[place].best.minutes is not None]
    if told:
        yield Mark.SOONEST, min(told, key=lambda place: (_is_doubtful(offered[place]), _minutes(offered[place].best)))
    clean = [place for place in places if offered[place].scan is Scan.CLEAN]
    if clean:
        yield Mark.NEWEST_CLEAN, clean[0]


def _order(candidate: Candidate) -> tuple[object, ...]:
    verified = (True, None, False).index(candidate.verified)
    return (_is_doubtful(candidate), candidate.minutes_lost, verified, *_soonest(candidate.best))


def _minutes(way: WayBack) -> float:
    return _UNKNOWN if way.minutes is None else way.minutes


def _soonest(way: WayBack) -> tuple[float, int, str]:
    return (_minutes(way), _BY_NEARNESS.index(way.way), way.point.arn)


def _newest_first(point: NotOffered) -> tuple[float, str]:
    """What has no moment yet is the newest of all."""
    moment = _UNKNOWN if point.instant is None else point.instant.timestamp()
    return (-moment, point.recovery_point)


def _is_doubtful(candidate: Candidate) -> bool:
    return candidate.scan in _DOUBTFUL


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
