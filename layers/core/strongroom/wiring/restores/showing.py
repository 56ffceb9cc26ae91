"""A request, and the receipt of what was signed, shown on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyDrafts
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.showing.approval_view import LogKeys
from strongroom.services.restores.asking.show_approval import ApprovalShowNeeds
from strongroom.services.restores.asking.show_receipt import EvidenceProofs, ReceiptNeeds
from strongroom.services.restores.asking.shown_requests import CeremonySurroundings, DraftLinks, KeptStandings
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.stack import ceremony_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def approval_show(platform: Platform) -> ApprovalShowNeeds:
    """What showing a request on its page needs."""
    ceremony = ceremony_of(platform.intent)
    return ApprovalShowNeeds(
        requests=DraftLinks(CeremonyDrafts(ceremony_table(platform))),
        standings=KeptStandings(evidence(platform), judge(platform), ceremony),
        surroundings=CeremonySurroundings(ceremony, _log_keys(platform)),
    )


def receipt(platform: Platform) -> ReceiptNeeds:
    """What showing a receipt needs."""
    return ReceiptNeeds(
        requests=DraftLinks(CeremonyDrafts(ceremony_table(platform))), proofs=EvidenceProofs(evidence(platform))
    )


def _log_keys(platform: Platform) -> LogKeys | None:
    """The keys by which the page looks at the log's proofs; None where the intent does not name them all."""
    log = platform.intent.evidence
    if log is None or not (log.origin and log.log_key and log.witness):
        return None
    return LogKeys(origin=log.origin, log=log.log_key, witness=log.witness)
