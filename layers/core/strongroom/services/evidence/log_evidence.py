"""Put into the log what lies in the evidence bucket and is not in it yet, and say where it stands."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from strongroom.domain.canonical import read_canonical
from strongroom.domain.errors import ApprovalVoidError, LogBrokenError, MalformedRecordError, NotFoundError
from strongroom.domain.evidence.log.batches import PREFIXES, Leaf, in_batches, in_order, is_loggable
from strongroom.domain.evidence.object_keys import folder_of, witnessed_of
from strongroom.domain.restores.requests import parse_request_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from strongroom.ports.evidence import EvidenceObjects, LogIndex
    from strongroom.services.evidence.keep_log import LogKeeper

_MOST_AT_A_TICK = 500


class LogState(StrEnum):
    """What became of a look into the bucket."""

    GROWN = "grown"
    COMPLETE = "complete"


class LogVerdict(Struct, frozen=True, kw_only=True):
    """How many leaves the log has, and how many of them are new."""

    state: LogState
    reason: str
    size: int
    added: int


class EvidenceLogged(Struct, frozen=True, kw_only=True):
    """The verdict, and for a request the log's proof of each of its objects by the object's key."""

    verdict: LogVerdict
    proofs: Mapping[str, str] = field(default_factory=dict)


class EvidenceLogNeeds(Struct, frozen=True, kw_only=True):
    """The bucket, the log's index, and who lets the log grow."""

    objects: EvidenceObjects
    index: LogIndex
    keeper: LogKeeper


def log_evidence(request_id: str | None, *, needs: EvidenceLogNeeds, now: datetime) -> EvidenceLogged:
    """Log what is missing of the request, or without one whatever is missing.

    NotFoundError when nothing is kept of the request; ApprovalVoidError and MalformedRecordError when some of it was
    tampered with or cannot be logged; TemporarilyUnavailableError when somebody else let the log grow meanwhile.
    """
    if request_id is None:
        return EvidenceLogged(verdict=_log_everything(needs, now=now))
    return _log_request(parse_request_id(request_id), needs=needs, now=now)


def _log_request(request_id: str, *, needs: EvidenceLogNeeds, now: datetime) -> EvidenceLogged:
    tree = needs.keeper.caught_up(now=now)
    folder = folder_of(request_id)
    listed = needs.objects.keys(folder)
    if not listed:
        raise NotFoundError(f"nothing is kept of {request_id}")
    # What bears an odd name is nobody's evidence, and complained of at the next tick.
    missing = in_order(filter(is_loggable, set(listed) - needs.index.places(folder).keys()))
    before = tree.size
    for keys in in_batches(missing):
        tree = needs.keeper.append(tree, [_leaf(key, needs.objects) for key in keys], now=now)
    return EvidenceLogged(
        verdict=_verdict(tree.size, added=tree.size - before), proofs=_newest_proofs(request_id, needs.objects)
    )


def _log_everything(needs: EvidenceLogNeeds, *, now: datetime) -> LogVerdict:
    """One object that cannot be logged keeps no other out: it is complained of when the others are in."""
    tree = needs.keeper.caught_up(now=now)
    before, placed = tree.size, needs.index.placed()
    missing = [key for prefix in PREFIXES for key in needs.objects.keys(prefix) if key not in placed]
    left_out = [_odd(key) for key in missing if not is_loggable(key)]
    for keys in in_batches(in_order(filter(is_loggable, missing))[:_MOST_AT_A_TICK]):
        if leaves := _good_leaves(keys, needs.objects, left_out=left_out):
            tree = needs.keeper.append(tree, leaves, now=now)
    if left_out:
        raise ApprovalVoidError(f"{len(left_out)} pieces of evidence cannot be logged, first: {left_out[0]}")
    return _verdict(tree.size, added=tree.size - before)


def _good_leaves(keys: Iterable[str], objects: EvidenceObjects, *, left_out: list[str]) -> list[Leaf]:
    leaves = []
    for key in keys:
        try:
            leaves.append(_leaf(key, objects))
        except (ApprovalVoidError, MalformedRecordError) as error:
            left_out.append(str(error))
    return leaves


def _leaf(key: str, objects: EvidenceObjects) -> Leaf:
    if not is_loggable(key):
        raise MalformedRecordError(_odd(key))
    content = objects.read_bytes(key)
    if content is None:
        raise ApprovalVoidError(f"{key} was there and is gone")
    return Leaf(key=key, digest=hashlib.sha256(content).hexdigest())


def _odd(key: str) -> str:
    return f"{key[:200]!r} is no name of a piece of evidence"


def _newest_proofs(request_id: str, objects: EvidenceObjects) -> Mapping[str, str]:
    kept = objects.keys(witnessed_of(request_id))
    answer = objects.read(kept[-1]) if kept else None
    if answer is None:
        raise LogBrokenError(f"{request_id} is in the log, and its proofs were not kept")
    proofs: Mapping[str, str] = read_canonical(answer)["proofs"]
    return proofs


def _verdict(size: int, *, added: int) -> LogVerdict:
    state = LogState.GROWN if added else LogState.COMPLETE
    return LogVerdict(state=state, reason=f"{added} of {size} leaves are new", size=size, added=added)
