"""What a month of nights costs for a thousand protected resources, from counted calls and the prices of one table.

Counted are units of writes and reads by the sizes of items, calls, facts, and bytes that are told and logged: of a
night through the handlers (`burst`), and of all that is done about it later (`afterwards`). Measured is the time of the
functions' own work (as in `warm.…`, with the SDK, over TLS), and read from the templates what they ask of AWS beside.
Assumed is how long calls take. Marks, polls and ticks are paid once for all resources: what a night of twice as many
backups takes more has none of them. Apart are the views for people, and what the ledger keeps.
"""

from typing import Final

from benchmarks.contests.contest import WARM, Size, compete
from benchmarks.contests.entrants import STRONGROOM, Arena
from benchmarks.measurement import Measurement
from benchmarks.night.alone import Taken, play_alone
from benchmarks.night.prices import (
    ARCHIVED_GB,
    DYNAMODB_READ,
    DYNAMODB_WRITE,
    EVENT,
    KEY,
    LAMBDA_GB_SECOND,
    LAMBDA_INVOCATION,
    LOGGED_GB,
    NOTED_ON,
    SQS_REQUEST,
    TRACE,
)
from benchmarks.workloads.copies import OPEN_PROMISES, VERIFY_COPY
from tests.contract.templates import CONTROL_PLANE, MEMBER

TARGET: Final = 0.60
RESOURCES: Final = 1_000
NIGHTS: Final = 30
# A backup and its two copies, each with one event that says how it ended.
_ENDED: Final = 3
# With all that is said before: that each was created, and runs, and that a recovery point is there.
_SAID: Final = 10
_FUNCTIONS: Final = ("OpenPromises", "VerifyCopy")
# Assumed seconds that a call is waited for.
_WAITS: Final = {"dynamodb": 0.005, "backup": 0.040, "events": 0.012}
# A function has a share of a processor by its memory, a whole one at so many MB (Lambda Developer Guide, "Configure
# Lambda function memory").
_MB_OF_A_PROCESSOR: Final = 1_769
_MB_OF_GB: Final = 1_024
# What Lambda itself logs of each batch: that it begins, ends, and what it took.
_KB_REPORTED: Final = 0.35
_KB_OF_GB: Final = 1_000_000
# Assumed: the ends of a night come within so long. Lambda fetches ten at once, if so many are there within its window.
_NIGHT_SECONDS: Final = 4 * 3600
_MOST_AT_ONCE: Final = 10


# Of all that is done later, by which a night of twice as many backups differs.
_LATER: Final = ("later_write_units", "later_read_units", "later_seconds")


def measure_cost(arena: Arena, *, backups: int = 250, size: Size = WARM) -> tuple[Measurement, ...]:
    """Dollars for a thousand resources and month beside keys, and what each account costs by itself."""
    works = (OPEN_PROMISES, VERIFY_COPY)
    opening, verifying = (
        compete([arena.strongroom(each)], each, size=size, on=arena)[STRONGROOM].warm for each in works
    )
    counted = count_month(backups)
    parts = parts_of(counted, cpu_seconds=(opening + 2 * verifying) / 1_000)
    total = round(sum(parts.values()), 3)
    return (
        Measurement(
            name="cost.1000_resources",
            value=total,
            unit="$ a month",
            detail={"target": f"< {TARGET:.2f}", "holds": total < TARGET, "prices_of": str(NOTED_ON)} | parts,
        ),
        Measurement(name="cost.account", value=KEY, unit="$ a month", detail={"of": "the key of its local vault"}),
    )


def count_month(backups: int) -> Taken:
    """What each of so many backups takes, and for its later looks what each of as many more does."""
    half, whole = (play_alone("month", number) for number in (backups, 2 * backups))
    return whole | {f"{name}_per_backup": round((whole[name] - half[name]) / backups, 4) for name in _LATER}


def parts_of(counted: Taken, *, cpu_seconds: float) -> dict[str, float]:
    """Dollars by service, of so many backups with two copies each."""
    nights, memory = RESOURCES * NIGHTS, _memory()
    forwarded = _ENDED if _forwards_ends_only() else _SAID
    events = forwarded + counted["facts_per_backup"]
    later = counted["later_write_units_per_backup"], counted["later_read_units_per_backup"]
    writes = counted["writes_per_backup"] - counted["index_writes_per_backup"]
    waits = (
        _WAITS["dynamodb"] * (writes + counted["reads_per_backup"])
        + _WAITS["backup"] * counted["aws_calls_per_backup"]
        + _WAITS["events"] * counted["facts_per_backup"]
    )
    opening, verifying = _FUNCTIONS
    batches = _batches(opening, of=1) + _batches(verifying, of=_ENDED - 1)
    each = {
        "lambda": (cpu_seconds * _MB_OF_A_PROCESSOR / memory + waits) * memory / _MB_OF_GB * LAMBDA_GB_SECOND
        + batches * LAMBDA_INVOCATION,
        "dynamodb": _units(counted["write_units_per_backup"], counted["read_units_per_backup"]),
        "later looks": _units(*later)
        + counted["later_seconds_per_backup"] * _MB_OF_A_PROCESSOR / _MB_OF_GB * LAMBDA_GB_SECOND,
        "sqs": (_ENDED + 2 * batches) * SQS_REQUEST,  # each is put; a batch is fetched, and taken off
        "events": events * EVENT,
        "archive": counted["kb_told_per_backup"] / _KB_OF_GB * ARCHIVED_GB,
        "traces": batches * TRACE if _traces() else 0.0,
        "logs": (counted["kb_logged_per_backup"] + batches * _KB_REPORTED) / _KB_OF_GB * LOGGED_GB,
    }
    return {name: round(nights * dollars, 3) for name, dollars in each.items()}


def _units(written: float, read: float) -> float:
    return written * DYNAMODB_WRITE + read * DYNAMODB_READ


def _batches(function: str, *, of: int) -> float:
    """In how many batches so many events of a resource and night are fetched: each is what came within a window."""
    (event,) = CONTROL_PLANE[f"{function}Function"]["Properties"]["Events"].values()
    window: int = event["Properties"].get("MaximumBatchingWindowInSeconds", 0)
    together = 1 + of * RESOURCES / _NIGHT_SECONDS * window
    return of / min(together, _MOST_AT_ONCE)


def _traces() -> bool:
    """Whether what a night calls is traced."""
    functions = (CONTROL_PLANE[f"{name}Function"]["Properties"] for name in _FUNCTIONS)
    return any(function.get("Tracing") == "Active" for function in functions)


def _memory() -> int:
    """The MB that what a night calls is given, each function as many."""
    (memory,) = {CONTROL_PLANE[f"{name}Function"]["Properties"]["MemorySize"] for name in _FUNCTIONS}
    return int(memory)


def _forwards_ends_only() -> bool:
    """Whether the members' rule sends no event of a job that has not ended."""
    pattern = MEMBER["ForwarderRule"]["Properties"]["EventPattern"]
    return all("state" in each.get("detail", {}) for each in pattern["$or"] if each["source"] == ["aws.backup"])
