"""The requests that were made for what a restore leaves to be asked for, by their evidence."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import ApprovalVoidError, NotFoundError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.checklists.standing import StepAsked
from strongroom.domain.restores.left_off.steps import asked_call, asked_step
from strongroom.domain.restores.steps import RestoreOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.left_off.steps import AskedStep
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.ceremony import OpenRequests
    from strongroom.services.evidence.keep_ceremony import EvidenceReading

_MOST_LOOKED_BACK: Final = 500
_MOST_READ: Final = 20


def find_asked(
    restore: RestoreRequest, *, keeper: EvidenceReading, open_requests: OpenRequests, now: datetime
) -> Mapping[AskedStep, StepAsked]:
    """Of each step the request that has done it, or else the last; the list only says where to look.

    Nothing is looked for where the restore leaves nothing to be asked for.
    """
    if not any(asked_step(sentence) for sentence in restore.steps):
        return {}
    latest = open_requests.latest(limit=_MOST_LOOKED_BACK, now=now)
    since = takewhile(lambda line: line.requested_at >= restore.requested_at, latest)
    lines = [line for line in since if line.of == restore.id]
    found: dict[AskedStep, StepAsked] = {}
    for line in lines[:_MOST_READ]:
        step, asked = _read(line, restore=restore, keeper=keeper)
        if step is not None and asked is not None and (step not in found or asked.done_at is not None):
            found[step] = asked
    return found


def _read(
    line: OpenRequest, *, restore: RestoreRequest, keeper: EvidenceReading
) -> tuple[AskedStep | None, StepAsked | None]:
    """The step of a line and its request; nothing of one whose evidence is another's, or ended without doing it."""
    try:
        kept = keeper.read(line.id)
    except (ApprovalVoidError, NotFoundError):
        return None, None
    request, closed = kept.sealed.request, kept.last(EntryKind.CLOSED) or {}
    asked = asked_call(request.call)
    ended = closed.get("outcome", "")
    if asked is None or request.of != restore.id or ended not in ("", RestoreOutcome.RESTORED):
        return None, None
    done_at = kept.last_at(EntryKind.CLOSED) if ended else None
    return asked.step, StepAsked(request=request.id, subject=request.requester, done_at=done_at)
