"""The candidates of a request in words: the rows that `restore find` prints, with the chosen one marked."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, tzinfo

    from strongroom.domain.restores.choosing.kept import KeptRow, KeptWay
    from strongroom.domain.restores.requests import RestoreRequest

SCANS: Final[Mapping[str, str]] = {
    "clean": "scanned clean",
    "threats": "malware found",
    "incomplete": "scan incomplete",
    "never": "not scanned",
}
VERIFIED: Final = {True: "copy verified", False: "copy missing or wrong", None: "not known to be verified"}
CHOSEN: Final = "chosen"
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def told_candidates(request: RestoreRequest) -> tuple[str, ...]:
    """A line for what was asked, then two or more for each row, out of the signed text alone; times in UTC.

    Nothing for a request that has no candidates with it.
    """
    kept = request.candidates
    if kept is None:
        return ()
    lines = [f"What it could be restored from, not later than {_moment(kept.before)}:"]
    for number, row in enumerate(kept.rows, start=1):
        lines += _row(number, row, request)
    if kept.more:
        lines.append(f"{kept.more:,} more could be restored as well.")
    if kept.unread:
        lines.append("Could not be read, so that there may be more:")
        lines += (f"{each.vault.rpartition(':')[2]}: {each.reason}" for each in kept.unread)
    return tuple(lines)


def named_backup(created_at: datetime, zone: tzinfo | None = UTC) -> str:
    """What a backup is called wherever people read of it, by when it was begun, as AWS Backup calls it, too."""
    return f"backup begun {created_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def way_in_words(plan: str, vault: str, storage: str) -> str:
    """Which way it comes back, out of which vault."""
    return f"{plan} from {vault.rpartition(':')[2]}, {storage.lower()}"


def time_back(minutes: int | None, *, measured: bool) -> str:
    """How soon it is back."""
    if minutes is None:
        return "back in an unknown time"
    return f"back in {'' if measured else 'about '}{span(minutes)}"


def span(minutes: int) -> str:
    """Minutes as people say them, the two greatest parts of them."""
    if minutes < _HOUR:
        return f"{minutes} min"
    if minutes < _DAY:
        return _parts(minutes // _HOUR, "h", minutes % _HOUR, "min")
    return _parts(minutes // _DAY, "d", minutes % _DAY // _HOUR, "h")


def _row(number: int, row: KeptRow, request: RestoreRequest) -> Iterator[str]:
    best, chosen = row.ways[0], row.way_of(request.recovery_point, request.vault)
    marks = (*([CHOSEN] if chosen else []), *row.marks)
    told = f"  [{', '.join(marks)}]" if marks else ""
    begun = f"{named_backup(request.recovery_point_created_at)}, " if chosen else ""
    when = f"{begun}{'of an unknown time' if row.instant is None else f'state of {_moment(row.instant)}'}"
    if row.why_not:
        yield f"{number}. {when}: not offered, {row.why_not}{told}"
    else:
        yield f"{number}. {when}: loses {span(row.minutes_lost or 0)}, {_back(best)}{told}"
    scanned = "" if row.scanned_at is None else f" on {_moment(row.scanned_at)}"
    yield f"   {_way(best)}; {VERIFIED[row.verified]}; {SCANS.get(row.scan, row.scan)}{scanned}"
    for way in row.ways[1:]:
        yield f"   or {_way(way)}: {_back(way)}{f'  [{CHOSEN}]' if way is chosen else ''}"


def _way(way: KeptWay) -> str:
    return way_in_words(way.plan, way.vault, way.storage)


def _back(way: KeptWay) -> str:
    return time_back(way.minutes, measured=way.measured)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _parts(great: int, name: str, small: int, its_name: str) -> str:
    return f"{great} {name} {small} {its_name}" if small else f"{great} {name}"
