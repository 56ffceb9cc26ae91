"""When what waits is looked at next: the pause doubles, a day ends it, and a look that comes soon counts for none."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.waiting import LONGEST_WAIT, Task, paused
from tests.builders.places import HOME, PAYMENTS
from tests.unit.domain.tags.judged import row_of

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
ARN = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
TASK = Task(
    made=Made(
        resource=Resource(arn=ARN, label="DynamoDB table", account=PAYMENTS, region=HOME),
        kind=Kind.CREATION,
        type=row_of(ARN),
    ),
    event_id="e-1",
    made_at=NOW,
    since=NOW,
)


@pytest.mark.parametrize(
    ("looks", "seconds"), [(0, 20), (1, 40), (2, 80), (5, 640), (6, 900), (7, 900), (100, 900), (10_000, 900)]
)
def test_the_pause_doubles_up_to_a_quarter_of_an_hour(looks: int, seconds: int) -> None:
    pause = paused(replace(TASK, looks=looks), now=NOW)
    assert (pause.until, pause.task.looks) == (NOW + timedelta(seconds=seconds), looks + 1)


def test_what_is_looked_at_soon_was_not_looked_at_in_vain() -> None:
    pause = paused(TASK, now=NOW, soon=timedelta(seconds=5))
    assert (pause.until, pause.task.looks) == (NOW + timedelta(seconds=5), 0)


@pytest.mark.parametrize("soon", [None, timedelta(seconds=5)])
def test_a_day_ends_it(soon: timedelta | None) -> None:
    before, after = (
        paused(TASK, now=NOW + LONGEST_WAIT + late, soon=soon) for late in (-timedelta(seconds=1), timedelta())
    )
    assert before.until is not None
    assert after.until is None
