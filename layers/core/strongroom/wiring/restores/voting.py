"""Votes and cancellations from a terminal."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING

from strongroom.adapters.ledger.nonces import LedgerChallenges
from strongroom.services.restores.approving.cast_vote import VoteOrCancellationNeeds
from strongroom.wiring.restores.deciding import approvals, decider
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def vote_or_cancellation(platform: Platform) -> VoteOrCancellationNeeds:
    """What taking a vote or taking back a request needs."""
    return VoteOrCancellationNeeds(
        approvals=approvals(platform),
        challenges=LedgerChallenges(ledger(platform)),
        public_url=secrets(platform).value("public_url"),
        random=token_bytes,
        decider=decider(platform),
    )
