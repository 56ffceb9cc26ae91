"""Explain a restore that two people made while the control plane was away, by what they and a reviewer signed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError
from strongroom.domain.evidence.explaining import Explanation, Standing
from strongroom.domain.evidence.object_keys import OUTAGES, outage_key
from strongroom.domain.evidence.outages import read_outage_evidence, why_not_accounted_for
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.rulebook.policy_texts import urgent_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.explaining import WatchedRestore
    from strongroom.domain.evidence.outages import OutageEvidence, OutageSigners
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.ports.evidence import EvidenceTexts
    from strongroom.ports.watching import TrustBook


class OutageExplainingNeeds(Struct, frozen=True, kw_only=True):
    """What explaining such a restore needs of the world; `shelf` is where it is kept what people signed."""

    intent: Intent
    shelf: EvidenceTexts
    trust: TrustBook
    signatures: SignatureCheck


def explain_outage(
    watched: WatchedRestore, otherwise: Explanation, *, needs: OutageExplainingNeeds, now: datetime
) -> Explanation:
    """Why there is this restore, which nothing else explains; `otherwise`, with what does not count, if nobody says."""
    users = needs.intent.outage_users
    if not users:
        return otherwise
    try:
        texts = needs.shelf.sound_texts(OUTAGES)
    except ApprovalVoidError as error:
        return _unexplained(otherwise, str(error))
    refusals = []
    policy = read_policy(urgent_text(needs.intent, at=now))
    evidence = Evidence(trust=needs.trust.at(now).proofs, signatures=needs.signatures)
    for given in _about(watched.job.id, texts):
        signers, refusal = why_not_accounted_for(watched, given, users=users, policy=policy, evidence=evidence, now=now)
        if not refusal:
            return Explanation(state=Standing.EXPLAINED, reason=_told(given, signers))
        refusals.append(refusal)
    return _unexplained(otherwise, "; ".join(refusals)) if refusals else otherwise


def _about(job: str, texts: Mapping[str, str]) -> Iterator[OutageEvidence]:
    """What is kept about the job, under its own hash; what cannot be read accounts for nothing."""
    for key, text in texts.items():
        if key != outage_key(digest_of(text)):
            continue
        try:
            given = read_outage_evidence(text)
        except MalformedRecordError:
            continue
        if given.report.job == job:
            yield given


def _told(given: OutageEvidence, signers: OutageSigners) -> str:
    said, made, reviewed = given.report, " and ".join(signers.made), " and ".join(signers.reviewed)
    return (
        f"{made} made it as {said.user} for {said.incident} while the control plane was away: {said.reason}; "
        f"{reviewed} found it in order"
    )


def _unexplained(otherwise: Explanation, why: str) -> Explanation:
    reason = f"{otherwise.reason}, and what is signed about an outage does not account for it: {why}"
    return Explanation(state=Standing.UNEXPLAINED, reason=reason)
