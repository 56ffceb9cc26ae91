"""What people said of their decisions, in the ceremony's own table, `WORD#<id>` / `<digest>`: nothing of it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from strongroom.adapters.ledger.changes import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.ledger.table import Table


class CeremonyWords:
    """What people said, one item for each proof."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "of": ("dynamodb:Query",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, request_id: str, proof: str, *, said: str) -> None:
        """Keep what was said with the proof of that digest; the first word stands."""
        self._table.put_new(Key(f"WORD#{request_id}", proof).item | {"said": said})

    def of(self, request_id: str) -> Mapping[str, str]:
        """What was said, by the digest of the proof."""
        return {item["sk"]: str(item["said"]) for item in self._table.under(f"WORD#{request_id}")}
