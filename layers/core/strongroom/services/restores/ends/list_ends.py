"""List the open ends of restores, with whose they are and by when they are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.restores.showing.left_behind import temporary_copy

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.showing.left_behind import TemporaryCopy
    from strongroom.ports.restores import EndBook


class EndListNeeds(Struct, frozen=True, kw_only=True):
    """What listing open ends needs of the world."""

    ends: EndBook
    ceremony: Ceremony


def list_ends(*, needs: EndListNeeds, now: datetime) -> tuple[TemporaryCopy, ...]:
    """Those that are open, the first to be gone first."""
    copies = (temporary_copy(end, name_of=needs.ceremony.name_of, now=now) for end in needs.ends.open_ends())
    return tuple(sorted((each for each in copies if each), key=lambda each: (each.gone_by, each.request_id)))
