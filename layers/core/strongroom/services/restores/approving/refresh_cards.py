"""Show in chat how far each open request is, and tell those who could not be reached when they were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    QuorumUndefinedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.showing.card import Standing
from strongroom.domain.restores.showing.reach import Telling, Whom
from strongroom.services.restores.approving.tell_approvers import tell
from strongroom.services.restores.deciding.judge import ticket_approver

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Verdict
    from strongroom.ports.ceremony import OpenRequests
    from strongroom.services.evidence.keep_ceremony import KeptCeremony
    from strongroom.services.restores.approving.tell_approvers import TellingNeeds
    from strongroom.services.restores.deciding.judge_approval import JudgingNeeds

# What cannot be told of a request: its execution ends by itself, or the next look can tell it.
_UNTOLD: Final = (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    QuorumUndefinedError,
    TemporarilyUnavailableError,
)
_ONGOING: Final = (DecisionState.PENDING, DecisionState.APPROVED)
# By which entry a copy begins, and by which it ends.
_COPIES: Final = (
    (EntryKind.COPY_THROUGH_STARTED, EntryKind.COPIED_THROUGH),
    (EntryKind.COPY_BACK_STARTED, EntryKind.COPIED_BACK),
)


class CardRefreshNeeds(Struct, frozen=True, kw_only=True):
    """What showing how far requests are needs of the world; where nothing is open, nobody asks what telling takes."""

    open_requests: OpenRequests
    judging: Callable[[], JudgingNeeds]
    telling: Callable[[], TellingNeeds]


class CardsRefreshed(Struct, frozen=True, kw_only=True):
    """How many open requests were looked at."""

    open: int
    reason: str


def refresh_cards(*, needs: CardRefreshNeeds, now: datetime) -> CardsRefreshed:
    """Show each open request as it is now, once its execution has begun to tell of it.

    While chat cannot be reached, the others wait for the next look.
    """
    lines = [line for line in needs.open_requests.unended(now=now) if not line.outcome]
    if not lines:
        return CardsRefreshed(open=0, reason="no request is open")
    judging, telling = needs.judging(), needs.telling()
    for line in lines:
        is_begun = telling.messages.telling(line.id) != Telling()
        standing = standing_of(line.id, judging=judging, now=now) if is_begun else None
        if standing is None:
            continue
        told, _ = tell(telling.drafts.read(line.id), standing, needs=telling, now=now)
        if Whom.CHAT in told.missed:
            return CardsRefreshed(open=len(lines), reason=told.missed[Whom.CHAT].why)
    return CardsRefreshed(open=len(lines), reason="each is shown as it is")


def standing_of(request_id: str, *, judging: JudgingNeeds, now: datetime) -> Standing | None:
    """How far the request is; None where it is over, or nobody can tell."""
    try:
        kept = judging.keeper.read(request_id)
        verdict = judging.judge.decide(kept, now=now)
    except _UNTOLD:
        return None
    is_started = kept.has(EntryKind.RESTORE_STARTED)
    if kept.has(EntryKind.CLOSED) or not (is_started or verdict.state in _ONGOING):
        return None
    return Standing(
        verdict=verdict,
        is_started=is_started,
        is_copying=any(kept.has(started) for started, _ in _COPIES),
        reads_ticket=_reads_ticket(kept, verdict),
        ticket_approver=ticket_approver(kept),
    )


def _reads_ticket(kept: KeptCeremony, verdict: Verdict) -> bool:
    is_idle = all(kept.has(started) is kept.has(ended) for started, ended in _COPIES)
    return verdict.state is DecisionState.APPROVED and is_idle and not kept.has(EntryKind.RESTORE_STARTED)
