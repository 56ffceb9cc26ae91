"""Executions that close are known by their names, and are one in ten minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.restores.executions import closed_execution, closing_name

AT = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
OWN = "arn:aws:states:eu-west-1:111111111112:execution:strongroom-restore-approval:r-bbbbbbbbbbbb"


@pytest.mark.parametrize(("seconds", "is_same"), [(0, True), (599, True), (600, False)])
def test_one_may_begin_in_ten_minutes(seconds: int, *, is_same: bool) -> None:
    later = closing_name("r-bbbbbbbbbbbb", at=AT + timedelta(seconds=seconds))
    assert (later == closing_name("r-bbbbbbbbbbbb", at=AT)) is is_same


def test_its_name_is_one_that_step_functions_takes() -> None:
    assert len(closing_name("r-bbbbbbbbbbbb", at=AT)) <= 80


def test_an_execution_that_closes_names_the_one_that_it_closes_for() -> None:
    parent, _, name = OWN.rpartition(":")
    assert closed_execution(f"{parent}:{closing_name(name, at=AT)}") == OWN
    assert closed_execution(OWN) == ""
