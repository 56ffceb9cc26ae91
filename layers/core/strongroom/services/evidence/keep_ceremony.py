"""What the evidence holds of one ceremony, read whole, and added to: nothing else about it is believed."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedRecordError,
    NotFoundError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, broken_link, next_entry, read_entry
from strongroom.domain.evidence.object_keys import (
    chain_of,
    entry_key,
    folder_of,
    policy_key,
    proof_key,
    proofs_of,
    request_key,
    stated_key,
    stated_of,
    witnessed_of,
)
from strongroom.domain.proofs.proof import KeptToken, Proof, proof_of, proof_text, read_proof, signed_content
from strongroom.domain.restores.checklists.stated import first_stated
from strongroom.domain.restores.kinds.finishing import StepTaken, told_step
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import SealedRequest, open_seal, parse_request_id
from strongroom.domain.written import record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from strongroom.domain.proofs.decisions import Evidence
    from strongroom.domain.proofs.proof import Assertion
    from strongroom.domain.restores.checklists.stated import StatedStep
    from strongroom.domain.restores.jobs import JobVerdict
    from strongroom.ports.evidence import EvidenceShelf, EvidenceTexts


class KeptCeremony(Struct, frozen=True, kw_only=True):
    """All that the evidence holds of a request: itself, its requester's proof, what people signed, what happened."""

    sealed: SealedRequest
    opening: Proof
    proofs: tuple[str, ...]
    chain: tuple[ChainEntry, ...]
    # When what an ID token signs was put, by its digest: the provider may have replaced the token's key since.
    tokens_at: Mapping[str, datetime] = field(default_factory=dict)

    def last(self, kind: EntryKind) -> Mapping[str, Any] | None:
        """The facts of the last entry of that kind, or None."""
        return next((entry.facts for entry in reversed(self.chain) if entry.kind == kind), None)

    def last_at(self, kind: EntryKind) -> datetime | None:
        """When the last entry of that kind was written down, or None."""
        return next((entry.at for entry in reversed(self.chain) if entry.kind == kind), None)

    def has(self, kind: EntryKind) -> bool:
        """Whether that has happened."""
        return self.last(kind) is not None

    def steps(self) -> tuple[StepTaken, ...]:
        """What was done on what was restored, and what was not, in the order in which it was written down."""
        return tuple(told_step(entry.facts) for entry in self.chain if entry.kind == EntryKind.AFTER_STEP)

    def belied_by(self, job: JobVerdict) -> str:
        """What was written down as restored, in words, and is not what the job has made; empty where all of it is."""
        written = [str(entry.facts.get("created")) for entry in self.chain if entry.kind == EntryKind.RESTORED]
        others = [created for created in written if created != job.made]
        made = job.made or "nothing"
        return f"somebody wrote down that {others[0]:.200} was restored; job {job.job} made {made}" if others else ""

    def local_recovery_point(self) -> str:
        """The recovery point in the account's own vault: the requested one, or what the copy back left there.

        ApprovalVoidError as long as it was not copied back.
        """
        if self.sealed.request.plan is RestorePlan.LOCAL:
            return self.sealed.request.recovery_point
        copied = self.last(EntryKind.COPIED_BACK)
        if copied is None:
            raise ApprovalVoidError("the recovery point has not been copied back yet")
        return str(copied["recovery_point"])


class EvidenceReading(Struct, frozen=True):
    """Reads the evidence of restore ceremonies."""

    shelf: EvidenceTexts

    def read(self, request_id: str) -> KeptCeremony:
        """The ceremony; NotFoundError for an unknown request, ApprovalVoidError for evidence that was tampered with."""
        sealed, opening = self.request(request_id)
        found = self.shelf.sound_texts(proofs_of(request_id))
        # What lies there under another name than its hash is no proof, and spoils none.
        proofs = tuple(text for key, text in found.items() if key == proof_key(request_id, digest_of(text)))
        return KeptCeremony(
            sealed=sealed,
            opening=opening,
            proofs=proofs,
            chain=self._chain(request_id),
            tokens_at=self._tokens_at(request_id, opening, proofs),
        )

    def stated(self, kept: KeptCeremony, *, evidence: Evidence) -> Mapping[str, StatedStep]:
        """What counts of the steps by hand, by the sentence of each: no verdict reads it."""
        request_id = kept.sealed.request.id
        found, put_at = self.shelf.sound_texts(stated_of(request_id)), self.shelf.put_at(stated_of(request_id))
        sound = {
            text: put_at[key]
            for key, text in found.items()
            if key == stated_key(request_id, digest_of(text)) and key in put_at
        }
        return first_stated(kept.sealed.asked, sound, evidence=evidence)

    def request(self, request_id: str) -> tuple[SealedRequest, Proof]:
        """The request and its requester's proof, which is not judged here."""
        text = self.shelf.read(request_key(parse_request_id(request_id)))
        if text is None:
            raise NotFoundError(f"no restore request has the id {request_id}")
        try:
            content = record_of(read_canonical(text), needed=("request", "statement"), known=("passkey", "id_token"))
            signed = {name: value for name, value in content.items() if name != "request"}
            opening = proof_of(signed, digest=digest_of(text))
        except MalformedRecordError as error:
            raise ApprovalVoidError(f"the stored request {request_id} cannot be read: {error}") from error
        sealed = open_seal(text_of(content["request"], of="request"))
        if sealed.request.id != request_id:
            raise ApprovalVoidError(f"the request that lies under {request_id} is another one")
        return sealed, opening

    def was_in_force(self, policy: str) -> bool:
        """Whether rules of this digest were put into force once, by somebody who deploys."""
        text = self.shelf.read(policy_key(policy))
        return text is not None and digest_of(text) == policy

    def witnessed(self, request_id: str) -> Mapping[str, str]:
        """What the log said of the request: for each object's key the first proof that it is in.

        A later proof shows the same and not when: the witness would seem to have seen an intent after its act.
        """
        first: dict[str, str] = {}
        for _, answer in sorted(self.shelf.texts(witnessed_of(request_id)).items()):
            first = read_canonical(answer)["proofs"] | first
        return first

    def may_be_begun(self, request_id: str) -> bool:
        """Whether a restore may have reached AWS, by the chain alone; one that cannot be read does not deny it."""
        try:
            chain = self._chain(request_id)
        except ApprovalVoidError:
            return True
        return any(entry.kind == EntryKind.RESTORE_INTENDED for entry in chain)

    def _tokens_at(self, request_id: str, opening: Proof, proofs: Iterable[str]) -> Mapping[str, datetime]:
        """When each token was put; nothing is looked up where everybody signed by passkeys."""
        keys = {digest_of(text): proof_key(request_id, digest_of(text)) for text in proofs if _is_by_token(text)}
        if isinstance(opening.signed, KeptToken):
            keys[opening.digest] = request_key(request_id)
        put_at = self.shelf.put_at(folder_of(request_id)) if keys else {}
        return {digest: put_at[key] for digest, key in keys.items() if key in put_at}

    def _chain(self, request_id: str) -> tuple[ChainEntry, ...]:
        texts = self.shelf.texts(chain_of(request_id))
        try:
            chain = tuple(read_entry(text) for text in texts.values())
        except MalformedRecordError as error:
            raise ApprovalVoidError(f"the chain of {request_id} cannot be read: {error}") from error
        broken = broken_link(chain, stream=request_id)
        if broken or any(key != entry_key(request_id, entry.number) for key, entry in zip(texts, chain, strict=True)):
            raise ApprovalVoidError(f"the chain of {request_id} is broken: {broken or 'an entry lies elsewhere'}")
        return chain


def _is_by_token(text: str) -> bool:
    try:
        return isinstance(read_proof(text).signed, KeptToken)
    except MalformedRecordError:
        return False


class EvidenceKeeper(EvidenceReading, frozen=True):
    """Adds to it, too; what each function may add, the bucket's policy says."""

    shelf: EvidenceShelf

    def open(self, sealed: SealedRequest, *, statement: str, signed: Assertion | KeptToken) -> bool:
        """Keep the request with its requester's proof; False when there is one of that id."""
        content = {"request": sealed.text, "statement": statement, **signed_content(signed)}
        return self.shelf.put_new(request_key(sealed.request.id), canonical_text(content))

    def add_proof(self, request_id: str, *, statement: str, signed: Assertion | KeptToken) -> str:
        """Keep what somebody signed, and return its digest; what is there already stays."""
        text = proof_text(statement, signed=signed)
        digest = digest_of(text)
        self.shelf.put_new(proof_key(request_id, digest), text)
        return digest

    def add_stated(self, request_id: str, *, statement: str, signed: Assertion | KeptToken) -> None:
        """Keep what somebody signed about a step by hand, apart from what decides; what is there already stays."""
        text = proof_text(statement, signed=signed)
        self.shelf.put_new(stated_key(request_id, digest_of(text)), text)

    def record(self, kept: KeptCeremony, kind: EntryKind, *, facts: Mapping[str, Any], at: datetime) -> KeptCeremony:
        """The ceremony with one entry more; TemporarilyUnavailableError when somebody else was quicker.

        One execution carries a ceremony, so that this happens only when a step is taken twice at once.
        """
        request_id = kept.sealed.request.id
        if kept.has(EntryKind.CLOSED):
            raise ApprovalVoidError(f"the evidence of {request_id} is closed")
        last = kept.chain[-1] if kept.chain else None
        entry = next_entry(last, stream=request_id, kind=kind, facts=facts, at=at)
        if not self.shelf.put_new(entry_key(request_id, entry.number), entry.text):
            raise TemporarilyUnavailableError(f"somebody else wrote entry {entry.number} of {request_id}")
        return replace(kept, chain=(*kept.chain, entry))
