"""Votes and cancellations from a terminal."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING

from strongroom.adapters.ledger.nonces import LedgerChallenges
from strongroom.services.restores.approving.cancel_restore import RestoreCancellationNeeds
from strongroom.services.restores.approving.cast_vote import VoteNeeds
from strongroom.wiring.restores.deciding import approvals, decider
from strongroom.wiring.stack import ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def vote(platform: Platform) -> VoteNeeds:
    """What taking a vote needs."""
    return VoteNeeds(
        approvals=approvals(platform),
        challenges=LedgerChallenges(ledger(platform)),
        public_url=secrets(platform).value("public_url"),
        random=token_bytes,
    )


def restore_cancellation(platform: Platform) -> RestoreCancellationNeeds:
    """What taking a request back needs."""
    return RestoreCancellationNeeds(decider=decider(platform))
