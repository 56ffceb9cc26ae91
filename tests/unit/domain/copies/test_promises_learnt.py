"""What events told, and what they lost."""

import pytest

from strongroom.domain.copies.promises import Learnt, measures_of
from strongroom.domain.health.metrics import Metric


@pytest.mark.parametrize(
    ("learnt", "told", "found"),
    [
        pytest.param([], None, None, id="nothing"),
        pytest.param([None, None], None, None, id="nothing new"),
        pytest.param([Learnt.EVENT, Learnt.COPY], 2, None, id="by events, of the backup or of its copy"),
        pytest.param([Learnt.SWEEP, None, Learnt.RECONCILIATION], None, 2, id="by looking and by lists"),
        pytest.param([Learnt.EVENT, Learnt.SWEEP], 1, 1, id="one each"),
    ],
)
def test_what_was_learnt_is_counted_by_whether_an_event_told_it(
    learnt: list[Learnt | None], told: int | None, found: int | None
) -> None:
    counts = measures_of(learnt)
    assert (counts.get(Metric.TOLD_BY_EVENT), counts.get(Metric.FOUND_WITHOUT_EVENT)) == (told, found)
