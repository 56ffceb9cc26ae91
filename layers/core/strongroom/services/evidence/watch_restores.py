"""Explain every restore where backups are, and every copy out of a central vault, by what people approved."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.accounts.membership import DEPARTED
from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    ConfigurationMissingError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.explaining import Standing
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.stacks.stack_sets import member_regions
from strongroom.services.evidence.explain_jobs import JobExplainer, JobExplainingNeeds, explainer_of
from strongroom.services.evidence.watch_ceremonies import ceremonies_at_hand, watch_ceremonies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import TracebackType

    from strongroom.domain.evidence.explaining import RestoreHint
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.watching import AccountList
    from strongroom.services.evidence.tell_auditors import AuditorNotifier

# A watch that was away for a week has been missed by its alarm; AWS Backup remembers jobs for a month.
_LOOK_BACK: Final = timedelta(days=7)


class WatchVerdict(Struct, frozen=True, kw_only=True):
    """What was looked at: jobs by what is thought of them, what could not be read or judged, and ceremonies."""

    explained: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


class RestoreWatchNeeds(JobExplainingNeeds, frozen=True, kw_only=True):
    """What watching restores needs of the world."""

    accounts: AccountList


class Place(Struct, frozen=True, kw_only=True):
    """Where jobs can be, and what that is called when it cannot be read."""

    name: str
    account: AccountId
    region: Region


class Reading(Struct):
    """One look at a place: where it cannot be read, that is told, and hides no other; when it can again, that too."""

    place: Place
    alerts: AuditorNotifier
    now: datetime
    has_failed: bool = False

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> bool:
        """Tell how it went; what is no answer of the other side is raised."""
        if error is None:
            known = fingerprint(AlertKind.RESTORES_UNWATCHED, self.place.name)
            self.alerts.settle(known, reason="it was read again", now=self.now)
            return False
        self.has_failed = isinstance(
            error,
            AccessRefusedError
            | ApprovalVoidError
            | ConfigurationMissingError
            | NotFoundError
            | TemporarilyUnavailableError,
        )
        if self.has_failed:
            self.alerts.complain(_unwatched(self.place, str(error)), now=self.now)
        return self.has_failed


def watch_restores(hint: RestoreHint | None, *, needs: RestoreWatchNeeds, now: datetime) -> WatchVerdict:
    """Explain the job that is hinted at, or without a hint every job of the last days, and tell what nobody approved.

    TemporarilyUnavailableError where the hinted job has no explanation yet and may get one, or could not be told of: it
    is looked at again. What a round over all cannot read is told, and keeps it from nothing else.
    """
    began = needs.ceremonies.book.began(now)
    if hint is None:
        return _watch_all(max(began, now - _LOOK_BACK), needs=needs, now=now)
    verdict = _watch_one(hint, began, needs=needs, now=now)
    if untold := needs.ceremonies.alerts.untold:
        raise TemporarilyUnavailableError(f"{untold[0]} could not be told, or is being told by somebody else")
    return verdict


def _watch_one(hint: RestoreHint, since: datetime, *, needs: RestoreWatchNeeds, now: datetime) -> WatchVerdict:
    place, alerts = _place(hint.account, hint.region), needs.ceremonies.alerts
    try:
        found = needs.restores.describe(hint.job, account=hint.account, region=hint.region)
    except AccessRefusedError as error:
        alerts.complain(_unwatched(place, str(error)), now=now)
        return WatchVerdict(unread=(place.name,))
    if found is None or found.job.created_at < since:
        return WatchVerdict()
    explainer = explainer_of(ceremonies_at_hand(needs.ceremonies), needs=needs, now=now)
    explainer.judge_restore(found)
    if explainer.found[Standing.AWAITED] or explainer.found[Standing.UNJUDGED]:
        raise TemporarilyUnavailableError(f"{hint.job} is not explained yet, and may be in some minutes")
    return _verdict(explainer)


def _watch_all(since: datetime, *, needs: RestoreWatchNeeds, now: datetime) -> WatchVerdict:
    evidence = Place(name="evidence", account=needs.ceremonies.account, region=needs.ceremonies.region)
    with Reading(evidence, needs.ceremonies.alerts, now):
        seen = ceremonies_at_hand(needs.ceremonies)
        explainer = explainer_of(seen, needs=needs, now=now)
        unread = [
            *_look_for_restores(explainer, since, needs=needs),
            *_look_for_copies(explainer, since, needs=needs),
        ]
        settled, broken = watch_ceremonies(seen, needs=needs.ceremonies, now=now)
        found = _verdict(explainer, unread=unread, settled=settled, broken=broken)
        return replace(found, untold=tuple(needs.ceremonies.alerts.untold))
    return WatchVerdict(unread=(evidence.name,))


def _look_for_restores(explainer: JobExplainer, since: datetime, *, needs: RestoreWatchNeeds) -> Iterator[str]:
    """Explain the restores of every place; the names of those that cannot be read."""
    alerts, now = needs.ceremonies.alerts, explainer.now
    for place, reason in _places(needs):
        reading = Reading(place, alerts, now)
        with reading:
            if reason:
                raise AccessRefusedError(reason)
            _look_into(place, explainer, since, needs=needs)
        if reading.has_failed:
            yield place.name


def _look_into(place: Place, explainer: JobExplainer, since: datetime, *, needs: RestoreWatchNeeds) -> None:
    for job in needs.restores.ids(place.account, place.region, since=since):
        if needs.ceremonies.book.is_explained(job):
            continue
        found = needs.restores.describe(job, account=place.account, region=place.region)
        if found is not None:
            explainer.judge_restore(found)


def _look_for_copies(explainer: JobExplainer, since: datetime, *, needs: RestoreWatchNeeds) -> Iterator[str]:
    """Explain the copies out of each vault that copies go to; the names of those that cannot be read."""
    for vault in destination_vaults(needs.intent):
        place = Place(name=f"copies out of {vault.arn}", account=vault.account, region=vault.region)
        reading = Reading(place, needs.ceremonies.alerts, explainer.now)
        with reading:
            copies = needs.copies.out_of(vault.arn, account=vault.account, region=vault.region, since=since)
            for found in copies:
                if not needs.ceremonies.book.is_explained(found.id):
                    explainer.judge_copy(found)
        if reading.has_failed:
            yield place.name


def _places(needs: RestoreWatchNeeds) -> Iterator[tuple[Place, str]]:
    """Where restores can be: in governed accounts, and where central vaults are and none should; and why not there."""
    intent, central = needs.intent, _central_regions(needs.intent)
    for account, membership in sorted(needs.accounts.memberships().items()):
        if account not in central and intent.target_of(account, membership.units) is None:
            continue
        if membership.status in DEPARTED:
            yield _place(account, intent.organization.home_region), f"its status is {membership.status}"
            continue
        for region in dict.fromkeys((*member_regions(intent), *central.get(account, ()))):
            yield _place(account, region), ""


def _central_regions(intent: Intent) -> dict[AccountId, list[Region]]:
    """The Regions of the vaults that copies go to, by account, the backup account among them."""
    found: dict[AccountId, list[Region]] = {intent.organization.backup_account: []}
    for vault in destination_vaults(intent):
        found.setdefault(vault.account, []).append(vault.region)
    return found


def _place(account: AccountId, region: Region) -> Place:
    return Place(name=f"{account} {region}", account=account, region=region)


def _unwatched(place: Place, why: str) -> Alert:
    return Alert(
        kind=AlertKind.RESTORES_UNWATCHED,
        subject=place.name,
        account=place.account,
        region=place.region,
        reason=f"nobody can tell whether restores were approved ({place.name}): {why}",
    )


def _verdict(
    explainer: JobExplainer,
    *,
    unread: list[str] | None = None,
    settled: tuple[str, ...] = (),
    broken: tuple[str, ...] = (),
) -> WatchVerdict:
    found = explainer.found
    return WatchVerdict(
        explained=tuple(found[Standing.EXPLAINED]),
        awaited=tuple(found[Standing.AWAITED]),
        unexplained=tuple(found[Standing.UNEXPLAINED]),
        unread=(*found[Standing.UNJUDGED], *(unread or ())),
        settled=settled,
        broken=broken,
    )
