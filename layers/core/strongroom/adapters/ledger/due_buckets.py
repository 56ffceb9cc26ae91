"""The buckets of the sparse index `due`: a day in eight shards, so that no partition takes a whole night's writes."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_SHARDS = 8
_DAYS_BACK = 3


def due_bucket(due_at: datetime, *, key: str) -> str:
    """The bucket of the sparse index that a promise is due in: its day, and one of eight shards by its key."""
    shard = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _SHARDS
    return f"{due_at.astimezone(UTC):%Y-%m-%d}#{shard}"


def due_buckets(now: datetime) -> Iterator[str]:
    """Every bucket that can hold something overdue, oldest first: today and three days back, in all shards."""
    for days in range(_DAYS_BACK, -1, -1):
        day = now.astimezone(UTC) - timedelta(days=days)
        for shard in range(_SHARDS):
            yield f"{day:%Y-%m-%d}#{shard}"
