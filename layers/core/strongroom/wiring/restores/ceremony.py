"""What the steps of a restore ceremony share: its evidence, its approvals, and the ticket system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions import CallbackTasks
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.services.evidence.keep_evidence import EvidenceRecorder
from strongroom.services.restores.approving.settle_approval import Approvals, Decider
from strongroom.wiring.stack import bus, ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def evidence(platform: Platform) -> EvidenceRecorder:
    """What writes down what happens."""
    return EvidenceRecorder(LedgerEvidence(ledger(platform)))


def approvals(platform: Platform) -> Approvals:
    """Where approvals stand."""
    return Approvals(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        intent=platform.intent,
    )


def decider(platform: Platform) -> Decider:
    """What closes approvals."""
    return Decider(
        approvals=approvals(platform),
        tasks=CallbackTasks(client("stepfunctions")),
        publisher=bus(platform),
    )


def tickets(platform: Platform) -> JiraTickets:
    """The ticket system; its token is read when it is first spoken to."""
    return JiraTickets(platform.intent.tickets, token=lambda: secrets(platform).value("ticket_token"))
