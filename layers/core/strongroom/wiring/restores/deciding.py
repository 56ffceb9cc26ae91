"""Approvals: where they stand, and what closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.step_functions import CallbackTasks
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.settle_approval import Approvals, Decider
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def approvals(platform: Platform) -> Approvals:
    """Where approvals stand."""
    return Approvals(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        ceremony=ceremony_of(platform.intent),
    )


def decider(platform: Platform) -> Decider:
    """What closes approvals."""
    return Decider(
        approvals=approvals(platform),
        tasks=CallbackTasks(client("stepfunctions")),
        publisher=bus(platform),
    )
