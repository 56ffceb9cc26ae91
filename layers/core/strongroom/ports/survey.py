"""What a survey asks of a live organisation; every answer is a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.backup_policy.documents import Document
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.rollout.live import LiveAttachment, LivePolicy
    from strongroom.domain.survey.found import AccountPlan, LandingZoneFound, OrganizationFound, VaultFound


class OrganizationReader(Protocol):
    """The organisation itself."""

    def organization(self) -> OrganizationFound:
        """Id, root, units and active accounts; WrongAccountError outside the management account."""

    def administrators(self) -> tuple[AccountId, ...]:
        """The delegated administrators of AWS Backup."""

    def effective_backup_policy(self, account: AccountId) -> Document:
        """The backup policy that AWS merges for the account; empty where there is none."""

    def tag_keys(self) -> tuple[str, ...]:
        """The keys that tag policies are about."""


class PolicyReader(Protocol):
    """The policies of the organisation."""

    def policies(self, ours: frozenset[str]) -> tuple[LivePolicy, ...]:
        """Backup policies and service control policies; documents of the backup policies that are attached."""

    def attached(self, target: str) -> tuple[LiveAttachment, ...]:
        """Every policy of both types on the target itself."""


class LandingZoneReader(Protocol):
    """The landing zone of AWS Control Tower."""

    def landing_zone(self, region: Region) -> LandingZoneFound | None:
        """The one whose home that Region is, None where there is none."""


class AccountReader(Protocol):
    """What AWS Backup has in an account."""

    def vaults(self, account: AccountId, region: Region) -> Mapping[str, VaultFound]:
        """Every vault there, by its ARN."""

    def plans(self, account: AccountId, region: Region) -> tuple[AccountPlan, ...]:
        """The plans that somebody made there; those of policies are left out."""
