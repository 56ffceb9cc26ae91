"""What the watch remembers."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.watch import LedgerWatch

NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def test_the_watch_began_when_it_first_looked() -> None:
    watch = LedgerWatch(MemoryTable())
    assert watch.began(NOW) == NOW
    assert watch.began(NOW + timedelta(days=1)) == NOW


def test_a_job_is_explained_once_that_is_said() -> None:
    watch = LedgerWatch(MemoryTable())
    watch.explain("a")
    watch.explain("a")
    assert (watch.is_explained("a"), watch.is_explained("b")) == (True, False)


def test_a_settled_request_is_known_with_its_jobs() -> None:
    watch = LedgerWatch(MemoryTable())
    watch.settle("r-1", jobs=("copy", "restore"))
    watch.settle("r-2", jobs=())
    assert watch.settled() == {"r-1", "r-2"}
    assert [watch.request_of(job) for job in ("copy", "restore", "other")] == ["r-1", "r-1", None]


def test_a_job_stays_with_the_request_that_named_it_first() -> None:
    watch = LedgerWatch(MemoryTable())
    watch.settle("r-1", jobs=("restore",))
    watch.settle("r-2", jobs=("restore",))
    assert watch.request_of("restore") == "r-1"
