"""A ceremony behind the page: real statements, real proofs, the real decision, and a clock that runs."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.evidence.entries import ChainEntry, EntryKind, next_entry
from strongroom.domain.evidence.object_keys import proof_key
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.proofs.decisions import Evidence, Verdict, decide, why_not_opened
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.reviews import ReviewFinding, make_review, read_review, why_not_reviewed
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.restores.checklists.standing import checklist
from strongroom.domain.restores.checklists.stated import (
    StatedOutcome,
    first_stated,
    make_step_statement,
    read_stated,
    why_not_stated,
)
from strongroom.domain.restores.checklists.steps import signed_steps
from strongroom.domain.restores.choosing.kept import written_candidates
from strongroom.domain.restores.kinds.finishing import told_step
from strongroom.domain.restores.showing.approval_view import Around, Judged, LogKeys
from strongroom.ports.approval_page import KeptProof, LinkedRequest
from tests.builders.deciding.candidates import a_kept_row, a_kept_way, kept_candidates
from tests.builders.proving.approvals import ASKED_AT, PEOPLE, POINT, REQUEST_ID, SANA, a_trust
from tests.fakes.evidence.bucket import LOG
from tests.fakes.evidence.log import LogWorld

# What there was to choose from: the chosen backup, one that nobody can tell much of, and one that is infected.
CANDIDATES = written_candidates(
    kept_candidates(
        rows=(
            a_kept_row(ways=(a_kept_way(recovery_point=POINT), a_kept_way(recovery_point="arn:x", plan="copy-back"))),
            a_kept_row(
                ways=(a_kept_way(recovery_point="arn:y", minutes=None, measured=True),),
                minutes_lost=1500,
                verified=None,
                marks=(),
            ),
            a_kept_row(
                ways=(a_kept_way(recovery_point="arn:z"),),
                scan="threats",
                scanned_at=ASKED_AT,
                verified=False,
                minutes_lost=None,
                marks=(),
                why_not="malware was found in it",
            ),
        )
    )
)
VIEW, CHAT_VIEW, NUMBER = "view-token-of-the-link", "view-token-of-the-link-in-chat", "47"


@dataclass
class Ceremony:
    """One request; `lies` are what it tells the page instead of the truth."""

    text: str
    origin: str
    rp_id: str = "localhost"
    opening: str = ""
    is_started: bool = False
    proofs: list[str] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    handed_out: set[str] = field(default_factory=set)
    wrong_numbers: list[str] = field(default_factory=list)
    looked: int = 0
    log: LogWorld = field(default_factory=LogWorld)
    is_logged: bool = True
    chain: list[ChainEntry] = field(default_factory=list)
    lies: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, datetime] = field(default_factory=dict)

    @property
    def asked(self) -> AskedRestore:
        """The request, read."""
        return read_asked(self.text)

    @property
    def evidence(self) -> Evidence:
        """With what proofs are judged."""
        return Evidence(trust=a_trust(rp_id=self.rp_id, origin=self.origin), signatures=CryptographySignatures())

    def now(self) -> datetime:
        """The clock that counts."""
        return datetime.now(UTC)

    def verdict(self) -> Verdict:
        """What the proofs come to."""
        return self.judged(*self.proofs)

    def judged(self, *proofs: str) -> Verdict:
        """What these proofs come to."""
        return decide(self.asked, proofs, evidence=self.evidence, now=self.now(), also=None, ticket_approver="")

    def read(self, request_id: str) -> LinkedRequest:
        """The request of the link."""
        self.looked += 1
        if request_id != REQUEST_ID:
            raise NotFoundError(f"no restore request has the id {request_id!r}")
        page, chat = (hashlib.sha256(view.encode()).hexdigest() for view in (VIEW, CHAT_VIEW))
        return LinkedRequest(self.text, view_digest=page, chat_digest=chat, account_name="payments")

    def hand_out(self, decision: str, view: str, number: str = "") -> dict[str, str]:
        """A statement to be signed, as POST /statements answers."""
        if view == CHAT_VIEW and decision == "approve" and number != NUMBER:
            self.wrong_numbers.append(number)
            raise PermissionRefusedError("this is not the number that stands beside the link in chat")
        if view not in (VIEW, CHAT_VIEW):
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")
        made = make_statement(
            self.asked,
            Decision(self.lies.get("decision", decision)),
            nonce=secrets.token_urlsafe(16),
            issued_at=self.now(),
        )
        self.handed_out.add(made.text)
        text = self.lies.get("text of the statement", self.text)
        return {"statement": self.lies.get("statement", made.text), "text": text, "digest": self.asked.digest}

    def take(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a proof, as POST /proofs does."""
        self.posted.append(body)
        text = canonical_text(body)
        proof = read_proof(text)
        if proof.statement.text not in self.handed_out:
            raise RestoreRefusedError("this statement was used already; look at the request again")
        before = self.verdict()
        judged = self.judged(*self.proofs, text)
        refusals = [each.reason for each in judged.set_aside if each.digest == proof.digest]
        if refusals or (judged.state, judged.people) == (before.state, before.people):
            return {"state": "refused", "reason": (refusals or ["it changes nothing, because you have decided"])[0]}
        self.handed_out.remove(proof.statement.text)
        self.proofs.append(text)
        if self.is_logged:
            self.log.bucket.kept[proof_key(REQUEST_ID, proof.digest)] = [text.encode()]
            self.log.run(REQUEST_ID, now=self.now())
        return {"state": "counted", "reason": judged.reason, "standing": judged.state, "missing": list(judged.missing)}

    def hand_out_review(self, finding: str, view: str) -> dict[str, str]:
        """A review to be signed, as POST /statements answers for a finding."""
        if view != VIEW:
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")
        closed = digest_of(self.chain[-1].text)
        said = ReviewFinding(self.lies.get("finding", finding))
        made = make_review(self.asked, said, closed=closed, nonce=secrets.token_urlsafe(16), issued_at=self.now())
        return {"statement": made.text, "text": self.text, "closed": self.lies.get("closed", closed)}

    def take_review(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a review, as POST /proofs does."""
        self.posted.append(body)
        _, refusal = why_not_reviewed(
            self.asked,
            read_review(canonical_text(body)),
            closed=digest_of(self.chain[-1].text),
            proofs=self.proofs,
            evidence=self.evidence,
            at=self.now(),
        )
        return {"state": "refused" if refusal else "counted", "reason": refusal}

    def hand_out_step(self, decision: str, step: str, view: str, reason: str = "") -> dict[str, str]:
        """A statement about a step by hand, as POST /statements answers for one."""
        if view != VIEW:
            raise PermissionRefusedError("this link does not lead to that request; ask for a new one")
        made = make_step_statement(
            self.asked,
            self.lies.get("step", step),
            StatedOutcome(self.lies.get("outcome", decision)),
            reason=self.lies.get("why", reason),
            nonce=secrets.token_urlsafe(16),
            issued_at=self.now(),
        )
        return {"statement": made.text, "text": self.text, "view": view}

    def ask_after(self, body: dict[str, Any]) -> dict[str, str]:
        """Keep what is asked for after the restore, and lead to the page of that."""
        self.posted.append(body)
        page = f"{self.origin}/v1/approvals/{self.asked.id}?view={VIEW}"
        return {"request_id": self.asked.id, "page": self.lies.get("page", page)}

    def take_step(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take what was signed about it, as POST /proofs does."""
        self.posted.append(body)
        text = canonical_text(body)
        _, refusal = why_not_stated(self.asked, read_stated(text), evidence=self.evidence, at=self.now())
        if not refusal:
            self.stated[text] = self.now()
        return {"state": "refused" if refusal else "counted", "reason": refusal, "left": []}

    def end(self, *, created: str) -> None:
        """Let the restore be made, and its evidence closed."""
        facts = {
            EntryKind.TICKET_ENTITLES: {"approver": SANA},
            EntryKind.AFTER_STEP: {"step": "writer", "outcome": "done", "reason": "it has one"},
            EntryKind.CLOSED: {"created": created},
        }
        kinds = (EntryKind.TICKET_ENTITLES, EntryKind.RESTORE_STARTED, EntryKind.RESTORED)
        for kind in (*kinds, EntryKind.AFTER_STEP, EntryKind.CLOSED):
            last = self.chain[-1] if self.chain else None
            self.chain.append(next_entry(last, stream=REQUEST_ID, kind=kind, facts=facts.get(kind, {}), at=self.now()))

    def open(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take the requester's signature, as POST /opening does."""
        self.posted.append(body)
        opening = read_proof(canonical_text(body))
        refusal = why_not_opened(self.asked, opening, evidence=self.evidence, now=self.now(), also=None)
        if refusal:
            raise RestoreRefusedError(refusal)
        self.opening = canonical_text(body)
        return {"request_id": REQUEST_ID, "state": "open"}


@dataclass
class Standings:
    """Where the ceremony's request stands."""

    ceremony: Ceremony

    def read(self, asked: AskedRestore, *, now: datetime) -> Judged | None:
        """By its proofs."""
        if not self.ceremony.opening:
            return None
        verdict = self.ceremony.judged(*self.ceremony.proofs)
        happened = {entry.kind: entry for entry in self.ceremony.chain}
        return Judged(
            verdict=verdict,
            is_started=self.ceremony.is_started or bool(happened),
            outcome="restored" if happened else "",
            happened=happened,
            steps=tuple(told_step(each.facts) for kind, each in happened.items() if kind == EntryKind.AFTER_STEP),
            checklist=checklist(
                signed_steps(asked.content),
                first_stated(asked, self.ceremony.stated, evidence=self.ceremony.evidence),
                name_of=lambda subject: subject.partition("|")[2],
            ),
        )


@dataclass
class Proofs:
    """What people signed, and what the log says of it."""

    ceremony: Ceremony

    def read(self, request_id: str, digest: str) -> KeptProof | None:
        """The proof, once it is logged."""
        key = proof_key(request_id, digest)
        content = self.ceremony.log.bucket.read(key)
        if content is None:
            return None
        logged = self.ceremony.log.run(REQUEST_ID, now=self.ceremony.now()).proofs[key]
        lie = self.ceremony.lies.get("log", lambda text: text)
        return KeptProof(key=key, statement=read_proof(content).statement.text, logged=lie(logged))


@dataclass
class Surroundings:
    """Names and sentences."""

    rp_id: str

    def of(self, asked: AskedRestore) -> Around:
        """Those of the example's people."""
        return Around(
            people=PEOPLE,
            rp_id=self.rp_id,
            ticket_url=f"https://tickets.example/browse/{asked.content.get('ticket', '')}",
            consequences=("It will live under the key of its vault.",),
            log=LogKeys(origin=LOG.origin or "", log=LOG.log_key or "", witness=LOG.witness or ""),
        )


def in_seconds(seconds: float) -> datetime:
    """So long from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)
