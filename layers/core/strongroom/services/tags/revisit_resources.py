"""Look again at what could not be tagged yet, and at what was written and not yet seen."""

from __future__ import annotations

from collections import Counter
from itertools import batched
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import StrongroomError
from strongroom.services.tags.see_to import see_to
from strongroom.services.tags.tagging_needs import TaggingNeeds, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.tags.judging import Place
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.domain.tags.waiting import Task

# What is left over is still due a minute later.
LIMIT: Final = 1_000
# So many are seen to, and said, before the next are begun.
_SLICE: Final = 100


class ResourceRevisitNeeds(TaggingNeeds, frozen=True, kw_only=True):
    """What looking again at resources needs of the world."""


class RevisitVerdict(Struct, frozen=True, kw_only=True):
    """What one round came to: how many in which state, and the verdict on each."""

    counts: dict[str, int]
    verdicts: tuple[TagVerdict, ...]


def revisit_resources(*, needs: TaggingNeeds, now: datetime, limit: int = LIMIT) -> RevisitVerdict:
    """Look at up to `limit` resources whose time has come; what waits for an account that nobody can place goes on."""
    tasks = needs.resources.waiting(now, most=limit)
    places = _places({task.made.resource.account for task in tasks}, needs=needs, now=now)
    placed = [task for task in tasks if task.made.resource.account in places]
    verdicts: list[TagVerdict] = []
    for some in batched(_by_account(placed), _SLICE, strict=False):
        remembered = needs.resources.recall(arn for task in some for arn in (task.arn, *task.made.origins))
        verdicts += see_to(some, places=places, remembered=remembered, needs=needs, now=now).values()
    counts = dict(Counter(str(verdict.state) for verdict in verdicts))
    return RevisitVerdict(counts=counts, verdicts=tuple(verdicts))


def _by_account(tasks: Sequence[Task]) -> list[Task]:
    """Those of one account beside each other, so that a slice has much of what is seen to together."""
    return sorted(tasks, key=lambda task: task.made.resource.account)


def _places(accounts: set[AccountId], *, needs: TaggingNeeds, now: datetime) -> dict[AccountId, Place]:
    places: dict[AccountId, Place] = {}
    for account in sorted(accounts):
        try:
            places[account] = place_of(account, needs=needs, now=now)
        except StrongroomError:
            # Organizations is too busy: what lies there is due at the next round.
            continue
    return places
