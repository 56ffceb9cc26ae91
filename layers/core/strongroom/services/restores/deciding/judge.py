"""Where a request stands, by what people signed, under the rules of its beginning and those of today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import decide, why_not_counted, why_not_opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Evidence, Verdict
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Proof
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyJudge:
    """Decides by proofs and nothing else; `rules_of` gives the rules of today for what a request is about.

    `witnessed_at` gives when the audit account's log saw each proof, by its digest; it is asked where rules have a
    delay, which counts from then.
    """

    evidence: Evidence
    rules_of: Callable[[RestoreRequest], CeremonyPolicy]
    witnessed_at: Callable[[KeptCeremony], Mapping[str, datetime]]

    def decide(self, kept: KeptCeremony, *, now: datetime) -> Verdict:
        """Where the request stands; ApprovalVoidError for one that its requester did not sign."""
        self.demand_opened(kept.sealed, kept.opening, now=now)
        also, evidence = self.rules_of(kept.sealed.request), self.evidence
        if kept.sealed.asked.policy.delay or also.delay:
            evidence = replace(evidence, witnessed_at=self.witnessed_at(kept))
        return decide(
            kept.sealed.asked, kept.proofs, evidence=evidence, now=now, also=also, ticket_approver=ticket_approver(kept)
        )

    def demand_opened(self, sealed: SealedRequest, opening: Proof, *, now: datetime) -> None:
        """ApprovalVoidError unless whoever asks signed the request, and may still ask."""
        also = self.rules_of(sealed.request)
        if refusal := why_not_opened(sealed.asked, opening, evidence=self.evidence, now=now, also=also):
            raise ApprovalVoidError(f"the request is not its requester's: {refusal}")

    def why_not_counted(self, kept: KeptCeremony, proof: str, *, now: datetime) -> tuple[str, str]:
        """Whose proof it is, and why it would count for nothing; empty where it counts."""
        return why_not_counted(
            kept.sealed.asked,
            proof,
            evidence=self.evidence,
            now=now,
            also=self.rules_of(kept.sealed.request),
            ticket_approver=ticket_approver(kept),
        )


def ticket_approver(kept: KeptCeremony) -> str:
    """The subject of whoever approved the ticket, empty before it was read."""
    return str((kept.last(EntryKind.TICKET_ENTITLES) or {}).get("approver", ""))
