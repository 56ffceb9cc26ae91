"""What scans said when a restore was approved, against what they say when it is done.

A scan that ends well while people decide takes nothing back of what they have approved; one that alarms more does.
"""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.deciding.dangers import unread_vault
from strongroom.domain.restores.deciding.decision import Danger
from strongroom.domain.restores.scans.verdicts import Scan, graver

if TYPE_CHECKING:
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.requests import RestoreRequest

_SAID: Final = {
    Danger.INFECTED: Scan.THREATS,
    Danger.SCAN_INCOMPLETE: Scan.INCOMPLETE,
    Danger.NEVER_SCANNED: Scan.NEVER,
}


def approved_scan(request: RestoreRequest) -> Scan:
    """What approvers were told of scans, by the risks of the request; clean where they were told of none."""
    return next((scan for danger, scan in _SAID.items() if danger in request.risks), Scan.CLEAN)


def approved_unread(request: RestoreRequest) -> tuple[str, ...]:
    """The vaults of which approvers were told that nobody could read what scans found in them."""
    return tuple(filter(None, map(unread_vault, request.risk_sentences)))


def as_graver_scanned(request: RestoreRequest, point: RecoveryPoint, *, is_whole: bool) -> RecoveryPoint:
    """The recovery point as it is now, or as it was approved where that alarms more.

    It stays as it was approved, too, where not each vault answers: one that is lost with its account ends no restore.
    That others answer by now takes nothing back of what approvers have read.
    """
    approved = approved_scan(request)
    scan = graver(point.scan, approved) if is_whole else approved
    return replace(point, scan=scan, unread_vaults=approved_unread(request))


def demand_no_new_malware(request: RestoreRequest, found: Scan) -> None:
    """RestoreRefusedError for malware that nobody was told of who approved it."""
    if found is Scan.THREATS and approved_scan(request) is not Scan.THREATS:
        raise RestoreRefusedError("malware was found in the backup after it was asked for; choose another one")
