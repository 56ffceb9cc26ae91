"""Asking for a restore: everything is checked before anything is stored."""

from dataclasses import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.errors import (
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
)
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.restores.facts import RestoreRequested
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreWish
from strongroom.services.restores.asking.request_restore import RestoreOpened, request_restore
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT
from tests.fakes.restores import World


@pytest.fixture
def world(ledger_table: MemoryTable, intent: Intent) -> World:
    return World(ledger_table, intent)


def _ask(world: World, *, requester: str = "omar", **changes: Any) -> RestoreOpened:
    wish = {
        "account": "222222222222",
        "recovery_point": POINT,
        "target_name": "payments-db-0200",
        "ticket": "OPS-123",
        "reason": "UPDATE without WHERE",
        "vault": "",
        "metadata": {},
    }
    return request_restore(
        RestoreWish(**(wish | changes)),
        requester=requester,
        needs=world.asking,
        now=world.now,
    )


def test_a_good_wish_is_stored_evidenced_published_and_begun(world: World) -> None:
    opened = _ask(world)
    sealed = world.book.read(opened.request_id)
    assert (sealed.digest, sealed.request.plan) == (opened.digest, RestorePlan.LOCAL)
    assert world.kinds(opened.request_id) == ["requested"]
    assert world.begun == [opened.request_id]
    assert isinstance(world.facts[0], RestoreRequested)


def test_a_central_point_is_planned_as_a_copy_back(world: World) -> None:
    assert _ask(world, recovery_point=CENTRAL_POINT).plan is RestorePlan.COPY_BACK


def test_a_ticket_serves_one_request(world: World) -> None:
    _ask(world)
    with pytest.raises(RestoreRefusedError, match="used for another"):
        _ask(world)


@pytest.mark.parametrize(
    ("changes", "error", "why"),
    [
        ({"requester": "maria"}, PermissionRefusedError, "only members of oncall"),
        ({"account": "22"}, MalformedIdentifierError, "twelve digits"),
        ({"account": "000000000000"}, NotFoundError, "not in the organisation"),
        ({"recovery_point": "nonsense"}, MalformedIdentifierError, "not an ARN"),
        ({"recovery_point": POINT + "9"}, NotFoundError, "no recovery point"),
        ({"recovery_point": POINT.replace("eu-west-1", "us-east-1")}, MalformedRequestError, "governed Regions"),
        ({"ticket": "OPS-1/../SAFE-9"}, MalformedRequestError, "not a ticket key"),
        ({"ticket": "OPS-124"}, RestoreRefusedError, "answered with OPS-123"),
        ({"reason": " "}, MalformedRequestError, "reason"),
        ({"vault": LOCAL_VAULT + "x"}, RestoreRefusedError, "restores come from"),
        ({"vault": CENTRAL_VAULT}, NotFoundError, "no recovery point"),
        ({"metadata": {"PubliclyAccessible": "true"}}, RestoreRefusedError, "never allowed"),
        ({"target_name": "a--b"}, RestoreRefusedError, "name"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    changes: dict[str, Any], error: type[Exception], why: str, world: World, ledger_table: MemoryTable
) -> None:
    with pytest.raises(error, match=why):
        _ask(world, **changes)
    assert ledger_table.everything() == []
    assert world.begun == []


def test_an_account_outside_every_target_is_not_restored_into(world: World) -> None:
    world.units.units = (world.intent.organization.units["Sandbox"],)
    with pytest.raises(NotFoundError, match="no governed"):
        _ask(world)


def test_an_unknown_ticket_is_one_clear_line(world: World) -> None:
    world.tickets.ticket = None
    with pytest.raises(NotFoundError, match="there is no ticket OPS-123"):
        _ask(world)


def test_an_account_with_its_own_target_and_rule_is_restored_into_by_those(world: World) -> None:
    own = Target(account=PAYMENTS, tiers=("daily-prod",), default_tier="daily-prod")
    rule = ApprovalRule(account=PAYMENTS, group="security", needed=1)
    rules = (*world.ceremony.restores.rules, rule)
    world.intent = with_restores(replace(world.intent, targets=(*world.intent.targets, own)), rules=rules)
    sealed = world.book.read(_ask(world).request_id)
    assert sealed.request.unit == f"account {PAYMENTS}"
    assert (sealed.request.rules, world.approvals.rules_of(sealed.request)) == ((rule,), (rule,))
