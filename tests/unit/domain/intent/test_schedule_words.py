"""Schedules in words: the cron expression that they stand for, why a text is none, and the way back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.intent.schedule_words import cron_of, fault_of_words, words_of
from strongroom.domain.intent.schedules import fault_of_cron, firings

EXAMPLES = (
    "hourly :30, daily 02:00, weekdays 02:00, weekly sun 03:00, monthly 1 04:00, quarterly 1 04:00, "
    "yearly jan 1 05:00, or a cron(...) expression"
)


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        ("hourly :30", "cron(30 * ? * * *)"),
        ("hourly :00", "cron(0 * ? * * *)"),
        ("daily 02:00", "cron(0 2 ? * * *)"),
        ("daily 23:59", "cron(59 23 ? * * *)"),
        ("weekdays 02:00", "cron(0 2 ? * MON-FRI *)"),
        ("weekly sun 03:00", "cron(0 3 ? * SUN *)"),
        ("weekly sat 00:05", "cron(5 0 ? * SAT *)"),
        ("monthly 1 04:00", "cron(0 4 1 * ? *)"),
        ("monthly last 04:00", "cron(0 4 L * ? *)"),
        ("quarterly 1 04:00", "cron(0 4 1 1,4,7,10 ? *)"),
        ("yearly jan 1 05:00", "cron(0 5 1 1 ? *)"),
        ("yearly dec 31 05:00", "cron(0 5 31 12 ? *)"),
    ],
)
def test_words_stand_for_a_cron_expression_and_come_back(words: str, cron: str) -> None:
    assert cron_of(words) == cron
    assert fault_of_cron(cron) is None
    assert words_of(cron) == words


def test_letter_case_and_blanks_do_not_matter() -> None:
    assert cron_of("  Weekly  SUN 03:00 ") == "cron(0 3 ? * SUN *)"


def test_a_cron_expression_stands_for_itself() -> None:
    assert cron_of("cron(0 2,14 ? * * *)") == "cron(0 2,14 ? * * *)"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", f"'' is no schedule: write {EXAMPLES}"),
        ("nightly 02:00", f"'nightly 02:00' is no schedule: write {EXAMPLES}"),
        ("0 2 * * *", f"'0 2 * * *' is no schedule: write {EXAMPLES}"),
        ("dayly 02:00", f"'dayly 02:00' is no schedule: write {EXAMPLES}; did you mean daily 02:00?"),
        ("daily", "daily takes a time of day, as in daily 02:00, not ''"),
        ("weekly 03:00", "weekly takes a day of the week and a time of day, as in weekly sun 03:00, not '03:00'"),
        ("daily 2:00", "'2:00' is no time of day in UTC (00:00 to 23:59)"),
        ("daily 24:00", "'24:00' is no time of day in UTC (00:00 to 23:59)"),
        ("daily 02:00:00", "'02:00:00' is no time of day in UTC (00:00 to 23:59)"),
        ("hourly 30", "'30' is no minute of the hour (:00 to :59)"),
        ("hourly :60", "':60' is no minute of the hour (:00 to :59)"),
        (
            "weekly sunday 03:00",
            "'sunday' is no day of the week (sun, mon, tue, wed, thu, fri, sat); did you mean sun?",
        ),
        ("weekly 7 03:00", "'7' is no day of the week (sun, mon, tue, wed, thu, fri, sat)"),
        ("monthly 31 04:00", "'31' is no day that every month has (1 to 28, or last)"),
        ("monthly 01 04:00", "'01' is no day that every month has (1 to 28, or last)"),
        ("quarterly last 04:00", "'last' is no day that every month has (1 to 28)"),
        ("yearly 1 jan 05:00", "'1' is no month (jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec)"),
        ("yearly jan 32 05:00", "'32' is no day of the month (1 to 31)"),
        ("yearly feb 29 05:00", "feb has no day 29 in every year (1 to 28)"),
        ("yearly jun 31 05:00", "jun has no day 31 in every year (1 to 30)"),
    ],
)
def test_a_text_that_is_no_schedule_says_why(text: str, fault: str) -> None:
    assert fault_of_words(text) == fault
    assert cron_of(text) is None


def test_a_cron_expression_is_judged_as_ever() -> None:
    assert "take no rate(...)" in (fault_of_words("rate(1 day)") or "")
    assert "six fields, not 5" in (fault_of_words("cron(0 2 * * *)") or "")
    assert "does not fire after" in (fault_of_words("cron(0 2 ? * * 2020)", today=date(2026, 5, 1)) or "")
    assert fault_of_words("cron(0 2 ? * * 2020)") is None


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("cron(0 2 * * ? *)", "daily 02:00"),
        ("cron(0 2 ? * 1-7 *)", "daily 02:00"),
        ("cron(30 0/1 * * ? *)", "hourly :30"),
        ("cron(0 2 ? * 2,3,4,5,6 *)", "weekdays 02:00"),
        ("cron(0 3 ? * 1 *)", "weekly sun 03:00"),
        ("cron(0 3 ? * L *)", "weekly sat 03:00"),
        ("cron(0 4 1 1/3 ? *)", "quarterly 1 04:00"),
        ("cron(0 5 1 JAN ? *)", "yearly jan 1 05:00"),
        ("cron(0 2,14 ? * * *)", None),
        ("cron(0 */2 ? * * *)", None),
        ("cron(0 * ? * SUN *)", None),
        ("cron(0 2 ? * SUN,WED *)", None),
        ("cron(0 2 ? JAN SUN *)", None),
        ("cron(0 2 ? * 1#1 *)", None),
        ("cron(0 2 ? * 6L *)", None),
        ("cron(0 2 LW * ? *)", None),
        ("cron(0 2 31 * ? *)", None),
        ("cron(0 2 1,15 * ? *)", None),
        ("cron(0 2 29 2 ? *)", None),
        ("cron(0 2 1 1,6 ? *)", None),
        ("cron(0 2 ? * * 2030)", None),
        ("rate(1 day)", None),
    ],
)
def test_a_cron_expression_has_words_only_where_they_are_exact(cron: str, words: str | None) -> None:
    assert words_of(cron) == words


DAYS = st.sampled_from(["?", "*", "1", "L", "LW", "15W", "1,15", "28-31", "1/7", "31"])
WEEKDAYS = st.sampled_from(["?", "*", "SUN", "2-6", "MON-FRI", "1,2", "6L", "2#1", "L", "1-7"])
MONTHS = st.sampled_from(["*", "1", "JAN,APR,JUL,OCT", "1/3", "2", "6-8", "*/1"])


@given(st.sampled_from(["0", "30"]), st.sampled_from(["2", "*", "*/2", "0/1", "2,14"]), DAYS, MONTHS, WEEKDAYS)
def test_words_fire_exactly_when_the_expression_does(
    minute: str, hour: str, days: str, months: str, weekdays: str
) -> None:
    expression = f"cron({minute} {hour} {days} {months} {weekdays} *)"
    words = words_of(expression)
    if words is None:
        return
    span = {"since": datetime(2027, 1, 1, tzinfo=UTC), "until": datetime(2029, 1, 1, tzinfo=UTC)}
    assert list(firings(cron_of(words) or "", **span)) == list(firings(expression, **span))


@given(st.text(alphabet="dailyweekmonthsuquarter 0123456789:(-", max_size=30) | st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert (cron_of(text) is None) == (fault_of_words(text) is not None)
