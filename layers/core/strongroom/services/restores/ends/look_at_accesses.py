"""Look who has access to the vaults that approval teams open, and tell each access of ours that no open end follows."""

from __future__ import annotations

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
    """Tell what is open into the vault and is followed by nobody, whatever became of its row; settle that once over.

    That nobody may see it is told alike. Nobody has access to a vault that is not there.
    """
    why = _why_told(vault, needs=needs, now=now)
    alert = Alert(
        kind=AlertKind.VAULT_ACCESS_OVERDUE,
        subject=f"accesses to {vault.arn}",
        account=vault.account,
        region=vault.region,
        reason=why,
    )
    if why:
        needs.alerts.complain(alert, now=now)
    else:
        needs.alerts.settle(alert.fingerprint, reason="an open end follows each access", now=now)


def _why_told(vault: DestinationVault, *, needs: EndNeeds, now: datetime) -> str:
    try:
        found = sorted(each for each in needs.revoker.open_accesses(vault.arn) if _is_ours(each))
    except NotFoundError:
        return ""
    except (FailedError, MalformedRecordError, RefusedError) as error:
        return (
            f"{error}: strongroom apply brings the role that sees it. An access without an open end shows itself there"
        )
    lost = [each for each in found if not _is_followed(each, ends=needs.ends, now=now)]
    if not lost:
        return ""
    return (
        f"{', '.join(lost)} shows {vault.name}, and no open end follows it: nobody asks for its end. Look at its "
        "request with strongroom restore show, at who wrote END# rows into the ledger, and have it revoked"
    )


def _is_ours(access: str) -> bool:
    return Arn.parse(access).name.startswith(ACCESS_VAULTS)


def _is_followed(access: str, *, ends: EndBook, now: datetime) -> bool:
    try:
        end = ends.end_of(Arn.parse(access).name.removeprefix(ACCESS_VAULTS), ACCESS)
    except MalformedRecordError:
        return False
    return end is not None and end.vault == access and end.is_looked_at_soon(now)
