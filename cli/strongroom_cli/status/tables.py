"""A report as CSV: a row for each resource, rule and vault (RFC 4180)."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from strongroom_cli.status.words import is_about

_COLUMNS: Final = (
    *("unit", "account", "account_name", "region", "resource", "tier", "state", "reason", "since"),
    *("rule", "schedule", "last_run_at", "next_run_at", "last_backup", "backup_known_by"),
    *("local_vault", "local_retention_days", "vault", "vault_account", "vault_account_name", "vault_region"),
    *("retention_days", "copy_state", "copy_of", "verified_at", "copy_known_by", "last_verified_copy"),
    *("last_restore_test", "seen_at", "open_alerts", "audit_manager", "failed_controls", "disagreement"),
)
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: Mapping[str, Any]) -> str:
    """The rows below their heads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    for unit in report["units"]:
        for account in unit["accounts"]:
            for resource in account["resources"]:
                alerts = [alert for alert in account["alerts"] if is_about(alert, resource)]
                writer.writerows(_told(row) for row in _rows(unit["unit"], resource, alerts=alerts))
    return text.getvalue()


def _rows(unit: str, resource: Mapping[str, Any], *, alerts: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    about = {name: resource[name] for name in _COLUMNS if name in resource}
    about |= {"failed_controls": " ".join(resource["failed_controls"])}
    about |= {"unit": unit, "state": resource["words"], "open_alerts": "; ".join(map(_alert, alerts))}
    for rule in resource["rules"] or [{}]:
        told = {name: rule[name] for name in _COLUMNS if name in rule}
        for vault in rule.get("destinations") or [{}]:
            yield about | told | _vault(vault)


def _vault(vault: Mapping[str, Any]) -> dict[str, Any]:
    if not vault:
        return {}
    return {
        "vault": vault["vault"],
        "vault_account": vault["account"],
        "vault_account_name": vault["account_name"],
        "vault_region": vault["region"],
        "retention_days": vault["retention_days"],
        "copy_state": vault["state"],
        "copy_of": vault["copy_of"],
        "verified_at": vault["verified_at"],
        "copy_known_by": vault["known_by"],
        "last_verified_copy": vault["last_verified_copy"],
    }


def _alert(alert: Mapping[str, Any]) -> str:
    return f"{alert['severity']} {alert['kind']}: {alert['reason']}"


def _told(row: Mapping[str, Any]) -> dict[str, str]:
    cells = {name: "" if value is None else str(value) for name, value in row.items()}
    return {name: f"'{cell}" if cell.startswith(_FORMULAS) else cell for name, cell in cells.items()}
