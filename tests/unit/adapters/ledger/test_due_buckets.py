"""Where promises that are due are found again."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.due_buckets import due_bucket, due_buckets


def test_every_promise_is_in_a_bucket_that_the_sweep_reads_for_three_days() -> None:
    due_at = datetime(2026, 9, 1, 23, 59, tzinfo=UTC)
    for number in range(50):
        bucket = due_bucket(due_at, key=f"promise {number}")
        assert bucket in set(due_buckets(due_at))
        assert bucket in set(due_buckets(due_at + timedelta(days=3)))
        assert bucket not in set(due_buckets(due_at + timedelta(days=4)))


def test_promises_are_spread_over_all_shards() -> None:
    due_at = datetime(2026, 9, 1, tzinfo=UTC)
    assert len({due_bucket(due_at, key=str(number)) for number in range(200)}) == 8
