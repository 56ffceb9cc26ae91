"""Eight buckets of the sparse index `due`, so that none takes a whole night's writes.

A bucket holds what is due at any time, as the index is sorted by that: whatever was left over is found, however late.
Promises, expected backups and heartbeats share them, so that a sweep asks eight times, whatever it looks for.
"""

import hashlib
from typing import Final

_SHARDS: Final = 8

DUE_BUCKETS: Final = tuple(f"promise#{shard}" for shard in range(_SHARDS))


def due_bucket(key: str) -> str:
    """The bucket of what is known by this key."""
    return DUE_BUCKETS[hashlib.sha256(key.encode()).digest()[-1] % _SHARDS]
