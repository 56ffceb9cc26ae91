"""What backups cost: the figures that were worked out by hand, and sums over simulated days."""

import itertools
from collections.abc import Mapping
from copy import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.preview.money.bill import Money, Purse
from strongroom.domain.preview.money.prices import PriceTable, StoragePrice
from strongroom.domain.preview.resources.inventory import Resource, types_of
from tests.builders.places import HOME, REPLICA_REGION, a_vault_arn
from tests.builders.preview import (
    CENTRAL,
    NIGHTLY,
    Document,
    a_plan_document,
    a_plan_list,
    a_resource,
    a_rule,
    a_tag_selection,
    a_volume,
)

REPLICA = a_vault_arn("replica", region=REPLICA_REGION)
SIMPLE = PriceTable(
    day=date(2026, 5, 1),
    storage={(str(region), "EBS"): StoragePrice(warm=0.05, cold=0.0125) for region in (HOME, REPLICA_REGION)}
    | {(str(HOME), "DynamoDB"): StoragePrice(warm=0.1, cold=0.03), (str(HOME), "Redshift"): StoragePrice(warm=0.02)},
    transfer={(HOME, REPLICA_REGION): 0.02},
)
TERABYTE = a_volume(gigabytes=1000.0, daily_change=0.02)
TABLE = a_resource("arn:aws:dynamodb:eu-west-1:222222222222:table/orders", gigabytes=10.0)


def money_of(
    rules: Mapping[str, Document],
    *resources: Resource,
    prices: PriceTable = SIMPLE,
    locked: frozenset[str] = frozenset(),
) -> Money:
    """The money of resources that one plan with these rules backs up."""
    purse = Purse(prices, locked)
    plans = a_plan_list(plan=a_plan_document(a_tag_selection("Backup", "gfs"), rules))
    for resource in resources:
        purse.add(resource, types_of(resource)[0], plans, known_as="plan")
    return purse.money()


def gfs(*, replica: bool) -> dict[str, Document]:
    """Daily, weekly, monthly and yearly backups, an hour apart."""
    third = {REPLICA: 365} if replica else {}
    last = {REPLICA: 2555} if replica else {}
    return {
        "daily": a_rule(local=14, copies={CENTRAL: 35}),
        "weekly": a_rule("cron(0 3 ? * SUN *)", local=21, copies={CENTRAL: 90}),
        "monthly": a_rule("cron(0 4 1 * ? *)", local=35, copies={CENTRAL: 365, **third}),
        "yearly": a_rule("cron(0 5 1 1 ? *)", local=35, copies={CENTRAL: 2555, **last}),
    }


def test_a_terabyte_kept_nightly_for_seven_years_costs_what_it_was_said_to() -> None:
    money = money_of({"nightly": a_rule(local=35, copies={CENTRAL: 2555})}, TERABYTE)
    assert money.total == pytest.approx(2688)
    assert money.local == pytest.approx(84)
    assert money.copies == {CENTRAL: pytest.approx(2604)}


def test_a_week_at_home_costs_less_than_half_of_what_a_forced_copy_makes_of_it() -> None:
    assert money_of({"nightly": a_rule(local=7)}, TERABYTE).total == pytest.approx(56)
    assert money_of({"nightly": a_rule(local=7, copies={CENTRAL: 30})}, TERABYTE).total == pytest.approx(135)


def test_grandfather_father_and_son_cost_what_they_were_said_to() -> None:
    # The rough figures take every month and year for equally long.
    assert money_of(gfs(replica=False), TERABYTE).total == pytest.approx(745, rel=0.05)
    with_replica = money_of(gfs(replica=True), TERABYTE)
    assert with_replica.total - with_replica.transfer == pytest.approx(1392, rel=0.05)


def test_types_without_increments_are_stored_whole_each_time() -> None:
    money = money_of({"nightly": a_rule(local=30)}, TABLE)
    assert money.total == pytest.approx(30 * 10 * 0.1)
    assert money.assumed == 0


def test_cold_points_are_whole_and_cost_the_price_of_cold_storage() -> None:
    money = money_of({"nightly": a_rule(local=7, copies={CENTRAL: (120, 30)})}, TABLE)
    assert money.copies[CENTRAL] == pytest.approx(30 * 10 * 0.1 + 90 * 10 * 0.03)
    assert money.cold == pytest.approx(90 * 10 * 0.03)


def test_snapshots_of_volumes_move_to_the_archive_only_where_that_is_said() -> None:
    warm = a_rule("cron(0 2 1 * ? *)", lifecycle={"delete_after_days": "180", "move_to_cold_storage_after_days": "30"})
    said = {**warm, "lifecycle": {**warm["lifecycle"], "opt_in_to_archive_for_supported_resources": "true"}}
    assert money_of({"monthly": warm}, TERABYTE).cold == 0
    assert money_of({"monthly": said}, TERABYTE).cold > 0


def test_copies_that_aws_does_not_make_cost_nothing() -> None:
    cluster = a_resource("arn:aws:redshift:eu-west-1:222222222222:cluster:dwh", gigabytes=10.0)
    money = money_of({"nightly": a_rule(local=7, copies={CENTRAL: 30})}, cluster)
    assert dict(money.copies) == {}
    assert money.total == pytest.approx(7 * 10 * 0.02)


def test_what_moves_to_another_region_is_paid_once() -> None:
    money = money_of({"nightly": a_rule(local=7, copies={REPLICA: 30, CENTRAL: 30})}, TERABYTE)
    assert money.transfer == pytest.approx(365.25 / 12 * 20 * 0.02, rel=0.01)


def test_a_continuous_backup_is_one_point_with_its_changes() -> None:
    database = a_resource("arn:aws:rds:eu-west-1:222222222222:db:orders", gigabytes=100.0, daily_change=0.01)
    prices = replace(SIMPLE, storage={(HOME, "RDS"): StoragePrice(warm=0.1)})
    money = money_of({"nightly": a_rule(local=35, enable_continuous_backup="true")}, database, prices=prices)
    assert money.total == pytest.approx((100 + 35) * 0.1)


def test_what_has_no_price_or_size_is_told_and_not_counted() -> None:
    money = money_of(
        {"nightly": a_rule(local=7, copies={a_vault_arn("far", region="ap-south-1"): 7})},
        a_resource("arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1", gigabytes=10.0),
        replace(TERABYTE, gigabytes=None),
        replace(TERABYTE, daily_change=None),
    )
    assert money.unsized == 1
    assert money.assumed == 2
    assert set(money.unpriced) == {
        "EFS in eu-west-1, warm",
        "EFS in ap-south-1, warm",
        "EBS in ap-south-1, warm",
        "transfer from eu-west-1 to ap-south-1",
    }
    assert money.total == pytest.approx(1000 * (1 + 6 * 0.02) * 0.05)


def test_a_vault_without_an_end_is_named() -> None:
    money = money_of({"nightly": a_rule(local=None)}, TERABYTE)
    assert (money.endless, money.total) == (("local",), 0)


def test_a_locked_vault_costs_on_when_backups_stop() -> None:
    rules = {"nightly": a_rule(local=7, copies={CENTRAL: 30, REPLICA: 30})}
    money = money_of(rules, TABLE, locked=frozenset({CENTRAL}))
    assert money.committed == {CENTRAL: pytest.approx(437.5 / 365.25 * 12 * 10 * 0.1)}


# The long way to the same sum: what lies there on each of many days of a year. Of rules that fire at the same hour only
# the one that keeps longer makes a backup.

RULES = st.dictionaries(
    st.sampled_from(("one", "two", "three")),
    st.tuples(
        st.sampled_from(
            (NIGHTLY, "cron(0 8 ? * MON,THU *)", "cron(0 14 1 * ? *)", "cron(0 20 1 1,7 ? *)", "cron(0 0/12 ? * * *)")
        ),
        st.integers(5, 60),
        st.none() | st.integers(7, 400),
    ),
    min_size=1,
)
LONG_AGO = datetime(2033, 11, 1, tzinfo=UTC)
SPAN = (datetime(2035, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))


@cache
def moments(schedule: str) -> frozenset[datetime]:
    """When the schedule fires until the year ends, by what its five shapes mean."""
    minute, hours, day, month, weekday, _ = schedule.removeprefix("cron(").removesuffix(")").split()
    assert minute == "0"
    listed = [0, 12] if hours == "0/12" else [int(hours)]
    found = []
    for number in range((SPAN[1] - LONG_AGO).days):
        at = LONG_AGO + timedelta(days=number)
        on_day = day in {"?", str(at.day)} and (month == "*" or str(at.month) in month.split(","))
        on_weekday = weekday in {"*", "?"} or at.strftime("%a").upper() in weekday.split(",")
        if on_day and on_weekday:
            found += [at + timedelta(hours=hour) for hour in listed]
    return frozenset(found)


def simulated_gigabytes(rules: Mapping[str, tuple[str, int, int | None]], vault: str, change: float | None) -> float:
    """Gigabytes of one that lie in the vault on an average day of the year, added up point by point."""
    points = [
        (made, made + timedelta(days=days))
        for schedule, local, central in rules.values()
        for days in [local if vault == "local" else central]
        if days is not None
        for made in moments(schedule).difference(*(moments(other) for other, kept, _ in rules.values() if kept > local))
        if made + timedelta(days=days) > SPAN[0]
    ]
    total = 0.0
    looks = [SPAN[0] + timedelta(hours=5 + 19 * number) for number in range(461)]
    for look in looks:
        there = sorted(made for made, ends in points if made <= look < ends)
        if there:
            gaps = [(later - earlier) / timedelta(days=1) for earlier, later in itertools.pairwise(there)]
            total += 1 + sum(1.0 if change is None else min(1.0, gap * change) for gap in gaps)
    return total / len(looks)


@given(RULES, st.sampled_from((None, 0.001, 0.02, 0.3)))
@settings(max_examples=25)
def test_the_cost_is_the_sum_over_a_year_of_simulated_days(
    rules: Mapping[str, tuple[str, int, int | None]], change: float | None
) -> None:
    documents: dict[str, Any] = {
        name: a_rule(schedule, local=local, copies=None if central is None else {CENTRAL: central})
        for name, (schedule, local, central) in rules.items()
    }
    resource = replace(TABLE, gigabytes=1.0) if change is None else a_volume(gigabytes=1.0, daily_change=change)
    price = 0.1 if change is None else 0.05
    money = money_of(documents, resource)
    local, central = (simulated_gigabytes(rules, vault, change) * price for vault in ("local", "central"))
    assert money.local == pytest.approx(local, rel=0.05)
    assert money.copies.get(CENTRAL, 0.0) == pytest.approx(central, rel=0.05)
