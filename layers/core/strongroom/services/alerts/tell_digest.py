"""Tell each day's digest once by each way, late where nobody was awake, and not at all of days that are gone."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.digest import Digest, DigestMark, due_day, since
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.ports.alerts import DigestBook, DigestTeller, OpenAlerts


class DigestState(StrEnum):
    """What became of a look at the clock."""

    TOLD = "TOLD"
    KNOWN = "KNOWN"
    NONE = "NONE"


class DigestVerdict(Struct, frozen=True, kw_only=True):
    """What was told, and why nothing was."""

    state: DigestState
    reason: str


class DigestTellingNeeds(Struct, frozen=True, kw_only=True):
    """What the digest needs of the world; `tellers` are the ways to people, by name."""

    digest_at: str | None
    alerts: OpenAlerts
    book: DigestBook
    tellers: Mapping[str, DigestTeller]


def tell_digest(*, needs: DigestTellingNeeds, now: datetime) -> DigestVerdict:
    """Tell the digest that is due, by each way by which it was not told yet; the mark of each is written behind it."""
    if needs.digest_at is None:
        return DigestVerdict(state=DigestState.NONE, reason="the intent asks for no digest")
    day = due_day(needs.digest_at, now=now)
    kept = needs.book.find()
    if kept is None or kept.day < day:
        kept = _keep(DigestMark(day=day) if kept is None else kept.next(day), was=kept, needs=needs)
    owed = [way for way in needs.tellers if way not in kept.told]
    if not owed:
        return DigestVerdict(state=DigestState.KNOWN, reason=f"the digest of {kept.day} is told")
    digest = Digest(day=day, since=since(needs.digest_at, day, now=now), open=tuple(needs.alerts.open()))
    for way in owed:
        needs.tellers[way].tell_digest(digest)
        kept = _keep(kept.with_told(way), was=kept, needs=needs)
    return DigestVerdict(state=DigestState.TOLD, reason=digest.title)


def _keep(mark: DigestMark, *, was: DigestMark | None, needs: DigestTellingNeeds) -> DigestMark:
    if not needs.book.keep(mark, was=was):
        raise ResourceNotReadyError("somebody else is telling the digest")
    return mark
