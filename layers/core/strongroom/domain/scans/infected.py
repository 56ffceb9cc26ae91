"""A backup with malware in it, the newest one without, and how people are told of both."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.copies.found import ARRIVED_STATUSES, is_continuous
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.destinations import guarded_vaults, shared_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.backups import Backup, backups_of
from strongroom.domain.restores.candidates.model import Candidate, Candidates, ListedPoint, Mark
from strongroom.domain.restores.candidates.ranking import Question
from strongroom.domain.restores.choosing.kept import Unread
from strongroom.domain.restores.deciding.case import Way
from strongroom.domain.restores.kinds.restored_here import demand_restored_here
from strongroom.domain.scans.findings import subject_of

_SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"


class Infected(Struct, frozen=True, kw_only=True):
    """The recovery point that malware was found in, its whole backup, and whose it is."""

    point: ListedPoint
    backup: Backup
    account: AccountId

    def before(self, now: datetime) -> datetime:
        """Until when backups may be without it: of when its data is; of a log, which holds every second, now."""
        return now if self.backup.is_log else (self.backup.instant or self.point.created_at)


def owner_of(point: ListedPoint) -> AccountId:
    """Whose the resource is; where its ARN names no account, as that of a bucket, the account of the first vault."""
    return AccountId(Arn.parse(point.resource).account or Arn.parse(point.source_vault or point.vault).account)


def infected_backup(point: ListedPoint, *, among: Iterable[ListedPoint]) -> Infected:
    """The backup by all its copies."""
    mine = next(each for each in backups_of((point, *among)) if point in each.points)
    return Infected(point=point, backup=mine, account=owner_of(point))


def without_logs(points: Iterable[ListedPoint]) -> tuple[ListedPoint, ...]:
    """Those that are of one moment: of which second of a log a scan knows something, nobody says."""
    return tuple(point for point in points if not is_continuous(point.arn))


def ways_opened(intent: Intent) -> dict[str, Way]:
    """The ways out of the air-gapped vaults of other accounts, which are not copied back, by the vaults' ARNs."""
    shared = dict.fromkeys((vault.arn for vault in shared_vaults(intent)), Way.AIR_GAPPED)
    return shared | dict.fromkeys((vault.arn for vault in guarded_vaults(intent)), Way.AIR_GAPPED_MPA)


def question_before(infected: Infected, *, opened: Mapping[str, Way], now: datetime) -> Question:
    """What `restore find` asks, of every kind: also what a person restores by hand may be clean.

    `opened` are the ways that `ways_opened` tells.
    """

    def way_of(point: ListedPoint) -> Way:
        if point.status not in ARRIVED_STATUSES:
            raise RestoreRefusedError(f"its status is {point.status}")
        is_own = Arn.parse(point.vault).account == infected.account
        return Way.LOCAL if is_own else opened.get(point.vault, Way.COPY_BACK)

    return Question(before=infected.before(now), now=now, way_of=way_of, seen={})


def newest_clean(found: Candidates) -> Candidate | None:
    """The newest of them in which a scan found none, if there is one."""
    return next((row for row in found.rows if Mark.NEWEST_CLEAN in row.marks), None)


def alert_of_malware(infected: Infected, *, clean: Candidate | None, unread: Iterable[Unread], now: datetime) -> Alert:
    """The alert: one for each backup, whichever of its copies was scanned, and however often."""
    point, made_at = infected.point, min(each.created_at for each in infected.backup.points)
    return Alert(
        kind=AlertKind.MALWARE_FOUND,
        subject=subject_of(point.resource, made_at=made_at),
        resource=point.resource,
        account=infected.account,
        region=Region(Arn.parse(point.resource).region or Arn.parse(point.vault).region),
        reason=". ".join(_sentences(infected, clean=clean, unread=tuple(unread), now=now)),
    )


def _sentences(
    infected: Infected, *, clean: Candidate | None, unread: tuple[Unread, ...], now: datetime
) -> Iterator[str]:
    point, before = infected.point, infected.before(now).astimezone(UTC)
    scanned = "" if point.scanned_at is None else f", by a scan of {_told(point.scanned_at)}"
    kind = "log" if infected.backup.is_log else f"backup of {_told(before)}"
    yield f"malware was found in the {kind} of {point.resource}: {point.arn} in {_place(point.vault)}{scanned}"
    others = [_place(each.vault) for each in infected.backup.points if each != point]
    if others:
        yield f"So it is in its copies, in {', '.join(others)}"
    yield _clean_one(clean)
    if unread:
        yield f"There may be a newer one in {', '.join(f'{_place(each.vault)}: {each.reason}' for each in unread)}"
    yield f"To choose: strongroom restore find {infected.account} {point.resource} --before {before:{_SECOND}}"


def _clean_one(clean: Candidate | None) -> str:
    if clean is None:
        return "No backup before it is known to be clean"
    point = clean.best.point
    try:
        demand_restored_here(point.resource_type, resource=point.resource)
        by_hand = ""
    except RestoreRefusedError as error:
        by_hand = f"; {error}"
    where = f"{point.arn} in {_place(point.vault)}"
    return f"The newest before it in which a scan found none is of {_told(clean.instant)}: {where}{by_hand}"


def _place(vault: str) -> str:
    place = Arn.parse(vault)
    return f"{place.name} of {place.account} in {place.region}"


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
