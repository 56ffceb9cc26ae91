"""Whose promises, expected backups and heartbeats a sweep looks at first, where there are more than it can look at."""

from collections import Counter
from collections.abc import Iterable, Iterator

from strongroom.domain.copies.expected.backups import BackupKey
from strongroom.domain.copies.obstacles import GroupKey
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.health.heartbeats import BeatKey
from strongroom.domain.identifiers import AccountId

type DueKey = PromiseKey | BackupKey | BeatKey | GroupKey


def in_turn(listed: Iterable[DueKey], *, share: int, most: int) -> Iterator[DueKey]:
    """The first `share` of each account in their order, and then as many as `most` of those left over."""
    taken: Counter[AccountId] = Counter()
    left_over: list[DueKey] = []
    for key in listed:
        if taken[key.account] < share:
            taken[key.account] += 1
            yield key
        elif len(left_over) < most:
            left_over.append(key)
    yield from left_over
