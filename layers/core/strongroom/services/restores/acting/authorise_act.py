"""Look at everything that an act rests on, from the evidence alone, immediately before what cannot be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    ApprovalPendingError,
    ApprovalVoidError,
    NotFoundError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
    TicketWithdrawnError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.intent.destinations import approval_team_of
from strongroom.domain.intent.places import temporary_vault_arn
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.approving.urgency import clocks_of
from strongroom.domain.restores.asked.deciding import why_miscounted
from strongroom.domain.restores.backup_tier import UNKNOWN, tier_of_point
from strongroom.domain.restores.checklists.stated import StatedOutcome
from strongroom.domain.restores.deciding.afresh.scanned import as_graver_scanned, demand_no_new_malware
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.left_off.steps import asked_call
from strongroom.domain.restores.planning import decide_plan, restoring_role
from strongroom.domain.restores.tickets.judging import TicketPin, TicketState, judge_ticket
from strongroom.services.restores.acting.starting.intended_restores import demand_not_begun
from strongroom.services.restores.asking.know_scans import know_scans
from strongroom.services.restores.asking.plan_restore import demand_shown, governed_unit, no_urgent_policy
from strongroom.services.restores.deciding.executions import demand_own
from strongroom.services.restores.deciding.judge import demand_no_ticket, follows_without_ticket
from strongroom.services.restores.deciding.rules_in_force import demand_rules_in_force
from strongroom.services.restores.following.find_followed import demand_as_original, demand_followed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.decisions import Verdict
    from strongroom.domain.restores.asked.deciding import Followed, SettingFound
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.plans import RecoveryPoint
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.accounts import UnitDirectory
    from strongroom.ports.ceremony import Executions
    from strongroom.ports.evidence import EvidenceWitness
    from strongroom.ports.restores import AskedSettings, PointLists, RecoveryPoints, RestoreJobs, TicketSystem
    from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge


# After that no other vault is listed: a Region that does not answer must not stop what lies in another.
_LISTED: Final = timedelta(seconds=10)
# What people decided on, and what they were told of it.
_DECIDED: Final = {
    "risks": "the risks in the request, by which its approvers were chosen, are",
    "call": "the call that was approved is",
    "metadata": "the settings that were approved are",
    "original": "the settings at backup time that approvers saw are",
    "risk_sentences": "the risks as approvers read them are",
    "left_out": "what approvers read to be left out is",
    "steps": "what approvers read to be left to do is",
}


class AuthorityNeeds(Struct, frozen=True, kw_only=True):
    """What looking at everything needs of the world; who acts adds what the act takes.

    `check_witness` tells when the witness saw an object, by its key, its text and the log's proofs, and raises
    NotWitnessedYetError unless log and witness have signed that it is in the log;
    `policy_of` gives the text of today's rules for an account in a unit, `urgent_policy` that for what cannot wait;
    `clock` tells when an act was done, which is after the witness saw what was intended.
    """

    intent: Intent
    ceremony: Ceremony
    judge: CeremonyJudge
    keeper: EvidenceKeeper
    executions: Executions
    tickets: TicketSystem
    units: UnitDirectory
    points: RecoveryPoints
    lists: PointLists
    jobs: RestoreJobs
    settings: AskedSettings
    witness: EvidenceWitness
    check_witness: Callable[[str, str, Mapping[str, str]], datetime]
    policy_of: Callable[[AccountId, str], str]
    urgent_policy: Callable[[], str] = no_urgent_policy
    clock: Callable[[], datetime]


def authorise_act(request_id: str, *, execution: str, needs: AuthorityNeeds, now: datetime) -> KeptCeremony:
    """The ceremony, when everything still holds that the act rests on.

    ApprovalPendingError where something is still awaited; ForeignExecutionError, ApprovalVoidError or
    TicketWithdrawnError names the first thing that does not hold.
    """
    kept = needs.keeper.read(request_id)
    demand_own(execution, request_id=request_id, executions=needs.executions)
    if kept.has(EntryKind.CLOSED):
        raise ApprovalVoidError("the request is closed")
    demand_rules_in_force(kept, judge=needs.judge, keeper=needs.keeper)
    demand_approved(kept, needs=needs, now=now)
    _check_ticket(kept, needs=needs, now=now)
    _check_clocks(kept, needs=needs)
    if kept.sealed.request.is_after:
        _check_followed(kept.sealed.request, needs=needs)
    else:
        _check_target(kept.sealed.request, needs=needs)
    return kept


def witness_intent(
    kept: KeptCeremony, kind: EntryKind, *, facts: Mapping[str, Any], needs: AuthorityNeeds, now: datetime
) -> KeptCeremony:
    """Write down what will be done, on whose word, and let the audit account sign that it has seen it.

    Nothing is done before that, and a try after one that died writes nothing twice. Whatever was signed against it
    meanwhile ends it: ApprovalVoidError.

    What overwrites is done once, whoever else tries at the same time. Each try writes an intent of its own, which stops
    whoever has not read the chain again since; whoever may have is known by a witnessed intent: RestoreFailedError.
    """
    request = kept.sealed.request
    verdict = demand_approved(kept, needs=needs, now=now)
    policy = needs.urgent_policy() if request.is_urgent else needs.policy_of(request.account, request.unit)
    relied_on = {
        "relied_on": list(verdict.relied_on),
        # A verifier has the request's own rules, and needs others word for word.
        "policy_now": kept.sealed.asked.policy.digest if policy == request.policy else policy,
        **facts,
    }
    last = kept.chain[-1] if kept.chain else None
    is_intended = not request.overwrites and last is not None and (last.kind, last.facts) == (kind, relied_on)
    intended = kept if is_intended else needs.keeper.record(kept, kind, facts=relied_on, at=now)
    if request.overwrites:
        demand_not_begun(kept, needs=needs)
    key, text = entry_key(request.id, intended.chain[-1].number), intended.chain[-1].text
    needs.check_witness(key, text, needs.witness.witness(request.id))
    afresh = needs.keeper.read(request.id)
    demand_approved(afresh, needs=needs, now=now)
    if request.overwrites and afresh.chain != intended.chain:
        raise TemporarilyUnavailableError(
            f"another try of {request.id} began meanwhile, and this one leaves it to that"
        )
    return intended


def demand_approved(kept: KeptCeremony, *, needs: AuthorityNeeds, now: datetime) -> Verdict:
    """The verdict, if it is an approval; ApprovalPendingError or ApprovalVoidError otherwise."""
    verdict = needs.judge.decide(kept, now=now)
    match verdict.state:
        case DecisionState.APPROVED:
            return verdict
        case DecisionState.PENDING:
            raise ApprovalPendingError(verdict.reason)
        case _:
            raise ApprovalVoidError(f"the request is {verdict.state}: {verdict.reason}")


def _check_ticket(kept: KeptCeremony, *, needs: AuthorityNeeds, now: datetime) -> None:
    """The ticket still entitles, on the word of the person whose word it was; the judge keeps them from voting.

    An incident stands in its place where the rules of then and of today both say so, and a restore of the last days
    where it follows one.
    """
    if kept.sealed.request.is_urgent:
        demand_no_ticket(kept.sealed, judge=needs.judge)
        return
    request, read = kept.sealed.request, kept.last(EntryKind.TICKET_ENTITLES)
    if follows_without_ticket(kept):
        return
    if read is None:
        raise ApprovalVoidError("no ticket was read for this request")
    try:
        ticket = needs.tickets.read(request.ticket)
    except NotFoundError as error:
        raise TicketWithdrawnError(str(error)) from error
    pinned = TicketPin(approver=needs.ceremony.alias_of(read["approver"]), snapshot=read["snapshot"])
    judged = judge_ticket(ticket, request=request, ceremony=needs.ceremony, now=now, pinned=pinned)
    if judged.state is TicketState.REFUSED:
        raise TicketWithdrawnError(judged.reason)


def demand_still_wanted(request: RestoreRequest, *, needs: AuthorityNeeds) -> None:
    """What the original says by now, who dismissed it, and how many items there are; ApprovalVoidError names which.

    These stop a call that is about to be made, and take back none: they are looked at right before it.
    """
    followed, found = _check_followed(request, needs=needs)
    demand_as_original(request, followed, settings=needs.settings)
    _check_dismissed(request, needs=needs)
    if why := why_miscounted(request, found):
        raise ApprovalVoidError(why)


def _check_followed(request: RestoreRequest, *, needs: AuthorityNeeds) -> tuple[Followed, SettingFound]:
    """The same unit still governs the account, and what is acted on is what the restore made that it follows."""
    _check_unit(request, needs=needs)
    return demand_followed(request, keeper=needs.keeper, jobs=needs.jobs, settings=needs.settings, intent=needs.intent)


def _check_dismissed(request: RestoreRequest, *, needs: AuthorityNeeds) -> None:
    """Nobody has signed meanwhile that the step of the restore, which the request does, shall not be done."""
    stated = needs.keeper.stated(needs.keeper.read(request.of), evidence=needs.judge.evidence)
    asked = asked_call(request.call)
    said = stated.get(asked.sentence) if asked else None
    if said is not None and said.outcome is StatedOutcome.DISMISSED:
        who = needs.ceremony.name_of(said.subject)
        raise ApprovalVoidError(f"{who} has stated meanwhile that it is dismissed: {said.reason}")


def _check_target(request: RestoreRequest, *, needs: AuthorityNeeds) -> None:
    """The same unit still governs the account, and the recovery point and what is sent are what was approved."""
    _check_unit(request, needs=needs)
    point = _check_point(request, needs=needs)
    until = needs.clock() + _LISTED
    scanned, is_whole = know_scans(
        point, account=request.account, intent=needs.intent, lists=needs.lists, in_time=lambda: needs.clock() < until
    )
    _check_decision(request, scanned, is_whole=is_whole, needs=needs)


def _check_unit(request: RestoreRequest, *, needs: AuthorityNeeds) -> None:
    """The account is still governed by the same unit."""
    try:
        unit = governed_unit(request.account, intent=needs.intent, units=needs.units)
    except NotFoundError as error:
        raise ApprovalVoidError(str(error)) from error
    if unit != request.unit:
        raise ApprovalVoidError(f"the account belonged to {request.unit} and belongs to {unit} now")


def _check_point(request: RestoreRequest, *, needs: AuthorityNeeds) -> RecoveryPoint:
    """The recovery point, which is what the request says it is, and comes back the way that it says."""
    intent = needs.intent
    point = needs.points.find(request.recovery_point, vault=request.vault)
    if point is None:
        raise ApprovalVoidError(f"the recovery point {request.recovery_point} is not there any more")
    plan = decide_plan(
        point, account=request.account, region=request.region, intent=intent, through=request.through_vault
    )
    role = restoring_role(intent, account=request.account, kind=request.kind)
    found = (point.resource, point.resource_type, plan, role)
    if found != (request.resource, request.resource_type, request.plan, request.role):
        raise ApprovalVoidError("the recovery point, or the way back from it, is not what was approved")
    if request.approval_team != approval_team_of(intent, request.vault):
        raise ApprovalVoidError("the approval team that is to open the vault is not the one that was approved")
    _check_share(request, needs=needs)
    temporary = temporary_vault_arn(intent, account=request.account, region=request.region)
    if request.temporary_vault not in ("", temporary):
        raise ApprovalVoidError("the vault that it is copied back into is not the one of the account's restore profile")
    # Every rule counts where the tier is not known, so that a request without one asks for nothing less.
    if request.tier not in (UNKNOWN, tier_of_point(point, account=request.account, intent=intent)):
        raise ApprovalVoidError("the tier in the request, by which its approvers were chosen, is not the backup's")
    return point


def _check_share(request: RestoreRequest, *, needs: AuthorityNeeds) -> None:
    """What another account shares is shared with the account still."""
    try:
        demand_shown(request, points=needs.points)
    except RestoreRefusedError as error:
        raise ApprovalVoidError(str(error)) from error


def _check_decision(request: RestoreRequest, point: RecoveryPoint, *, is_whole: bool, needs: AuthorityNeeds) -> None:
    """What would be sent, and what people were told of it, is what the decision says now of what was signed."""
    try:
        demand_no_new_malware(request, point.scan)
        known = as_graver_scanned(request, point, is_whole=is_whole)
        decided = as_decided(request, point=known, restores=needs.ceremony.restores)
    except RestoreRefusedError as error:
        raise ApprovalVoidError(f"what was approved may not be asked for any more: {error}") from error
    for name, what in _DECIDED.items():
        if getattr(request, name) != getattr(decided, name):
            raise ApprovalVoidError(f"{what} not what the decision says of it now")


def _check_clocks(kept: KeptCeremony, *, needs: AuthorityNeeds) -> None:
    """The times by which it must be approved and done are no later than the intent allows from the asking on."""
    request = kept.sealed.request
    clocks = clocks_of(
        needs.ceremony.restores,
        plan=request.plan,
        is_urgent=request.is_urgent,
        is_opened_by_team=bool(request.approval_team),
    )
    if (
        request.requested_at > kept.opening.statement.issued_at
        or request.approve_before - request.requested_at > clocks.approve_within
        or request.act_before - request.approve_before > clocks.act_within
    ):
        raise ApprovalVoidError("the request gives itself more time than there is")
