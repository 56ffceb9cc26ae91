"""Proofs that a voter is really there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.identity.step_up import StepUpLogin
from strongroom.adapters.ledger.nonces import LedgerChallenges
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.presence import presence_url
from strongroom.services.restores.approving.confirm_presence import PresenceProofNeeds
from strongroom.wiring.restores.deciding import decider
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform

PRESENCE_CALLBACK = "/presence/callback"


def presence_proof(platform: Platform) -> PresenceProofNeeds:
    """What a proof of presence needs."""
    ceremony, kept = ceremony_of(platform.intent), secrets(platform)
    login = StepUpLogin(
        ceremony.identity_provider,
        redirect_uri=f"{kept.value('public_url')}{PRESENCE_CALLBACK}",
        methods=ceremony.restores.accepted_methods,
        secret=lambda: kept.value("oidc_client_secret"),
        http=Web(),
    )
    return PresenceProofNeeds(challenges=LedgerChallenges(ledger(platform)), login=login, decider=decider(platform))


def presence_page(challenge_id: str, platform: Platform) -> str:
    """Where a voter proves that it is really them."""
    return presence_url(secrets(platform).value("public_url"), challenge_id)
