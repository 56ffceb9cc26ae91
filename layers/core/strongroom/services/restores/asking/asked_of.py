"""The steps of restores that wait until a person asks for them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.errors import ApprovalVoidError, MalformedRecordError, NotFoundError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.kinds.asked_steps import standings, told_asked
from strongroom.domain.restores.steps import RestoreOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.kinds.asked_steps import AskedStanding
    from strongroom.ports.ceremony import OpenRequests
    from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony

_LATEST = 50


class AskedShown(Struct, frozen=True, kw_only=True):
    """A step that waits for a person, whose restore it is of, and in `text` what it is and what to type about it."""

    request_id: str
    step: str
    state: str
    resource: str
    owner: str
    until: datetime
    text: str
    by: str = ""


class AskedListNeeds(Struct, frozen=True, kw_only=True):
    """What listing them needs of the world."""

    open_requests: OpenRequests
    keeper: EvidenceReading
    ceremony: Ceremony


def asked_of(kept: KeptCeremony, *, now: datetime) -> tuple[AskedStanding, ...]:
    """Where each step stands that the restore left off; none before it is restored and closed."""
    closed = kept.last(EntryKind.CLOSED)
    if closed is None or closed["outcome"] != RestoreOutcome.RESTORED:
        return ()
    spoken, ended_at = kept.asked_steps(), kept.chain[-1].at
    return standings(kept.sealed.request.left_off, spoken=spoken, ended_at=ended_at, now=now)


def show_asked(kept: KeptCeremony, *, ceremony: Ceremony, now: datetime) -> tuple[AskedShown, ...]:
    """The same for people to read."""
    request = kept.sealed.request
    return tuple(
        AskedShown(
            request_id=request.id,
            step=each.step,
            state=each.state,
            resource=(kept.last(EntryKind.RESTORED) or {}).get("created", ""),
            owner=ceremony.name_of(request.requester),
            until=each.until,
            text=told_asked(each, request_id=request.id),
            by=ceremony.name_of(each.by) if each.by else "",
        )
        for each in asked_of(kept, now=now)
    )


def list_asked(*, needs: AskedListNeeds, now: datetime) -> tuple[AskedShown, ...]:
    """Those of the latest fifty restores about which nobody has decided, the first to be too late first."""
    lines = needs.open_requests.latest(limit=_LATEST, now=now)
    found = [shown for line in lines if line.outcome == RestoreOutcome.RESTORED for shown in _of(line, needs, now)]
    return tuple(sorted(found, key=lambda each: (each.until, each.request_id)))


def _of(line: OpenRequest, needs: AskedListNeeds, now: datetime) -> Iterator[AskedShown]:
    """Those of one restore; what cannot be read is told where open ends are."""
    try:
        if not needs.keeper.request(line.id)[0].request.left_off:
            return
        kept = needs.keeper.read(line.id)
    except (ApprovalVoidError, MalformedRecordError, NotFoundError):
        return
    open_steps = {each.step for each in asked_of(kept, now=now) if each.is_open}
    yield from (each for each in show_asked(kept, ceremony=needs.ceremony, now=now) if each.step in open_steps)
