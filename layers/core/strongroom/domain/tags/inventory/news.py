"""What of a list is news: what the ledger says already costs no look, and no word."""

from datetime import datetime, timedelta
from typing import Final

from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.tags.inventory.lists import LISTS, Item
from strongroom.domain.tags.inventory.runs import Mark, Place, Run
from strongroom.domain.tags.remembered import Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict

# An event may be so late.
EVENTS_TAKE: Final = timedelta(minutes=15)
# In these a resource is in a tier.
_RIGHT: Final = (TagState.COMPLIANT, TagState.TAGGED, TagState.CORRECTED, TagState.CANNOT)


def first_mark(place: Place, *, is_last: bool, now: datetime) -> Mark:
    """The mark of a place before its first page; what one list tells of all Regions is read in the last of them."""
    left = tuple(name for name, (_, listing) in LISTS.items() if is_last or not listing.is_of_account)
    return Mark(place=place, left=tuple(sorted(left, key=lambda name: LISTS[name][1].is_of_account)), seen_at=now)


def is_settled(item: Item, verdict: TagVerdict, known: Remembered | None) -> bool:
    """Whether the ledger says the same of a resource, so that nobody has to look at it."""
    if verdict.state is TagState.NOT_GOVERNED or item.cover is not None:
        return True
    if known is None:
        return False
    if known.waits:
        return True
    if verdict.writes or (known.is_limited and _may_be_lifted(item)):
        return False
    if verdict.found_right:
        return known.tier == verdict.tier and known.state in _RIGHT and not known.is_told
    is_same = known.state == verdict.state and known.tier == verdict.tier
    return is_same and (known.is_told or not verdict.is_alarming)


def wants_look(item: Item, verdict: TagVerdict) -> bool:
    """Whether a list does not show all that the verdict on something unknown or changed hangs on."""
    return bool(verdict.writes) or (verdict.tier is not None and any(map(_is_unlisted, item.type.limits)))


def wants_key(item: Item, known: Remembered | None) -> bool:
    """Whether of something settled its list names the key of which nobody has said yet who manages it."""
    return known is not None and known.is_key_untold and bool(item.keys)


def is_untold(verdict: TagVerdict, known: Remembered | None, *, item: Item, run: Run, now: datetime) -> bool:
    """Whether no event had told what the inventory found; what it found itself on a page that is read again counts."""
    if item.made_at is not None and now - item.made_at < EVENTS_TAKE:
        return False
    if known is None or known.event_id == run.event_id or verdict.writes:
        return True
    return known.tier != verdict.tier or (known.state != verdict.state and verdict.state not in _RIGHT)


def _may_be_lifted(item: Item) -> bool:
    return any(limit.unless is not None and limit.stops_backups for limit in item.type.limits)


def _is_unlisted(limit: Limit) -> bool:
    return limit.unless is not None or (limit.of_key and not limit.key_at)
