"""What a preview asks of the world, besides what a rollout has read: who is where, what is there, how large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.preview.resources.inventory import Resource
    from strongroom.domain.preview.tree import LiveTree


class OrganizationTree(Protocol):
    """The units and accounts of the organisation."""

    def read(self) -> LiveTree:
        """All units, and the accounts that are active."""


class ResourceFinder(Protocol):
    """What accounts have."""

    def resources(
        self, places: Sequence[tuple[AccountId, Region]]
    ) -> Mapping[tuple[AccountId, Region], tuple[Resource, ...] | None]:
        """What AWS Backup could protect in each place, with its tags; None where nobody may look.

        Whoever answers from the Resource Groups Tagging API does not see what never had a tag.
        """


class BackupSizes(Protocol):
    """How large backups are."""

    def last_sizes(self, region: Region) -> Mapping[str, float]:
        """The gigabytes of the newest backup of each resource, by its ARN, in all accounts; of the last 30 days."""
