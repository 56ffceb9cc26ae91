"""When our cron fires is when somebody else's does, for all that both can say."""

from datetime import UTC, datetime, timedelta
from itertools import islice

from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.domain.intent.schedules import firings, next_firing

# Ours counts the days of the week from Sunday as 1, theirs from Sunday as 0.
DAYS_OF_WEEK = st.one_of(
    st.just(("*", "*")),
    st.integers(1, 7).map(lambda day: (str(day), str(day - 1))),
    st.builds(lambda day, nth: (f"{day}#{nth}", f"{day - 1}#{nth}"), st.integers(1, 7), st.integers(1, 5)),
    st.integers(1, 7).map(lambda day: (f"{day}L", f"{day - 1}L")),
    st.tuples(st.integers(1, 6), st.integers(1, 6)).map(
        lambda each: (f"{min(each)}-{max(each)}", f"{min(each) - 1}-{max(each) - 1}")
    ),
)
DAYS_OF_MONTH = st.one_of(
    st.integers(1, 31).map(str), st.just("L"), st.just("LW"), st.sampled_from(["*", "*/5", "1,15", "28-31"])
)
DAYS = st.one_of(
    DAYS_OF_WEEK.map(lambda each: (f"? {{month}} {each[0]}", f"* {{month}} {each[1]}")),
    DAYS_OF_MONTH.map(lambda day: (f"{day} {{month}} ?", f"{day} {{month}} *")),
)
MONTHS = st.sampled_from(["*", "1", "2", "*/3", "2,12", "6-9"])
HOURS = st.sampled_from(["0", "2", "23", "*/6", "0-3", "5,17", "*"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=300)
@given(days=DAYS, month=MONTHS, hour=HOURS, minute=st.integers(0, 59), after=MOMENTS)
def test_the_next_firings_are_those_of_the_oracle(
    days: tuple[str, str], month: str, hour: str, minute: int, after: datetime
) -> None:
    ours = f"cron({minute} {hour} {days[0].format(month=month)} *)"
    oracle = list(islice(CronSim(f"{minute} {hour} {days[1].format(month=month)}", after), 4))
    found: list[datetime] = []
    at = after
    while len(found) < len(oracle) and (following := next_firing(ours, after=at)) is not None:
        found.append(following)
        at = following
    assert found == oracle
    listed = firings(ours, since=after + timedelta.resolution, until=oracle[-1] + timedelta.resolution)
    assert list(listed) == oracle


@given(day=st.integers(1, 31), month=st.integers(1, 12), year=st.integers(2024, 2060))
def test_no_working_day_of_its_month_lies_nearer_to_a_day_than_the_one_that_fires(
    day: int, month: int, year: int
) -> None:
    """The oracle has no `15W`."""
    first = datetime(year, month, 1, tzinfo=UTC)
    found = list(firings(f"cron(0 2 {day}W {month} ? {year})", since=first, until=first + timedelta(days=31)))
    in_month = [each for each in (first + timedelta(days=number) for number in range(31)) if each.month == month]
    assert len(found) == (day <= len(in_month))
    for at in found:
        assert at.weekday() < 5
        assert abs(at.day - day) == min(abs(each.day - day) for each in in_month if each.weekday() < 5)
