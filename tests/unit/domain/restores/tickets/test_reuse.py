"""A ticket comes back where nothing was restored and nobody decided against it."""

import pytest

from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.domain.restores.tickets.reuse import may_be_used_again

COMES_BACK = {RestoreOutcome.EXPIRED, RestoreOutcome.CANCELLED, RestoreOutcome.FAILED}


@pytest.mark.parametrize("outcome", RestoreOutcome)
def test_the_outcome_decides_while_no_restore_was_begun(outcome: RestoreOutcome) -> None:
    assert may_be_used_again(outcome, is_begun=False, left_nothing=False) is (outcome in COMES_BACK)


@pytest.mark.parametrize("outcome", RestoreOutcome)
def test_a_restore_that_may_still_come_keeps_the_ticket(outcome: RestoreOutcome) -> None:
    assert not may_be_used_again(outcome, is_begun=True, left_nothing=False)


def test_a_job_that_is_known_to_have_left_nothing_gives_it_back() -> None:
    assert may_be_used_again(RestoreOutcome.FAILED, is_begun=True, left_nothing=True)
    assert not may_be_used_again(RestoreOutcome.DENIED, is_begun=True, left_nothing=True)
