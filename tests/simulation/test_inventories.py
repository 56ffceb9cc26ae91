"""How little an inventory asks of an account, by lists of as many things a page as AWS's."""

from collections import Counter

from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from tests.simulation.inventories.account import AccountPlayed
from tests.simulation.inventories.members import BUCKETS, MIDDLING

REGIONS = (Region("eu-west-1"), Region("eu-central-1"), Region("eu-north-1"))
MOST_CALLS = 60


def test_a_middling_account_has_so_many_things() -> None:
    assert sum(MIDDLING.values()) == 210


def test_three_regions_of_210_things_take_sixty_calls_at_most_and_none_for_each(intent: Intent) -> None:
    played = AccountPlayed(intent, regions=REGIONS)
    first = played.go_through()
    assert (first.calls.total() <= MOST_CALLS, first.listed) == (True, played.members.things)
    # Whether a bucket keeps versions, tables are copied at all, and under which keys the volumes of an instance lie, no
    # list tells: each is looked at when it is found.
    kinds = Counter(arn.split(":")[2] for arn in first.looked_at)
    assert kinds == {
        "s3": len(REGIONS) * BUCKETS,
        "dynamodb": len(REGIONS) * MIDDLING["dynamodb:ListTables"],
        "ec2": len(REGIONS) * MIDDLING["ec2:DescribeInstances"],
    }
    again = played.go_through()
    assert (again.calls.total() <= MOST_CALLS, again.looked_at, again.found) == (True, (), {})
    assert played.world.tags.written == []


def test_ten_times_as_many_take_a_few_pages_more_and_none_for_each(intent: Intent) -> None:
    played = AccountPlayed(intent, regions=REGIONS, times=10)
    played.go_through()
    again = played.go_through()
    assert (again.calls.total() <= 100, again.listed, again.looked_at) == (True, played.members.things, ())


def test_only_what_is_in_no_tier_is_looked_at_by_itself(intent: Intent) -> None:
    played = AccountPlayed(intent, regions=REGIONS)
    played.go_through()
    gone = tuple(f"arn:aws:rds:eu-west-1:222222222222:db:db-{number}" for number in (1, 2))
    played.untag(*gone)
    took = played.go_through()
    assert (took.found, sorted(took.looked_at)) == ({"RDS instance": 2}, [*gone])
    assert {arn for arn, _, _ in played.world.tags.written} == {*gone}
