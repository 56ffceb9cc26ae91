"""What the facts about the point, the way and the name forbid, whatever the metadata say."""

import re
from datetime import UTC, datetime
from typing import Final

from strongroom.domain.copies.found import ARRIVED_STATUSES
from strongroom.domain.restores.arriving.landing import WORKING_MARGIN
from strongroom.domain.restores.deciding.case import RestoreCase, Storage, Way
from strongroom.domain.restores.deciding.decision import Fault
from strongroom.domain.restores.deciding.sheet import Sheet
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.scans.verdicts import Scan

_SECOND: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


def check_circumstances(kind: RestoreKind, *, into_existing: bool, sheet: Sheet) -> None:
    """Note every fault of the point, the way, the time and the name."""
    _check_point(sheet)
    _check_way(kind, sheet)
    _check_time(kind, sheet)
    if into_existing or sheet.case.existing:
        _check_existing(kind, sheet)
    # What a service's own call makes has its name, if any, among the parameters.
    if kind.target.shape and not into_existing and not sheet.case.is_native:
        _check_name(kind, sheet)


def read_second(text: str) -> datetime | None:
    """The moment of a text in UTC, to the second and with its Z; None for any other text."""
    if re.fullmatch(_SECOND, text) is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _check_point(sheet: Sheet) -> None:
    point, limits = sheet.case.point, sheet.case.limits
    if point.status not in ARRIVED_STATUSES:
        sheet.refuse(Fault.BAD_STATE, f"the recovery point is {point.status}, and no restore begins from that")
    if point.scan is Scan.THREATS and not limits.allow_infected:
        sheet.refuse(Fault.INFECTED, "malware was found in the backup, and the intent lets none of those be restored")


def _check_way(kind: RestoreKind, sheet: Sheet) -> None:
    case, way = sheet.case, sheet.case.way
    is_elsewhere = case.point.region != case.target.region
    if is_elsewhere and (not way.crosses_regions or kind.stays):
        place = f"it lies in {case.point.region}, and a restore into {case.target.region} takes another way"
        sheet.refuse(Fault.WRONG_REGION, place)
    if way is Way.LOCAL:
        return
    if not _goes(kind, case) or not case.point.advanced:
        sheet.refuse(Fault.CANNOT_COPY, f"a backup like this of {kind.name} does not come by way of {way}")
    if case.point.storage is Storage.COLD:
        sheet.refuse(Fault.COLD, "it lies in cold storage, out of which nothing is copied: restore it where it lies")
    if way.makes_copy:
        _check_retention(sheet)


def _goes(kind: RestoreKind, case: RestoreCase) -> bool:
    if case.way.is_air_gapped:
        return kind.row.enters_air_gap
    source, target = case.point.region, case.target.region
    # What the first of two copies has brought into the Region comes on from there as any other.
    if case.way is Way.OTHER_REGION_IN_TWO and source != target:
        return kind.row.comes_back_in_two(source=source, target=target)
    return kind.row.comes_back(source=source, target=target)


def _check_retention(sheet: Sheet) -> None:
    """A copy keeps its original's date, and has two weeks to be worked with (AWS Backup Developer Guide)."""
    limits, days = sheet.case.limits, sheet.case.point.age_days + WORKING_MARGIN.days
    least, most = limits.local_min_days or 0, limits.local_max_days
    if days < least or (most is not None and days > most):
        keeps = f"at least {least}" if days < least else f"at most {most}"
        sheet.refuse(
            Fault.RETENTION, f"its copy is kept for {days} days since the backup, and the lock of its vault for {keeps}"
        )


def _check_time(kind: RestoreKind, sheet: Sheet) -> None:
    at, window = sheet.case.at, sheet.case.point.continuous
    if not at and window is None:
        return
    moment = read_second(at)
    if not at:
        sheet.refuse(Fault.BAD_TIME, "it is a continuous backup: say to which second it is restored")
    elif moment is None:
        sheet.refuse(Fault.BAD_TIME, "the time must be in UTC, to the second, as in 2026-11-26T14:00:00Z")
    elif window is None or not kind.time_key or sheet.case.way is not Way.LOCAL:
        sheet.refuse(Fault.BAD_TIME, "it holds one moment, and is restored to no other")
    elif not window[0] <= moment <= window[1]:
        begin, end = (f"{each.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for each in window)
        sheet.refuse(Fault.BAD_TIME, f"{at} lies outside of its log, which goes from {begin} to {end} UTC")


def _check_existing(kind: RestoreKind, sheet: Sheet) -> None:
    case = sheet.case
    if not (kind.into_existing or kind.lives_in):
        sheet.refuse(Fault.INTO_EXISTING, f"{kind.name} is restored into something new only")
    elif not case.limits.allow_into_existing:
        sheet.refuse(Fault.INTO_EXISTING, "the intent lets nothing be restored into what is there already")
    elif kind.lives_in:
        if case.existing:
            sheet.refuse(Fault.INTO_EXISTING, "it is restored into what the profile names, and into nothing else")
    elif not case.existing or case.existing != case.source_id:
        sheet.refuse(Fault.INTO_EXISTING, "it is restored into the one that was backed up, and into no other")


def _check_name(kind: RestoreKind, sheet: Sheet) -> None:
    name, taken = sheet.case.target.name, {each.lower() for each in sheet.case.taken}
    if not name:
        sheet.refuse(Fault.BAD_NAME, f"what is restored has no name yet: say one, {kind.target.rule}")
    elif re.fullmatch(kind.target.shape, name) is None:
        sheet.refuse(Fault.BAD_NAME, f"{name[:80]!r} cannot be the name of what is restored: {kind.target.rule}")
    if name.lower() in taken:
        sheet.refuse(Fault.NAME_TAKEN, f"the name {name[:80]} is taken: say another one")
