"""Report every call that would weaken the backups, refused or not, once per act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.catalogue.model import Scope
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.places import local_vault_arns
from strongroom.domain.partitions import partition_of
from strongroom.domain.tampering.judging import (
    TamperingState,
    TamperingVerdict,
    judge_tampering,
    target_of,
    threat_of,
)
from strongroom.domain.tampering.scopes import Surroundings

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.calls import ApiCall
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import KnownPoints, VaultInspection
    from strongroom.services.alerts.tell_alerts import AlertNotifier

_KIND_OF = {
    TamperingState.ATTEMPTED: AlertKind.TAMPERING_ATTEMPTED,
    TamperingState.SUCCEEDED: AlertKind.TAMPERING_SUCCEEDED,
}


class TamperingReportNeeds(Struct, frozen=True, kw_only=True):
    """What reporting tampering needs of the world."""

    intent: Intent
    vaults: VaultInspection
    promises: KnownPoints
    alerts: AlertNotifier


def report_tampering(call: ApiCall, *, needs: TamperingReportNeeds, now: datetime) -> TamperingVerdict:
    """Judge the call, and complain about what was tried and, louder, about what was done."""
    verdict = judge_tampering(call, surroundings=_look_around(call, needs=needs), intent=needs.intent)
    kind = _KIND_OF.get(verdict.state)
    if kind is not None:
        alert = Alert(
            kind=kind, subject=verdict.subject, account=call.account, region=call.region, reason=verdict.reason
        )
        needs.alerts.complain(alert, now=now)
    return verdict


def _look_around(call: ApiCall, *, needs: TamperingReportNeeds) -> Surroundings:
    """Ask only what bears on the call: most calls need nothing."""
    threat = threat_of(call)
    if threat is None:
        return Surroundings()
    match threat.scope:
        case Scope.VAULT_KEY:
            return Surroundings(vault_keys=_vault_keys(call, needs=needs))
        case Scope.NATIVE_BACKUP | Scope.NATIVE_RESTORE:
            return Surroundings(is_recovery_point=needs.promises.knows(_recovery_point(call)))
        case _:
            return Surroundings()


def _vault_keys(call: ApiCall, *, needs: TamperingReportNeeds) -> frozenset[str] | None:
    """The keys of the vaults that the account can hold; None when the account does not let us ask."""
    intent = needs.intent
    copied_into = [vault.arn for vault in destination_vaults(intent) if vault.account == call.account]
    arns = copied_into or local_vault_arns(intent, account=call.account, region=call.region)
    try:
        found = [needs.vaults.describe(arn) for arn in arns]
    except (AccessRefusedError, NotFoundError):
        return None
    return frozenset(vault.encryption_key for vault in found if vault is not None and vault.encryption_key)


def _recovery_point(call: ApiCall) -> str:
    """The ARN that the call's target has as a recovery point: EC2's have no account in them."""
    threat, target = threat_of(call), target_of(call) or ""
    if threat is None or threat.point is None or not target:
        return target
    partition = partition_of(call.region).name
    return threat.point.format(partition=partition, region=call.region, account=call.account, id=target)
