"""Tell what is wrong with a vault or a resource once, however many copies show it, and when it is right again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.catalogue.model import CopyKey
from strongroom.domain.catalogue.rows import copy_key_of
from strongroom.domain.copies.left_overs import is_moved, why_left_over
from strongroom.domain.copies.vaults import judge_vault
from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.copies.found import VaultFound
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.copies.verification import CopyVerdict
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import RecoveryPointInspection, VaultInspection
    from strongroom.services.alerts.tell_alerts import AlertNotifier


_UNENCRYPTED: Final = (
    "it is not encrypted, and so none of its backups is; no copy mends that: restore it into an encrypted cluster"
)


def look_at_vault(
    arn: str, *, vaults: VaultInspection, alerts: AlertNotifier, intent: Intent, now: datetime
) -> VaultFound | None:
    """The destination vault as it is; while it is not as the intent demands, one alert about it is open."""
    found, place = vaults.describe(arn), Arn.parse(arn)
    verdict = judge_vault(arn, found=found, intent=intent)
    alert = Alert(
        kind=AlertKind.VAULT_DIFFERS, subject=arn, account=place.account, region=place.region, reason=verdict.reason
    )
    _tell(alert, is_wrong=bool(verdict.faults), alerts=alerts, now=now)
    return found


def tell_encryption(promise: Promise, verdict: CopyVerdict, *, alerts: AlertNotifier, now: datetime) -> None:
    """Tell once of each resource that its copies are unencrypted because it is."""
    if copy_key_of(promise.resource) is not CopyKey.AS_SOURCE:
        return
    reason = _UNENCRYPTED if verdict.is_unencrypted else "its backups are encrypted"
    alert = Alert(
        kind=AlertKind.RESOURCE_NOT_ENCRYPTED,
        subject=promise.resource,
        account=promise.account,
        region=promise.region,
        reason=reason,
    )
    _tell(alert, is_wrong=verdict.is_unencrypted, alerts=alerts, now=now)


def tell_left_overs(
    promise: Promise, *, points: RecoveryPointInspection, alerts: AlertNotifier, intent: Intent, now: datetime
) -> None:
    """Tell once of each resource whose snapshots stay behind after they were copied into an air-gapped vault."""
    if not is_moved(promise, intent=intent):
        return
    found = points.of_resource(promise.resource, vault=promise.source_vault)
    why = why_left_over(found, vault=promise.source_vault, intent=intent, now=now)
    alert = Alert(
        kind=AlertKind.SNAPSHOT_LEFT_OVER,
        subject=promise.resource,
        account=promise.account,
        region=promise.region,
        reason=why or "its temporary snapshots are deleted",
    )
    _tell(alert, is_wrong=why is not None, alerts=alerts, now=now)


def _tell(alert: Alert, *, is_wrong: bool, alerts: AlertNotifier, now: datetime) -> None:
    if is_wrong:
        alerts.complain(alert, now=now)
    else:
        alerts.settle(alert.fingerprint, reason=alert.reason, now=now)
