"""Whose promises, expected backups and heartbeats a sweep looks at first, where there are more than it can look at."""

from collections.abc import Iterable, Iterator, Mapping

from strongroom.domain.copies.expected.backups import BackupKey
from strongroom.domain.copies.obstacles import GroupKey
from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.health.heartbeats import BeatKey
from strongroom.domain.identifiers import AccountId

type DueKey = PromiseKey | BackupKey | BeatKey | GroupKey


def in_turn(listed: Iterable[DueKey], *, share: int, most: int, taken: Mapping[AccountId, int]) -> Iterator[DueKey]:
    """Those of each account in their order until it has had its `share`, and then `most` of those left over.

    `taken` is how much each account has had, which whoever looks counts on while the keys are handed out.
    """
    left_over: list[DueKey] = []
    for key in listed:
        if taken.get(key.account, 0) < share:
            yield key
        elif len(left_over) < most:
            left_over.append(key)
    yield from left_over
