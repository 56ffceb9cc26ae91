"""Show restore ceremonies: the latest, one of them in full, or the evidence of one to take away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import Struct

from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError, QuorumUndefinedError, TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind, told_faults
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.checklists.standing import checklist
from strongroom.domain.restores.ends.standing import ACCESS, BETWEEN
from strongroom.domain.restores.kinds.turns import start_in_turn
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.showing.candidates import told_candidates
from strongroom.domain.restores.showing.card import Standing, deciders, time_left
from strongroom.domain.restores.showing.gates import gates_of
from strongroom.domain.restores.showing.left_behind import temporary_copy
from strongroom.domain.restores.showing.reach import Unreached, Whom
from strongroom.domain.restores.showing.told import told_to_people
from strongroom.domain.restores.steps import RestoreOutcome
from strongroom.services.evidence.bundle_ceremony import bundle_ceremony, proofs_seen
from strongroom.services.restores.deciding.break_glass import needs_review, review_of
from strongroom.services.restores.deciding.judge import ticket_approver
from strongroom.services.restores.following.find_asked import find_asked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.checklists.standing import StepStanding
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.kinds.finishing import StepTaken
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.showing.gates import Gate
    from strongroom.domain.restores.showing.left_behind import TemporaryCopy
    from strongroom.ports.ceremony import Messages, OpenRequests, Words
    from strongroom.ports.restores import EndBook
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_LATEST: Final = 50
_STOPPED: Final = (DecisionState.DENIED, DecisionState.CANCELLED)
_READ_WITHIN: Final = timedelta(minutes=1)
_IN_PROGRESS: Final = (
    (EntryKind.RESTORED, "being-tagged"),
    (EntryKind.RESTORE_STARTED, "restoring"),
    (EntryKind.COPIED_BACK, "copied-back"),
    (EntryKind.COPY_BACK_STARTED, "copying-back"),
    (EntryKind.COPIED_THROUGH, "copied-through"),
    (EntryKind.COPY_THROUGH_STARTED, "copying-through"),
)

_JOBS: Final = {
    "copy_through": EntryKind.COPY_THROUGH_STARTED,
    "copy_back": EntryKind.COPY_BACK_STARTED,
    "restore": EntryKind.RESTORE_STARTED,
}


class RestoreView(Struct, frozen=True, kw_only=True):
    """A ceremony in full: the request, what follows from it, how far it is, what it waits for, and what it made.

    `candidates` say line by line what there was to choose from, `gates` what it waits for, `missing` of which groups
    somebody has still to sign, `deciders` who can, `time_left` how long they have, and `unreached` whoever outside of
    AWS could not be reached. `counted` are the digests of the proofs that count, None while nobody can tell, and
    `recorded` of those that the log has seen. `left_behind` is the copy that was taken back for it, and `left_between`
    the one that was taken on the way there, where there was one. `faults` are what
    the job of a restore that stands did not do, and `steps` what was done on what it made, and what was not.
    `is_ticket_free` is whether its end gave the ticket back, None before that, and where nobody can tell. `checklist`
    are the steps by hand, with what was stated of each; none of a request that came to nothing.
    """

    request_id: str
    state: str
    reason: str
    digest: str
    mark: str
    request: RestoreRequest
    requester: str
    account_name: str
    consequences: tuple[str, ...]
    candidates: tuple[str, ...]
    approvals: tuple[str, ...]
    missing: tuple[str, ...]
    gates: tuple[Gate, ...]
    deciders: tuple[str, ...]
    time_left: str
    counted: tuple[str, ...] | None
    recorded: tuple[str, ...]
    unreached: tuple[Unreached, ...]
    jobs: dict[str, str]
    created: str
    left_behind: TemporaryCopy | None
    review: str = ""
    faults: tuple[str, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    left_between: TemporaryCopy | None = None
    is_ticket_free: bool | None = None
    checklist: tuple[StepStanding, ...] = ()


class RestoreViewNeeds(Struct, frozen=True, kw_only=True):
    """What showing ceremonies needs of the world."""

    open_requests: OpenRequests
    words: Words
    keeper: EvidenceReading
    judge: CeremonyJudge
    ceremony: Ceremony
    messages: Messages
    ends: EndBook


def list_restores(*, needs: RestoreViewNeeds, now: datetime) -> tuple[OpenRequest, ...]:
    """The latest requests, newest first."""
    return needs.open_requests.latest(limit=_LATEST, now=now)


def show_restore(request_id: str, *, needs: RestoreViewNeeds, now: datetime) -> RestoreView:
    """One ceremony; NotFoundError for an unknown id."""
    kept = needs.keeper.read(parse_request_id(request_id))
    standing = _standing(kept, needs=needs, now=now)
    verdict, request = standing.verdict, kept.sealed.request
    state, reason = _state(kept) or (verdict.state, standing.reason or _explained(verdict, request_id, needs=needs))
    started = {name: kept.last(kind) for name, kind in _JOBS.items()}
    is_asked = state == DecisionState.PENDING and bool(verdict.missing)
    return RestoreView(
        request_id=request_id,
        state=state,
        reason=needs.ceremony.in_names(reason),
        digest=kept.sealed.digest,
        mark=kept.sealed.mark,
        request=request,
        requester=needs.ceremony.name_of(request.requester),
        account_name=needs.messages.telling(request_id).account_name,
        consequences=told_to_people(kept.sealed),
        candidates=told_candidates(request),
        approvals=tuple(needs.ceremony.name_of(subject) for subject in verdict.people),
        missing=verdict.missing,
        gates=gates_of(
            kept.sealed.asked,
            verdict=verdict,
            happened={entry.kind: entry for entry in kept.chain},
            name_of=needs.ceremony.name_of,
            start=start_in_turn(request),
        ),
        deciders=_deciders(kept, verdict, needs=needs) if is_asked else (),
        time_left=_time_left(request, now=now) if is_asked else "",
        counted=_counted(kept, needs=needs, now=now),
        recorded=tuple(proofs_seen(request_id, kept.proofs, witnessed=needs.keeper.witnessed(request_id))),
        unreached=standing.unreached,
        jobs={name: entry["job"] for name, entry in started.items() if entry},
        created=(kept.last(EntryKind.RESTORED) or {}).get("created", ""),
        left_behind=temporary_copy(
            needs.ends.end_of(request_id, _left_by(request)), name_of=needs.ceremony.name_of, now=now
        ),
        review=_review(kept, needs=needs, now=now),
        faults=told_faults(kept.last(EntryKind.RESTORED) or {}),
        steps=kept.steps(),
        left_between=temporary_copy(
            needs.ends.end_of(request_id, BETWEEN) if request.through_vault else None,
            name_of=needs.ceremony.name_of,
            now=now,
        ),
        is_ticket_free=_is_ticket_free(kept, needs=needs, now=now),
        checklist=_checklist(kept, needs=needs, now=now),
    )


def _left_by(request: RestoreRequest) -> int:
    """Which end of a request people see first: its access, where it has one, for then it takes no copy."""
    return ACCESS if request.approval_team else 1


def show_evidence(request_id: str, *, needs: RestoreViewNeeds) -> Mapping[str, Any]:
    """The evidence bundle, checkable without us; NotFoundError before the log has seen the end of the ceremony."""
    kept = needs.keeper.read(parse_request_id(request_id))
    stated = needs.keeper.stated(kept, evidence=needs.judge.evidence).values()
    text = bundle_ceremony(kept, witnessed=needs.keeper.witnessed(request_id), stated=stated)
    bundle: Mapping[str, Any] = read_canonical(text)
    return bundle


class _Standing(NamedTuple):
    """Where a request stands, why it cannot go on now, and who is waited for or could not be told of it."""

    verdict: Verdict
    reason: str
    unreached: tuple[Unreached, ...]


def _standing(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> _Standing:
    """A request that could not go on is shown all the same, and of one that is over nobody is waited for.

    Who signed by login is not known while their issuer is away.
    """
    since, untold = kept.opening.statement.issued_at, needs.messages.telling(kept.sealed.request.id).unreached
    is_read = bool(kept.chain) or not kept.sealed.request.ticket or now - since < _READ_WITHIN
    waited = () if is_read else (Unreached(whom=Whom.TICKET, since=since),)
    try:
        verdict, reason = needs.judge.at_end(kept, now=now)
    except TemporarilyUnavailableError as error:
        verdict, reason = Verdict(state=DecisionState.PENDING, reason=""), str(error)
        waited = (*waited, Unreached(whom=Whom.IDENTITY_PROVIDER, why=reason))
    unreached = () if kept.has(EntryKind.CLOSED) else (*untold, *waited)
    return _Standing(verdict, reason, tuple({each.whom: each for each in unreached}.values()))


def _explained(verdict: Verdict, request_id: str, *, needs: RestoreViewNeeds) -> str:
    """The reason, with what those said who ended it; that somebody has still to sign is said by its gates."""
    if verdict.state not in _STOPPED:
        return "" if verdict.missing else verdict.reason
    said = [word for proof, word in needs.words.of(request_id).items() if proof in verdict.relied_on]
    return ": ".join((verdict.reason, "; ".join(said))) if said else verdict.reason


def _deciders(kept: KeptCeremony, verdict: Verdict, *, needs: RestoreViewNeeds) -> tuple[str, ...]:
    standing = Standing(verdict=verdict, ticket_approver=ticket_approver(kept))
    return deciders(kept.sealed.asked, standing, ceremony=needs.ceremony)


def _time_left(request: RestoreRequest, *, now: datetime) -> str:
    return f"{time_left(request.approve_before - now)}, until {request.approve_before:%Y-%m-%d %H:%M:%S} UTC"


def _counted(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> tuple[str, ...] | None:
    """The proofs that count; None while nobody can tell."""
    try:
        return tuple(digest_of(text) for text in kept.proofs if not needs.judge.why_not_counted(kept, text, now=now)[1])
    except (MalformedRecordError, QuorumUndefinedError, TemporarilyUnavailableError):
        return None


def _review(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> str:
    """Who has reviewed an urgent restore; empty where there is nothing to review."""
    if not needs_review(kept):
        return ""
    reviewed = review_of(kept, evidence=needs.judge.evidence, now=now)
    return f"{reviewed.finding}, by {needs.ceremony.name_of(reviewed.subject)}" if reviewed else "not reviewed yet"


def _is_ticket_free(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> bool | None:
    """What was worked out when it was closed; None before that, and once it is not listed any more."""
    line = needs.open_requests.find(kept.sealed.request.id, now=now) if kept.has(EntryKind.CLOSED) else None
    return line.is_ticket_free if line else None


def _checklist(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> tuple[StepStanding, ...]:
    """Empty once it has ended without a restore: then there is nothing to do."""
    if (kept.last(EntryKind.CLOSED) or {}).get("outcome", RestoreOutcome.RESTORED) != RestoreOutcome.RESTORED:
        return ()
    stated = needs.keeper.stated(kept, evidence=needs.judge.evidence)
    asked = find_asked(kept.sealed.request, keeper=needs.keeper, open_requests=needs.open_requests, now=now)
    return checklist(kept.sealed.request.steps, stated, name_of=needs.ceremony.name_of, asked=asked)


def _state(kept: KeptCeremony) -> tuple[str, str] | None:
    """How it ended, or how far the acts have come; None before there was any."""
    if closed := kept.last(EntryKind.CLOSED):
        return closed["outcome"], closed["reason"]
    return next(((name, "") for kind, name in _IN_PROGRESS if kept.has(kind)), None)
