"""The rules of a place say what decides there, by subject and by key, and nothing that changes nothing."""

import json
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sandbox.passkeys import PASSKEYS
from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule, ClaimedGroup
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.logins import Assurance
from strongroom.domain.proofs.policies import ClaimGroup, read_policy
from strongroom.domain.proofs.reviews import is_urgent, reviewers_of
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.loosening import looser_rules
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.rulebook.places import URGENT, places_instead, rule_places
from strongroom.domain.rulebook.policy_texts import governors_of, governors_text, policy_text, urgent_text
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.domain.rulebook.trust import ceremony_trust
from strongroom_cli.compile import compiled_intent
from strongroom_cli.intent.file import load_intent_file
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import PAYMENTS
from tests.builders.proving.passkeys import with_passkeys
from tests.builders.restores import a_proving_intent, an_urgent_intent

type Change = Callable[[Intent], Intent]

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
FILES = [
    "strongroom.yaml",
    "sandbox/strongroom.yaml",
    *sorted(f"examples/{f.name}" for f in ROOT.glob("examples/*.yaml")),
]


def content(intent: Intent, *, account: AccountId | None = None, at: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(policy_text(intent, account=account, unit="Production", at=at))
    return found


def provider(**changes: Any) -> Change:
    return lambda intent: replace(intent, identity_provider=replace(ceremony_of(intent).identity_provider, **changes))


def rules(*given: dict[str, Any], **changes: Any) -> Change:
    usual: dict[str, Any] = {"unit": "Production", "group": "approvers", "needed": 1}
    made = tuple(ApprovalRule(**usual | each) for each in given)
    return lambda intent: with_restores(intent, rules=made, **changes)


def restores(**changes: Any) -> Change:
    return lambda intent: with_restores(intent, **changes)


def test_the_rules_of_the_example_are_these(intent: Intent) -> None:
    assert content(with_passkeys(intent, "maria", "ada")) == {
        "format": "strongroom-policy/1",
        "groups": {
            "approvers": ["idp|maria", "idp|sana"],
            "change-managers": ["idp|chiara"],
            "oncall": ["idp|omar"],
        },
        "issuer": {
            "assurance": {"claim": "amr", "any_of": ["hwk", "mfa"]},
            "client_id": ["strongroom-cli", "strongroom-control-plane"],
            "issuer": "https://login.strongroom.example",
            "subject_claim": "sub",
        },
        "people": {
            "idp|maria": {
                "passkeys": [
                    {
                        "algorithm": "EdDSA",
                        "id": PASSKEYS["maria"].id,
                        "public_key": PASSKEYS["maria"].public_key,
                    }
                ]
            }
        },
        "presence_max_age": 300,
        "requesters": "oncall",
        "rules": [{"group": "approvers", "needed": 1}],
        "ticket": {
            "approval": "changelog",
            "approved_statuses": ["Approved", "In Progress"],
            "approver_group": "change-managers",
            "projects": ["OPS"],
            "resource_field": "customfield_10020",
            "system": "jira",
            "types": ["Change"],
            "url": "https://strongroom.atlassian.example",
            "window": {"end_field": "customfield_10022", "start_field": "customfield_10021"},
        },
    }


@pytest.mark.parametrize("name", FILES)
def test_the_rules_of_every_file_can_be_read(name: str) -> None:
    intent, _ = load_intent_file(ROOT / name)
    held = rules_from(intent, at=NOW)
    assert bool(held) is (intent.restores is not None)
    assert [read_policy(each.text).digest for each in held] == [each.digest for each in held]


# What a change adds to the rules, or takes the place of.
SAID: dict[str, tuple[Change, dict[str, Any]]] = {
    "no tickets": (
        lambda intent: replace(intent, tickets=None),
        {"ticket": "none", "groups": {"approvers": ["idp|maria", "idp|sana"], "oncall": ["idp|omar"]}},
    ),
    "passkeys of devices only": (restores(device_bound=True), {"device_bound": True}),
    "a delay": (restores(delay=timedelta(hours=2)), {"delay": 7200}),
    "the longest delay of the place": (
        rules({"delay": timedelta(hours=3)}, {"group": "security", "delay": timedelta(hours=1)}),
        {
            "delay": 10800,
            "groups": {
                "approvers": ["idp|maria", "idp|sana"],
                "change-managers": ["idp|chiara"],
                "oncall": ["idp|omar"],
                "security": ["idp|sana"],
            },
            "rules": [{"group": "approvers", "needed": 1}, {"group": "security", "needed": 1}],
        },
    ),
    "a delay that no rule makes shorter": (
        rules({"delay": timedelta(minutes=1)}, delay=timedelta(hours=2)),
        {"delay": 7200},
    ),
    "fewer who must be others": (restores(disjoint=("voters", "requester")), {"disjoint": ["requester", "voters"]}),
    "nobody who must be another": (restores(disjoint=()), {"disjoint": []}),
    "everybody another, in another order": (restores(disjoint=("voters", "requester", "ticket_approver")), {}),
    "a rule for tiers and risks": (
        rules({}, {"group": "approvers", "tiers": ("monthly-prod", "daily-prod"), "risks": ("overwrites", "acls")}),
        {
            "rules": [
                {
                    "group": "approvers",
                    "needed": 1,
                    "when": {"tiers": ["daily-prod", "monthly-prod"], "risks": ["acls", "overwrites"]},
                },
                {"group": "approvers", "needed": 1},
            ]
        },
    ),
    "another strong login": (
        provider(assurance=Assurance(claim="acrs", all_of=("c1",)), subject_claim="oid", tenant="t-1"),
        {
            "issuer": {
                "assurance": {"claim": "acrs", "all_of": ["c1"]},
                "client_id": ["strongroom-cli", "strongroom-control-plane"],
                "issuer": "https://login.strongroom.example",
                "subject_claim": "oid",
                "tenant": "t-1",
            }
        },
    ),
    "one client for both": (
        provider(client_id="strongroom-cli"),
        {
            "issuer": {
                "assurance": {"claim": "amr", "any_of": ["hwk", "mfa"]},
                "client_id": ["strongroom-cli"],
                "issuer": "https://login.strongroom.example",
                "subject_claim": "sub",
            }
        },
    ),
    "people elsewhere": (restores(approval_expires_after=timedelta(hours=1)), {}),
}


@pytest.mark.parametrize(("change", "said"), SAID.values(), ids=SAID)
def test_what_is_decided_otherwise_stands_in_the_rules(intent: Intent, change: Change, said: dict[str, Any]) -> None:
    changed = content(change(intent))
    assert changed == content(intent) | said
    read_policy(policy_text(change(intent), unit="Production", at=NOW))


def test_groups_by_claims_stand_beside_those_of_the_file_under_names_of_their_own(intent: Intent) -> None:
    by_claim = provider(groups_claim="groups")(
        rules({}, {"group": ClaimedGroup(claim="approvers")}, requesters=ClaimedGroup(claim="Bereitschaft Süd"))(intent)
    )
    policy = read_policy(policy_text(by_claim, unit="Production", at=NOW))
    assert policy.groups == {
        "approvers": ("idp|maria", "idp|sana"),
        "change-managers": ("idp|chiara",),
        "claim:approvers": ClaimGroup(claim="groups", value="approvers"),
        r"claim:Bereitschaft S\u00fcd": ClaimGroup(claim="groups", value="Bereitschaft Süd"),
    }
    assert policy.requesters == r"claim:Bereitschaft S\u00fcd"


def test_who_approves_tickets_is_called_in_the_demands_as_among_the_groups(intent: Intent) -> None:
    assert intent.tickets is not None
    odd = replace(intent, tickets=replace(intent.tickets, approver_group="claim:büro"))
    policy = read_policy(policy_text(with_restores(odd, groups={"claim:büro": ("maria",)}), unit="Production", at=NOW))
    assert policy.groups[policy.ticket["approver_group"]] == ("idp|maria",)


def test_a_list_is_never_called_like_a_claim(intent: Intent) -> None:
    named = ("claim:approvers", "group:claim:approvers", "claim:büro", r"claim:b\u00fcro")
    groups = {"oncall": ("omar",)} | dict.fromkeys(named, ("maria",))
    asked = rules(*({"group": name} for name in named), {"group": ClaimedGroup(claim="approvers")}, groups=groups)
    found = content(replace(provider(groups_claim="groups")(asked(intent)), tickets=None))
    assert len(found["groups"]) == len(named) + 2


def test_an_account_has_its_own_rules_or_those_of_its_unit(intent: Intent) -> None:
    own = rules({}, {"unit": None, "account": PAYMENTS, "group": "security"})(intent)
    assert [rule["group"] for rule in content(own, account=PAYMENTS)["rules"]] == ["security"]
    assert [rule["group"] for rule in content(own, account=AccountId("333333333333"))["rules"]] == ["approvers"]


@pytest.mark.parametrize("change", [an_intent_without_ceremony, rules()], ids=["no ceremony", "no rule"])
def test_where_no_rule_is_nobody_approves(intent: Intent, change: Change) -> None:
    with pytest.raises(QuorumUndefinedError):
        policy_text(change(intent), unit="Production", at=NOW)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 26, tzinfo=UTC), True),
        (datetime(2026, 12, 24, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 25, tzinfo=UTC), False),
    ],
    ids=["before", "from then on", "to the end", "afterwards"],
)
def test_a_passkey_stands_in_the_rules_while_it_counts(intent: Intent, at: datetime, counts: object) -> None:
    since, until = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)
    enrolled = with_passkeys(intent, "maria", since=since, until=until)
    assert ("idp|maria" in content(enrolled, at=at)["people"]) is counts


def turned(intent: Intent) -> Intent:
    groups = {name: tuple(reversed(each)) for name, each in reversed(ceremony_of(intent).restores.groups.items())}
    people = dict(reversed(intent.people.items()))
    return with_restores(replace(intent, people=people), groups=groups)


def test_the_order_of_the_file_does_not_change_the_rules(intent: Intent) -> None:
    signed = with_passkeys(intent)
    digests = {
        digest_of(policy_text(each, unit="Production", at=NOW))
        for each in (signed, turned(signed), rules({"unit": "Sandbox"}, {})(signed))
    }
    assert len(digests) == 1
    text = governors_text(signed, at=NOW)
    assert text == governors_text(turned(signed), at=NOW)


def test_what_the_functions_carry_has_the_same_rules_as_the_file(intent: Intent) -> None:
    signed = with_passkeys(intent, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    carried = msgspec.json.decode(compiled_intent(signed).content, type=Intent)
    assert policy_text(carried, unit="Production", at=NOW) == policy_text(signed, unit="Production", at=NOW)


GOVERNORS: dict[str, tuple[Change, object]] = {
    "the largest group": (restores(), "approvers"),
    "of equals the first by name": (
        restores(groups={"oncall": ("omar",), "security": ("sana", "piet"), "approvers": ("maria", "sana")}),
        "approvers",
    ),
    "the one that is named": (restores(governors="security"), "security"),
    "of claims alone those who ask": (
        restores(groups={}, requesters=ClaimedGroup(claim="oncall")),
        ClaimedGroup(claim="oncall"),
    ),
}


@pytest.mark.parametrize(("change", "group"), GOVERNORS.values(), ids=GOVERNORS)
def test_governors_are_named_or_the_largest_group(intent: Intent, change: Change, group: object) -> None:
    assert governors_of(ceremony_of(change(intent)).restores) == group


def test_two_of_the_governors_are_needed_and_no_ticket(intent: Intent) -> None:
    policy = read_policy(governors_text(with_passkeys(intent), at=NOW))
    assert [(rule.group, rule.needed) for rule in policy.rules] == [("approvers", 2)]
    assert policy.groups == {"approvers": ("idp|maria", "idp|sana")}
    assert policy.people.keys() == {"idp|maria", "idp|sana"}
    assert not policy.needs_ticket
    with pytest.raises(QuorumUndefinedError):
        governors_text(an_intent_without_ceremony(intent), at=NOW)


USERS = ("arn:aws:iam::888888888888:user/one", "arn:aws:iam::888888888888:user/two")


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
        "anywhere in an emergency: incident would be joined by idp|maria",
    ),
    "one more who reviews": (
        glass(),
        called("sana", "maria", group="security"),
        "restores",
        "anywhere in an emergency: those who review would be joined by idp|maria",
    ),
    "others who review": (
        glass(),
        glass(reviewers="approvers"),
        "restores",
        "anywhere in an emergency: those who review would be joined by idp|maria",
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
