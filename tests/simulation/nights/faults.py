"""What goes wrong, how often, and in which families of histories."""

from enum import StrEnum
from typing import Final

from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import MINUTE, SECOND

# Per thing that it can happen to: a backup, a copy, an event, an invocation, an account, a history.
OF_AWS: Final = {
    "backup-never": 0.03,
    "backup-fails": 0.06,
    "backup-slow": 0.06,
    "backup-stuck": 0.03,
    "backup-issues": 0.05,
    "resource-gone": 0.03,
    "account-gone": 0.03,
    # A resource that nobody told us of when it was made.
    "unknown": 0.2,
    "copy-never": 0.05,
    "copy-fails": 0.08,
    # Failed for a reason that no other try mends.
    "copy-hopeless": 0.04,
    "copy-slow": 0.05,
    "copy-stuck": 0.02,
    "copy-near": 0.3,
    "copy-wrong": 0.04,
    "copy-phantom": 0.03,
    "copy-vanishes": 0.03,
    # Of those that are read again.
    "sample-vanishes": 0.3,
    "poison": 0.08,
    # In all of a history: whether a copy is listed while it waits for its turn is not documented.
    "copy-unlisted": 0.5,
    # A copy whose completed job the organisation's list never shows, as in Regions that it does not watch.
    "copy-off-list": 0.1,
    # An answer that a copy is gone which is there.
    "blink": 0.2,
    "lag-describe": 0.2,
    "lag-list-points": 0.2,
    "lag-list-jobs": 0.2,
}
OF_DELIVERY: Final = {
    "drop-backup": 0.15,
    "drop-copy": 0.15,
    "double": 0.3,
    "delay": 0.15,
    "align": 0.2,
    "quick": 0.2,
    "forged": 0.03,
    "forged-alert": 0.1,
    "bus-late": 0.1,
    "bus-double": 0.2,
}
OURS: Final = {
    "crash-before": 0.08,
    "crash-after": 0.08,
    "error": 0.08,
    "lost": 0.08,
    "ghost": 0.1,
    "slow": 0.1,
    "sqs-twice": 0.15,
    "skew": 0.3,
    "jitter": 0.15,
    "index-lag": 0.2,
    "throttled": 0.05,
    "refused": 0.03,
    "topic-down": 0.1,
    "outage": 0.2,
    "outage-days": 0.06,
}
# One of these strikes an invocation, at one of its calls.
AT_A_CALL: Final = ("crash-before", "crash-after", "error", "lost", "ghost", "slow")

# By how much an answer may be too old: vaults' lists by less than the grace and two clocks' difference.
LAGS: Final = {"lag-describe": 8 * MINUTE, "lag-list-points": 450 * SECOND, "lag-list-jobs": 630 * SECOND}
INDEX_LAG: Final = 3 * MINUTE
CLOCKS_DIFFER: Final = 2 * MINUTE


class Family(StrEnum):
    """Which faults a history has: none of ours, so that the clock is judged; few of AWS's; all; long outages."""

    CLOCK = "clock"
    OURS = "ours"
    ALL = "all"
    AWAY = "away"


_TURNS: Final = (*(Family.CLOCK, Family.OURS, Family.ALL) * 3, Family.CLOCK, Family.ALL, Family.AWAY)


def family_of(seed: int) -> Family:
    """The family of a history, by its number: one in twelve is of long outages."""
    return _TURNS[seed % len(_TURNS)]


def set_rates(chance: Chance, family: Family) -> None:
    """Draw which kinds of faults this history has, and how often each."""
    sides = {
        Family.CLOCK: ((OF_AWS, 0.5), (OF_DELIVERY, 0.5)),
        Family.OURS: ((OF_AWS, 0.2), (OF_DELIVERY, 0.5), (OURS, 0.5)),
        Family.ALL: ((OF_AWS, 0.5), (OF_DELIVERY, 0.5), (OURS, 0.34)),
        Family.AWAY: ((OF_AWS, 0.5), (OF_DELIVERY, 0.34), (OURS, 0.34)),
    }
    for kinds, share in sides[family]:
        for kind, rate in kinds.items():
            if chance.draw(f"has {kind}") < share:
                chance.rate(kind, min(0.9, rate * chance.choose(f"times {kind}", 0.25, 0.5, 1.0, 4.0)))
    if family is Family.AWAY:
        chance.rate("outage-days", 0.5)


def is_ours(fault: str) -> bool:
    """Whether the fault, by its name, is one of our own side."""
    return fault.partition("|")[0] in OURS
