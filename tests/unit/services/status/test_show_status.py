"""What people are shown of the views, and how little is read for it."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import MalformedError, MalformedRequestError, NotFoundError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.services.status.show_status import (
    show_account,
    show_days,
    show_named,
    show_resource,
    show_unit,
    show_whole,
)
from tests.builders.copies import RESOURCE, a_promise
from tests.builders.expected import an_expected
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, PAYMENTS, REPORTS
from tests.fakes.status_views.world import StatusWorld, a_verified


def a_world(intent: Intent, *, accounts: int, each: int) -> StatusWorld:
    """So many accounts with so many resources each; in every tenth account one of them has no copy."""
    world = StatusWorld(intent)
    for number in range(accounts):
        account = AccountId(f"{100_000_000_000 + number}")
        for index in range(each):
            resource, point = f"arn:aws:rds:eu-west-1:{account}:db:db-{index}", f"point-{number}-{index}"
            of = {"resource": resource, "recovery_point": point, "account": account}
            is_short = number % 10 == 0 and index == 0
            world.expect(an_expected(resource=resource, account=account))
            world.promise(a_promise(**of, state=PromiseState.MISSING) if is_short else a_verified(**of))
    world.tick()
    return world


@pytest.fixture(scope="module")
def small(intent: Intent) -> StatusWorld:
    return a_world(intent, accounts=20, each=2)


@pytest.fixture(scope="module")
def large(intent: Intent) -> StatusWorld:
    world = a_world(intent, accounts=2000, each=1)
    world.tick()
    return world


ASKED = {
    "status": lambda world: show_whole(needs=world.show, now=world.now),
    "a resource": lambda world: show_resource("arn:aws:rds:eu-west-1:100000000001:db:db-0", needs=world.show),
    "an account": lambda world: show_account("100000000001", after="", needs=world.show),
    "a unit": lambda world: show_unit("unit not known", after="", needs=world.show),
    "days": lambda world: show_days(needs=world.show),
}
BUDGET = {"status": 3, "a resource": 1, "an account": 2, "a unit": 1, "days": 1}


@pytest.mark.parametrize("question", ASKED)
def test_a_question_is_answered_with_as_few_calls_in_a_large_organisation(
    question: str, small: StatusWorld, large: StatusWorld
) -> None:
    calls = []
    for world in (small, large):
        world.views.calls = world.views.items = 0
        ASKED[question](world)
        calls.append(world.views.calls)
        assert world.views.items <= 100
    assert calls == [BUDGET[question]] * 2


def test_pages_lead_through_a_whole_list_with_the_worst_first(large: StatusWorld) -> None:
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = show_unit("unit not known", after=after, needs=large.show)
        seen += page["accounts"]
        after = page["next"]
        if not after:
            break
    short = [each["states"]["COPY_SHORT"] for each in seen]
    assert (len(seen), len({each["account"] for each in seen})) == (2000, 2000)
    assert short == sorted(short, reverse=True)
    assert sum(short) == 200


def test_the_worst_accounts_are_named(small: StatusWorld) -> None:
    shown = show_whole(needs=small.show, now=small.now)
    assert [each["account"] for each in shown["worst"]] == ["100000000000", "100000000010"]
    assert (shown["is_well"], shown["summary"]["governed"], shown["summary"]["protected"]) == (False, 40, 38)


def test_a_resource_answers_the_auditors_questions_with_how_each_is_known(intent: Intent) -> None:
    world = StatusWorld(intent)
    world.expect()
    world.promise(a_verified())
    world.hear()
    answer = show_resource(RESOURCE, needs=world.show)["resource"]
    (rule,) = answer.rules
    (vault,) = rule.destinations
    assert (rule.schedule, rule.local_retention_days, vault.vault) == ("daily 02:00", 35, "central-backup-vault")
    assert (vault.retention_days, vault.known_by, answer.backup_known_by) == (2555, "event", "event")
    assert (vault.copy_of, answer.last_restore_test) == (answer.restorable_to, "none")


@pytest.mark.parametrize(
    ("kind", "subject", "about", "is_shown"),
    [
        (AlertKind.BACKUP_FAILED, RESOURCE, {}, True),
        (AlertKind.COPY_MISSING, "a point", {"resource": RESOURCE}, True),
        (AlertKind.COPY_MISSING, "a point", {"resource": f"{RESOURCE}-2"}, False),
        (AlertKind.RESOURCE_NOT_TAGGED, "a call", {"resources": ("another", RESOURCE)}, True),
        (AlertKind.ACCOUNT_NOT_READY, PAYMENTS, {}, True),
        (AlertKind.ACCOUNT_NOT_READY, REPORTS, {"account": REPORTS}, False),
        (AlertKind.TAMPERING_ATTEMPTED, "a role", {}, False),
        (AlertKind.VAULT_DIFFERS, CENTRAL_VAULT, {"account": BACKUP_ACCOUNT}, True),
        (AlertKind.VAULT_DIFFERS, f"{CENTRAL_VAULT}-2", {"account": BACKUP_ACCOUNT}, False),
    ],
    ids=[
        "its own",
        "its copy",
        "another's copy",
        "one of many",
        "its account",
        "another account",
        "not its",
        "its vault",
        "another",
    ],
)
def test_a_resource_is_shown_with_what_is_open_about_it_its_account_and_its_vaults(
    intent: Intent, kind: AlertKind, subject: str, about: dict[str, Any], *, is_shown: bool
) -> None:
    world = StatusWorld(intent)
    world.expect()
    world.promise(a_verified())
    world.hear()
    world.alert(kind, subject, **about)
    assert [each["kind"] for each in show_resource(RESOURCE, needs=world.show)["alerts"]] == [kind] * is_shown


def test_what_is_open_is_shown_of_the_whole_and_of_its_account_and_no_other(intent: Intent) -> None:
    world = StatusWorld(intent)
    world.alert(AlertKind.COPY_SLOW, "slow")
    world.alert(AlertKind.BACKUP_FAILED, "failed", account=REPORTS)
    shown = (
        show_whole(needs=world.show, now=world.now),
        show_account(PAYMENTS, after="", needs=world.show),
        show_account(PAYMENTS, after="5#x", needs=world.show),
        show_account(REPORTS, after="", needs=world.show),
    )
    assert [[each["subject"] for each in one["alerts"]] for one in shown] == [
        ["failed", "slow"],
        ["slow"],
        [],
        ["failed"],
    ]


def test_fifty_alerts_are_shown_and_that_there_are_more(intent: Intent) -> None:
    world = StatusWorld(intent)
    told = []
    for number in range(51):
        world.alert(AlertKind.COPY_SLOW, f"slow-{number}")
        shown = show_whole(needs=world.show, now=world.now)
        told.append((len(shown["alerts"]), shown["has_more_alerts"]))
    assert told[-2:] == [(50, False), (50, True)]


def test_accounts_are_found_by_the_beginning_of_their_name(small: StatusWorld) -> None:
    for number in range(20):
        small.name(AccountId(f"{100_000_000_000 + number}"), f"Team {number}")
    small.recount()

    def called(beginning: str) -> list[str]:
        return [each["account_name"] for each in show_named(beginning, needs=small.show)["accounts"]]

    assert called("team 1") == ["Team 1", *(f"Team {number}" for number in range(10, 20))]
    assert [called("Team 19"), called("eam"), called("zzz")] == [["Team 19"], [], []]
    small.views.calls = 0
    assert len(called(" TEAM ")) == 20
    assert small.views.calls == 1
    with pytest.raises(MalformedRequestError):
        called("  ")


def test_a_resource_that_nobody_knows_is_said_so(intent: Intent) -> None:
    needs = StatusWorld(intent).show
    with pytest.raises(NotFoundError, match="no backup of it is expected"):
        show_resource(RESOURCE, needs=needs)
    with pytest.raises(MalformedError):
        show_resource("payments", needs=needs)


def test_data_that_is_too_old_says_not_known(intent: Intent) -> None:
    world = StatusWorld(intent)
    world.expect()
    world.promise(a_verified())
    world.tick()
    assert show_whole(needs=world.show, now=world.now)["is_well"] is True
    world.now += timedelta(minutes=16)
    assert world.sentence() == "Not known: nothing was counted since 2026-09-01 03:11 UTC; data 16 minutes old"
    assert show_whole(needs=world.show, now=world.now)["is_well"] is None


def test_nothing_counted_is_not_known_and_nothing_to_protect_is_not_green(intent: Intent) -> None:
    world = StatusWorld(intent)
    assert world.sentence() == "Not known: nothing was counted yet"
    world.tick()
    shown = show_whole(needs=world.show, now=world.now)
    assert (shown["sentence"], shown["is_well"]) == (
        "No resource is known that is to be protected; data 0 seconds old",
        None,
    )


def test_an_account_of_another_spelling_is_refused(intent: Intent) -> None:
    with pytest.raises(MalformedError):
        show_account(f"{PAYMENTS}#x", after="", needs=StatusWorld(intent).show)
