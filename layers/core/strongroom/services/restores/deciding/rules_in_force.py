"""Whether the rules that a request is held against were in force: somebody who deploys has kept them as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError

if TYPE_CHECKING:
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge


def demand_rules_in_force(kept: KeptCeremony, *, judge: CeremonyJudge, keeper: EvidenceReading) -> None:
    """Both the request's own rules and those of today were kept, each once and never touched since.

    ApprovalPendingError where those of today are not kept yet: applying them mends it. ApprovalVoidError where the
    request names rules that never were in force, or somebody tampered with them.
    """
    today, own = judge.rules_of(kept.sealed.request).digest, kept.sealed.asked.policy.digest
    if not keeper.was_in_force(today):
        raise ApprovalPendingError(
            f"the rules of today ({today[:12]}) are not among the evidence yet; `strongroom apply` puts them there"
        )
    if not keeper.was_in_force(own):
        raise ApprovalVoidError("the rules in the request were never in force")
