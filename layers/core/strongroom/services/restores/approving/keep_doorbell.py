"""Keep the token of the task that waits for people, so that it is woken when somebody signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from strongroom.ports.ceremony import Bells


class DoorbellKept(Struct, frozen=True, kw_only=True):
    """The bell hangs."""

    request_id: str
    reason: str


class DoorbellNeeds(Struct, frozen=True, kw_only=True):
    """What keeping the token needs of the world."""

    bells: Bells


def keep_doorbell(request_id: str, *, token: str, needs: DoorbellNeeds) -> DoorbellKept:
    """Keep the token, replacing that of the round before."""
    needs.bells.hang(request_id, token)
    return DoorbellKept(request_id=request_id, reason="whoever signs rings")
