"""By which keys of the identity provider tokens are judged: those that are kept, and else what it publishes now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError
from strongroom.domain.evidence.issuer_keys import known_keys, read_seen_keys
from strongroom.domain.evidence.object_keys import sights_of
from strongroom.domain.proofs.trust import Period, Periods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from strongroom.domain.evidence.issuer_keys import SeenKeys
    from strongroom.ports.evidence import EvidenceTexts


def all_sights(shelf: EvidenceTexts, *, issuer: str) -> tuple[SeenKeys, ...]:
    """What the issuer was ever seen to publish; ApprovalVoidError where some of that was tampered with."""
    return _sights(shelf, sights_of(issuer))


def recent_sights(shelf: EvidenceTexts, *, issuer: str, now: datetime) -> tuple[SeenKeys, ...]:
    """The same of this month and the last: no request is open for longer, and once a week it is kept anew."""
    last_day = now.replace(day=1) - timedelta(days=1)
    return tuple(sight for month in (last_day, now) for sight in _sights(shelf, f"{sights_of(issuer)}{month:%Y-%m}-"))


class IssuerKeys(Mapping[str, Period | Periods]):
    """The issuer's keys by their thumbprints, looked for when the first token is held against them.

    A key that is kept is known while the provider is away; one that is not kept yet the provider itself must show.
    """

    def __init__(self, kept: Callable[[], Mapping[str, Period]], *, published: Mapping[str, Period | Periods]) -> None:
        """`kept` reads the keys that are kept, `published` asks the provider when it is looked into."""
        self._read = kept
        self._published = published

    @cached_property
    def _kept(self) -> Mapping[str, Period]:
        return self._read()

    def __getitem__(self, thumbprint: str) -> Period | Periods:
        return self._kept[thumbprint] if thumbprint in self._kept else self._published[thumbprint]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._published, **self._kept})

    def __len__(self) -> int:
        return len({**self._published, **self._kept})


def kept_keys(shelf: EvidenceTexts, *, issuer: str, now: datetime) -> dict[str, Period]:
    """The keys by which what people signed lately is judged."""
    return known_keys(recent_sights(shelf, issuer=issuer, now=now), issuer=issuer)


def _sights(shelf: EvidenceTexts, prefix: str) -> tuple[SeenKeys, ...]:
    try:
        return tuple(read_seen_keys(text) for text in shelf.texts(prefix).values())
    except MalformedRecordError as error:
        raise ApprovalVoidError(f"what is kept of the identity provider's keys cannot be read: {error}") from error
