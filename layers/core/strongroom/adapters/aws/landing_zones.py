"""The landing zone of AWS Control Tower, as the management account sees it in its home Region.

Source: AWS Control Tower API reference, GetLandingZone; AWS Control Tower User Guide, "Landing zone schemas".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.survey.found import LandingZoneFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.account_access import AccountClients

ACTIONS = ("controltower:GetLandingZone", "controltower:ListLandingZones")


class LandingZones:
    """What AWS Control Tower says of itself."""

    def __init__(self, clients: AccountClients, *, management_account: AccountId) -> None:
        """`management_account` is where it is set up."""
        self._clients = clients
        self._management_account = management_account

    def landing_zone(self, region: Region) -> LandingZoneFound | None:
        """The one whose home that Region is, None where there is none."""
        client = self._clients.client("controltower", account=self._management_account, region=region)
        with aws_errors():
            pages = client.get_paginator("list_landing_zones").paginate()
            listed = [each["arn"] for page in pages for each in page["landingZones"]]
            if not listed:
                return None
            return _found(client.get_landing_zone(landingZoneIdentifier=listed[0])["landingZone"]["manifest"])


def _found(manifest: Mapping[str, Any]) -> LandingZoneFound:
    backup = manifest.get("backup", {}).get("configurations", {})
    return LandingZoneFound(
        regions=tuple(Region(region) for region in manifest.get("governedRegions", ())),
        audit_account=_account(manifest.get("securityRoles", {})),
        backup_administrator=_account(backup.get("backupAdmin", {})),
    )


def _account(section: Mapping[str, Any]) -> AccountId | None:
    account = section.get("accountId")
    return None if account is None else AccountId(account)
