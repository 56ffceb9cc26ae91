"""Restores of single tables out of snapshots, as both Redshift and Redshift Serverless tell of them.

What else a cluster or a namespace has is not played, so that a name is taken by what was restored by it before alone.
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

# API references, RestoreTableFromClusterSnapshot and RestoreTableFromSnapshot: the schema where nobody says one.
SCHEMA: Final = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRestore:
    """One restore, with what was asked for as its service tells it; a `message` says why it failed."""

    told: dict[str, Any]
    message: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def status(self) -> str:
        """How it has ended."""
        return "FAILED" if self.message else "SUCCEEDED"


@dataclass(slots=True)
class TableRestores:
    """All of one account and Region, by their ids; `place` are the members that say where a table lies, its name last.

    It overwrites none: where the name is taken the restore fails.
    """

    place: tuple[str, ...]
    kept: dict[str, TableRestore] = field(default_factory=dict)

    def ask(self, told: dict[str, Any]) -> TableRestore:
        """Restore a table."""
        taken = [
            each for each in self.kept.values() if not each.message and self._place(each.told) == self._place(told)
        ]
        asked = TableRestore(told=told, message=f"Table {told[self.place[-1]]} already exists." if taken else "")
        self.kept[asked.id] = asked
        return asked

    def _place(self, told: dict[str, Any]) -> tuple[str, ...]:
        return tuple(told[name] for name in self.place)
