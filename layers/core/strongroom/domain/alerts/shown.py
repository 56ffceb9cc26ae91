"""An open alert as it goes out as JSON, and which resource it is about."""

from collections.abc import Iterable
from typing import Any, Final

from strongroom.domain.alerts.complaints import Alert, AlertKind, Severity
from strongroom.domain.alerts.lifecycle import AlertState
from strongroom.domain.alerts.meanings import MEANING_OF
from strongroom.domain.alerts.messages import NO_TICKET_YET
from strongroom.domain.identifiers import AccountId

# What is wrong with a whole account is wrong with each resource in it.
_OF_THE_ACCOUNT: Final = frozenset(
    {
        AlertKind.ACCOUNT_NOT_READY,
        AlertKind.ACCOUNT_SLOW,
        AlertKind.FORWARDER_SILENT,
        AlertKind.PROTECTION_ENDED,
    }
)


def shown_alert(state: AlertState) -> dict[str, Any]:
    """An alert as those who are known see it."""
    alert, whose = state.alert, state.alert.whose
    meaning = MEANING_OF[alert.kind]
    return {
        "fingerprint": alert.fingerprint,
        "version": state.version,
        "status": state.status,
        "kind": alert.kind,
        "severity": alert.severity,
        "account": alert.account,
        "account_name": whose.account_name if whose else "",
        "owner": whose.owner if whose else "",
        "unit": whose.unit if whose else "",
        "region": alert.region,
        "subject": alert.subject,
        "resource": alert.resource or alert.subject,
        "resources": list(alert.resources),
        "reason": alert.reason,
        "means": meaning.means,
        "to_do": meaning.to_do,
        "ticket": (state.ticket or NO_TICKET_YET) if alert.wants_ticket else "",
        "opened_at": state.opened_at.isoformat(),
        "count": state.count,
        "acknowledged_by": state.acknowledged_by,
        "acknowledged_at": state.acknowledged_at.isoformat() if state.acknowledged_at else "",
    }


def gravest_first(states: Iterable[AlertState]) -> list[AlertState]:
    """By severity, and of one severity the oldest first."""
    order = list(Severity)
    return sorted(states, key=lambda state: (order.index(state.alert.severity), state.opened_at))


def is_about(alert: Alert, *, resource: str, account: AccountId) -> bool:
    """Whether the alert tells of the resource, which lies in the account, or of all that lies there."""
    return is_of(alert, resource) or (alert.kind in _OF_THE_ACCOUNT and alert.account == account)


def is_of(alert: Alert, resource: str) -> bool:
    """Whether the alert names the resource."""
    return resource in {alert.resource, alert.subject, *alert.resources}
