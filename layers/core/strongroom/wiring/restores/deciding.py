"""The judge: what people signed, held against what the intent says of them today."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions import CallbackTasks, CeremonyExecutions, RestoreCeremonies
from strongroom.adapters.identity.oidc import IdentityTokens, PublishedKeys, Web
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.adapters.ledger.restores import CeremonyBells, CeremonyRequests
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.policy_texts import policy_text, urgent_text
from strongroom.domain.rulebook.trust import proof_trust
from strongroom.runtime.settings import Setting
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, kept_keys
from strongroom.services.restores.deciding.judge import CeremonyJudge
from strongroom.services.restores.deciding.judge_approval import JudgingNeeds
from strongroom.services.restores.deciding.sweep_ceremonies import CeremonySweepNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.restores.witnessing import witnessed_at
from strongroom.wiring.stack import ceremony_table

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


def executions(platform: Platform) -> CeremonyExecutions:
    """The ceremony's executions, looked at."""
    return CeremonyExecutions(client("stepfunctions"), platform.setting(Setting.RESTORE_MACHINE))


def judging(platform: Platform) -> JudgingNeeds:
    """What judging needs."""
    return JudgingNeeds(judge=judge(platform), keeper=evidence(platform))


def ceremony_sweep(platform: Platform) -> CeremonySweepNeeds:
    """What taking up interrupted ceremonies needs."""
    table, machines = ceremony_table(platform), client("stepfunctions")
    return CeremonySweepNeeds(
        open_requests=CeremonyRequests(table),
        judging=partial(judging, platform),
        ceremonies=RestoreCeremonies(machines, platform.setting(Setting.RESTORE_MACHINE)),
        bells=CeremonyBells(table),
        tasks=CallbackTasks(machines),
        alerts=alert_notifier(platform),
    )


def _rules_of(request: RestoreRequest, platform: Platform) -> CeremonyPolicy:
    if request.is_urgent:
        return read_policy(urgent_rules_text(platform))
    return read_policy(rules_text(platform, request.account, request.unit))
