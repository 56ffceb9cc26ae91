"""What a month of nights costs for a thousand protected resources, from counted calls and the prices of one table.

Counted are units of writes and reads by the sizes of items, calls, facts, and bytes that are told and logged: of a
night through the handlers (`burst`), and of all that is done about it later (`afterwards`). Measured is the time of the
functions' own work (as in `warm.…`, with the SDK, over TLS), and read from the templates what they ask of AWS beside.
Assumed is how long calls take, and that a call of the views takes as much of a processor as one of a night does. Marks,
polls and ticks are paid once for all resources: what a night of twice as many backups takes more has none of them.

Of what is set on resources a note is read of each once in a week; how many calls that takes is assumed, and how long
each is waited for.

What is known at once is claimed to cost less than the target: backups and copies followed, verified, and compared. What
the views for people take, and what the tables keep once they are 400 nights old, are rows beside it, and so is the
whole, with how much it is more than the target.
"""

from typing import Any, Final

from benchmarks.contests.contest import WARM, Size, compete
from benchmarks.contests.entrants import STRONGROOM, Arena
from benchmarks.measurement import Measurement
from benchmarks.night.alone import Taken, play_alone
from benchmarks.night.prices import (
    ARCHIVED_GB,
    ARCHIVED_GB_MONTH,
    DYNAMODB_BACKED_UP_GB_MONTH,
    DYNAMODB_READ,
    DYNAMODB_STORED_GB_MONTH,
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
from strongroom.domain.copies.comparing.kept import REMEMBERED_FOR
from tests.contract.templates import CONTROL_PLANE, MEMBER, template_of

TARGET: Final = 0.60
RESOURCES: Final = 1_000
NIGHTS: Final = 30
# A backup and its two copies, each with one event that says how it ended.
_ENDED: Final = 3
# With all that is said before: that each was created, and runs, and that a recovery point is there.
_SAID: Final = 10
_FUNCTIONS: Final = ("OpenPromises", "VerifyCopy")
_VIEWS: Final = "RollUpStatus"
_NOTES: Final = "NoteSettings"
# Assumed: a note takes so many calls to services, each of which is waited for so many seconds.
_CALLS_OF_NOTE: Final = 20
_SECONDS_OF_CALL: Final = 0.1
_WEEKS: Final = NIGHTS / 7
# Of what most notes take: the latest anew, and now and then the one before.
_UNITS_OF_NOTE: Final = 3
# As many nights the tables keep.
_KEPT: Final = REMEMBERED_FOR.days
# Assumed seconds that a call is waited for.
_WAITS: Final = {"dynamodb": 0.005, "backup": 0.040, "events": 0.012}
# A function has a share of a processor by its memory, a whole one at so many MB (Lambda Developer Guide, "Configure
# Lambda function memory").
_MB_OF_A_PROCESSOR: Final = 1_769
_MB_OF_GB: Final = 1_024
# What Lambda itself logs of each batch: that it begins, ends, and what it took.
_KB_REPORTED: Final = 0.35
_KB_OF_GB: Final = 1_000_000
_BYTES_OF_GB: Final = 1_000 * _KB_OF_GB
# Assumed: the ends of a night come within so long. Lambda fetches ten at once, if so many are there within its window.
_NIGHT_SECONDS: Final = 4 * 3600
_MOST_AT_ONCE: Final = 10


# Of all that is done later, by which a night of twice as many backups differs.
_LATER: Final = (
    *("later_write_units", "later_read_units", "later_seconds"),
    *("view_write_units", "view_read_units", "view_calls"),
    *(f"{table}_{what}_bytes" for table in ("ledger", "view") for what in ("staying", "expiring")),
)


def measure_cost(arena: Arena, *, backups: int = 250, size: Size = WARM) -> tuple[Measurement, ...]:
    """Dollars for a thousand resources and month beside keys, and what each account costs by itself."""
    works = (OPEN_PROMISES, VERIFY_COPY)
    opening, verifying = (
        compete([arena.strongroom(each)], each, size=size, on=arena)[STRONGROOM].warm for each in works
    )
    counted = count_month(backups)
    cpu_seconds = (opening + 2 * verifying) / 1_000
    parts = parts_of(counted, cpu_seconds=cpu_seconds)
    views, kept = parts_of_views(counted, cpu_seconds=cpu_seconds), parts_of_kept(counted)
    notes = parts_of_notes(counted, cpu_seconds=cpu_seconds)
    total, of_views, of_kept, of_notes = (round(sum(each.values()), 3) for each in (parts, views, kept, notes))
    whole = round(total + of_views + of_kept + of_notes, 3)
    claim = {"target": f"< {TARGET:.2f}", "holds": total < TARGET, "prices_of": str(NOTED_ON)}
    return (
        _dollars("cost.1000_resources", total, **claim, **parts),
        _dollars("cost.1000_resources.views", of_views, **views),
        _dollars("cost.1000_resources.kept", of_kept, **kept, nights=_KEPT),
        _dollars("cost.1000_resources.settings", of_notes, **notes, calls_of_a_note=_CALLS_OF_NOTE),
        _dollars("cost.1000_resources.whole", whole, target=f"none: {whole - TARGET:.2f} above {TARGET:.2f}"),
        _dollars("cost.account", KEY, of="the key of its local vault"),
    )


def _dollars(name: str, value: float, **detail: Any) -> Measurement:
    return Measurement(name=name, value=value, unit="$ a month", detail=detail)


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


def parts_of_views(counted: Taken, *, cpu_seconds: float) -> dict[str, float]:
    """Dollars of the views by service: each copy that is verified is a fact, which has its resource looked at."""
    nights, memory, facts = RESOURCES * NIGHTS, _memory_of(_VIEWS), counted["facts_per_backup"]
    calls, batches = counted["view_calls_per_backup"], _batches(_VIEWS, of=facts)
    of_a_call = cpu_seconds / _calls(counted)
    seconds = calls * (of_a_call * _MB_OF_A_PROCESSOR / memory + _WAITS["dynamodb"])
    logged = facts * counted["kb_logged_per_backup"] / _ENDED
    each = {
        "lambda": seconds * memory / _MB_OF_GB * LAMBDA_GB_SECOND + batches * LAMBDA_INVOCATION,
        "dynamodb": _units(counted["view_write_units_per_backup"], counted["view_read_units_per_backup"]),
        "sqs": (facts + 2 * batches) * SQS_REQUEST,
        "logs": (logged + batches * _KB_REPORTED) / _KB_OF_GB * LOGGED_GB,
    }
    return {name: round(nights * dollars, 3) for name, dollars in each.items()}


def parts_of_notes(counted: Taken, *, cpu_seconds: float) -> dict[str, float]:
    """Dollars of the notes of settings: each verified copy asks how old one is, and each week one is read."""
    copies, memory = _ENDED - 1, _memory_of(_NOTES)
    batches = _batches(_NOTES, of=copies)
    nightly = {
        "lambda": batches * LAMBDA_INVOCATION + copies * _WAITS["dynamodb"] * memory / _MB_OF_GB * LAMBDA_GB_SECOND,
        "dynamodb": _units(0, copies),
        "sqs": (copies + 2 * batches) * SQS_REQUEST,
        "logs": (copies + batches) * _KB_REPORTED / _KB_OF_GB * LOGGED_GB,
    }
    of_a_call = cpu_seconds / _calls(counted) * _MB_OF_A_PROCESSOR / memory + _SECONDS_OF_CALL
    weekly = {
        "lambda": _CALLS_OF_NOTE * of_a_call * memory / _MB_OF_GB * LAMBDA_GB_SECOND,
        "dynamodb": _units(_UNITS_OF_NOTE, 0),
    }
    nights, weeks = RESOURCES * NIGHTS, RESOURCES * _WEEKS
    return {name: round(nights * each + weeks * weekly.get(name, 0.0), 3) for name, each in nightly.items()}


def parts_of_kept(counted: Taken) -> dict[str, float]:
    """Dollars of what is stored of 1,000 resources, once the oldest night is forgotten as the newest comes."""
    stored = {
        table: counted[f"{table}_staying_bytes_per_backup"] + _KEPT * counted[f"{table}_expiring_bytes_per_backup"]
        for table in ("ledger", "view")
    }
    archived = counted["kb_told_per_backup"] * _days_archived() / _KB_OF_GB
    gigabytes = {table: size / _BYTES_OF_GB for table, size in stored.items()}
    each = {
        "ledger": gigabytes["ledger"] * DYNAMODB_STORED_GB_MONTH,
        "views": gigabytes["view"] * DYNAMODB_STORED_GB_MONTH,
        "backups of both": sum(gigabytes.values()) * DYNAMODB_BACKED_UP_GB_MONTH,
        "archive": archived * ARCHIVED_GB_MONTH,
    }
    return {name: round(RESOURCES * dollars, 3) for name, dollars in each.items()}


def _days_archived() -> int:
    days: int = CONTROL_PLANE["BusArchive"]["Properties"]["RetentionDays"]
    return days


def _calls(counted: Taken) -> float:
    """The calls of a backup with its copies."""
    asked = ("reads_per_backup", "aws_calls_per_backup", "facts_per_backup")
    written: float = counted["writes_per_backup"] - counted["index_writes_per_backup"]
    others: float = sum(counted[name] for name in asked)
    return written + others


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
    (memory,) = {_memory_of(name) for name in _FUNCTIONS}
    return memory


def _memory_of(function: str) -> int:
    own: dict[str, int] = CONTROL_PLANE[f"{function}Function"]["Properties"]
    return own.get("MemorySize") or int(template_of("template.yaml")["Globals"]["Function"]["MemorySize"])


def _forwards_ends_only() -> bool:
    """Whether the members' rule sends no event of a job that has not ended."""
    pattern = MEMBER["ForwarderRule"]["Properties"]["EventPattern"]
    return all("state" in each.get("detail", {}) for each in pattern["$or"] if each["source"] == ["aws.backup"])
