"""What cannot wait has rules of its own, and whatever makes them looser is found."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.reviews import is_urgent, reviewers_of
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.loosening import looser_rules
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.rulebook.places import URGENT, places_instead, rule_places
from strongroom.domain.rulebook.policy_texts import policy_text, urgent_text
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.domain.rulebook.trust import ceremony_trust
from tests.builders.intents import with_restores
from tests.builders.restores import a_proving_intent, an_urgent_intent

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
USERS = ("arn:aws:iam::888888888888:user/one", "arn:aws:iam::888888888888:user/two")

type Change = Callable[[Intent], Intent]


def test_two_of_the_incident_group_decide_by_passkeys_without_a_ticket(intent: Intent) -> None:
    said = json.loads(urgent_text(an_urgent_intent(intent), at=NOW))
    assert said["rules"] == [{"group": "incident", "needed": 2}]
    assert said["groups"] == {
        "incident": ["idp|ada", "idp|omar", "idp|piet"],
        "oncall": ["idp|omar"],
        "review:security": ["idp|sana"],
    }
    assert sorted(said["people"]) == ["idp|ada", "idp|omar", "idp|piet", "idp|sana"]
    assert (said["requesters"], said["ticket"]) == ("oncall", "none")
    assert not {"issuer", "delay", "disjoint"} & said.keys()


def test_the_reviewers_are_told_apart_from_those_who_decide(intent: Intent) -> None:
    policy = read_policy(urgent_text(an_urgent_intent(intent, reviewers="incident"), at=NOW))
    assert is_urgent(policy)
    assert reviewers_of(policy) == ("idp|ada", "idp|omar", "idp|piet")
    assert [rule.group for rule in policy.rules] == ["incident"]


def test_the_rules_of_a_place_are_not_urgent_ones_whatever_its_groups_are_called(intent: Intent) -> None:
    restores = ceremony_of(intent).restores
    groups = restores.groups | {"review:approvers": ("maria",)}
    [rule] = restores.rules
    named = with_restores(
        intent, groups=groups, rules=(rule.__class__(unit=rule.unit, group="review:approvers", needed=1),)
    )
    policy = read_policy(policy_text(named, unit="Production", at=NOW))
    assert "group:review:approvers" in policy.groups
    assert not is_urgent(policy)


def test_several_groups_of_reviewers_are_nobody(intent: Intent) -> None:
    said = json.loads(urgent_text(an_urgent_intent(intent), at=NOW))
    said["groups"]["review:another"] = ["idp|maria"]
    assert reviewers_of(read_policy(canonical_text(said))) == ()


def test_without_them_there_are_none(intent: Intent) -> None:
    with pytest.raises(QuorumUndefinedError):
        urgent_text(a_proving_intent(intent), at=NOW)
    assert URGENT not in rule_places(intent)
    assert places_instead(intent, URGENT) == ()


def test_they_are_written_down_and_trusted_like_all_others(intent: Intent) -> None:
    urgent = an_urgent_intent(intent)
    held = next(each for each in rules_from(urgent, at=NOW) if each.place is URGENT)
    assert held.text == urgent_text(urgent, at=NOW)
    assert held.digest in [digest for digest, _, _ in ceremony_trust(urgent, at=NOW)["policies"]]
    signed = json.loads(rulebook_text(urgent, at=NOW))
    assert signed["places"]["urgent"] == [{"policy": held.digest}]
    assert signed["break_glass"] == {"act_within": 1800, "incident": "INC-#", "users": []}


def glass(**changes: object) -> Change:
    return lambda intent: an_urgent_intent(intent, **changes)


def called(*people: str, group: str = "incident") -> Change:
    def changed(intent: Intent) -> Intent:
        urgent = an_urgent_intent(intent)
        return with_restores(urgent, groups=ceremony_of(urgent).restores.groups | {group: people})

    return changed


LOOSER: dict[str, tuple[Change, Change, str, str]] = {
    "where there were none": (
        a_proving_intent,
        glass(),
        "restores.break_glass",
        "incident could restore without approvers and tickets",
    ),
    "more time": (
        glass(act_within=timedelta(minutes=10)),
        glass(),
        "restores.break_glass.act_within",
        "act_within would be 0:30:00 in place of 0:10:00",
    ),
    "other incidents": (glass(), glass(incident="*"), "restores.break_glass.incident", "called * in place of INC-#"),
    "a user": (glass(), glass(users=USERS), "restores.break_glass.users", "could restore while the control plane is"),
    "one more who is called": (
        glass(),
        called("ada", "piet", "omar", "maria"),
        "restores",
        "any place, urgently: incident would be joined by idp|maria",
    ),
    "one more who reviews": (
        glass(),
        called("sana", "maria", group="security"),
        "restores",
        "any place, urgently: those who review would be joined by idp|maria",
    ),
    "others who review": (
        glass(),
        glass(reviewers="approvers"),
        "restores",
        "any place, urgently: those who review would be joined by idp|maria",
    ),
}


@pytest.mark.parametrize(("before", "after", "path", "words"), LOOSER.values(), ids=LOOSER)
def test_attack_26_what_makes_them_looser_is_found(
    intent: Intent, before: Change, after: Change, path: str, words: str
) -> None:
    found = [(where, why) for where, why in looser_rules(before(intent), after(intent), at=NOW) if words in why]
    assert [where for where, _ in found] == [path]


NOT_LOOSER: dict[str, tuple[Change, Change]] = {
    "the same": (glass(), glass()),
    "none any more": (glass(), a_proving_intent),
    "less time": (glass(), glass(act_within=timedelta(minutes=5))),
    "one less who is called": (called("ada", "piet", "maria"), called("ada", "piet")),
    "a user less": (glass(users=USERS), glass()),
}


@pytest.mark.parametrize(("before", "after"), NOT_LOOSER.values(), ids=NOT_LOOSER)
def test_what_makes_them_no_looser_is_not(intent: Intent, before: Change, after: Change) -> None:
    # Left out, the largest group governs, and the incident group may be that.
    was, will = (with_restores(change(intent), governors="approvers") for change in (before, after))
    assert looser_rules(was, will, at=NOW) == ()
