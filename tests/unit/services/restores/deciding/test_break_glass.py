"""X12, attack 25: break-glass opens with two more people, an incident and an alarm; once, and then for a reviewer."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    MalformedRequestError,
    PermissionRefusedError,
    QuorumUndefinedError,
    RestoreRefusedError,
    TicketRefusedError,
)
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.drafts import OpenRequest, line_of
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.approving.take_proof import ProofState
from tests.builders.intents import with_restores
from tests.builders.restores import (
    CENTRAL_POINT,
    a_proving_intent,
    a_wish,
    an_urgent_intent,
    an_urgent_wish,
)
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example, where Ada, Piet and Omar are called to incidents and Sana reviews; there is no ticket system."""
    made = CeremonyWorld(an_urgent_intent(intent))
    made.tickets.ticket = None
    return made


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


def test_x12_break_glass_opens_without_approvers_and_without_a_ticket_system(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    _start(world, request)
    assert world.restores.begun == [a_wish().recovery_point]
    assert world.kinds(request) == ["restore-intended", "restore-started"]


def test_attack_25_one_person_breaks_no_glass(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    world.read_ticket(request)
    assert world.sign(request, "omar").reason == "this is your own request; somebody else must decide on it"
    world.sign(request, "ada")
    with pytest.raises(ApprovalPendingError, match="still needed: incident"):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_25_whoever_is_not_called_to_incidents_has_no_vote(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    world.read_ticket(request)
    taken = world.sign(request, "maria")
    assert (taken.state, taken.reason) == (ProofState.REFUSED, "nobody here has enrolled this passkey")


def test_attack_25_any_of_the_group_denies_until_it_has_started(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    assert world.sign(request, "piet", Decision.DENY).standing == "denied"
    with pytest.raises(ApprovalVoidError, match=r"denied by idp\|piet"):
        _start(world, request)


def test_x12_break_glass_takes_no_login(world: CeremonyWorld) -> None:
    policy = world.judge.rules_of(world.kept(world.open(an_urgent_wish())).sealed.request)
    assert policy.issuer is None
    assert (policy.needs_ticket, policy.delay) == (False, timedelta())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"incident": "OPS-1"}, "ids look like INC-123", id="an incident of another spelling"),
        pytest.param({"incident": "INC-1\n"}, "ids look like", id="a line too many"),
        pytest.param({"ticket": "OPS-123"}, "and not both", id="a ticket, too"),
    ],
)
def test_an_urgent_request_names_an_incident_and_nothing_else(
    changes: dict[str, str], why: str, world: CeremonyWorld
) -> None:
    with pytest.raises(MalformedRequestError, match=why):
        world.draft(an_urgent_wish(**changes))


def test_nothing_is_urgent_where_the_intent_does_not_say_who_decides(intent: Intent) -> None:
    world = CeremonyWorld(a_proving_intent(intent))
    with pytest.raises(QuorumUndefinedError, match=r"no restores\.break_glass"):
        world.draft(an_urgent_wish())


def test_attack_25_everybody_who_is_passed_by_is_told_before_anything_goes_on(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    world.read_ticket(request)
    [alert] = world.alerts.told
    assert (alert.kind, alert.severity, alert.subject) == (AlertKind.BREAK_GLASS_OPENED, Severity.CRITICAL, request)
    for name in ("Omar Haddad", "INC-77", "Maria Lindqvist", "Chiara Russo", "security (Sana Iqbal)"):
        assert name in alert.reason
    world.read_ticket(request)
    assert len(world.alerts.told) == 1


def test_attack_25_the_time_is_short(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    kept = world.kept(request).sealed.request
    assert (kept.approve_before, kept.act_before) == (world.now + timedelta(minutes=30),) * 2
    world.later(minutes=30)
    with pytest.raises(ApprovalVoidError, match="expired"):
        _start(world, request)


def test_a_copy_back_gets_the_time_that_it_takes(world: CeremonyWorld) -> None:
    kept = world.kept(world.open(an_urgent_wish(recovery_point=CENTRAL_POINT))).sealed.request
    assert kept.act_before - kept.approve_before == timedelta(days=2)


def test_attack_25_one_urgent_restore_is_open_at_a_time(world: CeremonyWorld) -> None:
    first = world.open(an_urgent_wish())
    with pytest.raises(RestoreRefusedError, match=f"{first} is open: there is one urgent restore at a time"):
        world.open(an_urgent_wish(target_name="another-db"))
    assert world.begun == [first]


def test_attack_25_two_that_are_signed_at_once_are_one(world: CeremonyWorld) -> None:
    first, second = world.draft(an_urgent_wish()), world.draft(an_urgent_wish(target_name="another-db"))
    assert world.opening.open_requests.open(_line(world, first.request_id))
    assert not world.opening.open_requests.open(_line(world, second.request_id))
    assert world.table.get(Key("TICKET#break-glass", "USE")) is not None


def _line(world: CeremonyWorld, request: str) -> OpenRequest:
    return line_of(world.opening.drafts.read(request).sealed)


@pytest.mark.parametrize("decision", [Decision.CANCEL, Decision.DENY])
def test_what_nobody_acted_on_keeps_nobody_out(decision: Decision, world: CeremonyWorld) -> None:
    first = world.open(an_urgent_wish())
    world.read_ticket(first)
    world.sign(first, "omar" if decision is Decision.CANCEL else "piet", decision)
    world.close(first, reason="")
    second = world.open(an_urgent_wish(target_name="another-db"))
    assert world.begun == [first, second]


def test_what_ran_out_unseen_keeps_nobody_out(world: CeremonyWorld) -> None:
    world.open(an_urgent_wish())
    world.later(minutes=31)
    assert world.open(an_urgent_wish(target_name="another-db"))


def test_attack_25_an_urgent_restore_that_nobody_reviewed_bars_the_next(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    with pytest.raises(RestoreRefusedError, match=f"nobody has reviewed it yet.*strongroom restore review {first}"):
        world.open(an_urgent_wish(target_name="another-db"))
    assert world.review(first, "sana").state is ProofState.COUNTED
    assert world.open(an_urgent_wish(target_name="another-db"))


def test_attack_25_emptying_the_index_does_not_free_the_place(world: CeremonyWorld) -> None:
    """Whoever may write rows takes the listing away; the evidence still says what it says, and the place is taken."""
    first = world.come_to_urgent_end()
    for item in world.table.under("OPEN"):
        world.table.put(item | {"incident": ""})
    with pytest.raises(RestoreRefusedError, match="opened meanwhile"):
        world.open(an_urgent_wish(target_name="another-db"))
    assert world.begun == [first]


_REFUSED = (ApprovalVoidError, PermissionRefusedError, RestoreRefusedError, TicketRefusedError)


def _go_on_with_forged(world: CeremonyWorld, changes: dict[str, Any]) -> None:
    request = world.open_forged(an_urgent_wish(), **changes)
    world.read_ticket(request)
    for person in ("ada", "piet", "maria", "sana"):
        world.sign(request, person)
    _start(world, request)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"policy": None}, id="the rules of the place"),
        pytest.param({"incident": ""}, id="no incident"),
    ],
)
def test_attack_25_an_incident_passes_a_ticket_by_under_urgent_rules_only(
    changes: dict[str, Any], world: CeremonyWorld
) -> None:
    if "policy" in changes:
        changes = {"policy": world.policy_of(world.draft_account(), "Production")}
    with pytest.raises(_REFUSED):
        _go_on_with_forged(world, changes)
    assert world.restores.begun == []


def test_attack_26_rules_that_are_gone_open_nothing_any_more(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    world.intent = with_restores(world.intent, break_glass=None)
    with pytest.raises(QuorumUndefinedError):
        _start(world, request)


def test_somebody_who_left_the_group_does_not_count_any_more(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    asked = world.kept(request).sealed.asked.policy
    world.shelf.put_new(policy_key(asked.digest), world.urgent_policy())
    groups = world.ceremony.restores.groups | {"incident": ("ada", "omar", "maria")}
    world.intent = with_restores(world.intent, groups=groups)
    with pytest.raises(ApprovalPendingError, match="still needed: incident"):
        _start(world, request)
