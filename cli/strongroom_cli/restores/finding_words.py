"""Candidates in words for a terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.table import kind_of
from strongroom.domain.restores.showing.candidates import SCANS, VERIFIED, named_backup, span, time_back, way_in_words

type Shown = Mapping[str, Any]

# So many of what is not offered are told; `--json` has more of them.
_MOST_TOLD: Final = 10
_NO_PRICE: Final = "\N{EN DASH}"
_OLD: Final = timedelta(days=180)


def described(found: Shown, *, zone: tzinfo | None, prices_of: date, today: date) -> Iterator[str]:
    """What can be chosen, what cannot and why, and what could not be read; times in the zone, None is the machine's."""
    when = _moment(found["before"], zone)
    yield f"{found['resource']} of account {found['account']}, not later than {when} ({found['before']}):"
    if not found["candidates"]:
        yield "  nothing to restore it from"
    for number, row in enumerate(found["candidates"], start=1):
        yield from _row(number, row, found, zone)
    if found["more"]:
        yield f"  {found['more']:,} more could be restored as well."
    yield from _not_offered(found, zone)
    yield from _unread(found)
    if found["candidates"]:
        yield "Minutes are those of AWS's jobs, without the approval; `about` is an estimate by type and size."
        yield f"Prices are of {prices_of}{_age(prices_of, today)}; {_NO_PRICE} is what it has none for."


def _row(number: int, row: Shown, found: Shown, zone: tzinfo | None) -> Iterator[str]:
    marks = f"  [{', '.join(row['marks'])}]" if row["marks"] else ""
    lost = f"loses {span(row['minutes_lost'])}"
    named = named_backup(datetime.fromisoformat(row["created_at"]), zone)
    yield f"  {number}. {named}, state of {_moment(row['instant'], zone)}: {lost}, {_back(row)}{marks}"
    scanned = f" on {_moment(row['scanned_at'], zone)}" if row["scanned_at"] else ""
    yield f"     {_way(row)}; {VERIFIED[row['verified']]}; {SCANS[row['scan']]}{scanned}"
    for other in row["ways"][1:]:
        yield f"     or {_way(other)}: {_back(other)}"
    yield f"     strongroom restore request --account {found['account']} --recovery-point {row['recovery_point']} \\"
    yield f"       --vault {row['vault']} --before {_second(found['before'])} \\"
    kind = kind_of(found["resource_type"], resource=found["resource"], backup={})
    named = "" if kind is not None and not kind.target.shape else "--target-name NAME "
    there = f"--region {found['region']} " if found["region"] else ""
    yield f"       {there}{named}--ticket KEY --reason WHY"


def _back(way: Shown) -> str:
    """How soon it is back, and for how much."""
    return f"{time_back(way['minutes'], measured=way['measured'])}, {_dollars(way)}"


def _way(way: Shown) -> str:
    return way_in_words(way["plan"], way["vault"], way["storage"])


def _not_offered(found: Shown, zone: tzinfo | None) -> Iterator[str]:
    every, others = found["not_offered"], found["others_not_offered"]
    if not every:
        return
    yield "Not offered:"
    for each in every[:_MOST_TOLD]:
        begun = datetime.fromisoformat(each["created_at"])
        named = f"{named_backup(begun, zone)}{_second_of(begun, found['before'], zone)}"
        yield f"  {named}: {each['recovery_point']} in {Arn.parse(each['vault']).name}: {each['reason']}"
    left = Counter(each["reason"] for each in every[_MOST_TOLD:])
    left.update({each["reason"]: each["count"] for each in others})
    for reason, count in sorted(left.items()):
        yield f"  {count:,} more: {reason}"


def _second_of(begun: datetime, before: str, zone: tzinfo | None) -> str:
    """The second at which a backup was begun, where it is later by less than the minutes of both tell."""
    limit = datetime.fromisoformat(before)
    is_told_alike = limit < begun < limit.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f" ({begun.astimezone(zone):%H:%M:%S})" if is_told_alike else ""


def _unread(found: Shown) -> Iterator[str]:
    if not found["unread"]:
        return
    yield "Could not be read, so that there may be more:"
    yield from (f"  {each['vault']}: {each['reason']}" for each in found["unread"])


def _age(prices_of: date, today: date) -> str:
    age = today - prices_of
    return f", {age.days} days old" if age > _OLD else ""


def _dollars(way: Shown) -> str:
    return _NO_PRICE if way["dollars"] is None else f"${way['dollars']:,.2f}"


def _second(text: str) -> str:
    """The moment as a request takes it."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str, zone: tzinfo | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M %Z}"
