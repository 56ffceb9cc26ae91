"""Look which keys the identity provider publishes, and keep them where nobody changes them."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.evidence.issuer_keys import read_seen_keys, seen_keys_text
from strongroom.domain.evidence.object_keys import sight_key
from strongroom.services.evidence.read_issuer_keys import recent_sights

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.evidence.issuer_keys import SeenKeys
    from strongroom.ports.evidence import EvidenceShelf, IssuerSite

_RENEWED: Final = timedelta(days=7)


class SightState(StrEnum):
    """What became of a look at the identity provider."""

    KEPT = "kept"
    KNOWN = "known"


class IssuerKeysVerdict(Struct, frozen=True, kw_only=True):
    """How many keys the issuer publishes, and whether that is kept anew."""

    state: SightState
    reason: str
    keys: int


class IssuerKeysWatched(Struct, frozen=True, kw_only=True):
    """The verdict on the issuer."""

    verdict: IssuerKeysVerdict


class IssuerKeysNeeds(Struct, frozen=True, kw_only=True):
    """The issuer by its name, where it publishes, and where that is kept."""

    issuer: str
    site: IssuerSite
    shelf: EvidenceShelf


def watch_issuer_keys(*, needs: IssuerKeysNeeds, now: datetime) -> IssuerKeysWatched:
    """Keep what the issuer publishes when its keys are others than were seen last, and once a week besides.

    TemporarilyUnavailableError when it cannot be reached, MalformedRecordError when it publishes no key,
    NotAuthenticatedError when it describes another issuer.
    """
    text = seen_keys_text(needs.issuer, needs.site.documents(), at=now)
    seen = read_seen_keys(text)
    last = max(recent_sights(needs.shelf, issuer=needs.issuer, now=now), key=lambda each: each.seen_at, default=None)
    if last is not None and last.thumbprints == seen.thumbprints and now - last.seen_at < _RENEWED:
        return _told(SightState.KNOWN, "the same as were seen last", seen)
    needs.shelf.put_new(sight_key(needs.issuer, at=now), text)
    return _told(SightState.KEPT, "seen for the first time" if last is None else "kept anew", seen)


def _told(state: SightState, reason: str, seen: SeenKeys) -> IssuerKeysWatched:
    count = len(seen.thumbprints)
    told = f"{count} keys of {seen.issuer}, {reason}"
    return IssuerKeysWatched(verdict=IssuerKeysVerdict(state=state, reason=told, keys=count))
