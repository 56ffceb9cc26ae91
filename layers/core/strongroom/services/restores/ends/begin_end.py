"""Remember what a restore leaves behind, from when its copy back was started, or may have been."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.restores.ends.standing import EndState, begun, left_nothing, unread
from strongroom.domain.restores.landing import landing_vault_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.ports.evidence import EvidenceShelf
    from strongroom.ports.restores import CopiesBegun, CopyBackJobs, EndBook, PointsLeft
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


class EndNeeds(Struct, frozen=True, kw_only=True):
    """What following open ends needs of the world; where there is none, nobody asks for the shelf."""

    intent: Intent
    ends: EndBook
    shelf: Callable[[], EvidenceShelf]
    jobs: CopyBackJobs
    begun: CopiesBegun
    points: PointsLeft
    alerts: AlertNotifier


def begin_end(kept: KeptCeremony, *, needs: EndNeeds, now: datetime) -> OpenEnd | None:
    """The end that the ceremony has by now, remembered; None while nothing of it has begun, and nothing is over.

    A copy that was intended may have been started by somebody who did not live to write that down: it is looked for
    once the ceremony is over, when nobody starts it any more.
    """
    request = kept.sealed.request
    known = needs.ends.end_of(request.id)
    if known is not None and known.state is not EndState.UNREAD:
        return known
    started = kept.last(EntryKind.COPY_BACK_STARTED)
    intended = [entry.at for entry in kept.chain if entry.kind == EntryKind.COPY_BACK_INTENDED]
    if intended and (started is not None or kept.has(EntryKind.CLOSED)):
        job = "" if started is None else started["job"]
        vault = landing_vault_of(request, intent=needs.intent)
        end = begun(request, vault=vault, job=job, since=intended[0], now=now)
    elif kept.has(EntryKind.CLOSED):
        end = left_nothing(request, now=now)
    else:
        return None
    if known is not None:
        end = replace(end, revision=known.revision + 1)
        needs.alerts.settle(known.alert.fingerprint, reason="its evidence can be read again", now=now)
    return end if needs.ends.keep_end(end, was=known) else needs.ends.end_of(request.id)


def begin_unread(line: OpenRequest, *, needs: EndNeeds, now: datetime) -> None:
    """Remember, once, that nobody can read whether the request left anything: it is listed, and told."""
    if needs.ends.end_of(line.id) is None:
        needs.ends.keep_end(unread(line, home=needs.intent.organization.home_region, now=now), was=None)
