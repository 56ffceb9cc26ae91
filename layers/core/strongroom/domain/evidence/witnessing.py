"""What the log shows of a bundle: where each object stands in it, and when the witness saw it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError, NotWitnessedYetError
from strongroom.domain.evidence.log.merkle import is_included
from strongroom.domain.evidence.log.notes import is_by, is_signed, read_note
from strongroom.domain.evidence.log.proofs import leaf_of, read_checkpoint, read_log_proof
from strongroom.domain.evidence.object_keys import entry_key, proof_key
from strongroom.domain.written import record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.domain.evidence.history import History
    from strongroom.domain.evidence.log.notes import Note, NoteKey, SignatureLine
    from strongroom.domain.evidence.log.proofs import LogProof
    from strongroom.domain.evidence.trust import LogTrust
    from strongroom.domain.proofs.signatures import SignatureCheck


class Seen(Struct, frozen=True, kw_only=True):
    """An object in the log: at which index, when it was seen there, and whether log and witness are those we know."""

    index: int
    size: int
    root: bytes
    at: datetime
    is_vouched_for: bool


class Witnessed(Struct, frozen=True, kw_only=True):
    """What the log shows of the last intent, of the close, and of each proof by its digest.

    `end` is where it shows the close; None where only the way to an act was read.
    """

    end: Seen | None
    intent: Seen | None
    proofs: Mapping[str, Seen]

    @property
    def closed(self) -> Seen:
        """Where it shows the close; MalformedRecordError where only the way to an act was read."""
        if self.end is None:
            raise MalformedRecordError("the log: the end of the ceremony was not read")
        return self.end

    @property
    def is_vouched_for(self) -> bool:
        """Whether log and witness, both known, signed all of it."""
        return all(seen.is_vouched_for for seen in self._all())

    def _all(self) -> Iterable[Seen]:
        return (*self.proofs.values(), *(each for each in (self.intent, self.end) if each))

    def disorder(self) -> str:
        """What no honest log shows, in words; empty when there is nothing of it."""
        seen = tuple(self._all())
        if len({each.index for each in seen}) != len(seen):
            return "the log shows two things at one index"
        if len({(each.size, each.root) for each in seen}) != len({each.size for each in seen}):
            return "the log shows two trees of one size"
        if self.end and any(each.index > self.end.index for each in seen):
            return "the log has something after the end of the ceremony"
        return ""


def read_witnessed(
    content: Any,
    *,
    history: History,
    proofs: Collection[str],
    trust: LogTrust,
    signatures: SignatureCheck,
) -> Witnessed:
    """What the log shows of exactly this history and these proofs; MalformedRecordError with the first broken link."""
    parts = {"closed": history.end, "intent": history.intent}
    try:
        logged = record_of(content, needed=("proofs", *(name for name, entry in parts.items() if entry)))
    except MalformedRecordError as error:
        raise MalformedRecordError(f"the log: {error}") from error
    if not isinstance(logged["proofs"], dict) or set(logged["proofs"]) != set(proofs):
        raise MalformedRecordError("the log: it does not show each of the proofs, and no other")
    stream = history.entries[0].stream

    def seen(text: Any, *, key: str, digest: str, name: str) -> Seen:
        return seen_in_log(text, key=key, digest=digest, name=name, trust=trust, signatures=signatures)

    def entry(text: Any, entry: ChainEntry) -> Seen:
        return seen(
            text, key=entry_key(stream, entry.number), digest=digest_of(entry.text), name=f"entry {entry.number}"
        )

    found = Witnessed(
        proofs={
            digest: seen(text, key=proof_key(stream, digest), digest=digest, name=f"the proof {digest}")
            for digest, text in logged["proofs"].items()
        },
        intent=entry(logged["intent"], history.intent) if history.intent else None,
        end=entry(logged["closed"], history.end) if history.end else None,
    )
    if disorder := found.disorder():
        raise MalformedRecordError(f"the log: {disorder}")
    return found


def seen_in_log(text: Any, *, key: str, digest: str, name: str, trust: LogTrust, signatures: SignatureCheck) -> Seen:
    """Where the log has the object of that key, by a proof of it; MalformedRecordError, with the name, otherwise."""
    try:
        proof = read_log_proof(text_of(text, of="a log's proof"))
        return _seen(proof, leaf=leaf_of(key, digest=digest), trust=trust, signatures=signatures)
    except MalformedRecordError as error:
        raise MalformedRecordError(f"the log's proof of {name}: {error}") from error


def demand_witnessed(
    key: str, text: str, proofs: Mapping[str, str], *, trust: LogTrust, signatures: SignatureCheck
) -> datetime:
    """When the witness saw the object in the log, if that and the witness, both as we know them, have signed it.

    NotWitnessedYetError otherwise, whatever the log has answered instead.
    """
    try:
        proof = read_log_proof(proofs.get(key, ""))
        seen = _seen(proof, leaf=leaf_of(key, digest=digest_of(text)), trust=trust, signatures=signatures)
    except MalformedRecordError as error:
        raise NotWitnessedYetError(f"the log does not show {key}: {error}") from error
    if not seen.is_vouched_for:
        raise NotWitnessedYetError(f"{key} is not signed by both the log and the witness that the intent names")
    return seen.at


def first_seen(
    texts: Iterable[str], log_proofs: Mapping[str, str], *, stream: str, trust: LogTrust, signatures: SignatureCheck
) -> Mapping[str, datetime]:
    """When the log and the witness that we know saw each of the texts that people signed, by its digest.

    `log_proofs` are the log's first by the key of the object. What these do not show is left out.
    """
    seen: dict[str, datetime] = {}
    for digest in map(digest_of, texts):
        key = proof_key(stream, digest)
        try:
            found = _seen(
                read_log_proof(log_proofs.get(key, "")),
                leaf=leaf_of(key, digest=digest),
                trust=trust,
                signatures=signatures,
            )
        except MalformedRecordError:
            continue
        if found.is_vouched_for:
            seen[digest] = found.at
    return seen


def read_vouched_checkpoint(text: str, *, trust: LogTrust, signatures: SignatureCheck) -> datetime:
    """When the witness saw the checkpoint of a signed note.

    MalformedRecordError for one that is not of the log and the witness that we know, or not signed by both.
    """
    note = read_note(text)
    if read_checkpoint(note.text).origin != trust.origin:
        raise MalformedRecordError("it is of another log")
    by_log = _lines_by(trust.log_keys, note, signatures=signatures)
    times = [
        line.witnessed_at
        for line in _lines_by(trust.witness_keys, note, signatures=signatures)
        if line.witnessed_at is not None
    ]
    if not (by_log and times):
        raise MalformedRecordError("it is not signed by both the log and the witness")
    return max(times)


def _seen(proof: LogProof, *, leaf: bytes, trust: LogTrust, signatures: SignatureCheck) -> Seen:
    checkpoint = proof.checkpoint
    if not is_included(leaf, index=proof.index, size=checkpoint.size, path=proof.path, root=checkpoint.root):
        raise MalformedRecordError("it does not lead to the root of the log")
    by_log = _lines_by(trust.log_keys, proof.note, signatures=signatures)
    by_witness = _lines_by(trust.witness_keys, proof.note, signatures=signatures)
    by_witness_at = [line.witnessed_at for line in by_witness if line.witnessed_at]
    is_ours = not trust.origin or checkpoint.origin == trust.origin
    if not is_ours and (by_log or by_witness):
        raise MalformedRecordError("our keys signed it for another log")
    return Seen(
        index=proof.index,
        size=checkpoint.size,
        root=checkpoint.root,
        at=max(by_witness_at) if by_witness_at else _first_time(proof.note.lines, witness=trust.witness),
        is_vouched_for=bool(by_log and by_witness),
    )


def _lines_by(keys: Iterable[NoteKey], note: Note, *, signatures: SignatureCheck) -> list[SignatureLine]:
    """The lines that say that they are by one of the keys; each must be good."""
    found = []
    for line in note.lines:
        for key in keys:
            if not is_by(line, key):
                continue
            if not is_signed(note, line, key=key, signatures=signatures):
                raise MalformedRecordError(f"the signature of {key.name} is not good")
            found.append(line)
    return found


def _first_time(lines: Iterable[SignatureLine], *, witness: str) -> datetime:
    """When it was seen by the word of the witness, whose key is not known; of anybody, where no witness is named."""
    for line in lines:
        if line.witnessed_at and witness in ("", line.name):
            return line.witnessed_at
    raise MalformedRecordError("nobody says when it was seen")
