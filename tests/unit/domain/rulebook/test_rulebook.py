"""All rules together are one text, in which nothing that matters can be changed without another digest."""

import json
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.passkeys import Page
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.rulebook.policy_texts import governors_text, policy_text
from strongroom.domain.rulebook.rulebook import rulebook_text
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import HOME, PAYMENTS, PRODUCTION
from tests.builders.proving.passkeys import with_passkeys

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
PROFILE = AccountProfile(
    account=AccountId(PAYMENTS), region=Region(HOME), security_groups=(("sg-1", "sg-2"),), classes=("gp3",)
)
SOON = datetime(2026, 12, 1, tzinfo=UTC)


def test_the_rulebook_names_clocks_page_governors_and_the_rules_of_each_place(intent: Intent) -> None:
    signed = with_passkeys(intent, until=SOON)
    now, then = (digest_of(policy_text(signed, unit="Production", at=at)) for at in (NOW, SOON))
    assert json.loads(rulebook_text(signed, at=NOW)) == {
        "format": "strongroom-rulebook/1",
        "approval_expires_after": 14400,
        "execution_expires_after": 3600,
        "copy_back_within": 172800,
        "governors": [digest_of(governors_text(signed, at=at)) for at in (NOW, SOON)],
        "page": {"rp_id": "localhost", "origins": ["http://localhost:4566"]},
        "places": {PRODUCTION: [{"policy": now}, {"policy": then, "since": "2026-12-01T00:00:00Z"}]},
    }


def test_without_a_ceremony_there_are_no_places(intent: Intent) -> None:
    text = rulebook_text(an_intent_without_ceremony(intent), at=NOW)
    assert read_canonical(text) == {"format": "strongroom-rulebook/1", "places": {}}


def test_where_restores_may_lie_and_what_is_let_through_is_told_where_it_is_not_as_usual(intent: Intent) -> None:
    changed = with_restores(intent, profiles=(PROFILE,), limits=RestoreLimits(into_existing="elevated"))
    told = json.loads(rulebook_text(changed, at=NOW))
    assert told["limits"] == {"into_existing": "elevated"}
    assert told["profiles"] == [
        {"account": PAYMENTS, "region": HOME, "security_groups": [["sg-1", "sg-2"]], "classes": ["gp3"]}
    ]
    other = json.loads(rulebook_text(with_restores(intent, profiles=(replace(PROFILE, classes=("gp2",)),)), at=NOW))
    assert other["profiles"] != told["profiles"]


OTHERS: dict[str, Callable[[Intent], Intent]] = {
    "a clock": lambda intent: with_restores(intent, approval_expires_after=timedelta(hours=5)),
    "another clock": lambda intent: with_restores(intent, copy_back_within=timedelta(days=3)),
    "a page": lambda intent: with_restores(intent, page=Page(rp_id="localhost", origins=("http://localhost:1",))),
    "the governors": lambda intent: with_restores(intent, governors="security"),
    "a rule": lambda intent: with_restores(intent, delay=timedelta(hours=1)),
    "a key": lambda intent: replace(
        intent, people=intent.people | {"maria": replace(intent.people["maria"], passkeys=())}
    ),
    "an end of a key": lambda intent: with_passkeys(intent, until=SOON),
    "a profile": lambda intent: with_restores(intent, profiles=(PROFILE,)),
    "a limit": lambda intent: with_restores(intent, limits=RestoreLimits(infected="elevated")),
    "no tickets": lambda intent: replace(intent, tickets=None),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_whatever_decides_is_in_the_text(intent: Intent, change: Callable[[Intent], Intent]) -> None:
    signed = with_passkeys(intent)
    assert rulebook_text(change(signed), at=NOW) != rulebook_text(signed, at=NOW)
