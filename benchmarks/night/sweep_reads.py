"""What one sweep asks the ledger for, whatever else is open, and however long ago what is overdue was due."""

from datetime import timedelta
from itertools import product
from typing import Final

from benchmarks.measurement import Measurement
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS, due_bucket
from strongroom.adapters.ledger.table import to_text
from strongroom.domain.intent.model import Intent
from tests.builders.copies import TOO_LATE, a_copy_job, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.fakes.copies import LateNight
from tests.fakes.many.counting_table import CountingTable

SIZES: Final = (1_000, 200_000)
AGES: Final = (0, 400)
_OVERDUE: Final = 10


def measure_sweep_reads(intent: Intent, *, sizes: tuple[int, ...] = SIZES) -> tuple[Measurement, ...]:
    """Requests of a sweep over nothing and over ten that wait: nine queries, and for each a get and a write."""
    rows: list[Measurement] = []
    for size in sizes:
        table = _open(size)
        rows += [_row(intent, table, size=size, days=days, overdue=n) for days, n in product(AGES, (0, _OVERDUE))]
    return tuple(rows)


def _open(size: int) -> CountingTable:
    table, due_at = CountingTable(), to_text(TOO_LATE + timedelta(hours=1))
    for number in range(size):
        key = f"COPY#arn:open-{number}"
        due = {"due_bucket": due_bucket(key), "due_at": due_at, "account": PAYMENTS}
        table.put({"pk": key, "sk": f"TO#{CENTRAL_VAULT}"} | due)
    return table


def _row(intent: Intent, table: CountingTable, *, size: int, days: int, overdue: int) -> Measurement:
    night, vaults = LateNight(intent), [f"{CENTRAL_VAULT}-{days}-{number}" for number in range(overdue)]
    night.jobs.jobs = [
        a_copy_job(state="RUNNING", destination=each, destination_recovery_point=None) for each in vaults
    ]
    for vault in vaults:
        LedgerPromises(table).open(a_promise(destination=vault, due_at=TOO_LATE - timedelta(days=days)))
    table.forget()
    looked_at = sum(night.sweep_over(table, TOO_LATE).counts.values())
    # One query more is for alerts that somebody did not live to tell.
    queries, gets, writes = len(DUE_BUCKETS) + 1, table.requests["GetItem"], sum(table.written.values())
    holds = table.requests["Query due"] == queries and gets == writes == looked_at == overdue
    return Measurement(
        name=f"sweep.{size}_open.{days}_days.{overdue}_overdue",
        value=table.requests.total(),
        unit="requests",
        detail={
            "target": f"{queries} queries, one get and one write for each",
            "holds": holds,
            "read": dict(table.items),
            "requests": dict(table.requests),
        },
    )
