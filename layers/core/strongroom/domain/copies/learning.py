"""How what became of a backup or a copy was learnt, and how much of it by no event: that is what events lose."""

from collections.abc import Iterable

from strongroom.domain.copies.promises import Learnt
from strongroom.domain.health.metrics import Metric

_BY_EVENT = frozenset({Learnt.EVENT, Learnt.COPY})


def measures_of(learnt: Iterable[Learnt | None]) -> dict[Metric, float]:
    """How many were told by an event, and how many found by a look or in a list; None is nothing new."""
    news = [each for each in learnt if each is not None]
    told = sum(each in _BY_EVENT for each in news)
    counts: dict[Metric, float] = {Metric.TOLD_BY_EVENT: told, Metric.FOUND_WITHOUT_EVENT: len(news) - told}
    return {metric: count for metric, count in counts.items() if count}
