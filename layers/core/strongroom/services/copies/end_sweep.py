"""The last act of a sweep: say that it came to its end, on the bus and to whoever outside complains otherwise."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.health.facts import SweepEnded

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.intent.model import Intent
    from strongroom.ports.facts import Publisher
    from strongroom.ports.health import DeadMan
    from strongroom.services.copies.sweep_overdue_copies import SweepVerdict


class Outside(StrEnum):
    """Whether the address outside has heard that a sweep ended."""

    CALLED = "CALLED"
    UNREACHED = "UNREACHED"


class SweepEndNeeds(Struct, frozen=True, kw_only=True):
    """What the end of a sweep needs of the world; `dead_man` is None where the intent names no address."""

    intent: Intent
    publisher: Publisher
    dead_man: DeadMan | None


def end_sweep(verdict: SweepVerdict, *, needs: SweepEndNeeds, now: datetime) -> SweepVerdict:
    """The verdict with whether the address outside was reached: one that was not complains by itself, soon enough."""
    place = needs.intent.organization
    needs.publisher.publish(
        SweepEnded(
            account=place.backup_account,
            region=place.home_region,
            resource=f"sweep of {now:%Y-%m-%dT%H:%M:%SZ}",
            reason=f"{len(verdict.verdicts)} were looked at",
            oldest_due_seconds=int(verdict.oldest.total_seconds()),
        )
    )
    if needs.dead_man is None:
        return verdict
    try:
        needs.dead_man.call()
    except TemporarilyUnavailableError as error:
        return replace(verdict, outside=f"{Outside.UNREACHED}: {error}")
    return replace(verdict, outside=Outside.CALLED)
