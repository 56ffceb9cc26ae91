"""What an inventory asks of an account: calls, in three Regions of 210 things each, and of ten times as many."""

import time
from typing import Final

from benchmarks.measurement import CALLS, Measurement
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from tests.simulation.inventories.account import AccountPlayed, Took

REGIONS: Final = (Region("eu-west-1"), Region("eu-central-1"), Region("eu-north-1"))
MOST_CALLS: Final = 60
MOST_CALLS_OF_TEN_TIMES: Final = 100


def measure_inventory(intent: Intent) -> tuple[Measurement, ...]:
    """Calls of lists in an account that was never seen, in one that was, and in one with ten times as many things."""
    middling = AccountPlayed(intent, regions=REGIONS)
    first, again = middling.go_through(), middling.go_through()
    large = AccountPlayed(intent, regions=REGIONS, times=10)
    large.go_through()
    began = time.process_time()
    of_large = large.go_through()
    seconds = time.process_time() - began
    return (
        _row("inventory.first", first, most=MOST_CALLS),
        _row("inventory.again", again, most=MOST_CALLS, is_nothing_looked_at=True),
        _row("inventory.large", of_large, most=MOST_CALLS_OF_TEN_TIMES, is_nothing_looked_at=True, seconds=seconds),
    )


def _row(
    name: str, took: Took, *, most: int, is_nothing_looked_at: bool = False, seconds: float | None = None
) -> Measurement:
    calls, looked_at = took.calls.total(), len(took.looked_at)
    holds = calls <= most and not (is_nothing_looked_at and looked_at)
    target = f"<= {most}" + (", none for a single thing" if is_nothing_looked_at else "")
    cpu = {} if seconds is None else {"cpu_seconds": round(seconds, 3)}
    detail = {"things": took.listed, "looked_at_by_themselves": looked_at, "target": target, "holds": holds}
    return Measurement(name=name, value=calls, unit=CALLS, detail={**detail, **cpu})
