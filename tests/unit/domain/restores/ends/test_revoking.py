"""When an access is needed no more, and what is done about one whose time is over."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.ends.revoking import (
    AskedToRevoke,
    RevokingState,
    judge_revoking,
    revoking_by_hand,
    why_needed,
)
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.air_gaps import TEAM
from tests.builders.places import HOME, VAULT_ACCOUNT, a_vault_arn
from tests.builders.restores import a_request

GAPPED = a_vault_arn("gapped-vault", account=VAULT_ACCOUNT)
REQUEST: RestoreRequest = a_request(vault=GAPPED, approval_team=TEAM)
OVER = REQUEST.act_before
JOB = ("restore job 1",)


def shows(source: str, *, arn: str = REQUEST.access_vault) -> AccessVault:
    return AccessVault(arn=arn, source=source, state="AVAILABLE")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({}, "", id="its time is over, and it has ended"),
        pytest.param({"now": OVER - timedelta(seconds=1)}, "a restore may be started out of it until", id="a second"),
        pytest.param({"is_closed": False}, "has not come to its end", id="its ceremony goes on"),
        pytest.param({"found": shows(a_vault_arn("other"))}, "is not revoked from here", id="it opens another vault"),
        pytest.param(
            {"found": shows(GAPPED, arn=f"{REQUEST.access_vault}x")}, "is not revoked from here", id="it is another's"
        ),
    ],
)
def test_it_is_needed_until_its_time_is_over_and_its_request_has_ended(changed: dict[str, Any], why: str) -> None:
    facts: dict[str, Any] = {"found": shows(GAPPED), "is_closed": True, "now": OVER}
    found = why_needed(REQUEST, **facts | changed)
    assert (why in found, bool(found)) == (True, bool(why))


@pytest.mark.parametrize(
    ("state", "hours", "uses", "verdict"),
    [
        pytest.param(None, 0, (), RevokingState.DUE, id="nobody was asked"),
        pytest.param(None, 0, JOB, RevokingState.KEPT, id="a restore reads through it"),
        pytest.param("PENDING", 1, (), RevokingState.ASKED, id="the team has it"),
        pytest.param("PENDING", 24, (), RevokingState.ASKED, id="AWS may say in a moment that it expired"),
        pytest.param("PENDING", 25, (), RevokingState.DUE, id="AWS never said that it expired"),
        pytest.param("PENDING", 25, JOB, RevokingState.KEPT, id="AWS never said that it expired, and one reads"),
        pytest.param("PENDING", 1, JOB, RevokingState.ASKED, id="the team has it while one reads"),
        pytest.param("FAILED", 23, (), RevokingState.REFUSED, id="the team has refused"),
        pytest.param("FAILED", 24, (), RevokingState.DUE, id="a day later"),
        pytest.param("FAILED", 24, JOB, RevokingState.KEPT, id="a day later, and one reads"),
        pytest.param("SOMETHING", 1, (), RevokingState.REFUSED, id="a word of tomorrow"),
    ],
)
def test_a_team_is_asked_once_a_day_and_not_while_anything_reads(
    state: str | None, hours: int, uses: tuple[str, ...], verdict: RevokingState
) -> None:
    asked = None if state is None else AskedToRevoke(state=state, since=OVER, message="REJECTED")
    found = judge_revoking(asked, uses=uses, now=OVER + timedelta(hours=hours))
    assert found.state is verdict
    assert ("restore job 1 may read through it" in found.reason) is (verdict is RevokingState.KEPT)
    assert ("(REJECTED)" in found.reason) is (verdict is RevokingState.REFUSED)


@pytest.mark.parametrize(("minutes", "verdict"), [(69, RevokingState.ASKED), (70, RevokingState.DUE)])
def test_what_is_pending_is_so_until_its_vote_is_over_as_aws_says(minutes: int, verdict: RevokingState) -> None:
    since = OVER - timedelta(days=2)
    asked = AskedToRevoke(state="PENDING", since=since, until=OVER + timedelta(hours=1))
    assert judge_revoking(asked, uses=(), now=OVER + timedelta(minutes=minutes)).state is verdict


def test_what_is_typed_names_the_vaults_account_and_both_vaults() -> None:
    typed = revoking_by_hand(REQUEST)
    assert typed == (
        f"by hand, in account {VAULT_ACCOUNT}: aws backup revoke-restore-access-backup-vault --region {HOME} "
        f"--backup-vault-name gapped-vault --restore-access-backup-vault-arn {REQUEST.access_vault}"
    )
