"""Ceremonies and their evidence, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyDrafts, CeremonyMessages, CeremonyRequests
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.show_approval import ApprovalShowNeeds
from strongroom.services.restores.asking.show_restores import RestoreViewNeeds
from strongroom.services.restores.asking.shown_requests import CeremonySurroundings, DraftLinks, KeptStandings
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.stack import ceremony_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def approval_show(platform: Platform) -> ApprovalShowNeeds:
    """What showing a request on its page needs."""
    return ApprovalShowNeeds(
        requests=DraftLinks(CeremonyDrafts(ceremony_table(platform))),
        standings=KeptStandings(evidence(platform), judge(platform)),
        surroundings=CeremonySurroundings(ceremony_of(platform.intent)),
    )


def issuer(platform: Platform) -> str:
    """The identity provider's URL."""
    return ceremony_of(platform.intent).identity_provider.issuer


def restore_view(platform: Platform) -> RestoreViewNeeds:
    """What showing ceremonies needs."""
    table = ceremony_table(platform)
    return RestoreViewNeeds(
        messages=CeremonyMessages(table),
        open_requests=CeremonyRequests(table),
        keeper=evidence(platform),
        judge=judge(platform),
        ceremony=ceremony_of(platform.intent),
    )
