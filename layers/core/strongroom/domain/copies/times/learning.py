"""How long a copy may take: what the intent says at least, more where this resource's latest copies took longer."""

from datetime import timedelta
from typing import Final

from strongroom.domain.intent.model import Deadlines

# Of each resource and destination so many copies are remembered.
REMEMBERED: Final = 10
# A copy that takes half as long again as the longest of them is still nothing to tell.
_ALLOWANCE: Final = 1.5


def time_allowed(took: tuple[timedelta, ...], *, turn: int, deadlines: Deadlines) -> timedelta:
    """How long after its backup the copy must be verified, which is the `turn`-th of its rule.

    `took` are the latest copies of the resource to that destination. Of the first one nothing is known but that it is
    a full one: it has all the time that the intent gives.
    """
    least, most = turn * deadlines.copy_verified_within, turn * deadlines.verified_at_most
    if not took:
        return most
    learnt = timedelta(seconds=round(_ALLOWANCE * max(took).total_seconds()))
    return min(most, max(least, learnt))
