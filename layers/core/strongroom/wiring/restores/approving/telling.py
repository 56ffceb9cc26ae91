"""Telling: a request is shown to those who can decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyDrafts, CeremonyMessages
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.approving.tell_approvers import TellingNeeds
from strongroom.wiring.restores.approving.board import approval_board
from strongroom.wiring.restores.approving.ticketing import tickets
from strongroom.wiring.stack import ceremony_table, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


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
