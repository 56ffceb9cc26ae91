"""Whom a ceremony tells, and who could not be reached: it waits for none of them longer than it must."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Whom(StrEnum):
    """Whoever a ceremony speaks with outside of AWS."""

    CHAT = "chat"
    TICKET = "ticket"
    IDENTITY_PROVIDER = "identity-provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """Somebody could not be reached, since that moment; None where it was noticed only now."""

    whom: Whom
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who has been told of a request, and who could not be, with the moment from which on that is so."""

    told: tuple[str, ...] = ()
    missed: Mapping[str, datetime] = field(default_factory=dict)

    def having_told(self, whom: Whom) -> Telling:
        """The same, once they know."""
        missed = {name: since for name, since in self.missed.items() if name != whom}
        return Telling(told=(*self.told, whom), missed=missed)

    def having_missed(self, whom: Whom, *, at: datetime) -> Telling:
        """The same, after a try in vain; the first one stands."""
        return Telling(told=self.told, missed={whom: at} | dict(self.missed))

    @property
    def unreached(self) -> tuple[Unreached, ...]:
        """Those who could not be told yet."""
        return tuple(Unreached(whom=Whom(whom), since=since) for whom, since in sorted(self.missed.items()))
