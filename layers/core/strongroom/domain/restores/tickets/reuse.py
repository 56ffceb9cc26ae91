"""Whether a ticket carries another request after its own has ended."""

from typing import assert_never

from strongroom.domain.restores.steps import RestoreOutcome


def may_be_used_again(outcome: RestoreOutcome, *, is_begun: bool, left_nothing: bool) -> bool:
    """Whether nothing was restored, and nobody decided against it.

    `is_begun` is a restore that may have reached AWS; of one that is not known to have `left_nothing`, something may
    still come.
    """
    match outcome:
        case RestoreOutcome.EXPIRED | RestoreOutcome.CANCELLED | RestoreOutcome.FAILED:
            return left_nothing or not is_begun
        case RestoreOutcome.RESTORED | RestoreOutcome.DENIED | RestoreOutcome.WITHDRAWN:
            return False
        case _:
            assert_never(outcome)
