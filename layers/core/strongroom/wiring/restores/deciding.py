"""The judge: what people signed, held against what the intent says of them today."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.identity.oidc import IdentityTokens, PublishedKeys, Web
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.policy_texts import policy_text, urgent_text
from strongroom.domain.rulebook.trust import proof_trust
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, kept_keys
from strongroom.services.restores.deciding.judge import CeremonyJudge
from strongroom.services.restores.deciding.judge_approval import JudgingNeeds
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.restores.witnessing import witnessed_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.proofs.trust import Period
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.runtime.platform import Platform


def judge(platform: Platform) -> CeremonyJudge:
    """The judge, by today's intent and the keys that the identity provider was seen to publish."""
    trust = proof_trust(platform.intent, issuer_keys=_issuer_keys(platform))
    return CeremonyJudge(
        evidence=Evidence(trust=trust, signatures=CryptographySignatures()),
        rules_of=lambda request: _rules_of(request, platform),
        witnessed_at=partial(witnessed_at, platform=platform),
    )


def _issuer_keys(platform: Platform) -> IssuerKeys:
    """Those that the audit account keeps, and of a key that it has not seen yet the provider's own word."""
    provider = ceremony_of(platform.intent).identity_provider

    def kept() -> Mapping[str, Period]:
        return kept_keys(evidence(platform).shelf, issuer=provider.issuer, now=platform.now())

    return IssuerKeys(kept, published=PublishedKeys(IdentityTokens(provider, http=Web())))


def rules_text(platform: Platform, account: AccountId, unit: str) -> str:
    """The rules of today for an account in a unit; QuorumUndefinedError where there are none."""
    return policy_text(platform.intent, account=account, unit=unit, at=platform.now())


def urgent_rules_text(platform: Platform) -> str:
    """The rules of today for what cannot wait; QuorumUndefinedError where there are none."""
    return urgent_text(platform.intent, at=platform.now())


def judging(platform: Platform) -> JudgingNeeds:
    """What judging needs."""
    return JudgingNeeds(judge=judge(platform), keeper=evidence(platform))


def _rules_of(request: RestoreRequest, platform: Platform) -> CeremonyPolicy:
    if request.is_urgent:
        return read_policy(urgent_rules_text(platform))
    return read_policy(rules_text(platform, request.account, request.unit))
