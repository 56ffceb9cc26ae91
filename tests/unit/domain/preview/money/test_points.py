"""How many recovery points lie in a vault in the long run."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from strongroom.domain.preview.money.points import Keeping, leftovers, stocks, timings_of
from strongroom.domain.preview.plans import Keep, Rule
from tests.builders.preview import NIGHTLY

GFS: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "daily": (NIGHTLY, {"local": 14, "central": 35}),
    "weekly": ("cron(0 3 ? * SUN *)", {"local": 21, "central": 90}),
    "monthly": ("cron(0 4 1 * ? *)", {"local": 35, "central": 365, "replica": 365}),
    "yearly": ("cron(0 5 1 1 ? *)", {"local": 35, "central": 2555, "replica": 2555}),
}


def keepings(rules: Mapping[str, tuple[str, Mapping[str, int]]], vault: str) -> tuple[Keeping, ...]:
    """What the rules of one plan keep in a vault; each waits an hour at most."""
    plan = timings_of(
        Rule(
            name=name,
            schedule=schedule,
            start_window=timedelta(hours=1),
            keeps=tuple(Keep(vault=each, is_copy=each != "local", days=days) for each, days in keeps.items()),
        )
        for name, (schedule, keeps) in rules.items()
    )
    return tuple(
        Keeping(plan, own, keeps[vault]) for own, (_, keeps) in zip(plan, rules.values(), strict=True) if vault in keeps
    )


@pytest.mark.parametrize(
    ("vault", "expected"), [("local", [14, 3, 2, 1]), ("central", [35, 13, 12, 7]), ("replica", [12, 7])]
)
def test_grandfather_father_and_son_keep_as_many_points_as_were_counted_by_hand(
    vault: str, expected: list[int]
) -> None:
    assert [stock.at_most for stock in stocks(keepings(GFS, vault))] == expected


def test_nightly_points_are_as_many_as_days() -> None:
    [stock] = stocks(keepings({"nightly": (NIGHTLY, {"local": 35})}, "local"))
    assert stock.at_most == 35
    assert stock.first == pytest.approx(1)
    [(days, count)] = stock.gaps
    assert (days, round(count, 6)) == (1.0, 34.0)
    assert stock.warm_size(0.02) == pytest.approx(1 + 34 * 0.02)
    assert stock.warm_size(None) == pytest.approx(35)


def test_a_month_of_changes_is_never_more_than_the_whole() -> None:
    [stock] = stocks(keepings({"yearly": ("cron(0 5 1 1 ? *)", {"local": 730})}, "local"))
    assert stock.warm_size(0.02) == pytest.approx(2)


def test_where_start_windows_meet_only_the_longer_kept_backup_counts() -> None:
    rules = {
        "daily": (NIGHTLY, {"local": 14, "central": 35}),
        "weekly": ("cron(30 2 ? * SUN *)", {"local": 30}),
    }
    daily, weekly = stocks(keepings(rules, "local"))
    assert (daily.at_most, weekly.at_most) == (12, 5)
    [copied] = stocks(keepings(rules, "central"))
    assert copied.at_most == 30


def test_windows_that_only_touch_do_not_meet() -> None:
    rules = {"daily": (NIGHTLY, {"local": 14}), "weekly": ("cron(0 3 ? * SUN *)", {"local": 30})}
    assert stocks(keepings(rules, "local"))[0].at_most == 14


def test_what_is_cold_is_no_longer_the_point_before() -> None:
    [plain] = keepings({"nightly": (NIGHTLY, {"local": 120})}, "local")
    [stock] = stocks((Keeping(plain.plan, plain.own, 120, 30),))
    assert stock.warm_size(0.02) == pytest.approx(1 + 29 * 0.02)
    assert stock.cold == pytest.approx(90)
    assert stock.at_most == 120


def test_a_month_has_as_many_arrivals_as_nights() -> None:
    [stock] = stocks(keepings({"nightly": (NIGHTLY, {"central": 35, "local": 7})}, "central"))
    assert stock.monthly_arrival(None) == pytest.approx(365.25 / 12, rel=0.01)
    assert stock.monthly_arrival(0.02) == pytest.approx(365.25 / 12 * 0.02, rel=0.01)


def test_what_finds_nothing_before_it_arrives_whole() -> None:
    [stock] = stocks(keepings({"yearly": ("cron(0 5 1 6 ? *)", {"central": 35, "local": 7})}, "central"))
    assert stock.monthly_arrival(0.001) == pytest.approx(1 / 12, rel=0.01)


def test_every_backup_arrives_once_however_many_are_there_before_it() -> None:
    rules = {
        "daily": (NIGHTLY, {"central": 7, "local": 7}),
        "weekly": ("cron(0 9 ? * SUN *)", {"central": 90, "local": 9}),
    }
    arrived = sum(stock.monthly_arrival(None) for stock in stocks(keepings(rules, "central")))
    assert arrived == pytest.approx((365 + 52) / 365 * 365.25 / 12, rel=0.001)


def test_what_is_left_when_backups_stop_ends_with_the_longest_retention() -> None:
    months, [stock] = leftovers(keepings({"nightly": (NIGHTLY, {"local": 30})}, "local"))
    assert months == pytest.approx(30 / 365.25 * 12)
    # Backups stop at midnight: the youngest point has 29 days and 2 hours to live, the oldest 2 hours.
    assert stock.warm_size(None) == pytest.approx(sum(days + 2 / 24 for days in range(30)) / 30)


def test_what_never_fires_has_no_points() -> None:
    [stock] = stocks(keepings({"once": ("cron(0 5 1 1 ? 2027)", {"local": 30})}, "local"))
    assert (stock.at_most, stock.warm_size(0.02)) == (0, 0)
