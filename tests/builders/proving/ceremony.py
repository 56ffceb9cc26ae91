"""A whole ceremony in memory, honest unless a test says otherwise: what people sign, what happens, and the log over it.

play = Play()
play.happen(EntryKind.TICKET_ENTITLES, ticket="OPS-1")
play.say(MARIA)
...
play.bundle(), play.trust()
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.evidence.bundles import LogProofs, bundle_text
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, next_entry
from strongroom.domain.evidence.log.merkle import inclusion_path, leaf_hash, nodes_of, root_of
from strongroom.domain.evidence.log.notes import (
    LOG_TYPE,
    WITNESS_TYPE,
    Note,
    NoteKey,
    SignatureLine,
    sign_as_log,
    sign_as_witness,
)
from strongroom.domain.evidence.log.proofs import Checkpoint, leaf_of, log_proof_text
from strongroom.domain.evidence.object_keys import entry_key, proof_key, stated_key
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.proof import Assertion, KeptToken, proof_text
from strongroom.domain.proofs.reviews import ReviewFinding, make_review
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.checklists.stated import StatedOutcome, make_step_statement
from strongroom.domain.written import base64url, moment_text
from tests.builders.proving.signing import (
    CLIENT,
    ISSUER,
    ORIGIN,
    RP_ID,
    Authenticator,
    PrivateKey,
    Provider,
    a_key,
    a_signature,
)

START: Final = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
OMAR, MARIA, SANA, LENA = "idp|omar", "idp|maria", "idp|sana", "idp|lena"
# Lena has no passkey: she signs by ID token.
PASSKEYS: Final = {
    OMAR: Authenticator(name=OMAR),
    MARIA: Authenticator(name=MARIA, algorithm="EdDSA"),
    SANA: Authenticator(name=SANA, algorithm="RS256"),
}
PROVIDER: Final = Provider(algorithm="RS256")
LOG_ORIGIN, WITNESS = "strongroom.example/o-1", "strongroom.example/audit"
ACCOUNT: Final = "222222222222"
POINT: Final = f"arn:aws:rds:eu-west-1:{ACCOUNT}:snapshot:awsbackup:job-1"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-backup"
# What lies in the log before the ceremony.
OTHERS: Final = 100
UNSEEN: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A log or a witness in software."""

    name: str
    type: int
    seed: str

    @property
    def private_key(self) -> PrivateKey:
        """What never leaves the key service."""
        return a_key(self.seed, "EdDSA")

    @property
    def key(self) -> NoteKey:
        """The public half."""
        raw = self.private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return NoteKey(self.name, self.type, raw)

    def sign(self, text: str, *, at: datetime) -> SignatureLine:
        """The line under a note."""
        if self.type == LOG_TYPE:
            return sign_as_log(text, key=self.key, sign=self._signed)
        return sign_as_witness(text, key=self.key, sign=self._signed, at=at)

    def _signed(self, message: bytes) -> bytes:
        return a_signature(self.private_key, message)


THE_LOG: Final = NoteSigner(LOG_ORIGIN, LOG_TYPE, "log")
THE_WITNESS: Final = NoteSigner(WITNESS, WITNESS_TYPE, "witness")


def a_policy_content(**changes: Any) -> dict[str, Any]:
    """Rules by which two of Maria, Sana and Lena must approve what Omar asks for; None is left out."""
    usual = {
        "format": "strongroom-policy/1",
        "groups": {"approvers": [MARIA, SANA, LENA], "oncall": [OMAR]},
        "issuer": {
            "issuer": ISSUER,
            "client_id": CLIENT,
            "subject_claim": "sub",
            "assurance": {"claim": "acr", "any_of": ["phr"]},
        },
        "people": {person: a_person(authenticator) for person, authenticator in PASSKEYS.items()},
        "presence_max_age": 300,
        "requesters": "oncall",
        "rules": [{"group": "approvers", "needed": 2}],
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def a_person(*authenticators: Authenticator) -> dict[str, Any]:
    """A person of the rules with these passkeys."""
    keys = [each.passkey for each in authenticators]
    return {
        "passkeys": [
            {"algorithm": key.algorithm, "id": key.id, "public_key": base64url(key.public_key)} for key in keys
        ]
    }


def a_request_content(policy: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """What Omar asks for; None is left out."""
    usual = {
        "account": ACCOUNT,
        "act_before": moment_text(START + timedelta(hours=5)),
        "approve_before": moment_text(START + timedelta(hours=4)),
        "id": "r-abcdefgh2345",
        "metadata": {"DBInstanceIdentifier": "orders-restored"},
        "plan": "local",
        "policy": canonical_text(a_policy_content() if policy is None else policy),
        "reason": "corrupted at 13:50",
        "recovery_point": POINT,
        "requester": OMAR,
        "resource_type": "RDS",
        "role": ROLE,
        "target_name": "orders-restored",
        "ticket": "OPS-1",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def a_job(**changes: Any) -> dict[str, Any]:
    """The restore job as it was described when it had ended."""
    return {
        "AccountId": ACCOUNT,
        "CreationDate": moment_text(START + timedelta(minutes=10, seconds=30)),
        "IamRoleArn": ROLE,
        "Metadata": {"DBInstanceIdentifier": "orders-restored", "Engine": "postgres"},
        "RecoveryPointArn": POINT,
        "RestoreJobId": "J1",
        "Status": "COMPLETED",
    } | changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logged:
    """An object in the log: where it lies, its text, and when the witness saw it."""

    key: str
    text: str
    seen_at: datetime


@dataclass(slots=True, kw_only=True)
class Play:
    """What happens, in the order in which it is told: that is the order of the log, too.

    `forge_proof` changes the text of each log proof, told by what it is of: a digest, `intent` or `closed`.
    """

    request: dict[str, Any] = field(default_factory=a_request_content)
    opened_by: str = ""
    log: NoteSigner = THE_LOG
    witness: NoteSigner = THE_WITNESS
    signers: tuple[NoteSigner, ...] | None = None
    proofs: list[str] = field(default_factory=list)
    chain: list[ChainEntry] = field(default_factory=list)
    logged: list[_Logged] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    clock: datetime = START

    @property
    def asked(self) -> AskedRestore:
        """The request, read."""
        return read_asked(canonical_text(self.request))

    def wait(self, **span: float) -> None:
        """Let time go by."""
        self.clock += timedelta(**span)

    def say(
        self,
        person: str,
        decision: Decision = Decision.APPROVE,
        *,
        by: Authenticator | Provider | None = None,
        seen_at: datetime | None = None,
        **changes: Any,
    ) -> str:
        """That person's signature, kept and logged; the digest of the proof."""
        return self.keep(a_signed_proof(self.asked, person, decision, at=self.clock, by=by, **changes), seen_at=seen_at)

    def keep(self, proof: str, *, seen_at: datetime | None = None) -> str:
        """Any text as a proof."""
        digest = digest_of(proof)
        self.proofs.append(proof)
        self._log(proof_key(self.request["id"], digest), proof, seen_at=seen_at)
        return digest

    def happen(self, kind: str, *, seen_at: datetime | None = None, **facts: Any) -> ChainEntry:
        """An entry of the chain, logged."""
        last = self.chain[-1] if self.chain else None
        entry = next_entry(last, stream=self.request["id"], kind=kind, facts=facts, at=self.clock)
        self.chain.append(entry)
        self._log(entry_key(entry.stream, entry.number), entry.text, seen_at=seen_at)
        return entry

    def intend(self, **facts: Any) -> ChainEntry:
        """The intent, which relies on every proof so far."""
        usual = {"relied_on": sorted(map(digest_of, self.proofs)), "recovery_point": self.request["recovery_point"]}
        return self.happen(EntryKind.RESTORE_INTENDED, **(usual | facts))

    def close(self, outcome: str, **facts: Any) -> ChainEntry:
        """The end, with every proof that there is."""
        return self.happen(
            EntryKind.CLOSED, **({"outcome": outcome, "proofs": list(map(digest_of, self.proofs))} | facts)
        )

    def review(self, person: str, finding: ReviewFinding = ReviewFinding.IN_ORDER, **changes: str) -> None:
        """What that person signs about it after its end, but for these changes of the statement."""
        made = make_review(
            self.asked, finding, closed=digest_of(self.chain[-1].text), nonce="A" * 22, issued_at=self.clock
        )
        text = canonical_text(read_canonical(made.text) | changes)
        self.reviews.append(proof_text(text, signed=PASSKEYS[person].sign(text)))

    def state(
        self,
        person: str,
        step: str,
        *,
        by: Authenticator | None = None,
        **changes: str,
    ) -> None:
        """What that person signs about a step by hand, logged, but for these changes of the statement."""
        made = make_step_statement(
            self.asked, step, StatedOutcome.DONE, reason="", nonce="A" * 22, issued_at=self.clock
        )
        text = canonical_text(read_canonical(made.text) | changes)
        proof = proof_text(text, signed=_signed_by(person, text, by=by))
        self.stated.append(proof)
        self._log(stated_key(self.request["id"], digest_of(proof)), proof, seen_at=None)

    def bundle(self) -> str:
        """The bundle's canonical text."""
        return bundle_text(
            canonical_text(self.request),
            opened_by=self.opened_by
            or a_signed_proof(self.asked, self.request["requester"], Decision.REQUEST, at=START),
            proofs=self.proofs,
            chain=self.chain,
            log=LogProofs(
                closed=self._proof_of_last(EntryKind.CLOSED) or "",
                intent=self._proof_of_last(EntryKind.RESTORE_INTENDED),
                proofs={digest_of(text): self.log_proof(self._place(text)) for text in self.proofs},
            ),
            reviews=self.reviews,
            stated={text: self.log_proof(self._place(text)) for text in self.stated},
        )

    def way(self, kind: EntryKind = EntryKind.RESTORE_INTENDED) -> str:
        """The same before there is an end: of the log what was seen of the last intent of that kind, and of proofs."""
        content = read_canonical(self.bundle())
        content["log"] = {"intent": self._proof_of_last(kind) or "", "proofs": content["log"]["proofs"]}
        return canonical_text(content)

    def trust(self, **changes: Any) -> str:
        """The trust file's canonical text."""
        return canonical_text(a_trust_content([digest_of(self.request["policy"])], **changes))

    def log_proof(self, place: int, *, size: int | None = None) -> str:
        """The proof that what was logged there is in the log: just after it was, or when it held so many of these."""
        index, size = OTHERS + place, OTHERS + (place + 1 if size is None else size)
        node = _nodes((*_others(), *(_leaf(each.key, each.text) for each in self.logged)))
        checkpoint = Checkpoint(origin=self.log.name, size=size, root=root_of(size, node=node))
        signers = (self.log, self.witness) if self.signers is None else self.signers
        lines = tuple(signer.sign(checkpoint.text, at=self.logged[place].seen_at) for signer in signers)
        path = inclusion_path(index, size, node=node)
        return log_proof_text(index=index, path=path, note=Note(text=checkpoint.text, lines=lines))

    def _log(self, key: str, text: str, *, seen_at: datetime | None) -> None:
        self.logged.append(_Logged(key=key, text=text, seen_at=seen_at or self.clock + UNSEEN))

    def _place(self, text: str) -> int:
        return next(place for place, each in enumerate(self.logged) if each.text == text)

    def _proof_of_last(self, kind: EntryKind) -> str | None:
        entry = next((entry for entry in reversed(self.chain) if entry.kind == kind), None)
        return None if entry is None else self.log_proof(self._place(entry.text))


def a_signed_proof(
    asked: AskedRestore,
    person: str,
    decision: Decision = Decision.APPROVE,
    *,
    at: datetime,
    by: Authenticator | Provider | None = None,
    **changes: Any,
) -> str:
    """That person's proof; who has no passkey signs by ID token, and `changes` are of the assertion or the claims."""
    nonce = base64url(digest_of(f"{person} {decision} {at}").encode()[:16])
    statement = make_statement(asked, decision, nonce=nonce, issued_at=at).text
    return proof_text(statement, signed=_signed_by(person, statement, by=by, **changes))


def _signed_by(
    person: str, statement: str, *, by: Authenticator | Provider | None = None, **changes: Any
) -> Assertion | KeptToken:
    signer: Authenticator | Provider = by or PASSKEYS.get(person) or PROVIDER
    if isinstance(signer, Provider):
        return signer.token(person, statement, **changes)
    return signer.sign(statement, **changes)


def an_approved_play(*people: str, play: Play | None = None) -> Play:
    """A request with its ticket, and these people's approvals, Maria's and Sana's if not said."""
    made = play or Play()
    made.wait(seconds=10)
    if "ticket" in made.request:
        made.happen(EntryKind.TICKET_ENTITLES, ticket=made.request["ticket"])
    for person in people or (MARIA, SANA):
        made.wait(minutes=1)
        made.say(person)
    made.clock = START + timedelta(minutes=10)
    return made


def a_started_play(*people: str, play: Play | None = None, **facts: Any) -> Play:
    """The same, intended, witnessed and begun."""
    made = an_approved_play(*people, play=play)
    made.intend(**facts)
    made.wait(seconds=20)
    made.happen(EntryKind.RESTORE_STARTED, job="J1")
    return made


def a_copying_play(*people: str, play: Play | None = None, **facts: Any) -> Play:
    """A copy back: approved, intended, witnessed and begun, and the restore not yet."""
    made = an_approved_play(*people, play=play or Play(request=a_request_content(plan="copy-back")))
    usual = {"relied_on": sorted(map(digest_of, made.proofs)), "recovery_point": POINT}
    made.happen(EntryKind.COPY_BACK_INTENDED, **(usual | facts))
    made.wait(seconds=20)
    made.happen(EntryKind.COPY_BACK_STARTED, job="C1")
    return made


def a_restored_play(*people: str, play: Play | None = None, **job: Any) -> Play:
    """The same, a_restored_play and closed: a whole ceremony."""
    made = a_started_play(*people, play=play)
    made.wait(minutes=30)
    made.happen(EntryKind.RESTORED, job=a_job(**({"RecoveryPointArn": made.request["recovery_point"]} | job)))
    made.wait(minutes=1)
    made.close("restored")
    return made


def a_trust_content(policies: Iterable[Any], **changes: Any) -> dict[str, Any]:
    """What is trusted: everybody's passkeys, the provider's key, and log and witness, without a bound in time."""
    keys = {person: authenticator.passkey for person, authenticator in PASSKEYS.items()}
    return {
        "issuer_keys": [thumbprint_of(PROVIDER.jwk)],
        "log_keys": [THE_LOG.key.text, THE_WITNESS.key.text],
        "origin": LOG_ORIGIN,
        "origins": [ORIGIN],
        "passkeys": {key.id: [person, base64url(key.public_key)] for person, key in keys.items()},
        "policies": list(policies),
        "rp_id": RP_ID,
        "witness": WITNESS,
    } | changes


def with_changes(text: str, **changes: Any) -> str:
    """The canonical text of the record with other values."""
    return canonical_text(read_canonical(text) | changes)


@cache
def _others() -> tuple[bytes, ...]:
    return tuple(leaf_hash(f"other {number}".encode()) for number in range(OTHERS))


@cache
def _leaf(key: str, text: str) -> bytes:
    return leaf_of(key, digest=digest_of(text))


@lru_cache(maxsize=10)
def _nodes(leaves: tuple[bytes, ...]) -> Callable[[int, int], bytes]:
    """The tree over these leaves, which each of their proofs asks for."""
    return cache(nodes_of(leaves))
