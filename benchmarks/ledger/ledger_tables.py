"""What a promise costs on the ledger in memory, beside the same calls on moto's DynamoDB: what simulations live on."""

from copy import replace
from itertools import count
from typing import Final

from moto import mock_aws

from benchmarks.ledger.overdue_sweep import NOW, TABLE, dynamodb_with_ledger
from benchmarks.measurement import MILLISECONDS, Measurement, NotMeasuredError, compared, quickest_seconds
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.table import LedgerTable, Table
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import COPY, SOURCE, a_promise

_RUNS: Final = 5
_LOOPS: Final = 50
# A night of a hundred resources with two copies each shall take a tenth of a second at most, not seconds.
_AT_MOST: Final = 0.02


def measure_ledger_tables(*, runs: int = _RUNS, loops: int = _LOOPS) -> tuple[Measurement, ...]:
    """Opening, missing, reading and verifying one promise on either table."""
    with mock_aws():
        lives = {"moto": _Promises(LedgerTable(dynamodb_with_ledger(), TABLE)), "memory": _Promises(MemoryTable())}
        seconds = quickest_seconds({name: promises.live for name, promises in lives.items()}, runs=runs, loops=loops)
    moto = Measurement(name="ledger_promise.moto", value=1000 * seconds["moto"], unit=MILLISECONDS)
    memory = compared("ledger_promise.memory", 1000 * seconds["memory"], MILLISECONDS, to=moto)
    memory.detail.update(at_most=_AT_MOST, holds=memory.value <= _AT_MOST * moto.value)
    return moto, memory


class _Promises:
    def __init__(self, table: Table) -> None:
        self._book = LedgerPromises(table)
        self._numbers = count()

    def live(self) -> None:
        """A promise from its opening until its copy is verified."""
        promise = a_promise(recovery_point=f"{SOURCE}-{next(self._numbers)}")
        missing = replace(promise, state=PromiseState.MISSING, reason="nothing has arrived", revision=2)
        opened, missed = self._book.open(promise), self._book.keep(missing, was=promise)
        known = self._book.get(promise.recovery_point, promise.destination)
        over = replace(missing, state=PromiseState.VERIFIED, copy=COPY, due_at=None, settled_at=NOW, revision=3)
        if not (opened and missed and known and self._book.keep(over, was=known)):
            raise NotMeasuredError("the promise was not opened, missed, read and verified")
