"""Evidence: what writes down what happens in a ceremony."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.services.evidence.keep_evidence import EvidenceRecorder
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def evidence(platform: Platform) -> EvidenceRecorder:
    """What writes down what happens."""
    return EvidenceRecorder(LedgerEvidence(ledger(platform)))
