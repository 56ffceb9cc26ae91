"""Evidence that is read once, for tests that come back to the same few texts many thousand times.

How a text is read has tests of its own.
"""

from functools import cache

import pytest

from strongroom.adapters.ledger import restores
from strongroom.domain.canonical import read_canonical
from strongroom.domain.evidence import bundles, case, entries, trust
from strongroom.domain.evidence.entries import read_entry
from strongroom.domain.proofs import decisions
from strongroom.domain.proofs.asked import read_asked
from strongroom.domain.proofs.policies import read_policy
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


def read_bundles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each text of a bundle be read once; what judges the content of a text still does so each time."""
    canonical, proof = cache(read_canonical), cache(read_proof)
    for module in (bundles, entries, trust):
        monkeypatch.setattr(module, "read_canonical", canonical)
    for reader in (case, decisions):
        monkeypatch.setattr(reader, "read_proof", proof)
    monkeypatch.setattr(case, "read_asked", cache(read_asked))
    monkeypatch.setattr(case, "read_policy", cache(read_policy))
