"""Evidence that is read once, for tests that come back to the same few texts many thousand times.

How a text is read has tests of its own.
"""

from functools import cache

import pytest

from strongroom.adapters.ledger import restores
from strongroom.domain.canonical import read_canonical
from strongroom.domain.evidence.entries import read_entry
from strongroom.domain.proofs import decisions
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.restores.requests import open_seal
from strongroom.services.evidence import keep_ceremony


def read_texts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each text of a request, a proof or an entry be read once for the whole of a test."""
    proof, seal, entry = cache(read_proof), cache(open_seal), cache(read_entry)
    monkeypatch.setattr(decisions, "read_proof", proof)
    monkeypatch.setattr(keep_ceremony, "read_proof", proof)
    monkeypatch.setattr(keep_ceremony, "open_seal", seal)
    monkeypatch.setattr(restores, "open_seal", seal)
    monkeypatch.setattr(keep_ceremony, "read_entry", entry)
    monkeypatch.setattr(keep_ceremony, "read_canonical", cache(read_canonical))
