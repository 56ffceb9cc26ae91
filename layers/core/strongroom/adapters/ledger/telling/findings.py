"""What is known of malware in backups, by the alerts that told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.adapters.ledger.table import to_moment
from strongroom.adapters.ledger.telling.alerts import alert_key, is_open
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.scans.findings import subjects_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.ledger.table import Table


class LedgerFindings:
    """Malware that was told of, kept in the ledger for longer than AWS Backup lists the scans that found it."""

    ACTIONS: Final = ("dynamodb:GetItem",)

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def found_at(self, resource: str, *, made_at: datetime) -> datetime | None:
        """When malware in the resource's backup of that moment was told of; None where nobody knows of any."""
        for subject in subjects_of(resource, made_at=made_at):
            item = self._table.get(alert_key(fingerprint(AlertKind.MALWARE_FOUND, subject)))
            if item is not None and is_open(item):
                return to_moment(item["opened_at"])
        return None
