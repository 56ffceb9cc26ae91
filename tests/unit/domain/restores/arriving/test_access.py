"""What the state of a vault means by which a team lets another one be seen, at each moment."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.errors import RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.restores.arriving.access import (
    VOTED_WITHIN,
    AccessVault,
    VaultState,
    demand_open,
    demand_still_open,
    demand_unplanted,
)
from tests.builders.places import PAYMENTS, VAULT_ACCOUNT, a_vault_arn

SOURCE, OTHER = (a_vault_arn(name, account=VAULT_ACCOUNT) for name in ("gapped", "other"))
ARN = a_vault_arn("strongroom-access-r-abcdefgh2345", account=PAYMENTS)
ASKED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def a_vault(state: str, *, source: str = SOURCE) -> AccessVault:
    return AccessVault(arn=ARN, source=source, state=state, session="arn:session")


def demand(found: AccessVault | None, *, after: timedelta) -> None:
    demand_open(found, source=SOURCE, team="the team", asked_at=ASKED_AT, now=ASKED_AT + after)


@pytest.mark.parametrize("after", [timedelta(), timedelta(days=9)], ids=["at once", "long after"])
def test_what_is_open_is_open_whenever(after: timedelta) -> None:
    demand(a_vault("AVAILABLE"), after=after)


@pytest.mark.parametrize("found", [None, a_vault("CREATING"), a_vault("REPLICATING")], ids=["unseen", "asked", "new"])
def test_it_is_awaited_for_a_day_and_a_little_and_no_longer(found: AccessVault | None) -> None:
    last = VOTED_WITHIN + timedelta(minutes=10)
    waits = "^it waits for its vault: the team has until 2026-11-24 09:00 UTC to open gapped$"
    with pytest.raises(TemporarilyUnavailableError, match=waits):
        demand(found, after=last - timedelta(seconds=1))
    ends = "^the team was asked to open gapped at 2026-11-23 09:00 UTC, and it is not open$"
    with pytest.raises(RestoreFailedError, match=ends):
        demand(found, after=last)


def test_the_states_are_those_of_aws_backup() -> None:
    assert list(VaultState) == ["CREATING", "AVAILABLE", "FAILED"]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=2), "has refused to"),
        (timedelta(hours=24, seconds=-61), "has refused to"),
        (timedelta(hours=24, seconds=-60), "has not said so within 24 hours"),
    ],
)
def test_whether_it_was_refused_or_forgotten_says_the_time(after: timedelta, said: str) -> None:
    with pytest.raises(RestoreFailedError, match=f"^the team {said}: it was asked to open gapped, in arn:session$"):
        demand(a_vault("FAILED"), after=after)


def test_a_session_that_is_not_told_is_some_session() -> None:
    with pytest.raises(RestoreFailedError, match=r"it was asked to open gapped, in a session$"):
        demand(AccessVault(arn=ARN, source=SOURCE, state="FAILED"), after=timedelta())


@pytest.mark.parametrize("state", ["AVAILABLE", "CREATING", "FAILED"])
@pytest.mark.parametrize("source", [OTHER, ""])
def test_what_shows_another_vault_is_never_open(state: str, source: str) -> None:
    with pytest.raises(RestoreFailedError, match=f"{ARN} shows {source or 'what it keeps itself'}, and not {SOURCE}"):
        demand(a_vault(state, source=source), after=timedelta())


def test_what_was_there_before_anybody_was_asked_is_somebody_elses() -> None:
    why = f"^{ARN} was there before anybody was asked: who made it opens nothing for this$"
    with pytest.raises(RestoreFailedError, match=why):
        demand_unplanted(a_vault("CREATING"), source=SOURCE, is_intended=False)
    demand_unplanted(a_vault("CREATING"), source=SOURCE, is_intended=True)
    demand_unplanted(None, source=SOURCE, is_intended=False)


def test_what_was_open_is_open_still_or_over() -> None:
    demand_still_open(a_vault("AVAILABLE"), source=SOURCE)
    for found in (None, a_vault("FAILED")):
        with pytest.raises(RestoreFailedError, match="gapped was opened, and has been revoked since"):
            demand_still_open(found, source=SOURCE)
    with pytest.raises(RestoreFailedError, match=f"shows {OTHER}, and not {SOURCE}"):
        demand_still_open(a_vault("AVAILABLE", source=OTHER), source=SOURCE)


@pytest.mark.parametrize("is_intended", [True, False])
def test_what_shows_another_vault_is_planted_whoever_has_asked(*, is_intended: bool) -> None:
    with pytest.raises(RestoreFailedError, match=f"^{ARN} shows {OTHER}, and not {SOURCE}$"):
        demand_unplanted(a_vault("AVAILABLE", source=OTHER), source=SOURCE, is_intended=is_intended)
