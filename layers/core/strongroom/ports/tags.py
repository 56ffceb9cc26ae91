"""What is asked about the tags of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.tags.verdicts import TagVerdict


class RestoredTags(Protocol):
    """Tags of what was restored."""

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags to the resource and leave its others alone."""


class ResourceTags(Protocol):
    """The tags of a resource in a member account, at its own service."""

    def read(self, arn: str, *, account: AccountId, region: Region) -> dict[str, str]:
        """The tags now; NotFoundError when the resource is gone, ResourceNotReadyError when it is too early."""

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags and leave the others alone; the same errors."""


class ResourceBook(Protocol):
    """Remembers the tier of every resource."""

    def record_tag(self, verdict: TagVerdict, *, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already."""

    def tier_of(self, arn: str) -> str | None:
        """The tier of a resource, or of what a recovery point was made of, as far as it is remembered."""
