"""Where a request stands, by what people signed, under the rules of its beginning and those of today."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError, QuorumUndefinedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.asked import follows_lately, is_lately
from strongroom.domain.proofs.decisions import decide, why_not_counted, why_not_opened
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.reviews import is_urgent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Evidence, Verdict
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Proof
    from strongroom.domain.proofs.statements import Decision
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


class CeremonyJudge(Struct, frozen=True, kw_only=True):
    """Decides by proofs and nothing else; `rules_of` gives the rules of today for what a request is about.

    `witnessed_at` gives when the audit account's log saw each proof, by its digest; it is asked where rules have a
    delay, which counts from then.
    """

    evidence: Evidence
    rules_of: Callable[[RestoreRequest], CeremonyPolicy]
    witnessed_at: Callable[[KeptCeremony], Mapping[str, datetime]]

    def decide(self, kept: KeptCeremony, *, now: datetime) -> Verdict:
        """Where the request stands; ApprovalVoidError for one that its requester did not sign."""
        also = self.rules_of(kept.sealed.request)
        if refusal := self._why_void(kept, also=also, now=now):
            raise ApprovalVoidError(refusal)
        return self._verdict(kept, also=also, now=now)

    def at_end(self, kept: KeptCeremony, *, now: datetime) -> tuple[Verdict, str]:
        """Where the request stands when it ends, and why it could not have gone on; empty where it could.

        What people signed until then counts, by the request's own rules alone where there are none of today.
        """
        try:
            also = self.rules_of(kept.sealed.request)
        except (MalformedRecordError, QuorumUndefinedError) as error:
            return self._verdict(kept, also=None, now=now), str(error)
        return self._verdict(kept, also=also, now=now), self._why_void(kept, also=also, now=now)

    def demand_opened(self, sealed: SealedRequest, opening: Proof, *, now: datetime) -> None:
        """ApprovalVoidError unless whoever asks signed the request, and may still ask."""
        also = self.rules_of(sealed.request)
        if refusal := _why_void(sealed, opening, evidence=self.evidence, also=also, now=now):
            raise ApprovalVoidError(refusal)

    def why_not_counted(self, kept: KeptCeremony, proof: str, *, now: datetime) -> tuple[str, str]:
        """Whose proof it is, and why it would count for nothing; empty where it counts."""
        return why_not_counted(
            kept.sealed.asked,
            proof,
            evidence=self._in_time(kept),
            now=now,
            also=self.rules_of(kept.sealed.request),
            ticket_approver=ticket_approver(kept),
        )

    def times_said(
        self, kept: KeptCeremony, decision: Decision, *, subject: str, since: datetime, now: datetime
    ) -> int:
        """How often that person has signed that decision since then, by the proofs that are kept."""
        texts = (text for text in kept.proofs if _says(text, decision, since=since))
        return sum(self.why_not_counted(kept, text, now=now)[0] == subject for text in texts)

    def _in_time(self, kept: KeptCeremony) -> Evidence:
        """By the identity provider's keys of when each token was put; of one that is not put yet, those of now."""
        return replace(self.evidence, seen_at=kept.tokens_at)

    def _verdict(self, kept: KeptCeremony, *, also: CeremonyPolicy | None, now: datetime) -> Verdict:
        evidence = self._in_time(kept)
        if kept.sealed.asked.policy.delay or (also is not None and also.delay):
            evidence = replace(evidence, witnessed_at=self.witnessed_at(kept))
        return decide(
            kept.sealed.asked, kept.proofs, evidence=evidence, now=now, also=also, ticket_approver=ticket_approver(kept)
        )

    def _why_void(self, kept: KeptCeremony, *, also: CeremonyPolicy, now: datetime) -> str:
        return _why_void(kept.sealed, kept.opening, evidence=self._in_time(kept), also=also, now=now)


def _why_void(sealed: SealedRequest, opening: Proof, *, evidence: Evidence, also: CeremonyPolicy, now: datetime) -> str:
    refusal = why_not_opened(sealed.asked, opening, evidence=evidence, now=now, also=also)
    return f"the request is not its requester's: {refusal}" if refusal else ""


def _says(text: str, decision: Decision, *, since: datetime) -> bool:
    try:
        statement = read_proof(text).statement
    except MalformedRecordError:
        return False
    return statement.decision is decision and statement.issued_at >= since


def ticket_approver(kept: KeptCeremony) -> str:
    """The subject of whoever approved the ticket, empty before it was read."""
    return str((kept.last(EntryKind.TICKET_ENTITLES) or {}).get("approver", ""))


def follows_without_ticket(kept: KeptCeremony) -> bool:
    """Whether it follows a restore for which none is needed, by when its requester signed it."""
    asked = kept.sealed.asked
    return follows_lately(asked.content) and is_lately(asked.content, kept.opening.statement.issued_at)


def demand_no_ticket(sealed: SealedRequest, *, judge: CeremonyJudge) -> None:
    """ApprovalVoidError unless the request has an incident, and rules of then and of today that ask for no ticket."""
    policies = (sealed.asked.policy, judge.rules_of(sealed.request))
    if not sealed.request.is_urgent or not all(is_urgent(policy) and not policy.needs_ticket for policy in policies):
        raise ApprovalVoidError("an incident stands in the place of a ticket, and the rules do not let it")
