"""Evidence: an append-only chain in which every entry carries the hash of the one before, and a signed head."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

FIRST = "0" * 64
FORMAT = "strongroom-evidence/1"
ALGORITHM = "ECDSA_SHA_256"
REQUESTED = "requested"
RESTORE_INTENDED = "restore-intended"
CLOSED = "closed"

type Facts = Mapping[str, str]


class EvidenceEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened: its place in the stream, when, what kind, the facts, and the hash of the one before."""

    stream: str
    number: int
    at: str
    kind: str
    facts: dict[str, str]
    previous: str
    digest: str


class EvidenceSeal(Struct, frozen=True, kw_only=True):
    """The signature over a stream's head, by a key that never leaves its vault."""

    number: int
    digest: str
    signature: str
    key: str
    public_key: str
    algorithm: str = ALGORITHM


def stream_of(request_id: str) -> str:
    """The stream of a restore ceremony."""
    return f"restore-{request_id}"


def append_entry(last: EvidenceEntry | None, *, stream: str, kind: str, facts: Facts, at: datetime) -> EvidenceEntry:
    """The entry that follows `last`, or the first one of the stream."""
    number = last.number + 1 if last else 1
    previous = last.digest if last else FIRST
    moment = at.astimezone(UTC).isoformat()
    digest = _digest(stream=stream, number=number, at=moment, kind=kind, facts=facts, previous=previous)
    return EvidenceEntry(
        stream=stream, number=number, at=moment, kind=kind, facts=dict(facts), previous=previous, digest=digest
    )


def head_message(*, stream: str, number: int, digest: str) -> bytes:
    """What is signed: the stream, how many entries it has, and the hash of the last."""
    return _canonical({"format": FORMAT, "stream": stream, "number": number, "digest": digest}).encode()


def find_break(entries: Iterable[EvidenceEntry], *, stream: str) -> str:
    """The first broken link of a chain in words; empty when it holds."""
    previous, count = FIRST, 0
    for count, entry in enumerate(entries, start=1):
        name = f"entry {count} ({entry.kind})"
        if entry.stream != stream or entry.number != count:
            return f"{name}: it is number {entry.number} of {entry.stream}; an entry is missing or out of place"
        if entry.previous != previous:
            return f"{name}: it does not carry the hash of the entry before"
        if entry.digest != _digest(
            stream=entry.stream,
            number=entry.number,
            at=entry.at,
            kind=entry.kind,
            facts=entry.facts,
            previous=entry.previous,
        ):
            return f"{name}: its content is not what its hash was made of"
        if broken := _request_break(entry):
            return f"{name}: {broken}"
        previous = entry.digest
    return "" if count else "entry 1: there is none"


def find_disorder(entries: Sequence[EvidenceEntry], *, stream: str) -> str:
    """What a whole ceremony does not leave behind, in words; empty for one request, its own stream, and its close last.

    The chain must hold and not be empty. A chain whose tail was cut off holds; it does not end with the close.
    """
    first, last = entries[0], entries[-1]
    digest = first.facts.get("digest")
    if first.kind != REQUESTED or digest is None or _stream_of_request(first) != stream:
        return f"{_name(first)}: a ceremony begins with its own request"
    for entry in entries[1:]:
        if entry.kind == REQUESTED or entry.facts.get("digest", digest) != digest:
            return f"{_name(entry)}: it is about another request"
    for entry in entries[:-1]:
        if entry.kind == CLOSED:
            return f"{_name(entry)}: something follows the end of the ceremony"
    if last.kind != CLOSED:
        return f"{_name(last)}: it is the last, and not the end of the ceremony; what came after it is missing"
    return ""


def _stream_of_request(entry: EvidenceEntry) -> str:
    try:
        return stream_of(json.loads(entry.facts["request"])["id"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""


def _name(entry: EvidenceEntry) -> str:
    return f"entry {entry.number} ({entry.kind})"


def _request_break(entry: EvidenceEntry) -> str:
    if "request" not in entry.facts:
        return ""
    digest = hashlib.sha256(entry.facts["request"].encode()).hexdigest()
    return "" if digest == entry.facts.get("digest") else "the request is not what its digest was made of"


def _digest(**content: Any) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
