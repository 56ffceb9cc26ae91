"""How far people were told of restore requests, and what they said of their decisions: nothing of it decides.

In the ceremony's own table, the family in the partition key: `MESSAGE#<id>` / `TOLD`, `WORD#<id>` / `<digest>`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, ClassVar

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.chat import Telling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.ledger.table import Table


class CeremonyTellings:
    """How far people were told, beside where the message is."""

    ACTIONS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "keep": ("dynamodb:PutItem",),
        "find": ("dynamodb:GetItem",),
    }

    def __init__(self, table: Table) -> None:
        """`table` is the ceremony's."""
        self._table = table

    def keep(self, request_id: str, telling: Telling) -> None:
        """Keep it, replacing what was kept before."""
        self._table.put(_told(request_id).item | asdict(telling))

    def find(self, request_id: str) -> Telling:
        """What was kept; nobody was told of a request of which nothing is kept."""
        item = self._table.get(_told(request_id)) or {}
        return Telling(**{name: value for name, value in item.items() if name in Telling.__dataclass_fields__})


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


def _told(request_id: str) -> Key:
    return Key(f"MESSAGE#{request_id}", "TOLD")
