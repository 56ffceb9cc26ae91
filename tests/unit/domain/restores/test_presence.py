"""When a login proves that somebody was there, for this question, just now."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.presence import PresenceClaims, PresenceState, judge_presence, presence_nonce
from strongroom.domain.restores.votes import Decision
from tests.builders.restores import NOW

NONCE = presence_nonce("c" * 48, digest="d" * 64, decision=Decision.APPROVE)
GOOD = PresenceClaims(subject="idp|maria", nonce=NONCE, authenticated_at=NOW, methods=("pwd", "mfa"))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PresenceState.PROVEN),
        ({"subject": "idp|sana"}, PresenceState.REFUSED),
        ({"nonce": "0" * 64}, PresenceState.REFUSED),
        ({"nonce": ""}, PresenceState.REFUSED),
        ({"authenticated_at": None}, PresenceState.REFUSED),
        ({"authenticated_at": NOW - timedelta(minutes=5)}, PresenceState.PROVEN),
        ({"authenticated_at": NOW - timedelta(minutes=5, seconds=1)}, PresenceState.REFUSED),
        ({"authenticated_at": NOW + timedelta(seconds=60)}, PresenceState.PROVEN),
        ({"authenticated_at": NOW + timedelta(seconds=61)}, PresenceState.REFUSED),
        ({"methods": ("pwd",)}, PresenceState.REFUSED),
        ({"methods": ()}, PresenceState.REFUSED),
    ],
    ids=[
        "good",
        "another person",
        "another question",
        "no nonce",
        "no time",
        "as old as may be",
        "too old",
        "clock skew",
        "from the future",
        "password only",
        "no method",
    ],
)
def test_presence(changes: dict[str, Any], state: PresenceState, intent: Intent) -> None:
    verdict = judge_presence(
        replace(GOOD, **changes),
        person=intent.people["maria"],
        nonce=NONCE,
        restores=ceremony_of(intent).restores,
        asked_at=NOW - timedelta(minutes=5),
        now=NOW,
    )
    assert verdict.state is state


@pytest.mark.parametrize(("early", "state"), [(60, PresenceState.PROVEN), (61, PresenceState.REFUSED)])
def test_a_session_that_is_older_than_the_question_shows_nobodys_presence(
    early: int, state: PresenceState, intent: Intent
) -> None:
    verdict = judge_presence(
        replace(GOOD, authenticated_at=NOW - timedelta(seconds=early)),
        person=intent.people["maria"],
        nonce=NONCE,
        restores=ceremony_of(intent).restores,
        asked_at=NOW,
        now=NOW,
    )
    assert verdict.state is state


def test_a_nonce_is_bound_to_question_request_and_decision() -> None:
    others = {
        presence_nonce("e" * 48, digest="d" * 64, decision=Decision.APPROVE),
        presence_nonce("c" * 48, digest="e" * 64, decision=Decision.APPROVE),
        presence_nonce("c" * 48, digest="d" * 64, decision=Decision.DENY),
    }
    assert len(others | {NONCE}) == 4
