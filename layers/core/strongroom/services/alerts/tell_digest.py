"""Tell each day's digest once by each way, late where nobody was awake, and not at all of days that are gone.

With it each owner is told whose tags were written since the one before.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.alerts.digest import Digest, DigestMark, due_day, told_at
from strongroom.domain.alerts.owner_news import news_for_owners
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from strongroom.domain.alerts.owner_news import TagWritten
    from strongroom.ports.alerts import DigestBook, DigestTeller, OpenAlerts, Owners, OwnerTeller, WrittenTags


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
    """What the digest needs of the world; `tellers` are the ways to people, by name, `mail` that to each owner."""

    digest_at: str | None
    alerts: OpenAlerts
    book: DigestBook
    tellers: Mapping[str, DigestTeller]
    tags: WrittenTags
    owners: Owners
    mail: OwnerTeller


def tell_digest(*, needs: DigestTellingNeeds, now: datetime) -> DigestVerdict:
    """Tell the digest that is due, by each way by which it was not told yet; the mark of each is written behind it."""
    if needs.digest_at is None:
        return DigestVerdict(state=DigestState.NONE, reason="the intent asks for no digest")
    day = due_day(needs.digest_at, now=now)
    kept = needs.book.find()
    if kept is None or kept.day < day:
        kept = _keep(DigestMark.first(day) if kept is None else kept.next(day), was=kept, needs=needs)
    if kept.is_told:
        return DigestVerdict(state=DigestState.KNOWN, reason=f"the digest of {kept.day} is told")
    at = told_at(needs.digest_at, kept.day, now=now)
    digest = Digest(day=kept.day, at=at, open=tuple(needs.alerts.open()))
    sends = {way: partial(teller.tell_digest, digest) for way, teller in needs.tellers.items()}
    written = needs.tags.written(told_at(needs.digest_at, kept.after, now=now), at)
    for way, send in (sends | _to_owners(kept.day, written, needs=needs)).items():
        if way not in kept.told:
            send()
            kept = _keep(kept.with_told(way), was=kept, needs=needs)
    _keep(kept.with_all_told(), was=kept, needs=needs)
    return DigestVerdict(state=DigestState.TOLD, reason=digest.title)


def _to_owners(day: date, written: Iterable[TagWritten], *, needs: DigestTellingNeeds) -> dict[str, partial[None]]:
    """The news to each owner, by a name of the way to each owner."""
    tags = tuple(written)
    whose = {account: needs.owners.of(account) or Whose() for account in {each.account for each in tags}}
    return {
        f"owner {news.owner}": partial(needs.mail.tell_owner, news) for news in news_for_owners(tags, whose, day=day)
    }


def _keep(mark: DigestMark, *, was: DigestMark | None, needs: DigestTellingNeeds) -> DigestMark:
    if not needs.book.keep(mark, was=was):
        raise ResourceNotReadyError("somebody else is telling the digest")
    return mark
