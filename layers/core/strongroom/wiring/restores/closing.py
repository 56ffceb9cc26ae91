"""The end of a ceremony, told to everybody concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyMessages, CeremonyRequests, CeremonyWords
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.restores.approving.board import approval_board
from strongroom.wiring.restores.approving.ticketing import tickets
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.executing import executions
from strongroom.wiring.restores.looking import restore_jobs
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.restores.witnessing import witness
from strongroom.wiring.stack import bus, ceremony_table, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_closing(platform: Platform) -> RestoreClosingNeeds:
    """What ending a ceremony needs."""
    table = ceremony_table(platform)
    return RestoreClosingNeeds(
        ceremony=ceremony_of(platform.intent),
        judge=judge(platform),
        keeper=keeper(platform),
        executions=executions(platform),
        jobs=restore_jobs(platform),
        notes=LedgerSettings(ledger(platform)),
        witness=witness(platform),
        open_requests=CeremonyRequests(table),
        messages=CeremonyMessages(table),
        words=CeremonyWords(table),
        board=approval_board(platform),
        tickets=tickets(platform),
        publisher=bus(platform),
        alerts=alert_notifier(platform),
        home=platform.intent.organization,
    )
