"""What an item of a type's list says: which resource it is, its tags, what holds it, and its limits.

A list shows what the record of a creation has, in capitals: the row's signs mean the same of either.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.calls import texts_at, values_at
from strongroom.domain.catalogue.facets.creations import Cover
from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.catalogue.model import Listing, ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import AccountId, Region, parse_region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import choosing_keys
from strongroom.domain.tags.asked import pairs_in
from strongroom.domain.tags.creations import Resource, find_resource
from strongroom.domain.tags.signs import Record, held_in, keys_at, limits_of, type_of

type Listed = tuple[ResourceType, Listing]


def lists() -> dict[str, Listed]:
    """Each list that there is, by its name; of several types that one call lists, the first that has its ARN."""
    found: dict[str, Listed] = {}
    for row in ROWS:
        if row.listing is not None:
            found.setdefault(f"{row.service}:{row.listing.call}", (row, row.listing))
    return found


LISTS: Final = lists()


class Item(Struct, frozen=True, kw_only=True):
    """A resource as its list shows it; `tags` are None where the list shows none.

    `made_at` is None where the list does not say when it was made.
    """

    resource: Resource
    type: ResourceType
    tags: Mapping[str, str] | None
    made_at: datetime | None = None
    cover: str | None = None
    attached_to: str | None = None
    limits: tuple[Limit, ...] = ()
    keys: tuple[str, ...] = ()


def items_of(listed: Listed, answer: Mapping[str, Any], *, account: AccountId, region: Region) -> tuple[Item, ...]:
    """What an answer lists, without what is being deleted and what no policy could select."""
    _, listing = listed
    read = (_item(listed, each, account=account, region=region) for each in values_at(answer, listing.items))
    return tuple(item for item in read if item is not None)


def keys_that_choose(intent: Intent) -> tuple[str, ...]:
    """The tags by which tiers are chosen: what has none of them is in no tier by its tags."""
    return tuple(sorted({intent.tag_key, *choosing_keys(intent)}))


def _item(listed: Listed, found: Any, *, account: AccountId, region: Region) -> Item | None:
    row, listing = listed
    text = found if not listing.name else next(iter(texts_at(found, listing.name)), None)
    home = _home(listing, found, region=region)
    if not isinstance(text, str) or home is None or _has_ended(listing, found):
        return None
    record = Record(request=None, response=_as_recorded(listing, found))
    exact = type_of(row, record)
    resource = find_resource((exact,), text, account=account, region=home)
    if resource is None:
        return None
    return Item(
        resource=resource,
        type=exact,
        tags=None if listing.tags is None else _tags(found, listing.tags),
        made_at=_moment(found, listing.made_at),
        cover=held_in(_covers(row, listing), record),
        attached_to=next(iter(texts_at(found, listing.attached_to)), None) if listing.attached_to else None,
        limits=limits_of(exact, record),
        keys=keys_at(exact, record, account=account),
    )


def _home(listing: Listing, found: Any, *, region: Region) -> Region | None:
    if listing.home is None:
        return region
    try:
        return parse_region(next(iter(texts_at(found, listing.home)), ""))
    except MalformedIdentifierError:
        return None


def _has_ended(listing: Listing, found: Any) -> bool:
    return listing.state is not None and any(each in listing.ended for each in texts_at(found, listing.state))


def _tags(found: Any, path: str) -> dict[str, str]:
    carried = (each for value in values_at(found, path) for each in (value if isinstance(value, list) else [value]))
    return dict(pair for each in carried for pair in pairs_in(each))


def _moment(found: Any, path: str | None) -> datetime | None:
    moments = () if path is None else values_at(found, path)
    return next((each for each in moments if isinstance(each, datetime)), None)


def _covers(row: ResourceType, listing: Listing) -> tuple[Cover, ...]:
    of_creations = (cover for creation in row.creations for cover in creation.covers if cover.only_from is None)
    return tuple(dict.fromkeys((*of_creations, *listing.covers)))


def _as_recorded(listing: Listing, found: Any) -> dict[str, Any]:
    document: Any = _in_small(found)
    if not isinstance(document, dict):
        return {}
    return {listing.record: document} if listing.record else document


def _in_small(value: Any) -> Any:
    """As CloudTrail spells an answer: the first letter of each member is small."""
    if isinstance(value, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": _in_small(each) for name, each in value.items()}
    return [_in_small(each) for each in value] if isinstance(value, list) else value
