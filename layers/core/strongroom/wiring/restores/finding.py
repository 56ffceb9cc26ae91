"""What a resource can be restored from, looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores
from strongroom.adapters.aws.backup.recovery_points import LandingVaults
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.ledger.views.shown import LedgerShownViews
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds
from strongroom.wiring.members import inspection
from strongroom.wiring.stack import views_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def candidate_finding(platform: Platform) -> CandidateFindingNeeds:
    """What looking for candidates needs."""
    intent = platform.intent
    own = intent.organization.backup_account
    return CandidateFindingNeeds(
        intent=intent,
        ceremony=ceremony_of(intent),
        lists=ListedPoints(client, inspection(platform), own_account=own, now=platform.now()),
        vaults=LandingVaults(client, inspection(platform), intent=intent),
        past=PastRestores(inspection(platform)),
        history=LedgerShownViews(views_table(platform)),
        units=Organization(client("organizations")),
    )
