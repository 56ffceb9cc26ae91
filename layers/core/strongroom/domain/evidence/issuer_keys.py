"""The identity provider's keys as they were seen at it: what its tokens are judged by once it has replaced them.

Each sight is a text of the format `strongroom-issuer-keys/1`, with both documents as they were published.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.trust import Period
from strongroom.domain.written import json_of, moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

FORMAT: Final = "strongroom-issuer-keys/1"
LATE: Final = timedelta(hours=1)
"""How long a key counts after it was seen to be gone: what it had signed was put, and logged, a while later."""

_LARGEST: Final = 500_000


class IssuerDocuments(Struct, frozen=True, kw_only=True):
    """What an issuer publishes: its description of itself (OpenID Connect Discovery 1.0) and its keys (RFC 7517)."""

    configuration: Any
    keys: Any


class SeenKeys(Struct, frozen=True, kw_only=True):
    """The thumbprints (RFC 7638) of the keys that an issuer published at that time, and that sign ID tokens here."""

    issuer: str
    seen_at: datetime
    thumbprints: frozenset[str]


def seen_keys_text(issuer: str, documents: IssuerDocuments, *, at: datetime) -> str:
    """The text of a sight; MalformedRecordError where the documents are too large, or hold no key that signs here."""
    text = canonical_text(
        {
            "configuration": _written(documents.configuration),
            "format": FORMAT,
            "issuer": issuer,
            "jwks": _written(documents.keys),
            "seen_at": moment_text(at),
        }
    )
    if len(text) > _LARGEST:
        raise MalformedRecordError(f"what the issuer publishes has {len(text)} characters")
    if not read_seen_keys(text).thumbprints:
        raise MalformedRecordError("the issuer publishes no key that signs ID tokens here")
    return text


def read_seen_keys(text: str) -> SeenKeys:
    """The sight that a canonical text tells of; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("configuration", "format", "issuer", "jwks", "seen_at"))
    if content["format"] != FORMAT:
        raise MalformedRecordError(f"the keys are not of the format {FORMAT}")
    keys = json_of(text_of(content["jwks"], of="jwks").encode(), of="jwks")
    listed = keys.get("keys") if isinstance(keys, dict) else None
    return SeenKeys(
        issuer=text_of(content["issuer"], of="issuer"),
        seen_at=moment_of(content["seen_at"], of="seen_at"),
        thumbprints=frozenset(_thumbprints(listed if isinstance(listed, list) else [])),
    )


def known_keys(sights: Iterable[SeenKeys], *, issuer: str) -> dict[str, Period]:
    """Each key of the issuer that was ever seen, until it was gone; of the newest sight without an end."""
    ordered = sorted((each for each in sights if each.issuer == issuer), key=lambda each: each.seen_at)
    known: dict[str, Period] = {}
    for sight in ordered:
        for thumbprint in known.keys() - sight.thumbprints:
            if known[thumbprint].until is None:
                known[thumbprint] = Period(until=sight.seen_at + LATE)
        known |= dict.fromkeys(sight.thumbprints, Period())
    return known


def _written(document: Any) -> str:
    """As JSON in ASCII, because an issuer may publish what canonical texts do not hold, floats among it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _thumbprints(keys: Iterable[Any]) -> Iterator[str]:
    for key in keys:
        try:
            if isinstance(key, dict):
                yield thumbprint_of(key)
        except MalformedRecordError:
            continue  # an issuer may publish keys of other kinds, and they must not hurt
