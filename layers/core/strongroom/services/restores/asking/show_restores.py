"""Show restore ceremonies: the latest, one of them in full, or the evidence of one to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import NotFoundError
from strongroom.domain.evidence.bundles import LogProofs, bundle_text
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import entry_key, proof_key
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.proofs.proof import signed_content
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.showing.card import Standing
from strongroom.domain.restores.showing.gates import Progress, gates_of
from strongroom.services.restores.deciding.judge import ticket_approver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Verdict
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.domain.restores.showing.gates import Gate
    from strongroom.ports.ceremony import OpenRequests, Tellings, Words
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
    from strongroom.services.restores.deciding.judge import CeremonyJudge

_LATEST: Final = 50
_STOPPED: Final = (DecisionState.DENIED, DecisionState.CANCELLED)
_OVER: Final = (*_STOPPED, DecisionState.EXPIRED)
_IN_PROGRESS: Final = (
    (EntryKind.RESTORED, "being-tagged"),
    (EntryKind.RESTORE_STARTED, "restoring"),
    (EntryKind.COPIED_BACK, "copied-back"),
    (EntryKind.COPY_BACK_STARTED, "copying-back"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreView:
    """A ceremony in full: the request, what follows from it, how far it is, what it waits for, and what it made.

    `counted` are the digests of the proofs that count, `recorded` of those that the log has seen; a request that is
    over waits at no gate.
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
    approvals: tuple[str, ...]
    missing: tuple[str, ...]
    gates: tuple[Gate, ...]
    counted: tuple[str, ...]
    recorded: tuple[str, ...]
    jobs: dict[str, str]
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreViewNeeds:
    """What showing ceremonies needs of the world."""

    open_requests: OpenRequests
    tellings: Tellings
    words: Words
    keeper: EvidenceReading
    judge: CeremonyJudge
    ceremony: Ceremony


def list_restores(*, needs: RestoreViewNeeds) -> tuple[OpenRequest, ...]:
    """The latest requests, newest first."""
    return needs.open_requests.latest(limit=_LATEST)


def show_restore(request_id: str, *, needs: RestoreViewNeeds, now: datetime) -> RestoreView:
    """One ceremony; NotFoundError for an unknown id."""
    kept = needs.keeper.read(parse_request_id(request_id))
    verdict, request = needs.judge.decide(kept, now=now), kept.sealed.request
    state, reason = _state(kept) or (verdict.state, _explained(verdict, request_id, needs=needs))
    progress, telling = _progress(kept), needs.tellings.find(request_id)
    standing = Standing(verdict=verdict, is_started=bool(progress.restore_job), ticket_approver=ticket_approver(kept))
    is_over = kept.has(EntryKind.CLOSED) or (verdict.state in _OVER and not standing.is_started)
    gates = gates_of(kept.sealed, standing, progress, telling=telling, ceremony=needs.ceremony, now=now)
    return RestoreView(
        request_id=request_id,
        state=state,
        reason=needs.ceremony.in_names(reason),
        digest=kept.sealed.digest,
        mark=kept.sealed.mark,
        request=request,
        requester=needs.ceremony.name_of(request.requester),
        account_name=telling.account_name,
        consequences=consequences(request),
        approvals=tuple(needs.ceremony.name_of(subject) for subject in verdict.people),
        missing=verdict.missing,
        gates=() if is_over else gates,
        counted=tuple(
            digest_of(text) for text in kept.proofs if not needs.judge.why_not_counted(kept, text, now=now)[1]
        ),
        recorded=_recorded(kept, needs=needs),
        jobs={name: job for name, job in (("copy_back", progress.copy_job), ("restore", progress.restore_job)) if job},
        created=(kept.last(EntryKind.RESTORED) or {}).get("created", ""),
    )


def show_evidence(request_id: str, *, needs: RestoreViewNeeds) -> Mapping[str, Any]:
    """The evidence bundle, checkable without us; NotFoundError before the log has seen the end of the ceremony.

    It holds the proofs that the end names: whatever is brought later counts for nothing any more.
    """
    kept = needs.keeper.read(parse_request_id(request_id))
    witnessed = needs.keeper.witnessed(request_id)
    closed = kept.last(EntryKind.CLOSED)
    end = entry_key(request_id, len(kept.chain))
    if closed is None or end not in witnessed:
        raise NotFoundError(f"{request_id} has not ended, or the log has not seen its end; try again in some minutes")
    intents = [entry.number for entry in kept.chain if entry.kind == EntryKind.RESTORE_INTENDED]
    named = tuple(text for text in kept.proofs if digest_of(text) in closed["proofs"])
    proofs = {digest: proof_key(request_id, digest) for digest in map(digest_of, named)}
    opened = {"statement": kept.opening.statement.text, **signed_content(kept.opening.signed)}
    text = bundle_text(
        kept.sealed.text,
        opened_by=canonical_text(opened),
        proofs=named,
        chain=kept.chain,
        log=LogProofs(
            closed=witnessed[end],
            intent=witnessed.get(entry_key(request_id, intents[-1])) if intents else None,
            proofs={digest: witnessed[key] for digest, key in proofs.items() if key in witnessed},
        ),
    )
    bundle: Mapping[str, Any] = read_canonical(text)
    return bundle


def _progress(kept: KeptCeremony) -> Progress:
    return Progress(
        ticket=str((kept.last(EntryKind.TICKET_ENTITLES) or {}).get("reason", "")),
        copy_job=str((kept.last(EntryKind.COPY_BACK_STARTED) or {}).get("job", "")),
        copied=kept.has(EntryKind.COPIED_BACK),
        is_intended=kept.has(EntryKind.RESTORE_INTENDED),
        restore_job=str((kept.last(EntryKind.RESTORE_STARTED) or {}).get("job", "")),
        restored=kept.has(EntryKind.RESTORED),
    )


def _explained(verdict: Verdict, request_id: str, *, needs: RestoreViewNeeds) -> str:
    """The reason, with what those said who ended it."""
    if verdict.state not in _STOPPED:
        return verdict.reason
    said = [word for proof, word in needs.words.of(request_id).items() if proof in verdict.relied_on]
    return ": ".join((verdict.reason, "; ".join(said))) if said else verdict.reason


def _recorded(kept: KeptCeremony, *, needs: RestoreViewNeeds) -> tuple[str, ...]:
    """Whoever signed can see that the log has it: nobody can leave it out any more."""
    request_id = kept.sealed.request.id
    seen = needs.keeper.witnessed(request_id)
    digests = (digest_of(text) for text in kept.proofs)
    return tuple(digest for digest in digests if proof_key(request_id, digest) in seen)


def _state(kept: KeptCeremony) -> tuple[str, str] | None:
    """How it ended, or how far the acts have come; None before there was any."""
    if closed := kept.last(EntryKind.CLOSED):
        return closed["outcome"], closed["reason"]
    return next(((name, "") for kind, name in _IN_PROGRESS if kept.has(kind)), None)
