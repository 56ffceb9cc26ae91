"""What a survey finds in a live organisation, and what it could not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.backup_policy.documents import Document
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.preview.tree import LiveTree
    from strongroom.domain.rollout.live import LivePolicy


class OrganizationFound(Struct, frozen=True, kw_only=True):
    """The organisation with its units and its active accounts."""

    id: str
    management_account: AccountId
    tree: LiveTree

    @property
    def root_id(self) -> str:
        """The id of the root."""
        return next(unit for unit, parent in self.tree.units.items() if parent is None)

    @property
    def units(self) -> tuple[str, ...]:
        """The ids of the units by their names, each after the one that it lies in."""
        return tuple(sorted((unit for unit, parent in self.tree.units.items() if parent), key=self.tree.name))

    @property
    def members(self) -> tuple[AccountId, ...]:
        """The active accounts."""
        return tuple(self.tree.accounts)

    def path(self, place: str) -> tuple[str, ...]:
        """The ids from the root to a place, both included; empty for what does not lie in the organisation."""
        way = tuple(self.tree.way(place))
        return way[::-1] if way[-1] == self.root_id else ()


class LandingZoneFound(Struct, frozen=True, kw_only=True):
    """The landing zone of AWS Control Tower: its accounts, as far as it names them, and its Regions."""

    regions: tuple[Region, ...] = ()
    audit_account: AccountId | None = None
    backup_administrator: AccountId | None = None


class VaultFound(Struct, frozen=True, kw_only=True):
    """A vault and its lock: in compliance mode with a `lock_date`, from which on nobody can loosen it.

    The lock of an air-gapped vault binds from the first moment on.
    """

    is_locked: bool = False
    min_retention_days: int | None = None
    max_retention_days: int | None = None
    lock_date: datetime | None = None
    created_at: datetime | None = None
    is_air_gapped: bool = False


class AccountPlan(Struct, frozen=True, kw_only=True):
    """A backup plan that somebody made in an account, written as an effective policy would write it."""

    account: AccountId
    name: str
    plan: Document


class Unseen(Struct, frozen=True, kw_only=True):
    """A question that stays open, and what stood in the way of its answer."""

    section: str
    question: str
    reason: str


class Surveyed(Struct, frozen=True, kw_only=True):
    """Everything that was found.

    `scps` are the names of the service control policies by the unit, account or root that they are attached to;
    `vaults` are by ARN, those of the places that were looked at; `effective` is what AWS merges for an account.
    """

    organization: OrganizationFound
    region: Region
    administrators: tuple[AccountId, ...] = ()
    landing_zone: LandingZoneFound | None = None
    policies: tuple[LivePolicy, ...] = ()
    scps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scps_per_target: int | None = None
    tag_keys: tuple[str, ...] = ()
    effective: Mapping[AccountId, Document] = field(default_factory=dict)
    plans: tuple[AccountPlan, ...] = ()
    vaults: Mapping[str, VaultFound] = field(default_factory=dict)
    looked_at: frozenset[tuple[AccountId, Region]] = frozenset()
    unseen: tuple[Unseen, ...] = ()
