"""Signing: statements are handed out, and what was signed is taken."""

from __future__ import annotations

import secrets as randomness
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions.ceremonies import CallbackTasks
from strongroom.adapters.ledger.nonces import LedgerLimits, LedgerStatements
from strongroom.adapters.ledger.restores import (
    CeremonyBells,
    CeremonyDrafts,
    CeremonyWords,
)
from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds
from strongroom.services.restores.approving.review_restore import ReviewNeeds
from strongroom.services.restores.approving.state_step import StepStatingNeeds
from strongroom.services.restores.approving.take_proof import ProofTakingNeeds
from strongroom.services.restores.approving.take_signed import SigningNeeds
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.restores.witnessing import witness
from strongroom.wiring.stack import ceremony_table, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def statement_proposal(platform: Platform) -> StatementProposalNeeds:
    """What handing out a statement needs."""
    return StatementProposalNeeds(
        drafts=CeremonyDrafts(ceremony_table(platform)),
        statements=LedgerStatements(ledger(platform), now=platform.now),
        limits=LedgerLimits(ledger(platform)),
        random=randomness.token_bytes,
    )


def proof_taking(platform: Platform) -> ProofTakingNeeds:
    """What taking a proof needs."""
    return ProofTakingNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        statements=LedgerStatements(ledger(platform), now=platform.now),
        limits=LedgerLimits(ledger(platform)),
        words=CeremonyWords(ceremony_table(platform)),
        bells=CeremonyBells(ceremony_table(platform)),
        tasks=CallbackTasks(client("stepfunctions")),
        log=witness(platform),
    )


def review(platform: Platform) -> ReviewNeeds:
    """What reviewing an urgent restore needs."""
    return ReviewNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        drafts=CeremonyDrafts(ceremony_table(platform)),
        statements=LedgerStatements(ledger(platform), now=platform.now),
        limits=LedgerLimits(ledger(platform)),
        random=randomness.token_bytes,
    )


def step_stating(platform: Platform) -> StepStatingNeeds:
    """What stating a step by hand needs."""
    return StepStatingNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        drafts=CeremonyDrafts(ceremony_table(platform)),
        statements=LedgerStatements(ledger(platform), now=platform.now),
        limits=LedgerLimits(ledger(platform)),
        random=randomness.token_bytes,
        log=witness(platform),
    )


def signing(platform: Platform) -> SigningNeeds:
    """What handing out statements, and taking what was signed, needs."""
    return SigningNeeds(
        proposing=statement_proposal(platform),
        proving=proof_taking(platform),
        reviewing=review(platform),
        stating=step_stating(platform),
    )
