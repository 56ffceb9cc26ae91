"""Which jobs of a page are known: read of all of them together, so that what is known costs no call and no write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from strongroom.domain.copies.reconciling import JobPage
from strongroom.domain.copies.traces import has_left, is_known_copy, promise_key_of, traces_of

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import Standings


class KnownJobsNeeds(Protocol):
    """What it takes of the world to tell."""

    @property
    def intent(self) -> Intent:
        """What jobs leave behind."""

    @property
    def standings(self) -> Standings:
        """Who reads what they left."""


def unknown_of(page: JobPage, *, needs: KnownJobsNeeds, now: datetime) -> JobPage:
    """The page without the jobs whose whole meaning the ledger holds already, told where it had to be told.

    A job of which that cannot be told from the lists alone stays.
    """
    if not page.backups and not page.copies:
        return page
    traces = [(job, traces_of(job, intent=needs.intent)) for job in page.backups]
    left = [each for _, each in traces if each is not None]
    copies = [(notice, promise_key_of(notice)) for notice in page.copies]
    opened = (key for each in left for key in each.promises)
    promises = needs.standings.promises((*opened, *(key for _, key in copies if key is not None)))
    backups = needs.standings.backups(each.backup for each in left)
    return JobPage(
        backups=tuple(
            job
            for job, each in traces
            if each is None or not has_left(each, promises=promises, expected=backups.get(each.backup), now=now)
        ),
        copies=tuple(
            notice for notice, key in copies if key is None or not is_known_copy(notice.job, promise=promises.get(key))
        ),
        token=page.token,
    )
