"""Where what is set again lies, against which is told what belongs to somebody else."""

from __future__ import annotations

from typing import Self

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Arn, Region


class Place(Struct, frozen=True, kw_only=True):
    """The partition, account and Region of what a call is made on."""

    partition: str
    account: AccountId
    region: Region

    @classmethod
    def of(cls, resource: str, *, account: AccountId, region: Region) -> Self:
        """Where that resource lies; a bucket's ARN says neither account nor Region."""
        return cls(partition=Arn.parse(resource).partition, account=account, region=region)
