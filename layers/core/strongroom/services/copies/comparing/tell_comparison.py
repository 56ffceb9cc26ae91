"""Tell once that vaults cannot be held against what is known of them, and when that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.copies.comparing.rounds import is_late
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.reconciling import is_unread
from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.comparing.rounds import Comparison, Round
    from strongroom.domain.copies.reconciling import JobKind, Mark
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.services.alerts.tell_alerts import AlertNotifier


def tell_unread(vault: str, *, cause: str, alerts: AlertNotifier, now: datetime) -> None:
    """Nobody may list the vault, or could for long: what arrives there, or vanishes, may stay unseen."""
    place = Arn.parse(vault)
    alert = Alert(
        kind=AlertKind.VAULTS_NOT_COMPARED,
        subject=vault,
        account=place.account,
        region=place.region,
        reason=f"what it holds cannot be compared with what is known: {cause}",
    )
    alerts.complain(alert, now=now)


def tell_read(vault: str, *, alerts: AlertNotifier, now: datetime) -> None:
    """The vault was listed to its end."""
    alerts.settle(
        fingerprint(AlertKind.VAULTS_NOT_COMPARED, vault),
        reason="it can be listed again, and what waited for that will be compared",
        now=now,
    )


def tell_list(
    kind: JobKind,
    region: Region,
    *,
    known: Mark | None,
    cause: str | None,
    account: AccountId,
    alerts: AlertNotifier,
    now: datetime,
) -> None:
    """A list of jobs was not read to its end, by `cause`, or as there was no time: told once it is so for a day.

    So is at once one that never could be read.
    """
    if is_unread(known.reached, now=now) if known else cause is not None:
        upto = f"was read up to {moment(known.reached)} only" if known else "could never be read"
        alert = Alert(
            kind=AlertKind.VAULTS_NOT_COMPARED,
            subject=_list(kind, region),
            account=account,
            region=region,
            reason=f"it {upto}: {cause or 'there is not time enough for it'}",
        )
        alerts.complain(alert, now=now)


def tell_list_read(kind: JobKind, region: Region, *, alerts: AlertNotifier, now: datetime) -> None:
    """The list was read to its end."""
    fingerprinted = fingerprint(AlertKind.VAULTS_NOT_COMPARED, _list(kind, region))
    alerts.settle(fingerprinted, reason="it was read to its end", now=now)


def _list(kind: JobKind, region: Region) -> str:
    return f"the list of {kind} of {region}"


def tell_too_late(
    span: tuple[datetime, datetime],
    of: Comparison,
    *,
    home: tuple[AccountId, Region],
    alerts: AlertNotifier,
    now: datetime,
) -> None:
    """AWS lists no job any more of what was not compared, and so not noted either, when there was time for it."""
    begins, ends = span
    _complain(
        of,
        f"no job tells of the copies of {moment(begins)} to {moment(ends)} any more, and they were not compared",
        home,
        alerts,
        now=now,
    )


def tell_round(
    current: Round, of: Comparison, *, home: tuple[AccountId, Region], alerts: AlertNotifier, now: datetime
) -> None:
    """That the round is not over in time, until one is; `home` is where it is made."""
    if current.is_over:
        alerts.settle(fingerprint(AlertKind.VAULTS_NOT_COMPARED, of.name), reason="a round is over", now=now)
    elif is_late(current, now=now, of=of):
        begins, ends, vault = current.turn
        held = "their vaults" if vault is None else vault
        reason = f"the copies of {moment(begins)} to {moment(ends)} could not be held against {held} yet"
        _complain(of, reason, home, alerts, now=now)


def _complain(
    of: Comparison, reason: str, home: tuple[AccountId, Region], alerts: AlertNotifier, *, now: datetime
) -> None:
    account, region = home
    kind = AlertKind.VAULTS_NOT_COMPARED
    alerts.complain(Alert(kind=kind, subject=of.name, account=account, region=region, reason=reason), now=now)
