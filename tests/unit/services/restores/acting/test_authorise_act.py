"""Immediately before an act everything is looked at again, from the evidence and the world, and from no row."""

from collections.abc import Callable
from copy import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.copies.found import MadeBy
from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    ForeignExecutionError,
    NotWitnessedYetError,
    TicketWithdrawnError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import policy_key
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.ceremony import ApprovalRule, Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.services.evidence.keep_ceremony import KeptCeremony
from strongroom.services.restores.acting.authorise_act import (
    AuthorityNeeds,
    authorise_act,
    witness_intent,
)
from strongroom.services.restores.deciding.judge_approval import judge_approval
from tests.builders.intents import with_restores
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import (
    CENTRAL_POINT,
    NOW,
    ORGANIZATION_PLAN,
    POINT,
    PROFILE,
    RDS_METADATA,
    a_recovery_point,
    a_ticket,
    a_wish,
    an_approval,
    an_urgent_intent,
)
from tests.fakes.restores.world import CeremonyWorld

NOT_APPROVED = "the recovery point, or the way back from it, is not what was approved"


def _authorise(world: CeremonyWorld, request: str, *, execution: str = "") -> KeptCeremony:
    needs = AuthorityNeeds(**world.authority)
    return authorise_act(request, execution=execution or world.execution(request), needs=needs, now=world.now)


def _intend(world: CeremonyWorld, request: str, *, point: str = "p") -> KeptCeremony:
    needs = AuthorityNeeds(**world.authority)
    kept = _authorise(world, request)
    return witness_intent(kept, EntryKind.RESTORE_INTENDED, facts={"recovery_point": point}, needs=needs, now=world.now)


def test_what_still_holds_is_authorised(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    assert _authorise(world, request).sealed.request.id == request


def test_a_request_that_nobody_approved_is_waited_for(world: CeremonyWorld) -> None:
    request = world.open()
    world.read_ticket(request)
    with pytest.raises(ApprovalPendingError, match="still needed: approvers"):
        _authorise(world, request)


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    with pytest.raises(ForeignExecutionError):
        _authorise(world, request, execution="arn:aws:states:eu-west-1:111111111112:execution:other:by-hand")


def _deny(world: CeremonyWorld, request: str) -> None:
    world.sign(request, "sana", Decision.DENY)


def _cancel(world: CeremonyWorld, request: str) -> None:
    world.sign(request, "omar", Decision.CANCEL)


def _wait_too_long(world: CeremonyWorld, request: str) -> None:
    world.later(hours=9)


def _close(world: CeremonyWorld, request: str) -> None:
    world.keeper.record(world.kept(request), EntryKind.CLOSED, facts={}, at=world.now)


def _move_the_account(world: CeremonyWorld, request: str) -> None:
    world.units_of_account = ("ou-none-00000000",)


def _move_to_another_unit(world: CeremonyWorld, request: str) -> None:
    [first, *_] = world.intent.targets
    world.intent = replace(world.intent, targets=(*world.intent.targets, replace(first, unit="Sandbox")))
    world.units_of_account = (world.intent.organization.units["Sandbox"],)


def _lose_the_point(world: CeremonyWorld, request: str) -> None:
    world.points.points.clear()


def _exchange_the_point(world: CeremonyWorld, request: str) -> None:
    other = a_recovery_point(resource="arn:aws:rds:eu-west-1:222222222222:db:another-db")
    world.points.points[other.arn, other.vault] = other


def _find_malware(world: CeremonyWorld, request: str) -> None:
    world.points.points[POINT, LOCAL_VAULT] = a_recovery_point(scan=Scan.THREATS)


@pytest.mark.parametrize(
    ("happen", "said"),
    [
        pytest.param(_deny, r"^the request is denied: denied by idp\|sana$", id="somebody denied"),
        pytest.param(_cancel, r"^the request is cancelled: cancelled by idp\|omar$", id="the requester took it back"),
        pytest.param(_wait_too_long, "expired", id="its time is over"),
        pytest.param(_close, "^the request is closed$", id="it is closed"),
        pytest.param(_move_the_account, "no governed", id="the account moved to where nobody governs it"),
        pytest.param(
            _move_to_another_unit,
            "^the account belonged to Production and belongs to Sandbox now$",
            id="the account moved to where other rules are",
        ),
        pytest.param(
            _lose_the_point, f"^the recovery point {POINT} is not there any more$", id="the recovery point is gone"
        ),
        pytest.param(_exchange_the_point, f"^{NOT_APPROVED}$", id="the recovery point is another one"),
        pytest.param(
            _find_malware,
            "^what was approved may not be asked for any more: malware was found in the backup after it was asked for; "
            "choose another one$",
            id="malware was found in it",
        ),
    ],
)
def test_what_happened_since_ends_it(
    happen: Callable[[CeremonyWorld, str], None], said: str, world: CeremonyWorld
) -> None:
    request = world.come_to_approval()
    happen(world, request)
    with pytest.raises(ApprovalVoidError, match=said):
        _authorise(world, request)


@pytest.mark.parametrize(
    "ticket",
    [
        pytest.param(a_ticket(status="Withdrawn"), id="its status is another one"),
        pytest.param(a_ticket(approvals=(an_approval("sana"),)), id="somebody else approved it"),
        pytest.param(a_ticket(approvals=()), id="nobody approved it"),
        pytest.param(
            a_ticket(summary="Restore payments-db to 03:00"), id="it says something else than when it was read"
        ),
        pytest.param(None, id="it is gone"),
    ],
)
def test_a_ticket_that_does_not_say_what_it_said_ends_it(ticket: object, world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.tickets.ticket = ticket  # type: ignore[assignment]
    with pytest.raises(TicketWithdrawnError):
        _authorise(world, request)


def test_without_a_ticket_that_was_read_nothing_is_done(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match=r"^no ticket was read for this request$"):
        _authorise(world, request)


def _own_rules(world: CeremonyWorld, request: str) -> str:
    """Where the rules lie that the request was made under."""
    return policy_key(world.kept(request).sealed.asked.policy.digest)


def _two_approve(world: CeremonyWorld) -> None:
    """Let two be needed from now on."""
    world.intent = with_restores(world.intent, rules=(ApprovalRule(unit="Production", group="approvers", needed=2),))


def _whoever_asks_approves(world: CeremonyWorld) -> None:
    """Let another group approve from now on, which has one person in it."""
    groups = {**world.ceremony.restores.groups, "approvers": ("piet",)}
    world.intent = with_restores(world.intent, groups=groups)


def test_attack_26_rules_that_became_stricter_are_waited_for_and_then_enough(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _two_approve(world)
    with pytest.raises(ApprovalPendingError, match="still needed: approvers"):
        _authorise(world, request)
    assert judge_approval(request, needs=world.judging, now=world.now).state is DecisionState.PENDING
    world.sign(request, "sana")
    assert _authorise(world, request)


def test_attack_26_rules_that_became_looser_gain_nothing(world: CeremonyWorld) -> None:
    _two_approve(world)
    request = world.come_to_approval()
    world.intent = with_restores(world.intent, rules=(ApprovalRule(unit="Production", group="approvers", needed=1),))
    with pytest.raises(ApprovalPendingError, match="still needed: approvers"):
        _authorise(world, request)
    world.sign(request, "sana")
    assert _authorise(world, request)


def test_x_09_whoever_joins_the_approvers_meanwhile_does_not_count_and_nobody_else_does(world: CeremonyWorld) -> None:
    request = world.open()
    world.read_ticket(request)
    _whoever_asks_approves(world)
    assert world.sign(request, "piet").state == "refused"
    assert world.sign(request, "maria").state == "refused"
    with pytest.raises(ApprovalPendingError):
        _authorise(world, request)


def test_x_09_rules_that_never_were_in_force_end_it(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    own = _own_rules(world, request)
    _two_approve(world)
    world.sign(request, "sana")
    del world.shelf.rules[own]
    with pytest.raises(ApprovalVoidError, match="never in force"):
        _authorise(world, request)


def test_x_09_rules_that_were_tampered_with_end_it(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.shelf.tampered.add(_own_rules(world, request))
    with pytest.raises(ApprovalVoidError, match="tampered with"):
        _authorise(world, request)


def test_x_09_rules_that_were_deployed_and_not_applied_are_waited_for(world: CeremonyWorld) -> None:
    """Whoever deploys the functions alone cannot put rules in force: the audit account's deployers keep them first."""
    request = world.come_to_approval()
    world.applies_rules = False
    world.intent = with_restores(world.intent, presence_max_age=timedelta(minutes=4))
    with pytest.raises(ApprovalPendingError, match="strongroom apply"):
        _authorise(world, request)
    judged = judge_approval(request, needs=world.judging, now=world.now)
    assert (judged.state, "strongroom apply" in judged.reason) == (DecisionState.PENDING, True)
    world.apply_rules()
    assert _authorise(world, request)
    assert judge_approval(request, needs=world.judging, now=world.now).state is DecisionState.APPROVED


def test_an_intent_says_what_it_relies_on_and_is_witnessed(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    kept = _intend(world, request)
    facts = kept.chain[-1].facts
    assert (kept.chain[-1].kind, facts["recovery_point"]) == ("restore-intended", "p")
    assert len(facts["relied_on"]) == 1
    assert world.witness.asked == [request]


def test_an_intent_names_the_rules_of_today_and_has_them_word_for_word_where_they_are_others(
    world: CeremonyWorld,
) -> None:
    request = world.come_to_approval()
    kept = _intend(world, request)
    asked = kept.sealed.asked
    assert kept.chain[-1].facts["policy_now"] == asked.policy.digest
    _two_approve(world)
    world.sign(request, "sana")
    kept = _intend(world, request)
    today = world.policy_of(kept.sealed.request.account, kept.sealed.request.unit)
    assert today != kept.sealed.request.policy
    assert kept.chain[-1].facts["policy_now"] == today


def test_what_cannot_wait_takes_no_ticket_and_names_the_rules_for_that(intent: Intent) -> None:
    world = CeremonyWorld(an_urgent_intent(intent))
    request = world.come_to_urgent_approval()
    world.tickets.ticket = None
    kept = _intend(world, request)
    assert kept.chain[-1].facts["policy_now"] == kept.sealed.asked.policy.digest


def test_attack_25_an_incident_stands_in_the_place_of_a_ticket_only_where_the_rules_let_it(
    intent: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Omar opens a usual restore as one that cannot wait, past who looks at drafts, and its rules want a ticket."""
    monkeypatch.setattr("strongroom.services.restores.asking.open_restore.demand_no_ticket", lambda *_, **__: None)
    world = CeremonyWorld(an_urgent_intent(intent))
    groups = {**world.ceremony.restores.groups, "incident": ("maria", "sana", "omar")}
    world.intent = with_restores(world.intent, groups=groups)
    request = world.open_forged(incident="INC-77")
    for person in ("maria", "sana"):
        assert world.sign(request, person).state == "counted"
    with pytest.raises(ApprovalVoidError, match="an incident stands in the place of a ticket"):
        _authorise(world, request)


def test_a_try_after_one_that_died_writes_the_same_intent_once_and_another_one_anew(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.is_down = True
    for _ in range(2):
        with pytest.raises(NotWitnessedYetError):
            _intend(world, request)
    assert world.kinds(request) == ["ticket-entitles", "restore-intended"]
    world.witness.is_down = False
    _intend(world, request)
    assert world.kinds(request) == ["ticket-entitles", "restore-intended"]
    _intend(world, request, point="another")
    assert world.kinds(request) == ["ticket-entitles", "restore-intended", "restore-intended"]


def test_nothing_is_done_before_the_log_has_signed(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.witness.is_down = True
    with pytest.raises(NotWitnessedYetError):
        _intend(world, request)
    assert world.kinds(request)[-1] == "restore-intended"


def test_a_denial_between_the_intent_and_the_act_ends_it(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    needs = AuthorityNeeds(**world.authority)

    def deny(key: str, text: str, proofs: object) -> datetime:
        world.sign(request, "sana", Decision.DENY)
        return world.now

    kept = _authorise(world, request)
    with pytest.raises(ApprovalVoidError, match="denied"):
        witness_intent(
            kept,
            EntryKind.RESTORE_INTENDED,
            facts={},
            needs=replace(needs, check_witness=deny),
            now=world.now,
        )


def test_the_account_of_the_request_is_the_one_that_is_looked_at(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    assert _authorise(world, request).sealed.request.account == AccountId("222222222222")


LATER = timedelta(days=30)
NOT_NOW = "not what the decision says of it now"
MORE_TIME = "^the request gives itself more time than there is$"
FORGERIES: dict[str, tuple[dict[str, Any], str]] = {
    "risks that it has not": (
        {"risks": ("temporary-copy",)},
        f"the risks in the request, by which its approvers were chosen, are {NOT_NOW}$",
    ),
    "a tier, which picks other approvers": (
        {"tier": "daily-prod"},
        "^the tier in the request, by which its approvers were chosen, is not the backup's$",
    ),
    "a setting that nobody may ask for": (
        {"metadata": (("DBInstanceIdentifier", "payments-db-0200"), ("PubliclyAccessible", "true"))},
        f"^the settings that were approved are {NOT_NOW}$",
    ),
    "a wish that nobody may ask for": (
        {"wishes": (("PubliclyAccessible", "true"),)},
        "^what was approved may not be asked for any more: PubliclyAccessible is always false$",
    ),
    "a wish that is not carried out": ({"wishes": (("Port", "5433"),)}, "the settings that were approved"),
    "a network that the profile has not": (
        {"wishes": (("DBSubnetGroupName", "public"),)},
        "none of those that the profile has",
    ),
    "a risk in milder words": (
        {"risk_sentences": ("All is well.",)},
        f"^the risks as approvers read them are {NOT_NOW}$",
    ),
    "something left out without a word": (
        {"left_out": ("Port: it was 0",)},
        f"^what approvers read to be left out is {NOT_NOW}$",
    ),
    "a step less": ({"steps": ()}, f"^what approvers read to be left to do is {NOT_NOW}$"),
    "a setting shown as the backup's own": (
        {"original": (("Port", "1"),)},
        f"^the settings at backup time that approvers saw are {NOT_NOW}$",
    ),
    "another vault to come back into": (
        {"temporary_vault": CENTRAL_VAULT},
        "^the vault that it is copied back into is not the one of the account's restore profile$",
    ),
    "a team that nobody has to ask": (
        {"approval_team": f"arn:aws:mpa:{HOME}:{PAYMENTS}:approval-team/mine"},
        "^the approval team that is to open the vault is not the one that was approved$",
    ),
    "more time to approve": ({"approve_before": NOW + LATER, "act_before": NOW + LATER}, MORE_TIME),
    "more time to act": ({"act_before": NOW + LATER}, MORE_TIME),
    "a beginning to come": (
        {
            "requested_at": NOW + LATER,
            "approve_before": NOW + LATER + timedelta(hours=1),
            "act_before": NOW + LATER + timedelta(hours=1),
        },
        MORE_TIME,
    ),
}


@pytest.mark.parametrize(("changes", "said"), FORGERIES.values(), ids=FORGERIES)
def test_what_a_forged_draft_says_of_itself_is_worked_out_anew(
    changes: dict[str, Any], said: str, world: CeremonyWorld
) -> None:
    request = world.open_forged(**changes)
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match=said):
        _authorise(world, request)


def _take_the_network(restores: Restores) -> Restores:
    return replace(restores, profiles=(replace(PROFILE, db_subnet_group=("restores-db-2", "restores-db")),))


def _take_the_profile(restores: Restores) -> Restores:
    return replace(restores, profiles=())


def _take_the_class(restores: Restores) -> Restores:
    return replace(restores, profiles=(replace(PROFILE, classes=()),))


@pytest.mark.parametrize(
    ("happen", "said"),
    [
        pytest.param(_take_the_network, "the settings that were approved are not", id="another network is the first"),
        pytest.param(_take_the_profile, "must come from a restore profile", id="there is no profile any more"),
        pytest.param(_take_the_class, "not among the classes", id="the class may not be asked for any more"),
    ],
)
def test_a_profile_that_became_another_ends_it(
    happen: Callable[[Restores], Restores], said: str, world: CeremonyWorld
) -> None:
    request = world.come_to_approval(a_wish(metadata={"DBInstanceClass": "db.r6g.large"}))
    assert _authorise(world, request)
    world.intent = replace(world.intent, restores=happen(world.ceremony.restores))
    with pytest.raises(ApprovalVoidError, match=said):
        _authorise(world, request)


def test_what_a_profile_has_more_of_changes_nothing(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    more = replace(PROFILE, classes=("db.m7g.large",), db_subnet_group=(*PROFILE.db_subnet_group, "third"))
    world.intent = with_restores(world.intent, profiles=(more,))
    assert _authorise(world, request)


def test_a_backup_that_tells_something_else_than_approvers_saw_ends_it(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    point = a_recovery_point(restore_metadata={**RDS_METADATA, "Engine": "mysql"})
    world.points.points[point.arn, point.vault] = point
    with pytest.raises(ApprovalVoidError, match="the settings that were approved"):
        _authorise(world, request)


def test_what_is_graver_is_not_done_on_the_word_of_rules_that_name_nobody_for_it(world: CeremonyWorld) -> None:
    """A request that was drafted past the control plane, as if a rule were there."""
    request = world.come_to_approval()
    point = a_recovery_point(encryption_key=None)
    world.points.points[point.arn, point.vault] = point
    with pytest.raises(ApprovalVoidError, match="no rule says who approves what is graver"):
        _authorise(world, request)


def test_risks_that_a_copy_back_has_cannot_be_left_out(world: CeremonyWorld) -> None:
    request = world.open_forged(a_wish(recovery_point=CENTRAL_POINT), risks=())
    world.read_ticket(request)
    world.sign(request, "maria")
    with pytest.raises(ApprovalVoidError, match="the risks in the request"):
        _authorise(world, request)


def _made_by(world: CeremonyWorld, plan: str | None) -> None:
    """AWS Backup says of the recovery point that the organisation's plan of this name made it, or nothing."""
    made_by = MadeBy(plan=ORGANIZATION_PLAN, plan_name=plan) if plan else None
    point = a_recovery_point(made_by=made_by)
    world.points.points[point.arn, point.vault] = point


def test_x_10_a_recovery_point_that_gets_the_tags_of_another_tier_keeps_its_own(world: CeremonyWorld) -> None:
    """Its tags are its account's to change; which plan made it is not."""
    _made_by(world, "strongroom-compliance-7y")
    request = world.come_to_approval()
    world.points.kept_tags = {"Backup": "monthly-prod"}
    assert _authorise(world, request).sealed.request.tier == "compliance-7y"


@pytest.mark.parametrize("plan", [None, "strongroom-monthly-prod", "mallory"], ids=["unknown", "another", "foreign"])
def test_x_10_a_tier_that_aws_does_not_tell_any_more_ends_it(plan: str | None, world: CeremonyWorld) -> None:
    _made_by(world, "strongroom-compliance-7y")
    request = world.come_to_approval()
    _made_by(world, plan)
    with pytest.raises(ApprovalVoidError, match="the tier in the request"):
        _authorise(world, request)


def test_a_tier_that_was_not_known_at_first_asked_for_everybody(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    _made_by(world, "strongroom-daily-prod")
    assert _authorise(world, request).sealed.request.tier == ""


def test_settings_that_may_be_asked_for_are_authorised(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(metadata={"Port": "5433"}))
    assert dict(_authorise(world, request).sealed.request.metadata)["Port"] == "5433"


def test_what_honestly_comes_back_from_the_central_vault_is_authorised(world: CeremonyWorld) -> None:
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    assert _authorise(world, request).sealed.request.risks
