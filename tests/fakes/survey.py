"""An organisation that a survey asks, of which a test may close any part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.rollout.live import LiveAttachment, LivePolicy
from strongroom.domain.survey.found import AccountPlan, LandingZoneFound, OrganizationFound, VaultFound
from strongroom.services.survey.survey_organization import SurveyNeeds
from tests.builders.survey import CENTRAL, ORGANIZATION


@dataclass
class FakeSurveyed:
    """Answers every port of a survey; the names in `closed` are those of methods that are refused."""

    found: OrganizationFound = ORGANIZATION
    delegates: tuple[AccountId, ...] = (CENTRAL,)
    live: tuple[LivePolicy, ...] = ()
    scps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zones: Mapping[Region, LandingZoneFound] = field(default_factory=dict)
    live_vaults: Mapping[tuple[AccountId, Region], Mapping[str, VaultFound]] = field(default_factory=dict)
    live_plans: tuple[AccountPlan, ...] = ()
    merged: Mapping[AccountId, Mapping[str, Any]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    closed_accounts: frozenset[AccountId] = frozenset()
    told: list[str] = field(default_factory=list)

    @property
    def needs(self) -> SurveyNeeds:
        """What a survey needs, all of it from here."""
        return SurveyNeeds(
            organization=self, policies=self, landing_zones=self, accounts=self, quotas=self, tell=self.told.append
        )

    def organization(self) -> OrganizationFound:
        self._open("organization")
        return self.found

    def administrators(self) -> tuple[AccountId, ...]:
        self._open("administrators")
        return self.delegates

    def effective_backup_policy(self, account: AccountId) -> Mapping[str, Any]:
        self._open("effective_backup_policy")
        return self.merged.get(account, {})

    def tag_keys(self) -> tuple[str, ...]:
        self._open("tag_keys")
        return ()

    def policies(self, ours: frozenset[str]) -> tuple[LivePolicy, ...]:
        self._open("policies")
        return self.live

    def attached(self, target: str) -> tuple[LiveAttachment, ...]:
        self._open("attached")
        return tuple(LiveAttachment(name=name, type="SERVICE_CONTROL_POLICY") for name in self.scps.get(target, ()))

    def landing_zone(self, region: Region) -> LandingZoneFound | None:
        self._open("landing_zone")
        return self.zones.get(region)

    def vaults(self, account: AccountId, region: Region) -> Mapping[str, VaultFound]:
        if account in self.closed_accounts:
            raise AccessRefusedError(f"the role of {account} cannot be assumed")
        return self.live_vaults.get((account, region), {})

    def plans(self, account: AccountId, region: Region) -> tuple[AccountPlan, ...]:
        return tuple(plan for plan in self.live_plans if plan.account == account and plan.plan["regions"] == [region])

    def scps_per_target(self) -> int | None:
        return None

    def _open(self, name: str) -> None:
        if name in self.closed:
            raise AccessRefusedError(f"{name} answered AccessDenied")
