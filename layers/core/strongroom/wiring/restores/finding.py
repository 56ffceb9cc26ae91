"""What a resource can be restored from, looked for, and scanned for malware where somebody asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores
from strongroom.adapters.aws.backup.recovery_points import LandingVaults
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.restores.scan_starts import CentralScanStarter
from strongroom.adapters.ledger.nonces import LedgerLimits
from strongroom.adapters.ledger.telling.findings import LedgerFindings
from strongroom.adapters.ledger.views.copies import LedgerCopies
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.find_candidates import CandidateFindingNeeds
from strongroom.services.restores.asking.remembered_scans import RememberedScans
from strongroom.services.restores.asking.start_scan import ScanStartNeeds
from strongroom.wiring.members import inspection, scanning
from strongroom.wiring.stack import ledger, views_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


# API Gateway waits for 29 seconds, and one list that does not answer takes some of them.
_ALONE: Final = timedelta(seconds=15)


def candidate_finding(platform: Platform, *, within: timedelta = _ALONE) -> CandidateFindingNeeds:
    """What looking for candidates needs, which begins nothing new after that time."""
    intent = platform.intent
    until = platform.now() + within
    own = intent.organization.backup_account
    lists = ListedPoints(client, inspection(platform), own_account=own, now=platform.now())
    return CandidateFindingNeeds(
        intent=intent,
        ceremony=ceremony_of(intent),
        lists=RememberedScans(lists, LedgerFindings(ledger(platform))),
        vaults=LandingVaults(client, inspection(platform), intent=intent),
        past=PastRestores(inspection(platform)),
        history=LedgerCopies(views_table(platform)),
        units=Organization(client("organizations")),
        in_time=lambda: platform.now() < until,
    )


def scan_start(platform: Platform) -> ScanStartNeeds:
    """What starting a scan needs, which begins no list after the time that looking for candidates has."""
    intent, until = platform.intent, platform.now() + _ALONE
    own = intent.organization.backup_account
    return ScanStartNeeds(
        intent=intent,
        lists=ListedPoints(client, inspection(platform), own_account=own, now=platform.now()),
        units=Organization(client("organizations")),
        starter=CentralScanStarter(scanning(platform), intent=intent),
        limits=LedgerLimits(ledger(platform)),
        in_time=lambda: platform.now() < until,
    )
