"""Show restore ceremonies: the latest, one of them in full, or the evidence of one to take away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from strongroom.domain.evidence.chain import FORMAT, stream_of
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import RestoreRequest, SealedRequest, parse_request_id
from strongroom.domain.restores.steps import (
    ApprovalClosed,
    CeremonyStep,
    Closed,
    Copied,
    CopyJobStarted,
    Restored,
    RestoreJobStarted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.votes import Vote
    from strongroom.ports.evidence import EvidenceLog
    from strongroom.ports.restores import RestoreBook

_LATEST = 50
_IN_PROGRESS: tuple[tuple[type[CeremonyStep], str], ...] = (
    (Restored, "being-tagged"),
    (RestoreJobStarted, "restoring"),
    (Copied, "copied-back"),
    (CopyJobStarted, "copying-back"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSummary:
    """One line of the list."""

    request_id: str
    state: str
    requester: str
    account: str
    resource: str
    target_name: str
    ticket: str
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreView:
    """A ceremony in full: the request, what follows from it, how far it is, who said what, and what it made."""

    request_id: str
    state: str
    reason: str
    digest: str
    request: RestoreRequest
    consequences: tuple[str, ...]
    votes: tuple[Vote, ...]
    jobs: dict[str, str]
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreViewNeeds:
    """What showing ceremonies needs of the world."""

    book: RestoreBook
    log: EvidenceLog


def list_restores(*, needs: RestoreViewNeeds) -> tuple[RestoreSummary, ...]:
    """The latest requests, newest first."""
    return tuple(_summary(sealed, book=needs.book) for sealed in needs.book.recent(limit=_LATEST))


def show_restore(request_id: str, *, needs: RestoreViewNeeds) -> RestoreView:
    """One ceremony; NotFoundError for an unknown id."""
    book = needs.book
    sealed = book.read(parse_request_id(request_id))
    state, reason = _state(request_id, book=book)
    started = {
        "copy_back": book.recorded(request_id, CopyJobStarted),
        "restore": book.recorded(request_id, RestoreJobStarted),
    }
    restored = book.recorded(request_id, Restored)
    return RestoreView(
        request_id=request_id,
        state=state,
        reason=reason,
        digest=sealed.digest,
        request=sealed.request,
        consequences=consequences(sealed.request),
        votes=book.cast_on(request_id),
        jobs={name: step.job for name, step in started.items() if step},
        created=restored.created if restored else "",
    )


def show_evidence(request_id: str, *, needs: RestoreViewNeeds) -> Mapping[str, Any]:
    """The evidence bundle: every entry and the seal, checkable without us."""
    needs.book.read(parse_request_id(request_id))
    stream = stream_of(request_id)
    seal = needs.log.seal(stream)
    return {
        "format": FORMAT,
        "stream": stream,
        "entries": [asdict(entry) for entry in needs.log.entries(stream)],
        "seal": asdict(seal) if seal else None,
    }


def _summary(sealed: SealedRequest, *, book: RestoreBook) -> RestoreSummary:
    request = sealed.request
    return RestoreSummary(
        request_id=request.id,
        state=_state(request.id, book=book)[0],
        requester=request.requester,
        account=request.account,
        resource=request.resource,
        target_name=request.target_name,
        ticket=request.ticket,
        requested_at=request.requested_at,
    )


def _state(request_id: str, *, book: RestoreBook) -> tuple[str, str]:
    if closed := book.recorded(request_id, Closed):
        return closed.outcome.value, closed.reason
    for step, name in _IN_PROGRESS:
        if book.recorded(request_id, step):
            return name, ""
    if decided := book.recorded(request_id, ApprovalClosed):
        return decided.decision, decided.reason
    return "awaiting-approval", ""
