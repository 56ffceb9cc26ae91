"""Whether a ceremony ended in time and whole, as whoever watches the evidence from outside can tell."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.proofs import read_log_proof

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

# A ceremony that begins nothing is closed at once; one that has begun lives as long as its execution, fourteen days.
_CLOSING: Final = timedelta(hours=1)
_ACTING: Final = timedelta(days=14)
# The log looks for what it missed every five minutes.
_LOGGING: Final = timedelta(hours=1)


def why_not_ended(*, act_before: datetime, has_begun: bool, now: datetime) -> str:
    """Why a ceremony that is not closed should have been; empty while it may go on."""
    bound = _CLOSING + (_ACTING if has_begun else timedelta())
    if now - act_before <= bound:
        return ""
    return "it should have ended by now, and its evidence has no end"


def why_not_logged(*, closed_at: datetime, now: datetime) -> str:
    """Why the log should show the end of a ceremony that was closed then; empty while it may still take it in."""
    return "it has ended, and the log does not show its end" if now - closed_at > _LOGGING else ""


def proofs_left_out(named: Collection[str], logged: Mapping[str, str], *, end: str) -> tuple[str, ...]:
    """The proofs that the log had before the end of the ceremony, and that the end does not name.

    `logged` are the log's proofs by the digest of what they are of, `end` is that of the end; MalformedRecordError
    where one of them is none.
    """
    last = read_log_proof(end).index
    return tuple(
        digest for digest, proof in sorted(logged.items()) if digest not in named and _index(digest, proof) < last
    )


def _index(digest: str, proof: str) -> int:
    try:
        return read_log_proof(proof).index
    except MalformedRecordError as error:
        raise MalformedRecordError(f"the log's proof of the proof {digest}: {error}") from error
