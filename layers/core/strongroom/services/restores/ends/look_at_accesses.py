"""Look who has access to the vaults that approval teams open, and tell each access of ours that no open end follows."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import FailedError, MalformedRecordError, NotFoundError, RefusedError
from strongroom.domain.identifiers import ACCESS_VAULTS, Arn
from strongroom.domain.restores.ends.standing import ACCESS

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.destinations import DestinationVault
    from strongroom.ports.restores import EndBook
    from strongroom.services.restores.ends.begin_end import EndNeeds


def look_at_accesses(vault: DestinationVault, *, needs: EndNeeds, now: datetime) -> None:
    """Tell each access that is open into the vault and is followed by nobody, whatever became of its row.

    That nobody may see who has access is told by itself, and what was told of accesses stands meanwhile. Each is
    settled once it is over or followed. Nobody has access to a vault that is not there.
    """
    unlisted = _alert(vault, subject=f"accesses to {vault.arn}")
    try:
        found = sorted(each for each in needs.revoker.open_accesses(vault.arn) if _is_ours(each))
    except NotFoundError:
        found = []
    except (FailedError, MalformedRecordError, RefusedError) as error:
        reason = (
            f"{error}: strongroom apply brings the role that sees it. An access without an open end shows itself there"
        )
        needs.alerts.complain(replace(unlisted, reason=reason), now=now)
        return
    needs.alerts.settle(unlisted.fingerprint, reason="who has access is seen again", now=now)
    lost = [_lost(each, vault=vault) for each in found if not _is_followed(each, ends=needs.ends, now=now)]
    for alert in lost:
        needs.alerts.complain(alert, now=now)
    standing = {each.alert.fingerprint for each in needs.open_alerts.open() if _is_access_to(each.alert, vault)}
    for over in sorted(standing - {alert.fingerprint for alert in lost}):
        needs.alerts.settle(over, reason="an open end follows it, or the access is over", now=now)


def _lost(access: str, *, vault: DestinationVault) -> Alert:
    reason = (
        f"{access} shows {vault.name}, and no open end follows it: nobody asks for its end. Look at its request with "
        "strongroom restore show, at who wrote END# rows into the ledger, and have it revoked"
    )
    return replace(_alert(vault, subject=access), reason=reason, resource=vault.arn)


def _alert(vault: DestinationVault, *, subject: str) -> Alert:
    return Alert(
        kind=AlertKind.VAULT_ACCESS_OVERDUE, subject=subject, account=vault.account, region=vault.region, reason=""
    )


def _is_access_to(alert: Alert, vault: DestinationVault) -> bool:
    """Whether the alert is about an access to the vault that nobody follows; of one that is followed none names it."""
    return alert.kind is AlertKind.VAULT_ACCESS_OVERDUE and alert.resource == vault.arn


def _is_ours(access: str) -> bool:
    return Arn.parse(access).name.startswith(ACCESS_VAULTS)


def _is_followed(access: str, *, ends: EndBook, now: datetime) -> bool:
    try:
        end = ends.end_of(Arn.parse(access).name.removeprefix(ACCESS_VAULTS), ACCESS)
    except MalformedRecordError:
        return False
    return end is not None and end.vault == access and end.is_looked_at_soon(now)
