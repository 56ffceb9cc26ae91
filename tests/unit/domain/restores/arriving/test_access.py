"""What the state of a vault means by which a team lets another one be seen, at each moment."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.errors import RestoreFailedError, TemporarilyUnavailableError
from strongroom.domain.restores.arriving.access import (
    VOTED_WITHIN,
    AccessVault,
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
    with pytest.raises(TemporarilyUnavailableError, match="the team has until 2026-11-24 09:00 UTC to open gapped"):
        demand(found, after=last - timedelta(seconds=1))
    with pytest.raises(RestoreFailedError, match="the team was asked to open gapped at 2026-11-23 09:00 UTC"):
        demand(found, after=last)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=2), "the team has refused to: it was asked to open gapped, in arn:session"),
        (timedelta(hours=24, seconds=-61), "has refused to"),
        (timedelta(hours=24, seconds=-60), "has not said so within 24 hours"),
    ],
)
def test_whether_it_was_refused_or_forgotten_says_the_time(after: timedelta, said: str) -> None:
    with pytest.raises(RestoreFailedError, match=said):
        demand(a_vault("FAILED"), after=after)


@pytest.mark.parametrize("state", ["AVAILABLE", "CREATING", "FAILED"])
@pytest.mark.parametrize("source", [OTHER, ""])
def test_what_shows_another_vault_is_never_open(state: str, source: str) -> None:
    with pytest.raises(RestoreFailedError, match=f"{ARN} shows {source or 'what it keeps itself'}, and not {SOURCE}"):
        demand(a_vault(state, source=source), after=timedelta())


def test_what_was_there_before_anybody_was_asked_is_somebody_elses() -> None:
    with pytest.raises(RestoreFailedError, match="was there before anybody was asked"):
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
