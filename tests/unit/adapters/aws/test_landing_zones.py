"""What AWS Control Tower says of itself."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.landing_zones import LandingZones
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.survey.found import LandingZoneFound
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

HOME = Region("eu-west-1")
MANIFEST = {
    "governedRegions": ["eu-west-1", "eu-central-1"],
    "securityRoles": {"accountId": "333333333333"},
    "centralizedLogging": {"accountId": "444444444444", "enabled": True},
    "backup": {
        "enabled": True,
        "configurations": {
            "backupAdmin": {"accountId": "555555555555"},
            "centralBackup": {"accountId": "666666666666"},
        },
    },
}


@dataclass
class ControlTower:
    """A client of it."""

    manifests: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False

    def list_landing_zones(self) -> dict[str, Any]:
        if self.closed:
            raise refusal("AccessDeniedException", "ListLandingZones")
        return {"landingZones": [{"arn": f"arn:{number}"} for number, _ in enumerate(self.manifests)]}

    def get_landing_zone(self, landingZoneIdentifier: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        return {"landingZone": {"manifest": self.manifests[int(landingZoneIdentifier.removeprefix("arn:"))]}}

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))


def zones(client: ControlTower) -> LandingZones:
    clients = FakeAccountClients(own={"controltower": client})
    return LandingZones(clients, management_account=AccountId("111111111111"))


def test_its_accounts_and_regions_are_those_of_the_manifest() -> None:
    assert zones(ControlTower([MANIFEST])).landing_zone(HOME) == LandingZoneFound(
        regions=(HOME, Region("eu-central-1")),
        audit_account=AccountId("333333333333"),
        backup_administrator=AccountId("555555555555"),
    )


def test_what_a_manifest_leaves_out_is_unknown() -> None:
    assert zones(ControlTower([{"governedRegions": ["eu-west-1"]}])).landing_zone(HOME) == LandingZoneFound(
        regions=(HOME,)
    )


def test_where_there_is_none_it_is_none() -> None:
    assert zones(ControlTower()).landing_zone(HOME) is None


def test_a_refusal_is_one_of_ours() -> None:
    with pytest.raises(AccessRefusedError):
        zones(ControlTower(closed=True)).landing_zone(HOME)
