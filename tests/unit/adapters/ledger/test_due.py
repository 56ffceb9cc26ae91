"""Where promises that are due are found again."""

from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS, due_bucket


def test_promises_are_spread_over_all_the_buckets_that_a_sweep_reads() -> None:
    assert {due_bucket(str(number)) for number in range(200)} == set(DUE_BUCKETS)
    assert len(DUE_BUCKETS) == 8
