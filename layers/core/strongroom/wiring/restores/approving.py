"""Approvals: the ticket, the people who are told, the bell, and what they sign."""

from __future__ import annotations

import secrets as randomness
from functools import partial
from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions import CallbackTasks
from strongroom.adapters.ledger.nonces import LedgerLimits, LedgerStatements
from strongroom.adapters.ledger.restores import (
    CeremonyBells,
    CeremonyDrafts,
    CeremonyMessages,
    CeremonyRequests,
    CeremonyWords,
)
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.keep_doorbell import DoorbellNeeds
from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds
from strongroom.services.restores.approving.refresh_cards import CardRefreshNeeds
from strongroom.services.restores.approving.review_restore import ReviewNeeds
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshotNeeds
from strongroom.services.restores.approving.take_proof import ProofTakingNeeds
from strongroom.services.restores.approving.take_signed import SigningNeeds
from strongroom.services.restores.approving.tell_approvers import TellingNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.people import identity_tokens
from strongroom.wiring.restores.board import approval_board
from strongroom.wiring.restores.deciding import executions, judge, judging
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.restores.ticketing import tickets
from strongroom.wiring.restores.witnessing import witness
from strongroom.wiring.stack import ceremony_table, ledger, secrets

if TYPE_CHECKING:
    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.runtime.contracts.http import ProofBody
    from strongroom.runtime.platform import Platform


def ticket_snapshot(platform: Platform) -> TicketSnapshotNeeds:
    """What reading the ticket needs."""
    return TicketSnapshotNeeds(
        ceremony=ceremony_of(platform.intent),
        judge=judge(platform),
        keeper=keeper(platform),
        executions=executions(platform),
        tickets=tickets(platform),
        alerts=alert_notifier(platform),
    )


def telling(platform: Platform) -> TellingNeeds:
    """What showing a request to its approvers needs."""
    table = ceremony_table(platform)
    return TellingNeeds(
        ceremony=ceremony_of(platform.intent),
        drafts=CeremonyDrafts(table),
        messages=CeremonyMessages(table),
        board=approval_board(platform),
        tickets=tickets(platform),
        public_url=secrets(platform).value("public_url"),
    )


def card_refresh(platform: Platform) -> CardRefreshNeeds:
    """What showing how far requests are needs."""
    return CardRefreshNeeds(
        open_requests=CeremonyRequests(ceremony_table(platform)),
        judging=partial(judging, platform),
        telling=partial(telling, platform),
    )


def doorbell(platform: Platform) -> DoorbellNeeds:
    """What keeping the token needs."""
    return DoorbellNeeds(bells=CeremonyBells(ceremony_table(platform)))


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


def signing(platform: Platform) -> SigningNeeds:
    """What handing out statements, and taking what was signed, needs."""
    return SigningNeeds(
        proposing=statement_proposal(platform), proving=proof_taking(platform), reviewing=review(platform)
    )


def signed(body: ProofBody, platform: Platform) -> Assertion | KeptToken:
    """What was signed, with the identity provider's key where that is a token."""
    return body.signed(identity_tokens(platform).key_of)
