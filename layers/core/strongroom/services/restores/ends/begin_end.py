"""Remember what a restore leaves behind, from when its copy back was started, or may have been."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.history import COPY_BACK, COPY_THROUGH
from strongroom.domain.restores.arriving.landing import landing_vault_of
from strongroom.domain.restores.ends.standing import (
    ACCESS,
    BETWEEN,
    EndState,
    begun,
    begun_access,
    begun_between,
    left_nothing,
    unread,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.evidence.history import Act
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.restores.drafts import OpenRequest
    from strongroom.domain.restores.ends.standing import OpenEnd
    from strongroom.ports.alerts import OpenAlerts
    from strongroom.ports.evidence import EvidenceShelf
    from strongroom.ports.restores import (
        AccessRevoker,
        AccessUses,
        AccessVaults,
        CopiesBegun,
        CopyBackJobs,
        EndBook,
        PointsLeft,
    )
    from strongroom.services.alerts.tell_alerts import AlertNotifier
    from strongroom.services.evidence.keep_ceremony import KeptCeremony


class EndNeeds(Struct, frozen=True, kw_only=True):
    """What following open ends needs of the world; where there is none, nobody asks for the shelf.

    `kept` reads a ceremony by its id: NotFoundError, ApprovalVoidError, MalformedRecordError where it cannot.
    """

    intent: Intent
    ends: EndBook
    shelf: Callable[[], EvidenceShelf]
    jobs: CopyBackJobs
    begun: CopiesBegun
    points: PointsLeft
    access: AccessVaults
    uses: AccessUses
    revoker: AccessRevoker
    kept: Callable[[str], KeptCeremony]
    alerts: AlertNotifier
    open_alerts: OpenAlerts


def begin_end(kept: KeptCeremony, *, needs: EndNeeds, now: datetime) -> OpenEnd | None:
    """The end that the ceremony has by now, remembered; None while nothing of it has begun, and nothing is over.

    A copy that was intended may have been started by somebody who did not live to write that down: it is looked for
    once the ceremony is over, when nobody starts it any more. Of two copies each has an end, and an access has one.
    """
    request = kept.sealed.request
    _begin_between(kept, needs=needs, now=now)
    _begin_access(kept, needs=needs, now=now)
    known = needs.ends.end_of(request.id)
    if known is not None and known.state is not EndState.UNREAD:
        return known
    job, since = _begun(kept, COPY_BACK)
    if since is not None:
        copied = kept.last(EntryKind.COPY_BACK_INTENDED) or {}
        vault = landing_vault_of(request, intent=needs.intent)
        end = begun(request, source=str(copied["recovery_point"]), vault=vault, job=job, since=since, now=now)
    elif kept.has(EntryKind.CLOSED):
        end = left_nothing(request, now=now)
    else:
        return None
    if known is not None:
        end = replace(end, revision=known.revision + 1)
        needs.alerts.settle(known.alert.fingerprint, reason="its evidence can be read again", now=now)
    return end if needs.ends.keep_end(end, was=known) else needs.ends.end_of(request.id)


def _begin_between(kept: KeptCeremony, *, needs: EndNeeds, now: datetime) -> None:
    """Remember, once, the copy in the vault between: before the other end, by which a request is known to be seen."""
    request = kept.sealed.request
    job, since = _begun(kept, COPY_THROUGH)
    if request.through_vault and since is not None and needs.ends.end_of(request.id, BETWEEN) is None:
        needs.ends.keep_end(begun_between(request, job=job, since=since, now=now), was=None)


def _begin_access(kept: KeptCeremony, *, needs: EndNeeds, now: datetime) -> None:
    """Remember, once, the access that a team was asked for, or may have been: before the other end, as above."""
    request, intended = kept.sealed.request, kept.last_at(EntryKind.ACCESS_INTENDED)
    if intended is not None and needs.ends.end_of(request.id, ACCESS) is None:
        needs.ends.keep_end(begun_access(request, since=intended, now=now), was=None)


def _begun(kept: KeptCeremony, act: Act) -> tuple[str, datetime | None]:
    """The job of a copy, empty where nobody lived to write it down, and since when; None where none can be by now."""
    started = kept.last(act.started)
    intended = [entry.at for entry in kept.chain if entry.kind == act.intended]
    if not intended or (started is None and not kept.has(EntryKind.CLOSED)):
        return "", None
    return "" if started is None else str(started["job"]), intended[0]


def begin_unread(line: OpenRequest, *, needs: EndNeeds, now: datetime) -> None:
    """Remember, once, that nobody can read whether the request left anything: it is listed, and told."""
    if needs.ends.end_of(line.id) is None:
        needs.ends.keep_end(unread(line, home=needs.intent.organization.home_region, now=now), was=None)
