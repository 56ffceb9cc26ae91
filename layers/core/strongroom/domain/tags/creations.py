"""What an API call created, as its record tells: each thing's ARN, and where it lives.

Names collide across services (CreateTable, CreateVolume, CreateFileSystem), so a call is known by event source and
event name together. What a record names is believed only where the row says that such a call makes such a thing there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.calls import texts_at, values_at
from strongroom.domain.catalogue.facets.creations import Creation, Named
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import AccountId, Region, parse_region
from strongroom.domain.partitions import partition_of
from strongroom.domain.tags.signs import Record, type_of

_QUOTED: Final = 200
# How S3 calls the first Region in Europe (S3 API reference, CreateBucketConfiguration).
_OLD_NAMES: Final = {"EU": "eu-west-1"}


class Resource(Struct, frozen=True, kw_only=True):
    """Something that a call created, and where it lives."""

    arn: str
    label: str
    account: AccountId
    region: Region


class Misfit(Struct, frozen=True, kw_only=True):
    """What a record named and such a call cannot have made there, quoted, and why.

    `is_elsewhere` where it is well, but of another account, which hears of it by itself.
    """

    text: str
    reason: str
    is_elsewhere: bool = False


class Found(Struct, frozen=True, kw_only=True):
    """What a record names: what is believed, and what is not. Both are empty where it names nothing."""

    resources: tuple[Resource, ...] = ()
    misfits: tuple[Misfit, ...] = ()


type KnownCreation = tuple[ResourceType, Creation]

# What a call makes, by its action; a call that is not here creates nothing that we know.
CREATIONS: Final[dict[str, KnownCreation]] = {
    creation.call: (row, creation) for row in ROWS for creation in row.creations if creation.is_read
}


class _Spoken(Struct, frozen=True, kw_only=True):
    """A text that names something, and the Region and account in which the record says that it lies."""

    text: str
    home: str
    owner: str


def find_resources(
    known: KnownCreation,
    *,
    request: Mapping[str, Any] | None,
    response: Mapping[str, Any] | None,
    account: AccountId,
    region: Region,
) -> Found:
    """Everything that the record of a call by this account in this Region names."""
    row, creation = known
    kinds = creation.names or (type_of(row, Record(request=request, response=response)),)
    spoken = _spoken(creation, request, response, account=account, region=region)
    judged = [_judge(kinds, each, creation, account=account, region=region) for each in dict.fromkeys(spoken)]
    return Found(
        resources=tuple(each for each in judged if isinstance(each, Resource)),
        misfits=tuple(each for each in judged if isinstance(each, Misfit)),
    )


def _spoken(
    creation: Creation,
    request: Mapping[str, Any] | None,
    response: Mapping[str, Any] | None,
    *,
    account: AccountId,
    region: Region,
) -> Iterator[_Spoken]:
    if creation.per is not None:
        for item in values_at(response, creation.per):
            yield from _spoken_by(item, creation, account=account)
        return
    homes = () if creation.home is None else texts_at(request, creation.home)
    if creation.is_elsewhere:
        # A replica is never in the Region of the table that it is one of.
        homes = tuple(home for home in homes if home != region)
    else:
        homes = (next(iter(homes), "") or region,)
    for text in _texts(creation, request, response):
        yield from (_Spoken(text=text, home=_OLD_NAMES.get(home, home), owner=account) for home in homes)


def _spoken_by(item: Any, creation: Creation, *, account: AccountId) -> Iterator[_Spoken]:
    """What one item of an answer's list names; without a Region of its own it is nowhere."""
    home = next(iter(texts_at(item, creation.home or "")), "")
    owners = () if creation.owner is None else values_at(item, creation.owner)
    # A number has lost the zeros that it began with.
    owner = next((f"{each:012d}" if isinstance(each, int) else str(each) for each in owners if each), account)
    for path in creation.response:
        yield from (_Spoken(text=text, home=home, owner=owner) for text in texts_at(item, path))


def _texts(
    creation: Creation, request: Mapping[str, Any] | None, response: Mapping[str, Any] | None
) -> tuple[str, ...]:
    ways = (*((response, path) for path in creation.response), *((request, path) for path in creation.request))
    found = next((texts for document, path in ways if (texts := texts_at(document, path))), ())
    if found or creation.request_joined is None:
        return found
    parts = re.split(r"{(.+?)}", creation.request_joined)
    said = [part if number % 2 == 0 else "".join(texts_at(request, part)[:1]) for number, part in enumerate(parts)]
    return ("".join(said),) if all(said[1::2]) else ()


def _judge(
    kinds: tuple[ResourceType | Named, ...],
    spoken: _Spoken,
    creation: Creation,
    *,
    account: AccountId,
    region: Region,
) -> Resource | Misfit:
    quoted = spoken.text[:_QUOTED]
    if spoken.owner != account:
        reason = f"it lies in account {spoken.owner[:_QUOTED]}, whose own event or inventory finds it"
        return Misfit(text=quoted, reason=reason, is_elsewhere=True)
    try:
        home = parse_region(spoken.home)
    except MalformedIdentifierError as error:
        return Misfit(text=quoted, reason=str(error))
    if partition_of(home) != partition_of(region):
        return Misfit(text=quoted, reason=f"{home} lies in another partition than {region}")
    named_in = region if creation.is_elsewhere else home
    if (found := find_resource(kinds, spoken.text, account=account, region=named_in, home=home)) is not None:
        return found
    labels = " and no ".join(kind.label for kind in kinds)
    return Misfit(text=quoted, reason=f"{quoted!r} names no {labels} of {account} in {named_in}")


def find_resource(
    kinds: Iterable[ResourceType | Named],
    text: str,
    *,
    account: AccountId,
    region: Region,
    home: Region | None = None,
) -> Resource | None:
    """What a text calls by ARN or id, as of that account and Region; it lies there, unless at `home`."""
    place = home or region
    for kind in kinds:
        if (name := _name(kind, text, account=account, region=region)) is not None:
            arn = _prefix(kind, account=account, region=place) + name
            return Resource(arn=arn, label=kind.label, account=account, region=place)
    return None


def _name(kind: ResourceType | Named, text: str, *, account: AccountId, region: Region) -> str | None:
    """What a text calls a thing of this kind, as its ARN ends; None where it cannot be one of this place."""
    prefix = _prefix(kind, account=account, region=region)
    name = text.removeprefix(prefix)
    if kind.is_id_lower_case and name == text:
        # A request keeps the caller's capitals, an ARN never does.
        name = name.lower()
    return None if re.fullmatch(kind.id_shape, name) is None else name


def _prefix(kind: ResourceType | Named, *, account: AccountId, region: Region) -> str:
    return kind.arn.format(partition=partition_of(region).name, region=region, account=account, id="")
