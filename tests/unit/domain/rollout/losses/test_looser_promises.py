"""What the functions would hold themselves to less than before: deadlines, and the signatures under the log."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.intent.model import Alerts, Deadlines, Intent
from strongroom.domain.intent.proving.evidence import EvidenceLog
from strongroom.domain.intent.vaults import Vault
from strongroom.domain.rollout.losses.looser_promises import looser_promises
from tests.builders.air_gaps import CENTRAL, TEAM, with_vaults

WHOLE = EvidenceLog(origin="example.com", log_key="log", witness="witness")
HOUR = timedelta(hours=1)
LONGER = Deadlines(copy_verified_within=timedelta(hours=9), copy_retry_after=timedelta(hours=2))

LOOSER: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "later alerts": (
        {},
        {"deadlines": LONGER},
        ["deadlines.copy_verified_within", "deadlines.copy_retry_after"],
    ),
    "a copy that may run longer": (
        {},
        {"deadlines": Deadlines(copy_stuck_after=timedelta(hours=9))},
        ["deadlines.copy_stuck_after"],
    ),
    "a copy that may take longer where those before it did": (
        {},
        {"deadlines": Deadlines(copy_verified_at_most=timedelta(hours=9))},
        ["deadlines.copy_verified_at_most"],
    ),
    "later looks": (
        {},
        {"deadlines": Deadlines(grace=HOUR, look_every=HOUR, second_look=timedelta(days=9))},
        ["deadlines.grace", "deadlines.look_every", "deadlines.second_look"],
    ),
    "nobody outside who would notice": (
        {"alerts": Alerts(dead_man_url="https://example.com/1")},
        {"alerts": Alerts()},
        ["alerts.dead_man_url"],
    ),
    "somebody else outside": (
        {"alerts": Alerts(dead_man_url="https://example.com/1")},
        {"alerts": Alerts(dead_man_url="https://example.com/2")},
        [],
    ),
    "no log": ({"evidence": WHOLE}, {"evidence": None}, ["evidence.log_key", "evidence.witness_required"]),
    "no key of the log": ({"evidence": WHOLE}, {"evidence": replace(WHOLE, log_key=None)}, ["evidence.log_key"]),
    "a witness that need not sign": (
        {"evidence": WHOLE},
        {"evidence": replace(WHOLE, witness_required=False)},
        ["evidence.witness_required"],
    ),
    "the same": ({"evidence": WHOLE}, {"evidence": WHOLE}, []),
    "a new log": ({}, {"evidence": WHOLE}, []),
    "a witness that must sign now": (
        {"evidence": replace(WHOLE, witness_required=False)},
        {"evidence": WHOLE},
        [],
    ),
    "no ceremony, and so no evidence": ({"evidence": WHOLE}, {"evidence": None, "restores": None}, []),
}


@pytest.mark.parametrize(("before", "after", "paths"), LOOSER.values(), ids=LOOSER)
def test_a_promise_that_becomes_weaker_is_told_at_its_place(
    intent: Intent, before: dict[str, Any], after: dict[str, Any], paths: list[str]
) -> None:
    found = looser_promises(replace(intent, **before), replace(intent, **after))
    assert [path for path, _ in found] == paths


GUARDED = replace(CENTRAL, name="guarded-vault", existing=True, approval_team=TEAM)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (GUARDED, []),
        (replace(GUARDED, approval_team=None), ["restores out of guarded-vault would be possible without a vote"]),
        (
            replace(GUARDED, approval_team=f"{TEAM}-2"),
            [f"restores out of guarded-vault would be possible by {TEAM}-2"],
        ),
    ],
    ids=["the same", "no team", "another team"],
)
def test_a_vault_that_a_team_opens_loses_it_only_where_somebody_says_so(
    after: Vault, said: list[str], intent: Intent
) -> None:
    before = with_vaults(intent, guarded=GUARDED)
    found = list(looser_promises(before, with_vaults(intent, guarded=after)))
    assert found == [("vaults.guarded.approval_team", each) for each in said]
    assert list(looser_promises(with_vaults(intent, guarded=replace(GUARDED, approval_team=None)), before)) == []
