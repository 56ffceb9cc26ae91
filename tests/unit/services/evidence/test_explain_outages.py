"""A restore by the users for an outage is as loud as any other, until those who made it and a reviewer sign for it."""

from collections.abc import Sequence
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.canonical import digest_of
from strongroom.domain.evidence.object_keys import outage_key
from strongroom.domain.evidence.outages import OutagePart
from strongroom.domain.intent.model import Intent
from tests.builders.places import OUTAGE_USERS
from tests.builders.proving.outages import (
    ALL,
    MADE_AT,
    Signed,
    an_outage_evidence,
    an_outage_job,
    an_outage_report,
)
from tests.builders.restores import CENTRAL_POINT, an_urgent_intent
from tests.fakes.evidence.watching import WatchWorld

MADE, REVIEWED = OutagePart.MADE, OutagePart.REVIEWED
NO_EXPLANATION = "no request names it"


@pytest.fixture
def watch(intent: Intent) -> WatchWorld:
    """Ada, Piet and Omar are called to incidents, Sana reviews, and there are two users for an outage."""
    world = WatchWorld(an_urgent_intent(intent, users=OUTAGE_USERS))
    world.list_job(an_outage_job())
    world.ceremony.later(hours=2)
    return world


def keep(watch: WatchWorld, text: str, *, key: str = "") -> None:
    watch.ceremony.shelf.put_new(key or outage_key(digest_of(text)), text)


def told(watch: WatchWorld) -> str:
    """Why the restore is loud, which it must be."""
    assert watch.look().unexplained == ("by-hand",)
    [alert] = watch.alerts.told
    assert alert.kind is AlertKind.RESTORE_UNEXPLAINED
    return alert.reason


def test_attack_25_a_restore_while_the_control_plane_is_away_is_loud(watch: WatchWorld) -> None:
    assert told(watch).endswith(f": {NO_EXPLANATION}")


def test_attack_25_it_is_explained_once_those_who_made_it_and_a_reviewer_have_signed(watch: WatchWorld) -> None:
    told(watch)
    keep(watch, an_outage_evidence())
    assert watch.look().explained == ("by-hand",)
    [alert] = watch.alerts.settled
    assert alert.kind is AlertKind.RESTORE_UNEXPLAINED
    assert watch.alerts.kept[alert.fingerprint].resolution == (
        f"idp|ada and idp|piet made it as {OUTAGE_USERS[0]} for INC-77 while the control plane was away: the control "
        "plane was away, and payments-db was overwritten at 14:00, from Köln; idp|sana found it in order"
    )
    watch.jobs.described.clear()
    watch.look()
    assert watch.jobs.described == []


NOT_ENOUGH: dict[str, tuple[Sequence[Signed], str]] = {
    "nobody": ((), "0 of 2 of those who made it"),
    "one alone": ((("ada", MADE), ("sana", REVIEWED)), "1 of 2 of those who made it"),
    "one twice": ((("ada", MADE), ("ada", MADE), ("sana", REVIEWED)), "1 of 2 of those who made it"),
    "without a reviewer": (ALL[:2], "no reviewer who took no part in it has signed"),
    "a second who is not called": (
        (("ada", MADE), ("sana", MADE), ("sana", REVIEWED)),
        "1 of 2 of those who made it have signed; idp|sana is none of those who are called",
    ),
    "a stranger": ((("ada", MADE), ("maria", MADE), ("sana", REVIEWED)), "nobody here has enrolled this passkey"),
    "a reviewer of the called": ((*ALL[:2], ("omar", REVIEWED)), "none of those who review urgent restores"),
}


@pytest.mark.parametrize(("by", "why"), NOT_ENOUGH.values(), ids=NOT_ENOUGH)
def test_attack_25_too_few_account_for_nothing(by: Sequence[Signed], why: str, watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(by))
    assert why in told(watch)


def test_attack_25_who_made_it_does_not_review_it(watch: WatchWorld) -> None:
    groups = {**watch.intent.restores.groups, "incident": ("ada", "piet", "sana")}  # type: ignore[union-attr]
    watch.intent = replace(watch.intent, restores=replace(watch.intent.restores, groups=groups))  # type: ignore[arg-type]
    keep(watch, an_outage_evidence((("ada", MADE), ("sana", MADE), ("sana", REVIEWED))))
    assert "no reviewer who took no part in it has signed" in told(watch)


ANOTHER: dict[str, dict[str, Any]] = {
    "account": {"account": "333333333333"},
    "Region": {"region": "eu-central-1"},
    "recovery point": {"recovery_point": CENTRAL_POINT},
    "role": {"role": "arn:aws:iam::222222222222:role/admin"},
}


@pytest.mark.parametrize("changes", ANOTHER.values(), ids=ANOTHER)
def test_x_03_what_was_reported_is_what_was_made(changes: dict[str, Any], watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(about=an_outage_report(**changes)))
    assert "its account, Region, recovery point or role is not what was reported" in told(watch)


def test_x_03_a_report_of_another_job_says_nothing_of_this_one(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(about=an_outage_report(job="another")))
    assert told(watch).endswith(f": {NO_EXPLANATION}")


def test_x_03_only_the_users_of_the_intent_are_accounted_for(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(about=an_outage_report(user=OUTAGE_USERS[0] + "0")))
    assert "is none of the users for an outage" in told(watch)


def test_x_03_without_such_users_nothing_is_accounted_for(watch: WatchWorld, intent: Intent) -> None:
    watch.intent = WatchWorld(an_urgent_intent(intent)).intent
    keep(watch, an_outage_evidence())
    assert told(watch).endswith(f": {NO_EXPLANATION}")


def test_x_03_signatures_about_another_report_count_for_nothing(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(signed=an_outage_report(reason="a drill")))
    assert "it was signed about another report" in told(watch)


def test_x_03_nobody_signs_before_it_was_made(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(at=MADE_AT - timedelta(minutes=1, seconds=1)))
    assert "signed before the restore was made" in told(watch)


def test_x_03_nobody_signs_in_the_future(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(at=watch.now + timedelta(minutes=2)))
    assert "it was signed in the future" in told(watch)


def test_x_03_what_lies_under_a_name_that_is_not_its_own_is_not_read(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(), key=outage_key("0" * 64))
    assert told(watch).endswith(f": {NO_EXPLANATION}")


@pytest.mark.parametrize("junk", ["", "{}", "no JSON", '{"format":"strongroom-outage-evidence/1"}'])
def test_junk_beside_it_hides_nothing(junk: str, watch: WatchWorld) -> None:
    keep(watch, junk)
    keep(watch, an_outage_evidence())
    assert watch.look().explained == ("by-hand",)


def test_what_was_tampered_with_explains_nothing_and_hides_no_restore(watch: WatchWorld) -> None:
    text = an_outage_evidence()
    keep(watch, text)
    watch.ceremony.shelf.tampered.add(outage_key(digest_of(text)))
    assert "tampered with" in told(watch)


def test_a_second_evidence_that_is_whole_makes_good_for_a_first_that_is_not(watch: WatchWorld) -> None:
    keep(watch, an_outage_evidence(ALL[:1]))
    keep(watch, an_outage_evidence())
    assert watch.look().explained == ("by-hand",)


def test_a_key_that_counts_no_more_accounts_for_nothing(watch: WatchWorld) -> None:
    people = dict(watch.intent.people)
    [key] = people["piet"].passkeys
    people["piet"] = replace(people["piet"], passkeys=(replace(key, until=MADE_AT + timedelta(minutes=30)),))
    watch.intent = replace(watch.intent, people=people)
    keep(watch, an_outage_evidence())
    assert "1 of 2 of those who made it have signed; nobody here has enrolled this passkey" in told(watch)


def test_a_vote_or_a_review_is_no_word_about_an_outage(watch: WatchWorld) -> None:
    request = watch.ceremony.open()
    for key, text in list(watch.ceremony.shelf.kept.items()):
        if "/proofs/" in key or key.endswith("request.json"):
            keep(watch, text)
    assert request
    assert told(watch).endswith(f": {NO_EXPLANATION}")
