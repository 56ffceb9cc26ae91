"""Evidence in the ledger: `EVIDENCE#<stream>` / zero-padded number; the seal is beside it under `SEAL`."""

from dataclasses import asdict

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.evidence import EvidenceEntry, EvidenceSeal

_SEAL = "SEAL"
_DIGITS = 8


class LedgerEvidence:
    """The evidence log, kept in the ledger."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def add(self, entry: EvidenceEntry) -> bool:
        """Add the entry; False when its place is taken."""
        key = {"pk": f"EVIDENCE#{entry.stream}", "sk": f"{entry.number:0{_DIGITS}d}"}
        return self._table.put_new(key | asdict(entry))

    def entries(self, stream: str) -> tuple[EvidenceEntry, ...]:
        """The whole stream, in order."""
        items = self._table.under(f"EVIDENCE#{stream}")
        return tuple(
            EvidenceEntry(**{name: item[name] for name in EvidenceEntry.__slots__})
            for item in items
            if item["sk"] != _SEAL
        )

    def keep_seal(self, stream: str, seal: EvidenceSeal) -> None:
        """Keep the signature over the head."""
        self._table.put({"pk": f"EVIDENCE#{stream}", "sk": _SEAL} | asdict(seal))

    def seal(self, stream: str) -> EvidenceSeal | None:
        """The last signature, or None before the stream was sealed."""
        item = self._table.get(f"EVIDENCE#{stream}", _SEAL)
        return None if item is None else EvidenceSeal(**{name: item[name] for name in EvidenceSeal.__slots__})
