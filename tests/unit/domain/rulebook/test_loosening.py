"""Two intents are compared place by place, and for every day to come on which a passkey begins or ends."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.proving.passkeys import Page
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.loosening import are_signed, looser_rules
from tests.builders.intents import an_intent_without_ceremony, with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.proving.passkeys import ORIGIN, PAGE, with_passkeys

type Change = Callable[[Intent], Intent]

NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)
SOON = datetime(2026, 12, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def restores(**changes: Any) -> Change:
    return lambda intent: with_restores(intent, **changes)


def rules(*given: dict[str, Any]) -> Change:
    usual: dict[str, Any] = {"unit": "Production", "group": "approvers", "needed": 1}
    return restores(rules=tuple(ApprovalRule(**usual | each) for each in given))


def keys(*names: str, **times: Any) -> Change:
    return lambda intent: with_passkeys(intent, *names, **times)


def same(intent: Intent) -> Intent:
    return intent


def told(intent: Intent, before: Change, after: Change) -> list[tuple[str, str]]:
    """What is looser of two intents whose rules are signed."""
    signed = with_restores(intent, page=PAGE)
    return list(looser_rules(before(signed), after(signed), at=NOW))


PROFILE = AccountProfile(
    account=AccountId(PAYMENTS),
    region=Region(HOME),
    keys=("k-1",),
    security_groups=(("sg-1", "sg-2"), ("sg-3",)),
    db_subnet_group=("db",),
    classes=("db.m7g.large",),
)


def profile(**changes: Any) -> Change:
    return restores(profiles=(replace(PROFILE, **changes),))


GROUPS = {"oncall": ("omar",), "approvers": ("maria", "sana"), "security": ("sana",)}
OF_PAYMENTS = {"unit": None, "account": AccountId(PAYMENTS)}

LOOSER: dict[str, tuple[Change, Change, str, str]] = {
    "a clock": (
        same,
        restores(approval_expires_after=timedelta(hours=5)),
        "restores.approval_expires_after",
        "approval_expires_after would be 5:00:00 in place of 4:00:00",
    ),
    "the time to copy back": (
        same,
        restores(copy_back_within=timedelta(days=3)),
        "restores.copy_back_within",
        "copy_back_within would be 3 days, 0:00:00 in place of 2 days, 0:00:00",
    ),
    "an origin": (
        same,
        restores(page=Page(rp_id="localhost", origins=(ORIGIN, "http://localhost:1"))),
        "restores.page",
        "passkeys could sign on http://localhost:1, too",
    ),
    "another host": (
        same,
        restores(page=Page(rp_id="a.localhost", origins=(ORIGIN,))),
        "restores.page",
        "passkeys of a.localhost would count in place of those of localhost",
    ),
    "no page": (same, restores(page=None), "restores.page", "looser rules would need nobody's word"),
    "somebody more who approves tickets": (
        same,
        restores(groups={"oncall": ("omar",), "approvers": ("maria", "sana"), "change-managers": ("chiara", "piet")}),
        "restores",
        "those who approve tickets would be joined by idp|piet",
    ),
    "no ceremony": (same, an_intent_without_ceremony, "restores", "whoever IAM lets could restore"),
    "no tickets": (
        same,
        lambda intent: replace(intent, tickets=None),
        "restores",
        "for restores into Production: no ticket would be needed",
    ),
    "fewer approvals in one of two places": (
        rules({"needed": 2}, {"unit": "Sandbox", "needed": 2}),
        rules({"needed": 2}, {"unit": "Sandbox"}),
        "restores",
        "for restores into Sandbox: 1 of approvers would be needed in place of 2 everywhere",
    ),
    "fewer approvals in two places": (
        rules({"needed": 2}, {"unit": "Sandbox", "needed": 2}),
        rules({}, {"unit": "Sandbox"}),
        "restores",
        "for restores into Production, Sandbox: 1 of approvers would be needed in place of 2 everywhere",
    ),
    "an account's own rules gone": (
        rules({}, {**OF_PAYMENTS, "needed": 2}),
        rules({}),
        "restores",
        f"for restores into account {PAYMENTS}: 1 of approvers would be needed in place of 2 everywhere",
    ),
    "rules of an account's own": (
        rules({"needed": 2}),
        rules({"needed": 2}, OF_PAYMENTS),
        "restores",
        f"for restores into account {PAYMENTS}: 1 of approvers would be needed in place of 2 everywhere",
    ),
    "a passkey more": (
        keys("maria"),
        keys("maria", "sana"),
        "restores",
        "for restores into Production: idp|sana could sign with one more passkey, ",
    ),
    "a passkey that will count": (
        same,
        keys("sana", since=LATER),
        "restores",
        "for restores into Production: idp|sana could sign with one more passkey, ",
    ),
    "a passkey that will count sooner": (
        keys("sana", since=LATER),
        keys("sana", since=SOON),
        "restores",
        "for restores into Production: idp|sana could sign with one more passkey, ",
    ),
    "a passkey that will count for longer": (
        keys("sana", until=SOON),
        keys("sana", until=LATER),
        "restores",
        "for restores into Production: idp|sana could sign with one more passkey, ",
    ),
    "a profile where there was none": (
        same,
        profile(),
        "restores.profiles[0].keys",
        f"restores into {PAYMENTS} in {HOME} could have k-1 of keys",
    ),
    "a profile of another Region": (
        profile(),
        restores(profiles=(PROFILE, replace(PROFILE, region=Region("eu-central-1")))),
        "restores.profiles[1].db_subnet_group",
        f"restores into {PAYMENTS} in eu-central-1 could have db of db_subnet_group",
    ),
    "a key more": (profile(), profile(keys=("k-0", "k-1")), "restores.profiles[0].keys", "could have k-0 of keys"),
    "a network more": (
        profile(),
        profile(db_subnet_group=("db", "public")),
        "restores.profiles[0].db_subnet_group",
        "could have public of db_subnet_group",
    ),
    "groups that go together otherwise": (
        profile(),
        profile(security_groups=(("sg-1",), ("sg-3",))),
        "restores.profiles[0].security_groups",
        "could have sg-1 of security_groups",
    ),
    "a class more": (
        profile(),
        profile(classes=("db.x2g.16xlarge", "db.m7g.large")),
        "restores.profiles[0].classes",
        "could have db.x2g.16xlarge of classes",
    ),
    "into what lives": (
        same,
        restores(limits=RestoreLimits(into_existing="elevated")),
        "restores.limits.into_existing",
        "restores into what lives would be let through where the stricter rule decides",
    ),
    "the old role": (
        same,
        restores(limits=RestoreLimits(backed_up_role="elevated")),
        "restores.limits.backed_up_role",
        "machines under the role that they were backed up with would be let through",
    ),
    "a role for replication": (
        restores(limits=RestoreLimits(backed_up_role="elevated")),
        restores(limits=RestoreLimits(backed_up_role="elevated", replication_role="elevated")),
        "restores.limits.replication_role",
        "replication of restored buckets under a role that a profile lends would be let through",
    ),
    "malware": (
        restores(limits=RestoreLimits(into_existing="elevated")),
        restores(limits=RestoreLimits(into_existing="elevated", infected="elevated")),
        "restores.limits.infected",
        "backups in which malware was found would be let through",
    ),
    "others who make the rules looser": (
        restores(governors="approvers"),
        restores(governors="platform"),
        "restores",
        "for whoever makes the rules looser: the rule would be gone that 2 of approvers approve everywhere",
    ),
    "one more who makes the rules looser": (
        restores(governors="platform", groups={**GROUPS, "platform": ("piet", "ada")}),
        restores(governors="platform", groups={**GROUPS, "platform": ("piet", "ada", "chiara")}),
        "restores",
        "for whoever makes the rules looser: platform would be joined by idp|chiara",
    ),
}


@pytest.mark.parametrize(("before", "after", "path", "said"), LOOSER.values(), ids=LOOSER)
def test_what_becomes_looser_is_told_at_its_place(
    intent: Intent, before: Change, after: Change, path: str, said: str
) -> None:
    found = told(intent, before, after)
    assert path in [place for place, _ in found]
    assert any(said in sentence for _, sentence in found)
    assert len(found) == len(set(found))


NOT_LOOSER: dict[str, tuple[Change, Change]] = {
    "nothing": (same, same),
    "shorter clocks": (same, restores(approval_expires_after=timedelta(hours=1))),
    "an origin gone": (restores(page=Page(rp_id="localhost", origins=(ORIGIN, "http://localhost:1"))), same),
    "a passkey that ends sooner": (keys("sana", until=LATER), keys("sana", until=SOON)),
    "a passkey that had ended already": (same, keys("sana", until=NOW)),
    "a passkey of somebody who is asked nowhere": (same, keys("ada")),
    "a place that is governed no more": (rules({}, {"unit": "Sandbox"}), rules({})),
    "a place that was not governed": (rules({}), rules({}, {"unit": "Sandbox"})),
    "a profile gone": (profile(), same),
    "a profile that has less": (profile(), profile(keys=(), classes=(), security_groups=(("sg-3",),))),
    "a profile in another order": (profile(), profile(security_groups=(("sg-3",), ("sg-2", "sg-1")))),
    "profiles in another order": (
        restores(profiles=(PROFILE, replace(PROFILE, region=Region("eu-central-1")))),
        restores(profiles=(replace(PROFILE, region=Region("eu-central-1")), PROFILE)),
    ),
    "limits that let less through": (
        restores(limits=RestoreLimits(infected="elevated")),
        restores(limits=RestoreLimits()),
    ),
    "stricter rules of an account's own": (rules({}), rules({}, {**OF_PAYMENTS, "needed": 2})),
}


@pytest.mark.parametrize(("before", "after"), NOT_LOOSER.values(), ids=NOT_LOOSER)
def test_what_is_no_looser_is_not_told(intent: Intent, before: Change, after: Change) -> None:
    assert told(intent, before, after) == []


def test_an_account_is_held_against_the_unit_that_its_target_names(intent: Intent) -> None:
    lies = Target(unit="Sandbox", account=AccountId(PAYMENTS), tiers=("daily-prod",))
    placed = replace(intent, targets=(*intent.targets, lies))
    before = rules({"needed": 2}, {"unit": "Sandbox"})
    assert told(placed, before, rules({"needed": 2}, {"unit": "Sandbox"}, OF_PAYMENTS)) == []
    assert told(intent, before, rules({"needed": 2}, {"unit": "Sandbox"}, OF_PAYMENTS)) != []


def test_the_first_page_and_its_passkeys_rest_on_review(intent: Intent) -> None:
    assert looser_rules(intent, with_passkeys(intent), at=NOW) == ()
    looser = with_restores(with_passkeys(intent), presence_max_age=timedelta(hours=1))
    assert len(looser_rules(intent, looser, at=NOW)) == 1


def test_rules_are_held_by_signatures_from_the_first_page_on(intent: Intent) -> None:
    assert [are_signed(each) for each in (intent, with_passkeys(intent), an_intent_without_ceremony(intent))] == [
        False,
        True,
        False,
    ]


def test_where_there_was_no_ceremony_nothing_can_be_looser(intent: Intent) -> None:
    assert looser_rules(an_intent_without_ceremony(intent), intent, at=NOW) == ()


def test_other_names_for_the_same_people_are_no_change(intent: Intent) -> None:
    signed = with_passkeys(intent)
    groups = {
        name: tuple(f"the-{person}" for person in members)
        for name, members in ceremony_of(signed).restores.groups.items()
    }
    renamed = replace(signed, people={f"the-{name}": person for name, person in signed.people.items()})
    assert looser_rules(signed, with_restores(renamed, groups=groups), at=NOW) == ()
