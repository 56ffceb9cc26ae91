"""Whether enough of those who may make the rules looser have agreed to it: two governors of the rules before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.signers import signer_of
from strongroom.domain.rulebook.changes import read_change_evidence
from strongroom.domain.rulebook.policy_texts import GOVERNORS_NEEDED, governors_text
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.domain.rulebook.trust import NO_KEYS, proof_trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.domain.rulebook.changes import ChangeEvidence, ChangeProof
    from strongroom.domain.rulebook.trust import KnownKeys

LONGEST_VALID: Final = timedelta(days=7)
_SKEW: Final = timedelta(seconds=60)


class RulesEvidence(Struct, frozen=True, kw_only=True):
    """The evidence as it was handed over, how signatures are checked, and which keys an intent's issuer has."""

    text: str
    signatures: SignatureCheck
    keys_of: Callable[[Intent], KnownKeys] = lambda _: NO_KEYS


def why_not_agreed(given: RulesEvidence, *, before: Intent, after: Intent, now: datetime) -> str:
    """Why the evidence does not show that two governors of the rules before agreed to these; empty if it does.

    Who is a governor, and by which keys, is taken from the rules before as they are now.
    """
    try:
        evidence = read_change_evidence(given.text)
    except MalformedRecordError as error:
        return f"the evidence cannot be read: {error}"
    found, refusals = set(), []
    for proof in evidence.proofs:
        refusal = _why_another(proof, evidence, before=before, after=after, now=now)
        subject, unknown = ("", refusal) if refusal else why_no_governor(proof, given=given, before=before, now=now)
        if subject:
            found.add(subject)
        else:
            refusals.append(unknown)
    if len(found) >= GOVERNORS_NEEDED:
        return ""
    told = f" ({'; '.join(dict.fromkeys(refusals))})" if refusals else ""
    return f"{len(found)} of {GOVERNORS_NEEDED} governors have signed this change{told}"


def _why_another(proof: ChangeProof, evidence: ChangeEvidence, *, before: Intent, after: Intent, now: datetime) -> str:
    """Why the statement is not about this change at this time."""
    statement = proof.statement
    if statement.issued_at > now + _SKEW:
        return "it was signed in the future"
    if statement.expires_at - statement.issued_at > LONGEST_VALID:
        return f"it would hold for more than {LONGEST_VALID.days} days"
    if now >= statement.expires_at:
        return "it has run out"
    texts = tuple(rulebook_text(each, at=statement.issued_at) for each in (before, after))
    if (statement.before, statement.after) != tuple(digest_of(text) for text in texts):
        return "it was signed for another change"
    return "" if (evidence.before, evidence.after) == texts else "the rules beside it are not those that were signed"


def why_no_governor(proof: ChangeProof, *, given: RulesEvidence, before: Intent, now: datetime) -> tuple[str, str]:
    """The subject of the governor of the rules before who signed, or why it is none."""
    policy = read_policy(governors_text(before, at=now))
    trust = proof_trust(before, issuer_keys=given.keys_of(before))
    signer = signer_of(proof, policy=policy, trust=trust, signatures=given.signatures, at=now)
    if signer.refusal:
        return "", signer.refusal
    is_governor = signer.belongs_to(policy.requesters, policy=policy)
    return (signer.subject, "") if is_governor else ("", f"{signer.subject} is no governor")
