"""Where evidence lies in its bucket: each kind of object under a prefix that one role may add to."""

import re
from datetime import datetime
from typing import Final

from strongroom.domain.written import moment_text

EVIDENCE: Final = "evidence/"
LOG_ANSWERS: Final = "log/requests/"
POLICIES: Final = "policies/"
"""Rules, when which of them were in force, and what people signed to make them looser."""
OUTAGES: Final = "outages/"
"""What people signed about restores that two of them made while the control plane was away."""
ENDS: Final = "ends/"
"""What restores left behind for a while, and when it was found gone: their chains have ended by then."""

_DIGITS: Final = 8
_ODD: Final = r"[^A-Za-z0-9.]+"


def folder_of(request_id: str) -> str:
    """Everything about one request."""
    return f"{EVIDENCE}{request_id}/"


def request_key(request_id: str) -> str:
    """The request, as its requester signed it."""
    return f"{folder_of(request_id)}request.json"


def proofs_of(request_id: str) -> str:
    """What people signed about the request."""
    return f"{folder_of(request_id)}proofs/"


def proof_key(request_id: str, digest: str) -> str:
    """A proof, by its SHA-256: nobody can take its place."""
    return f"{proofs_of(request_id)}{digest}.json"


def chain_of(request_id: str) -> str:
    """What happened."""
    return f"{folder_of(request_id)}chain/"


def entry_key(request_id: str, number: int) -> str:
    """An entry of the chain, by its number from 1."""
    return f"{chain_of(request_id)}{number:0{_DIGITS}d}.json"


def stated_of(request_id: str) -> str:
    """What people signed about the steps by hand, apart from what decides."""
    return f"{folder_of(request_id)}stated/"


def stated_key(request_id: str, digest: str) -> str:
    """One of these, by its SHA-256."""
    return f"{stated_of(request_id)}{digest}.json"


def witnessed_of(request_id: str) -> str:
    """What the log has said of the request, the newest last."""
    return f"{LOG_ANSWERS}{request_id}/"


def policy_key(digest: str) -> str:
    """Rules that were in force once, by their SHA-256."""
    return f"{POLICIES}{digest}.json"


def outage_key(digest: str) -> str:
    """What accounts for such a restore, by its SHA-256."""
    return f"{OUTAGES}{digest}.json"


def end_key(request_id: str, number: int) -> str:
    """What the request left behind, by its number from 1."""
    return f"{ENDS}{request_id}/{number}.json"


def end_revoking_key(request_id: str, number: int, *, at: datetime) -> str:
    """That its end was to be asked for on that day, which it is once."""
    return f"{ENDS}{request_id}/{number}-revoking-{at:%Y%m%d}.json"


def end_asked_key(request_id: str, number: int, *, at: datetime) -> str:
    """What came of asking for it on that day."""
    return f"{ENDS}{request_id}/{number}-revoking-{at:%Y%m%d}-asked.json"


def end_closed_key(request_id: str, number: int) -> str:
    """That it was found gone."""
    return f"{ENDS}{request_id}/{number}-closed.json"


def sights_of(issuer: str) -> str:
    """What an issuer was seen to publish: its address, of which letters, digits and dots are left."""
    return f"issuer-keys/{re.sub(_ODD, '-', issuer.partition('://')[2]).strip('-')}/"


def sight_key(issuer: str, *, at: datetime) -> str:
    """What the issuer published at that time, which begins with its year and month, as `2026-11`."""
    return f"{sights_of(issuer)}{moment_text(at).replace(':', '')}.json"
