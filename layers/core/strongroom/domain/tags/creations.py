"""What an API call created, as its record tells: each thing's ARN, and where it lives.

Names collide across services (CreateTable, CreateVolume, CreateFileSystem), so a call is known by event source and
event name together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.calls import texts_at
from strongroom.domain.catalogue.model import Creation, ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Region, parse_region
from strongroom.domain.partitions import partition_of

_QUOTED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that a call created, and where it lives."""

    arn: str
    label: str
    account: AccountId
    region: Region


type KnownCreation = tuple[ResourceType, Creation]

# What a call makes, by its action; a call that is not here creates nothing that we know.
CREATIONS: Final[dict[str, KnownCreation]] = {
    creation.call: (row, creation) for row in ROWS for creation in row.creations if creation.is_read
}


def find_resources(
    known: KnownCreation,
    *,
    request: Mapping[str, Any] | None,
    response: Mapping[str, Any] | None,
    account: AccountId,
    region: Region,
) -> tuple[Resource, ...]:
    """Everything that the call created; empty when neither the answer nor the request names it.

    MalformedEventError where what is named cannot be what such a call creates, in its own account and Region.
    """
    kind, creation = known
    found = next((ids for path in creation.response if (ids := texts_at(response, path))), ())
    if not found and creation.request is not None:
        found = texts_at(request, creation.request)
    home = _home(creation, request) or region
    return tuple(
        Resource(
            arn=_arn(kind, text, account=account, region=home),
            label=kind.label,
            account=account,
            region=home,
        )
        for text in found
    )


def _arn(kind: ResourceType, text: str, *, account: AccountId, region: Region) -> str:
    prefix = kind.arn.format(partition=partition_of(region).name, region=region, account=account, id="")
    named = text.removeprefix(prefix)
    if re.fullmatch(kind.id_shape, named) is None:
        raise MalformedEventError(f"{text[:_QUOTED]!r} names no {kind.label} of {account} in {region}")
    is_as_typed = kind.is_id_lower_case and named == text
    return prefix + (named.lower() if is_as_typed else named)


def _home(creation: Creation, request: Mapping[str, Any] | None) -> Region | None:
    named = "" if creation.home is None else next(iter(texts_at(request, creation.home)), "")
    if not named:
        return None
    # `EU` is how S3 calls the first Region in Europe (S3 API reference, CreateBucketConfiguration).
    return parse_region("eu-west-1" if named == "EU" else named)
