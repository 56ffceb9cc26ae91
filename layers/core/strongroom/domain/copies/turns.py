"""Whose promises a sweep looks at first, where there are more than it can look at."""

from collections import Counter
from collections.abc import Iterable, Iterator

from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.identifiers import AccountId


def in_turn(promises: Iterable[PromiseKey], *, share: int, most: int) -> Iterator[PromiseKey]:
    """The first `share` promises of each account in their order, and then as many as `most` of those left over."""
    taken: Counter[AccountId] = Counter()
    left_over: list[PromiseKey] = []
    for promise in promises:
        if taken[promise.account] < share:
            taken[promise.account] += 1
            yield promise
        elif len(left_over) < most:
            left_over.append(promise)
    yield from left_over
