"""Show what a link to an alert leads to, and mark the alert once whoever holds it says so."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from strongroom.domain.alerts.acknowledging import acknowledged
from strongroom.domain.alerts.links import read_link
from strongroom.domain.alerts.shown import shown_alert
from strongroom.domain.errors import AlertChangedError, NotFoundError
from strongroom.services.alerts.acknowledge_alert import acknowledge_alert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.alerts.links import AlertLink
    from strongroom.ports.alerts import LinkKey
    from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds

_WHO = "whoever holds the link"


class AlertLinkNeeds(Struct, frozen=True, kw_only=True):
    """What using a link needs of the world."""

    key: LinkKey
    marking: AcknowledgementNeeds


class LinkedAlert(Struct, frozen=True, kw_only=True):
    """The alert that a link leads to, as the ledger has it now, and why the link can mark nothing of it, if so."""

    alert: dict[str, Any]
    resolution: str
    obstacle: str = ""


def show_alert_link(fingerprint: str, query: Mapping[str, str], *, needs: AlertLinkNeeds, now: datetime) -> LinkedAlert:
    """What the link leads to; looking changes nothing. Errors as of `read_link`, NotFoundError without the alert."""
    return _linked(read_link(fingerprint, query, key=needs.key.find(), now=now), needs=needs, now=now)


def take_alert_link(fingerprint: str, query: Mapping[str, str], *, needs: AlertLinkNeeds, now: datetime) -> LinkedAlert:
    """Mark the alert in the version that was told with the link, and answer how it stands; errors as for showing it.

    Where somebody looks after it already, it stays theirs.
    """
    link = read_link(fingerprint, query, key=needs.key.find(), now=now)
    with suppress(AlertChangedError):  # which is what the answer says
        acknowledge_alert(link.fingerprint, seen=link.version, by=_WHO, needs=needs.marking, now=now)
    return _linked(link, needs=needs, now=now)


def _linked(link: AlertLink, *, needs: AlertLinkNeeds, now: datetime) -> LinkedAlert:
    kept = needs.marking.book.find(link.fingerprint)
    if kept is None:
        raise NotFoundError("there is no such alert")
    try:
        acknowledged(kept, seen=link.version, by=_WHO, now=now)
    except AlertChangedError as error:
        return LinkedAlert(alert=shown_alert(kept), resolution=kept.resolution, obstacle=str(error))
    return LinkedAlert(alert=shown_alert(kept), resolution=kept.resolution)
