"""Cron expressions as AWS takes them in a backup policy."""

import pytest

from strongroom.domain.schedules import fault_of_schedule


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 2 ? * * *)",
        "cron(0 3 1 * ? *)",
        "cron(30 */6 * * ? *)",
        "cron(0 2,14 ? * MON-FRI *)",
        "cron(0 2 L * ? *)",
        "cron(0 2 15W JAN,JUL ? *)",
        "cron(0 2 ? * 6L 2026-2030)",
        "cron(0 2 ? * 2#1 *)",
    ],
)
def test_an_expression_that_aws_takes_has_no_fault(expression: str) -> None:
    assert fault_of_schedule(expression) is None


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "no cron(...) expression"),
        ("rate(1 day)", "no cron(...) expression"),
        ("0 2 * * *", "no cron(...) expression"),
        ("cron(0 2 * * *)", "six fields, not 5"),
        ("cron(60 2 ? * * *)", "'60' is no minute"),
        ("cron(0 24 ? * * *)", "'24' is no hour"),
        ("cron(0 2 32 * ? *)", "'32' is no day of month"),
        ("cron(0 2 1 13 ? *)", "'13' is no month"),
        ("cron(0 2 ? * 0 *)", "'0' is no day of week"),
        ("cron(0 2 ? * FRI-MON *)", "'FRI-MON' is no day of week"),
        ("cron(0 2 ? * * 1969)", "'1969' is no year"),
        ("cron(0 1-2-3 ? * * *)", "'1-2-3' is no hour"),
        ("cron(0 */0 ? * * *)", "'*/0' is no hour"),
        ("cron(0 2 * * * *)", "exactly one of day of month and day of week"),
        ("cron(0 2 ? * ? *)", "exactly one of day of month and day of week"),
        ("cron(*/15 2 ? * * *)", "an hour or more apart"),
        ("cron(0,30 2 ? * * *)", "an hour or more apart"),
    ],
)
def test_an_expression_that_aws_refuses_is_told_with_its_fault(expression: str, fault: str) -> None:
    assert fault in (fault_of_schedule(expression) or "")
