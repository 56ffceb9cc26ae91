"""Rules of one plan whose start windows meet: AWS makes only the backup of the rule that keeps longer."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.intent.overlaps import OverlapKind, TimedRule, expected_firings, find_overlaps, say_overlap
from strongroom.domain.intent.schedule_words import cron_of

HOUR = timedelta(hours=1)


def rule(
    name: str,
    schedule: str,
    days: int | None,
    *,
    window: timedelta = HOUR,
    copies: Mapping[str, int | None] | None = None,
) -> TimedRule:
    cron = cron_of(schedule)
    assert cron is not None
    return TimedRule(name=name, schedule=cron, start_window=window, local_days=days, copies=copies or {})


GFS = (
    rule("daily", "daily 02:00", 14, copies={"central": 35}),
    rule("weekly", "weekly sun 03:00", 21, copies={"central": 90}),
    rule("monthly", "monthly 1 04:00", 35, copies={"central": 365, "replica": 365}),
    rule("yearly", "yearly jan 1 05:00", 35, copies={"central": 2555, "replica": 2555}),
)
AT_TWO = (
    rule("daily", "daily 02:00", 14),
    rule("weekly", "weekly sun 02:00", 21),
    rule("monthly", "monthly 1 02:00", 35),
    rule("yearly", "yearly jan 1 02:00", 40),
)


@pytest.mark.parametrize(
    ("rules", "day", "expected"),
    [
        (GFS, "2027-08-01", ["daily 02:00", "weekly 03:00", "monthly 04:00"]),
        (GFS, "2028-01-01", ["daily 02:00", "monthly 04:00", "yearly 05:00"]),
        (GFS, "2027-08-02", ["daily 02:00"]),
        (AT_TWO, "2027-08-01", ["monthly 02:00"]),
        (AT_TWO, "2027-08-08", ["weekly 02:00"]),
        (AT_TWO, "2028-01-01", ["yearly 02:00"]),
        (AT_TWO, "2027-08-02", ["daily 02:00"]),
    ],
)
def test_a_day_has_the_backups_of_the_rules_that_keep_longest(
    rules: tuple[TimedRule, ...], day: str, expected: list[str]
) -> None:
    made = expected_firings(rules, on=date.fromisoformat(day))
    assert [f"{firing.rule.name} {firing.at:%H:%M}" for firing in made] == expected


def test_the_example_of_aws_makes_eight_hourly_backups_a_day() -> None:
    """AWS Backup Developer Guide, "Overlapping backup rules"."""
    hourly = rule("hourly", "hourly :00", 1)
    twice = rule("twice", "cron(0 0/12 ? * * *)", 7, window=8 * HOUR)
    made = [firing.rule.name for firing in expected_firings([hourly, twice], on=date(2027, 5, 5))]
    assert (made.count("hourly"), made.count("twice")) == (8, 2)
    (overlap,) = find_overlaps([hourly, twice])
    assert (overlap.kind, overlap.longer.name, overlap.times) == (OverlapKind.SWALLOWED, "twice", 365 * 16)


def test_windows_that_only_touch_do_not_meet() -> None:
    assert list(find_overlaps(GFS)) == []


def test_a_window_that_began_in_the_year_before_meets_what_starts_in_2027() -> None:
    late = rule("yearly", "yearly dec 31 23:00", None, window=4 * HOUR)
    (overlap,) = find_overlaps([rule("daily", "daily 01:00", 14), late])
    assert (overlap.times, f"{overlap.first:%Y-%m-%d %H:%M}") == (1, "2027-01-01 01:00")
    made = expected_firings([rule("daily", "daily 01:00", 14), late], on=date(2027, 1, 1))
    assert made == ()


@pytest.mark.parametrize(
    ("one", "other", "kind", "sentence"),
    [
        pytest.param(
            rule("daily", "daily 02:00", 35),
            rule("monthly", "monthly 1 02:30", 35),
            OverlapKind.TIE,
            "its start window meets that of daily on Fri 01 Jan 2027 at 02:30, 12 times in 2027, and both keep 35 days "
            "locally: AWS makes one of the two and does not say which; start it 1 h later or 2 h earlier, or keep one "
            "longer",
            id="equal",
        ),
        pytest.param(
            rule("daily", "daily 02:00", 14, copies={"central": 90}),
            rule("weekly", "weekly sun 02:00", 21),
            OverlapKind.COPY_LOST,
            "its start window meets that of daily on Sun 03 Jan 2027 at 02:00, 52 times in 2027: AWS makes only the "
            "backup of weekly, which is kept longer, so the copy into central for 90 days is not made; start it 1 h "
            "later or earlier, or give weekly that copy",
            id="copy lost",
        ),
        pytest.param(
            rule("daily", "daily 02:00", 14, copies={"central": 90, "replica": 1, "second": None}),
            rule("weekly", "weekly sun 02:00", None, copies={"central": 90}),
            OverlapKind.COPY_LOST,
            "its start window meets that of daily on Sun 03 Jan 2027 at 02:00, 52 times in 2027: AWS makes only the "
            "backup of weekly, which is kept longer, so the copy into replica for 1 day and the copy into second for "
            "ever are not made; start it 1 h later or earlier, or give weekly those copies",
            id="two copies lost",
        ),
        pytest.param(
            rule("hourly", "hourly :00", 2),
            rule("daily", "daily 02:00", 35, window=8 * HOUR),
            OverlapKind.SWALLOWED,
            "its start window meets that of hourly on Fri 01 Jan 2027 at 02:00, 2920 times in 2027: AWS makes only the "
            "backup of daily, which is kept longer, so 2920 backups of hourly are not made in 2027; shorten the start "
            "windows",
            id="many for one",
        ),
        pytest.param(
            rule("early", "daily 02:00", 14),
            rule("late", "daily 02:30", 35),
            OverlapKind.SWALLOWED,
            "its start window meets that of early on Fri 01 Jan 2027 at 02:30, 365 times in 2027: AWS makes only the "
            "backup of late, which is kept longer, so 365 backups of early are not made in 2027; start it 1 h later or "
            "2 h earlier, or shorten the start windows",
            id="all of them",
        ),
        pytest.param(
            rule("monthly", "monthly 1 02:00", 35),
            rule("yearly", "yearly jan 1 02:00", 40),
            OverlapKind.HARMLESS,
            "its start window meets that of monthly on Fri 01 Jan 2027 at 02:00, once in 2027: AWS makes only the "
            "backup of yearly, which is kept longer",
            id="replaced",
        ),
    ],
)
def test_an_overlap_says_when_what_is_lost_and_what_would_mend_it(
    one: TimedRule, other: TimedRule, kind: OverlapKind, sentence: str
) -> None:
    for pair in ([one, other], [other, one]):
        (overlap,) = find_overlaps(pair)
        assert (overlap.kind, say_overlap(overlap)) == (kind, sentence)


def test_of_two_rules_alike_the_later_one_is_spoken_of() -> None:
    (overlap,) = find_overlaps([rule("first", "daily 02:00", 35), rule("second", "daily 02:00", 35)])
    assert say_overlap(overlap).startswith("its start window meets that of first on ")
    assert overlap.longer.name == "second"


def test_rules_that_keep_equally_long_are_both_expected() -> None:
    made = expected_firings([rule("a", "daily 02:00", 35), rule("b", "daily 02:30", 35)], on=date(2027, 5, 5))
    assert [firing.rule.name for firing in made] == ["a", "b"]


def test_a_window_of_a_hundred_years_is_always_open() -> None:
    for_ever = rule("open", "yearly jan 1 00:00", 99, window=timedelta(minutes=52_560_000))
    (overlap,) = find_overlaps([rule("daily", "daily 02:00", 14), for_ever])
    assert overlap.times == 365
    assert expected_firings([rule("daily", "daily 02:00", 14), for_ever], on=date(2027, 5, 5)) == ()


def test_a_malformed_schedule_meets_nothing() -> None:
    broken = TimedRule(name="broken", schedule="rate(1 day)", local_days=1)
    assert list(find_overlaps([broken, rule("daily", "daily 02:00", 14)])) == []
    assert expected_firings([broken], on=date(2027, 5, 5)) == ()


SCHEDULES = ("daily 02:00", "daily 23:30", "weekly sun 00:30", "monthly 1 01:00", "hourly :15", "weekdays 02:30")


@given(
    one=st.sampled_from(SCHEDULES),
    other=st.sampled_from(SCHEDULES),
    windows=st.tuples(st.integers(60, 300), st.integers(60, 300)),
    day=st.dates(date(2027, 1, 2), date(2027, 12, 30)),
)
def test_what_meets_is_what_a_minute_by_minute_count_finds(
    one: str, other: str, windows: tuple[int, int], day: date
) -> None:
    short = rule("short", one, 1, window=timedelta(minutes=windows[0]))
    long = rule("long", other, 2, window=timedelta(minutes=windows[1]))

    def minutes(of: TimedRule, days: tuple[int, ...]) -> list[set[int]]:
        alone = ((n, expected_firings([of], on=day + timedelta(days=n))) for n in days)
        starts = (n * 1440 + each.at.hour * 60 + each.at.minute for n, found in alone for each in found)
        return [set(range(start, start + of.start_window // timedelta(minutes=1))) for start in starts]

    taken = set().union(*minutes(long, (-1, 0, 1)))
    free = [window for window in minutes(short, (0,)) if not window & taken]
    made = [firing for firing in expected_firings([short, long], on=day) if firing.rule == short]
    assert len(made) == len(free)
