"""How fast tags are written: a bucket of tokens for each account, Region and service, emptied by each write."""

from copy import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.facets.tagging import Pace

# A rate that was halved is whole again after this.
_RECOVERS_IN: Final = timedelta(minutes=5)
_SLOWEST: Final = 16


class Bucket(Struct, frozen=True, kw_only=True):
    """So many tokens, at a moment, and how many come a second; `share` of the service's rate is ours."""

    pace: Pace
    tokens: float
    per_second: float
    at: datetime


def full_bucket(pace: Pace, *, share: float, now: datetime) -> Bucket:
    """A bucket that nobody has taken from, which our share of the service's rate fills.

    It holds what the service takes at once: that several empty theirs at the same moment is what refusals are for.
    """
    ours = Pace(per_second=pace.per_second * share, burst=pace.burst)
    return Bucket(pace=ours, tokens=ours.burst, per_second=ours.per_second, at=now)


def taken(bucket: Bucket, *, now: datetime) -> Bucket | datetime:
    """The bucket without one token; when there will be one, where there is none."""
    filled = _filled(bucket, now=now)
    if filled.tokens >= 1:
        return replace(filled, tokens=filled.tokens - 1)
    return now + timedelta(seconds=(1 - filled.tokens) / filled.per_second)


def halved(bucket: Bucket, *, now: datetime) -> Bucket:
    """The bucket after the service refused a call for being too busy: empty, and filled half as fast."""
    slower = max(bucket.per_second / 2, bucket.pace.per_second / _SLOWEST)
    return replace(bucket, tokens=0.0, per_second=slower, at=now)


def _filled(bucket: Bucket, *, now: datetime) -> Bucket:
    elapsed = max(timedelta(), now - bucket.at)
    whole = bucket.pace.per_second
    per_second = min(whole, bucket.per_second + whole * (elapsed / _RECOVERS_IN))
    tokens = min(bucket.pace.burst, bucket.tokens + per_second * elapsed.total_seconds())
    return replace(bucket, tokens=tokens, per_second=per_second, at=max(now, bucket.at))
