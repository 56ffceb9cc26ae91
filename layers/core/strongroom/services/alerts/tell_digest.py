"""Tell each day's digest once by each way, late where nobody was awake, and not at all of days that are gone.

With it each owner is told whose tags were written since the one before.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import Whose
from strongroom.domain.alerts.digest import Digest, DigestMark, due_day, told_at
from strongroom.domain.alerts.owner_news import news_for_owners
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from strongroom.domain.alerts.owner_news import OwnerNews, TagWritten
    from strongroom.ports.alerts import DigestBook, DigestTeller, OpenAlerts, Owners, OwnerTeller, WrittenTags

# A tag is dated by when its judging began, and is on the index after that.
_WRITTEN_WITHIN: Final = timedelta(minutes=15)


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
    for way, teller in needs.tellers.items():
        if way not in kept.told:
            teller.tell_digest(digest)
            kept = _keep(kept.with_told(way), was=kept, needs=needs)
    # Owners come last: however much there is to tell them, everybody else has the digest.
    since = told_at(needs.digest_at, kept.after, now=now)
    for news in _news(needs.tags.written(since - _WRITTEN_WITHIN, at - _WRITTEN_WITHIN), kept, needs=needs):
        needs.mail.tell_owner(news)
        kept = _keep(kept.with_owner(news.owner), was=kept, needs=needs)
    _keep(kept.with_all_told(), was=kept, needs=needs)
    return DigestVerdict(state=DigestState.TOLD, reason=digest.title)


def _news(written: Iterable[TagWritten], kept: DigestMark, *, needs: DigestTellingNeeds) -> Iterator[OwnerNews]:
    """The news to those owners who have none of this day yet, in their order."""
    tags = tuple(written)
    whose = {account: needs.owners.of(account) or Whose() for account in {each.account for each in tags}}
    every = news_for_owners(tags, whose, day=kept.day)
    return (news for news in every if kept.owner is None or news.owner > kept.owner)


def _keep(mark: DigestMark, *, was: DigestMark | None, needs: DigestTellingNeeds) -> DigestMark:
    if not needs.book.keep(mark, was=was):
        raise ResourceNotReadyError("somebody else is telling the digest")
    return mark
