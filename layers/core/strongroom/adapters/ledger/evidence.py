"""Evidence in the ledger: `EVIDENCE#<stream>` / zero-padded number; the seal is beside it under `SEAL`."""

from dataclasses import asdict

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.table import Table
from strongroom.domain.evidence.chain import EvidenceEntry, EvidenceSeal

_SEAL = "SEAL"
_DIGITS = 8


class LedgerEvidence:
    """The evidence log, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def add(self, entry: EvidenceEntry) -> bool:
        """Add the entry; False when its place is taken."""
        key = _key(entry.stream, f"{entry.number:0{_DIGITS}d}")
        return self._table.put_new(key.item | asdict(entry))

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
        self._table.put(_key(stream, _SEAL).item | asdict(seal))

    def seal(self, stream: str) -> EvidenceSeal | None:
        """The last signature, or None before the stream was sealed."""
        item = self._table.get(_key(stream, _SEAL))
        return None if item is None else EvidenceSeal(**{name: item[name] for name in EvidenceSeal.__slots__})


def _key(stream: str, sk: str) -> Key:
    return Key(f"EVIDENCE#{stream}", sk)
