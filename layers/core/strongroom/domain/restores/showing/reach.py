"""Whom a ceremony tells, and who could not be reached: it waits for none of them longer than it must."""

from __future__ import annotations

from copy import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from strongroom.domain.errors import (
    AccessRefusedError,
    NotFoundError,
    TemporarilyUnavailableError,
    TicketRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# What chat and ticket systems answer that are away, or do not let us in: the ceremony goes on without, and says so.
AWAY: Final = (AccessRefusedError, NotFoundError, TemporarilyUnavailableError, TicketRefusedError)


class Whom(StrEnum):
    """Whoever a ceremony speaks with outside of AWS."""

    CHAT = "chat"
    TICKET = "ticket"
    IDENTITY_PROVIDER = "identity-provider"


class Unreached(Struct, frozen=True, kw_only=True):
    """Somebody could not be reached, since that moment, None where it was noticed only now; `why` at the last try."""

    whom: Whom
    since: datetime | None = None
    why: str = ""


class Telling(Struct, frozen=True, kw_only=True):
    """Who has been told of a request, and who could not be, by name.

    `shown` is the mark of what stands in chat, and `account_name` what the request's account was called there: whoever
    shows it or ends it may not read the draft, which holds the links.
    """

    told: tuple[str, ...] = ()
    missed: Mapping[str, Unreached] = field(default_factory=dict)
    shown: str = ""
    account_name: str = ""

    def having_told(self, whom: Whom) -> Telling:
        """The same, once they know."""
        missed = {name: each for name, each in self.missed.items() if name != whom}
        return replace(self, told=tuple(dict.fromkeys((*self.told, whom))), missed=missed)

    def having_shown(self, *, mark: str, account_name: str) -> Telling:
        """The same, once chat shows what has that mark."""
        return replace(self.having_told(Whom.CHAT), shown=mark, account_name=account_name)

    def having_missed(self, whom: Whom, *, at: datetime, why: str = "") -> Telling:
        """The same, after a try in vain; since when stands from the first one."""
        before = self.missed.get(whom)
        missed = Unreached(whom=whom, since=before.since if before else at, why=why)
        return replace(self, missed={**self.missed, whom: missed})

    @property
    def unreached(self) -> tuple[Unreached, ...]:
        """Those who could not be told yet."""
        return tuple(each for _, each in sorted(self.missed.items()))
