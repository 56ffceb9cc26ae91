"""Buckets of tokens: our share of a rate, halved by a refusal, whole again after a while."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.aws.pacing.paces import Paces
from strongroom.domain.catalogue.facets.tagging import Pace
from strongroom.domain.tags.paces import Bucket, full_bucket, halved, taken
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
FIVE = Pace(per_second=5, burst=5)


def drained(bucket: Bucket, *, now: datetime = NOW) -> tuple[Bucket, int, datetime]:
    """The bucket after all that it gives now, how many that were, and when there is more."""
    for number in range(1_000):
        following = taken(bucket, now=now)
        if isinstance(following, datetime):
            return bucket, number, following
        bucket = following
    raise AssertionError("it never ends")


def test_it_gives_what_the_service_takes_at_once_and_then_our_share_of_its_rate() -> None:
    bucket, count, more = drained(full_bucket(FIVE, share=0.1, now=NOW))
    assert (count, more) == (5, NOW + timedelta(seconds=2))
    assert drained(bucket, now=NOW + timedelta(seconds=4))[1] == 2


def test_it_never_holds_more_than_the_service_takes_at_once() -> None:
    bucket, _, _ = drained(full_bucket(FIVE, share=1, now=NOW))
    assert drained(bucket, now=NOW + timedelta(hours=1))[1] == 5


def test_a_refusal_empties_it_and_halves_its_rate() -> None:
    bucket = halved(full_bucket(FIVE, share=1, now=NOW), now=NOW)
    assert taken(bucket, now=NOW) == NOW + timedelta(seconds=0.4)
    twice = halved(bucket, now=NOW)
    assert taken(twice, now=NOW) == NOW + timedelta(seconds=0.8)


def test_a_rate_is_halved_four_times_at_most_and_is_whole_again_after_five_minutes() -> None:
    bucket = full_bucket(FIVE, share=1, now=NOW)
    for _ in range(9):
        bucket = halved(bucket, now=NOW)
    assert bucket.per_second == pytest.approx(5 / 16)
    later = taken(bucket, now=NOW + timedelta(minutes=5))
    assert isinstance(later, Bucket)
    assert later.per_second == 5


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    bucket = full_bucket(FIVE, share=1, now=NOW)
    earlier = taken(bucket, now=NOW - timedelta(minutes=1))
    assert isinstance(earlier, Bucket)
    assert (earlier.tokens, earlier.at) == (4, NOW)


def test_each_account_region_and_service_has_a_bucket_of_its_own() -> None:
    paces = Paces(share=1)
    paces.refused("rds", account=PAYMENTS, region=HOME, pace=FIVE, now=NOW)
    free = [paces.take(name, account=PAYMENTS, region=HOME, pace=FIVE, now=NOW) for name in ("rds", "dynamodb")]
    assert free == [NOW + timedelta(seconds=0.4), None]
