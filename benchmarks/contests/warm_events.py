"""What one event costs a function that is warm, beside the bare calls that it makes, over TLS as on AWS.

Both keep botocore's habits; the bare script keeps every client and credential. The calls themselves are named, because
a ratio to one's own calls does not tell when there are too many of them.
"""

from collections.abc import Sequence
from typing import Final

from benchmarks.contests.contest import COLD, WARM, Size, compete
from benchmarks.contests.entrants import BARE, STRONGROOM, Arena, Recording, record
from benchmarks.contests.pair import PairCost, compete_in_pairs
from benchmarks.measurement import CALLS, MILLISECONDS, Measurement, at_most, compared
from benchmarks.workloads.copies import OPEN_PROMISES, VERIFY_COPY
from benchmarks.workloads.tags import ANSWER_DRIFT, ENFORCE_TAGS
from benchmarks.workloads.workload import Workload

WORKLOADS: Final = (*ENFORCE_TAGS.values(), OPEN_PROMISES, VERIFY_COPY)
DRIFT: Final = tuple(ANSWER_DRIFT.values())
WARM_RATIO: Final = 1.25
COLD_RATIO: Final = 1.25
# What is needed with clients and credentials kept. One more is a regression; one less is to be written down here.
_CALLS: Final = {
    "enforce_tags.dynamodb": 8,
    "enforce_tags.rds": 8,
    "enforce_tags.ebs": 8,
    # The volumes of an instance show under which keys it lies.
    "enforce_tags.ec2": 9,
    "enforce_tags.s3": 10,
    "answer_drift.dynamodb": 8,
    "answer_drift.ebs": 8,
    "answer_drift.ec2": 9,
    "answer_drift.s3": 10,
    "open_promises": 10,
    "verify_copy": 7,
}


def measure_warm_events(
    arena: Arena, *, workloads: Sequence[Workload] = WORKLOADS, size: Size = WARM
) -> tuple[Measurement, ...]:
    """Of each workload the cost of an event, that of its bare calls, and the calls by name."""
    rows: list[Measurement] = []
    for workload in workloads:
        recording = record(arena, workload)
        ours, bare = arena.strongroom(workload), arena.bare(workload, recording)
        cost = compete_in_pairs(ours, bare, workload, size=size, on=arena)
        rows += [*_beside_bare(workload, cost, size=size), _calls(workload, recording)]
    return tuple(rows)


def measure_first_event(
    arena: Arena, *, workload: Workload = ENFORCE_TAGS["dynamodb"], size: Size = COLD
) -> tuple[Measurement, ...]:
    """Import and first event of a process, beside those of the bare calls with the same authorities to read."""
    recording = record(arena, workload)
    costs = compete([arena.strongroom(workload), arena.bare(workload, recording)], workload, size=size, on=arena)
    base = Measurement(name="cold.first_event.bare", value=costs[BARE].cold, unit=MILLISECONDS)
    row = compared("cold.first_event", costs[STRONGROOM].cold, MILLISECONDS, to=base, of=workload.name, runs=size.runs)
    return at_most(row, COLD_RATIO), base


def _beside_bare(workload: Workload, cost: PairCost, *, size: Size) -> tuple[Measurement, ...]:
    name = f"warm.{workload.name}"
    base = Measurement(name=f"{name}.bare", value=cost.second, unit=MILLISECONDS)
    row = Measurement(
        name=name,
        value=cost.first,
        unit=MILLISECONDS,
        ratio_to=base.name,
        ratio=cost.ratio,
        detail={"pairs": size.counting * size.runs // workload.batch, "batch": workload.batch, "runs": size.runs},
    )
    return at_most(row, WARM_RATIO), base


def _calls(workload: Workload, recording: Recording) -> Measurement:
    calls, limit = recording.calls, _CALLS[workload.name]
    each = {name: count / workload.batch for name, count in calls.items()}
    value = round(calls.total() / workload.batch, 2)
    new_clients = recording.clients / workload.batch
    return Measurement(
        name=f"warm.{workload.name}.calls",
        value=value,
        unit=CALLS,
        detail={
            "target": f"<= {limit}, no new client",
            "holds": value <= limit and new_clients == 0,
            "new_clients": new_clients,
            "named": " ".join(f"{name} x{count:g}" if count != 1 else name for name, count in each.items()),
        },
    )
