"""Ceremonies and their evidence, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.restores import CeremonyMessages, CeremonyRequests, CeremonyWords
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.show_restores import RestoreViewNeeds
from strongroom.services.restores.ends.list_ends import EndListNeeds
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.stack import ceremony_table, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_view(platform: Platform) -> RestoreViewNeeds:
    """What showing ceremonies needs."""
    table = ceremony_table(platform)
    return RestoreViewNeeds(
        messages=CeremonyMessages(table),
        open_requests=CeremonyRequests(table),
        words=CeremonyWords(table),
        keeper=evidence(platform),
        judge=judge(platform),
        ceremony=ceremony_of(platform.intent),
        ends=LedgerEnds(ledger(platform)),
    )


def end_list(platform: Platform) -> EndListNeeds:
    """What listing open ends needs."""
    return EndListNeeds(ends=LedgerEnds(ledger(platform)), ceremony=ceremony_of(platform.intent))
