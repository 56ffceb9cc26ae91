"""One execution at a time sees to an account."""

from datetime import UTC, datetime

from strongroom.domain.accounts.onboarding import CLAIM
from strongroom.services.accounts.onboarding.claim_account import ClaimState
from tests.unit.services.accounts.surroundings import World

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)


def test_of_four_executions_one_has_the_account_and_keeps_it_when_asked_again(world: World) -> None:
    world.place(NOW)
    found = [world.claim(name, NOW) for name in ("one", "two", "one", "three", "four")]
    assert found == [ClaimState.CLAIMED, ClaimState.UNDER_WAY, ClaimState.CLAIMED, *[ClaimState.UNDER_WAY] * 2]


def test_a_claim_whose_execution_looks_no_more_is_free(world: World) -> None:
    world.place(NOW)
    world.claim("one", NOW)
    assert world.claim("two", NOW + CLAIM) is ClaimState.CLAIMED
