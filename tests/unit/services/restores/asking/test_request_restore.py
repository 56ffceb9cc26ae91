"""Asking for a restore: everything is checked before a draft is kept, and nobody hears of it."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import (
    FaultsFoundError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Target
from strongroom.domain.proofs.statements import Decision, misses_request, read_statement
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import open_seal
from strongroom.domain.restores.tickets.ticket import Ticket
from strongroom.services.restores.asking.request_restore import RestoreDrafted, request_restore, try_restore
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT, RESTORED, a_ticket, a_wish
from tests.fakes.restores.outside import FakeTickets
from tests.fakes.restores.world import CeremonyWorld


def _ask(world: CeremonyWorld, *, requester: str = "idp|omar", **changes: Any) -> RestoreDrafted:
    return request_restore(a_wish(**changes), requester=requester, needs=world.asking, now=world.now)


def test_a_good_wish_is_a_draft_with_a_statement_to_sign(world: CeremonyWorld) -> None:
    drafted = _ask(world)
    sealed, statement = open_seal(drafted.text), read_statement(drafted.statement)
    assert (sealed.digest, sealed.mark, sealed.request.requester) == (drafted.digest, drafted.mark, "idp|omar")
    assert (statement.decision, misses_request(statement, sealed.asked)) == (Decision.REQUEST, "")
    assert world.statements.is_open(statement)
    assert world.asking.drafts.read(drafted.request_id).sealed == sealed


def test_the_request_carries_its_rules_its_role_and_its_clocks(world: CeremonyWorld) -> None:
    request = open_seal(_ask(world).text).request
    assert request.policy == world.policy_of(request.account, request.unit)
    assert request.role == f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-job"
    restores = world.ceremony.restores
    assert request.approve_before == world.now + restores.approval_expires_after
    assert request.act_before == request.approve_before + restores.execution_expires_after


def test_what_is_copied_back_first_has_more_time(world: CeremonyWorld) -> None:
    drafted, restores = _ask(world, recovery_point=CENTRAL_POINT), world.ceremony.restores
    request = open_seal(drafted.text).request
    assert (drafted.plan, request.plan) == (RestorePlan.COPY_BACK, RestorePlan.COPY_BACK)
    assert request.act_before - request.approve_before == restores.execution_expires_after + restores.copy_back_within


def test_attack_28_nobody_asks_without_end(world: CeremonyWorld) -> None:
    for _ in range(20):
        _ask(world)
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        _ask(world)


def test_attack_28_who_asks_too_often_has_aws_and_the_ticket_system_asked_for_nothing(world: CeremonyWorld) -> None:
    """Omar asks for the twenty-first time, and it is refused before a list, a point or a ticket is read for him."""
    for _ in range(20):
        _ask(world)
    world.tickets.is_down = True
    world.points.points.clear()
    world.finding.lists.listed.clear()
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        _ask(world)
    assert world.finding.lists.listed == []
    world.later(hours=1)
    with pytest.raises(TemporarilyUnavailableError):
        _ask(world)


@dataclass
class _Meanwhile(FakeTickets):
    """Tickets; while the first is read, something else happens."""

    happens: list[Callable[[], object]] = field(default_factory=list)

    def read(self, key: str) -> Ticket:
        while self.happens:
            self.happens.pop()()
        return super().read(key)


def test_attack_28_who_asks_in_many_windows_at_once_gets_no_more_lists(world: CeremonyWorld) -> None:
    """Omar asks in twenty windows at once, and what is counted in the meantime is seen before a list is read."""
    world.tickets = _Meanwhile(happens=[lambda: [_ask(world) for _ in range(20)]])
    with pytest.raises(RestoreRefusedError, match="20 times within an hour"):
        _ask(world)
    asked_once = len(world.finding.lists.listed) / 20
    world.later(hours=1)
    world.finding.lists.listed.clear()
    _ask(world)
    assert len(world.finding.lists.listed) == asked_once


def test_x07_asking_in_vain_while_the_ticket_system_is_away_is_held_against_nobody(world: CeremonyWorld) -> None:
    world.tickets.is_down = True
    for _ in range(25):
        with pytest.raises(TemporarilyUnavailableError):
            _ask(world)
    world.tickets.is_down = False
    assert _ask(world).request_id.startswith("r-")


@pytest.mark.parametrize(
    ("changes", "error", "why"),
    [
        ({"requester": "idp|maria"}, PermissionRefusedError, "only members of oncall"),
        ({"account": "22"}, MalformedIdentifierError, "twelve digits"),
        ({"recovery_point": "nonsense"}, MalformedIdentifierError, "not an ARN"),
        ({"recovery_point": POINT + "9"}, NotFoundError, "no recovery point"),
        ({"recovery_point": POINT.replace("eu-west-1", "us-east-1")}, MalformedRequestError, "governed Regions"),
        ({"ticket": "OPS-1/../SAFE-9"}, MalformedRequestError, "not a ticket key"),
        ({"ticket": "OPS-124"}, RestoreRefusedError, "answered with OPS-123"),
        ({"reason": " "}, MalformedRequestError, "reason"),
        ({"vault": LOCAL_VAULT + "x"}, RestoreRefusedError, "restores come from"),
        ({"vault": CENTRAL_VAULT}, NotFoundError, "no recovery point"),
        ({"metadata": {"PubliclyAccessible": "true"}}, RestoreRefusedError, "is always false"),
        ({"target_name": "a--b"}, RestoreRefusedError, "name"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    changes: dict[str, Any], error: type[Exception], why: str, world: CeremonyWorld
) -> None:
    with pytest.raises(error, match=why):
        _ask(world, **changes)
    assert world.table.everything() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, ["its status is 'Open'", "is taken by arn:"], id="its ticket and its name"),
        pytest.param(
            {"reason": " ", "metadata": {"PubliclyAccessible": "true"}},
            ["reason", "is always false", "its status is 'Open'"],
            id="its reason, a setting and its ticket",
        ),
        pytest.param(
            {"account": "22", "ticket": "no key", "recovery_point": "nonsense"},
            ["twelve digits", "not a ticket key", "not an ARN"],
            id="nothing can be read",
        ),
        pytest.param(
            {"recovery_point": POINT + "9", "account": "22"}, ["twelve digits"], id="what follows from it is not told"
        ),
    ],
)
def test_every_fault_is_told_at_once(changes: dict[str, Any], said: list[str], world: CeremonyWorld) -> None:
    world.tickets.ticket = a_ticket(status="Open")
    world.places.taken = {"payments-db-0200": RESTORED}
    with pytest.raises((RestoreRefusedError, MalformedIdentifierError)) as refused:
        _ask(world, **changes)
    told = getattr(refused.value, "faults", (str(refused.value),))
    assert len(told) == len(said)
    assert all(any(word in each for each in told) for word in said)
    assert world.table.everything() == []


def test_a_second_request_for_a_name_is_refused_while_the_first_is_open(world: CeremonyWorld) -> None:
    first = world.open()
    with pytest.raises(RestoreRefusedError, match=f"{first} .* is open and becomes payments-db-0200 as well"):
        _ask(world)
    world.sign(first, "maria", Decision.DENY)
    world.close(first)
    world.tickets.ticket = a_ticket(key="OPS-124")
    assert _ask(world, ticket="OPS-124").request_id != first


@pytest.mark.parametrize("decision", [None, Decision.DENY], ids=["open", "denied"])
def test_a_ticket_that_another_request_has_used_is_one_fault_among_others(
    decision: Decision | None, world: CeremonyWorld
) -> None:
    first = world.open()
    if decision:
        world.sign(first, "maria", decision)
        world.close(first)
    used = f"OPS-123 was used for {first}; each restore needs its own ticket"
    for ask in (request_restore, try_restore):
        with pytest.raises(FaultsFoundError, match=used) as refused:
            ask(a_wish(target_name="another-db", reason=""), requester="idp|omar", needs=world.asking, now=world.now)
        assert "reason" in str(refused.value)


def test_a_ticket_that_was_given_back_is_free_for_another_request(world: CeremonyWorld) -> None:
    first = world.open()
    world.sign(first, "omar", Decision.CANCEL)
    world.close(first)
    assert _ask(world).request_id != first


def test_the_fourth_request_of_a_person_is_refused_with_all_else(world: CeremonyWorld) -> None:
    for number in range(3):
        world.tickets.ticket = a_ticket(key=f"OPS-{number + 1}")
        world.open(a_wish(ticket=f"OPS-{number + 1}", target_name=f"payments-db-{number}"))
    world.tickets.ticket = a_ticket(status="Open")
    with pytest.raises(FaultsFoundError, match=r"3 are the limit") as refused:
        _ask(world)
    assert "its status is 'Open'" in str(refused.value)


def test_what_does_not_answer_is_no_fault_of_the_wish(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_tickets: FakeTickets, _key: str) -> NoReturn:
        raise TemporarilyUnavailableError("the ticket system cannot be reached")

    monkeypatch.setattr(FakeTickets, "read", unreachable)
    with pytest.raises(TemporarilyUnavailableError):
        _ask(world, reason=" ")


def test_a_wish_that_is_only_tried_is_planned_and_leaves_nothing(world: CeremonyWorld) -> None:
    tried = try_restore(a_wish(), requester="idp|omar", needs=world.asking, now=world.now)
    assert open_seal(tried.text).request.target_name == "payments-db-0200"
    assert (tried.statement, tried.page, tried.consequences) == ("", "", _ask(world).consequences)
    drafts = [item["pk"] for item in world.table.everything()]
    assert f"REQUEST#{tried.request_id}" not in drafts


def test_the_account_s_name_is_kept_with_the_draft(world: CeremonyWorld) -> None:
    assert world.asking.drafts.read(_ask(world).request_id).account_name == "payments"


def test_an_account_outside_every_target_is_not_restored_into(world: CeremonyWorld) -> None:
    world.units_of_account = (world.intent.organization.units["Sandbox"],)
    with pytest.raises(NotFoundError, match="no governed"):
        _ask(world)


def test_an_unknown_ticket_is_one_clear_line(world: CeremonyWorld) -> None:
    world.tickets.ticket = None
    with pytest.raises(NotFoundError, match="there is no ticket OPS-123"):
        _ask(world)


def test_an_account_with_its_own_target_and_rule_is_restored_into_by_those(world: CeremonyWorld) -> None:
    own = Target(account=PAYMENTS, tiers=("daily-prod",), default_tier="daily-prod")
    rule = ApprovalRule(account=PAYMENTS, group="security", needed=1)
    rules = (*world.ceremony.restores.rules, rule)
    world.intent = with_restores(replace(world.intent, targets=(*world.intent.targets, own)), rules=rules)
    sealed = open_seal(_ask(world).text)
    assert sealed.request.unit == f"account {PAYMENTS}"
    assert [each.group for each in sealed.asked.policy.rules] == ["security"]


# What there was to choose from.


def test_what_there_was_to_choose_from_is_part_of_what_is_signed(world: CeremonyWorld) -> None:
    drafted = _ask(world, before="2026-11-23T14:00:00Z")
    candidates = open_seal(drafted.text).request.candidates
    assert candidates is not None
    assert [way.recovery_point for row in candidates.rows for way in row.ways] == [POINT, CENTRAL_POINT]
    assert f"{candidates.before:%H:%M}" == "14:00"
    assert read_statement(drafted.statement).request_digest == digest_of(drafted.text)


def test_a_request_does_not_fail_of_lists_that_cannot_be_read(world: CeremonyWorld) -> None:
    for vault in (LOCAL_VAULT, CENTRAL_VAULT):
        world.finding.lists.refused[vault] = TemporarilyUnavailableError("throttled")
    candidates = open_seal(_ask(world).text).request.candidates
    assert candidates is not None
    assert [each.vault for each in candidates.unread] == [LOCAL_VAULT, CENTRAL_VAULT]


def test_a_time_that_is_none_is_one_fault_among_others(world: CeremonyWorld) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        _ask(world, before="14:00", reason=" ")
    assert [word for word in ("reason", "to the second") if any(word in each for each in refused.value.faults)] == [
        "reason",
        "to the second",
    ]
    assert world.finding.lists.listed == []


def test_what_is_refused_lists_nothing(world: CeremonyWorld) -> None:
    with pytest.raises(RestoreRefusedError):
        _ask(world, vault=LOCAL_VAULT + "x")
    assert world.finding.lists.listed == []


def test_what_is_only_tried_shows_it_too(world: CeremonyWorld) -> None:
    tried = try_restore(a_wish(), requester="idp|omar", needs=world.asking, now=world.now)
    assert open_seal(tried.text).request.candidates is not None


def test_what_there_was_to_choose_from_decides_nothing(world: CeremonyWorld) -> None:
    """Whatever the lists say: the point, the way, the settings and the risks are those of the wish alone."""
    first = open_seal(_ask(world).text).request
    world.finding.lists.points = []
    second = open_seal(_ask(world).text).request
    assert first.candidates != second.candidates
    assert replace(first, id="", candidates=None) == replace(second, id="", candidates=None)
