"""Show restore ceremonies: the latest, one of them in full, or the evidence of one to take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.reach import Unreached, Whom
from strongroom.domain.restores.requests import parse_request_id
from strongroom.services.evidence.bundle_ceremony import bundle_ceremony
from strongroom.services.restores.deciding.break_glass import needs_review, review_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.ceremony import Messages, OpenRequests
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_LATEST: Final = 50
_READ_WITHIN: Final = timedelta(minutes=1)
_IN_PROGRESS: Final = (
    (EntryKind.RESTORED, "being-tagged"),
    (EntryKind.RESTORE_STARTED, "restoring"),
    (EntryKind.COPIED_BACK, "copied-back"),
    (EntryKind.COPY_BACK_STARTED, "copying-back"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreView:
    """A ceremony in full: the request, what follows from it, how far it is, what it waits for, and what it made.

    `missing` are groups of which somebody has still to sign, `unreached` whoever outside of AWS could not be reached.
    """

    request_id: str
    state: str
    reason: str
    digest: str
    request: RestoreRequest
    requester: str
    consequences: tuple[str, ...]
    approvals: tuple[str, ...]
    missing: tuple[str, ...]
    unreached: tuple[Unreached, ...]
    jobs: dict[str, str]
    created: str
    review: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreViewNeeds:
    """What showing ceremonies needs of the world."""

    open_requests: OpenRequests
    keeper: EvidenceReading
    judge: CeremonyJudge
    ceremony: Ceremony
    messages: Messages


def list_restores(*, needs: RestoreViewNeeds) -> tuple[OpenRequest, ...]:
    """The latest requests, newest first."""
    return needs.open_requests.latest(limit=_LATEST)


def show_restore(request_id: str, *, needs: RestoreViewNeeds, now: datetime) -> RestoreView:
    """One ceremony; NotFoundError for an unknown id."""
    kept = needs.keeper.read(parse_request_id(request_id))
    verdict, unreached = _standing(kept, needs=needs, now=now)
    request = kept.sealed.request
    state, reason = _state(kept) or (verdict.state, verdict.reason)
    started = {
        "copy_back": kept.last(EntryKind.COPY_BACK_STARTED),
        "restore": kept.last(EntryKind.RESTORE_STARTED),
    }
    return RestoreView(
        request_id=request_id,
        state=state,
        reason=reason,
        digest=kept.sealed.digest,
        request=request,
        requester=needs.ceremony.name_of(request.requester),
        consequences=consequences(request),
        approvals=tuple(needs.ceremony.name_of(subject) for subject in verdict.people),
        missing=verdict.missing,
        unreached=unreached,
        jobs={name: entry["job"] for name, entry in started.items() if entry},
        created=(kept.last(EntryKind.RESTORED) or {}).get("created", ""),
        review=_review(kept, needs=needs, now=now),
    )


def show_evidence(request_id: str, *, needs: RestoreViewNeeds) -> Mapping[str, Any]:
    """The evidence bundle, checkable without us; NotFoundError before the log has seen the end of the ceremony."""
    kept = needs.keeper.read(parse_request_id(request_id))
    text = bundle_ceremony(kept, witnessed=needs.keeper.witnessed(request_id))
    bundle: Mapping[str, Any] = read_canonical(text)
    return bundle


def _standing(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> tuple[Verdict, tuple[Unreached, ...]]:
    """Where the request stands, and who is waited for or could not be told of it.

    A request that could not go on is shown all the same; who signed by login is not known while their issuer is away.
    """
    since, untold = kept.opening.statement.issued_at, needs.messages.telling(kept.sealed.request.id).unreached
    is_read = bool(kept.chain) or kept.sealed.request.is_urgent or now - since < _READ_WITHIN
    waited = () if is_read else (Unreached(whom=Whom.TICKET, since=since),)
    try:
        verdict, void = needs.judge.at_end(kept, now=now)
    except TemporarilyUnavailableError as error:
        verdict, void = Verdict(state=DecisionState.PENDING, reason=str(error)), ""
        waited = (*waited, Unreached(whom=Whom.IDENTITY_PROVIDER))
    told = replace(verdict, reason=void) if void else verdict
    return told, tuple({each.whom: each for each in (*untold, *waited)}.values())


def _review(kept: KeptCeremony, *, needs: RestoreViewNeeds, now: datetime) -> str:
    """Who has reviewed an urgent restore; empty where there is nothing to review."""
    if not needs_review(kept):
        return ""
    reviewed = review_of(kept, evidence=needs.judge.evidence, now=now)
    return f"{reviewed.finding}, by {needs.ceremony.name_of(reviewed.subject)}" if reviewed else "not reviewed yet"


def _state(kept: KeptCeremony) -> tuple[str, str] | None:
    """How it ended, or how far the acts have come; None before there was any."""
    if closed := kept.last(EntryKind.CLOSED):
        return closed["outcome"], closed["reason"]
    return next(((name, "") for kind, name in _IN_PROGRESS if kept.has(kind)), None)
