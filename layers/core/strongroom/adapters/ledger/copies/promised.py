"""Where copies are promised in the ledger, and of what tier a backup was: all that others ask of a promise."""

from typing import Final

from strongroom.adapters.ledger.table import Table

PROMISED: Final = "COPY#"


def promises_of(recovery_point: str) -> str:
    """The partition of a backup's promises."""
    return f"{PROMISED}{recovery_point}"


def promised_tier(table: Table, recovery_point: str) -> str | None:
    """The tier under which the backup's copies were promised; None where none was."""
    tier: str | None = next(iter(table.under(promises_of(recovery_point))), {}).get("tier")
    return tier
