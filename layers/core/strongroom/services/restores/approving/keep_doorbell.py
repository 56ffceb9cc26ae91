"""Keep the token of the task that waits for people, so that it is woken when somebody signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strongroom.ports.ceremony import Bells


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorbellKept:
    """The bell hangs."""

    request_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorbellNeeds:
    """What keeping the token needs of the world."""

    bells: Bells


def keep_doorbell(request_id: str, *, token: str, needs: DoorbellNeeds) -> DoorbellKept:
    """Keep the token, replacing that of the round before."""
    needs.bells.hang(request_id, token)
    return DoorbellKept(request_id=request_id, reason="whoever signs rings")
