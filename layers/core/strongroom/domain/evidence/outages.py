"""What accounts for a restore that two people made while the control plane was away: `strongroom-outage/1`.

The two who made it sign the same report of it, and somebody of the reviewers, who is none of them, signs that it was in
order. It is of formats of its own, so that it is never a vote, and a vote never accounts for anything.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.proof import signed_content, signed_of
from strongroom.domain.proofs.reviews import reviewers_of
from strongroom.domain.proofs.signers import signer_of
from strongroom.domain.proofs.statements import words_of_statement
from strongroom.domain.written import moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from strongroom.domain.evidence.explaining import WatchedRestore
    from strongroom.domain.proofs.decisions import Evidence
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Assertion, KeptToken

STATEMENT_FORMAT: Final = "strongroom-outage/1"
REPORT_FORMAT: Final = "strongroom-outage-report/1"
EVIDENCE_FORMAT: Final = "strongroom-outage-evidence/1"
MOST_PROOFS: Final = 20
MADE_BY: Final = 2
_STATEMENT: Final = ("format", "issued_at", "nonce", "part", "report")
_REPORT: Final = ("account", "format", "incident", "job", "reason", "recovery_point", "region", "role", "user")
_SKEW: Final = timedelta(seconds=60)


class OutagePart(StrEnum):
    """What whoever signs had to do with it: they made the restore together, or they found it in order."""

    MADE = "made"
    REVIEWED = "reviewed"


class OutageReport(Struct, frozen=True, kw_only=True):
    """What was done, as whoever did it tells: which job, under which role, as which of the two users, and why."""

    text: str
    account: str
    incident: str
    job: str
    reason: str
    recovery_point: str
    region: str
    role: str
    user: str

    @property
    def digest(self) -> str:
        """What statements name the report by."""
        return digest_of(self.text)


class OutageStatement(Struct, frozen=True, kw_only=True):
    """What was signed, word by word in `text`; `report` is the report's digest."""

    text: str
    part: OutagePart
    report: str
    issued_at: datetime
    nonce: str


class OutageProof(Struct, frozen=True, kw_only=True):
    """A signed statement."""

    statement: OutageStatement
    signed: Assertion | KeptToken


class OutageEvidence(Struct, frozen=True, kw_only=True):
    """The report, and what was signed about it."""

    report: OutageReport
    proofs: tuple[OutageProof, ...]


class OutageSigners(Struct, frozen=True, kw_only=True):
    """Who counts, by their subjects; `refusals` are why others do not, and what is missing."""

    made: tuple[str, ...]
    reviewed: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def missing(self) -> str:
        """Who has not signed yet; empty where all have."""
        if len(self.made) < MADE_BY:
            return f"{len(self.made)} of {MADE_BY} of those who made it have signed"
        return "" if self.reviewed else "no reviewer who took no part in it has signed"


def make_report(
    *, account: str, region: str, job: str, recovery_point: str, role: str, user: str, incident: str, reason: str
) -> OutageReport:
    """The report of these facts; MalformedRecordError where one is empty."""
    told = {
        "account": account,
        "format": REPORT_FORMAT,
        "incident": incident,
        "job": job,
        "reason": reason,
        "recovery_point": recovery_point,
        "region": region,
        "role": role,
        "user": user,
    }
    return read_report(canonical_text(told))


def read_report(text: str) -> OutageReport:
    """The report of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=_REPORT)
    words = {name: text_of(content[name], of=name) for name in _REPORT}
    if words.pop("format") != REPORT_FORMAT:
        raise MalformedRecordError(f"the report is not of the format {REPORT_FORMAT}")
    return OutageReport(text=text, **words)


def make_outage_statement(
    report: OutageReport, part: OutagePart, *, nonce: str, issued_at: datetime
) -> OutageStatement:
    """What somebody shall sign; `nonce` is 128 bits in base64url."""
    return read_outage_statement(
        canonical_text(
            {
                "format": STATEMENT_FORMAT,
                "issued_at": moment_text(issued_at),
                "nonce": nonce,
                "part": part,
                "report": report.digest,
            }
        )
    )


def read_outage_statement(text: str) -> OutageStatement:
    """The statement of a canonical ASCII text; MalformedRecordError for anything else, a vote among it."""
    words = words_of_statement(text, keys=_STATEMENT, of_format=STATEMENT_FORMAT)
    if words["part"] not in set(OutagePart):
        raise MalformedRecordError("the statement's part is none that is known")
    return OutageStatement(
        text=text,
        part=OutagePart(words["part"]),
        report=words["report"],
        issued_at=moment_of(words["issued_at"], of="issued_at"),
        nonce=words["nonce"],
    )


def outage_evidence_text(report: OutageReport, proofs: Iterable[tuple[str, Assertion | KeptToken]]) -> str:
    """The canonical text of the file: the report, and each statement with what was signed over it."""
    told = [{"statement": statement, **signed_content(signed)} for statement, signed in proofs]
    return canonical_text({"format": EVIDENCE_FORMAT, "proofs": told, "report": report.text})


def read_outage_evidence(text: str) -> OutageEvidence:
    """The evidence of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("format", "proofs", "report"))
    if content["format"] != EVIDENCE_FORMAT:
        raise MalformedRecordError(f"the evidence is not of the format {EVIDENCE_FORMAT}")
    proofs = content["proofs"]
    if not isinstance(proofs, list) or len(proofs) > MOST_PROOFS:
        raise MalformedRecordError(f"proofs is not a list of {MOST_PROOFS} at most")
    return OutageEvidence(
        report=read_report(text_of(content["report"], of="report")), proofs=tuple(_proof(each) for each in proofs)
    )


def outage_signers(
    given: OutageEvidence, *, policy: CeremonyPolicy, evidence: Evidence, now: datetime
) -> OutageSigners:
    """Who has signed, by the urgent rules of now: the called who made it, and reviewers who are none of them.

    Who signed both that they made it and that it was in order has made it.
    """
    found: dict[OutagePart, dict[str, None]] = {part: {} for part in OutagePart}
    refusals: list[str] = []
    for proof in given.proofs:
        subject, refusal = outage_signer(proof, given.report, policy=policy, evidence=evidence, now=now)
        if refusal:
            refusals.append(refusal)
        else:
            found[proof.statement.part][subject] = None
    made = tuple(sorted(found[OutagePart.MADE]))
    reviewed = tuple(sorted(set(found[OutagePart.REVIEWED]) - set(made)))
    return OutageSigners(made=made, reviewed=reviewed, refusals=tuple(dict.fromkeys(refusals)))


def outage_signer(
    proof: OutageProof, report: OutageReport, *, policy: CeremonyPolicy, evidence: Evidence, now: datetime
) -> tuple[str, str]:
    """The subject who signed, or why it does not count."""
    said = proof.statement
    if said.report != report.digest:
        return "", "it was signed about another report"
    if said.issued_at > now + _SKEW:
        return "", "it was signed in the future"
    signer = signer_of(proof, policy=policy, trust=evidence.trust, signatures=evidence.signatures, at=now)
    if signer.refusal:
        return "", signer.refusal
    if said.part is OutagePart.REVIEWED:
        return _one_of(signer.subject, reviewers_of(policy), "none of those who review urgent restores")
    called = (rule.group for rule in policy.rules)
    is_called = any(signer.belongs_to(group, policy=policy) for group in called)
    return (signer.subject, "") if is_called else ("", f"{signer.subject} is none of those who are called")


def why_not_accounted_for(
    found: WatchedRestore,
    given: OutageEvidence,
    *,
    users: Collection[str],
    policy: CeremonyPolicy,
    evidence: Evidence,
    now: datetime,
) -> tuple[OutageSigners, str]:
    """Who has signed, and why the evidence does not account for this restore by one of the users; empty if it does."""
    said, job = given.report, found.job
    signers = outage_signers(given, policy=policy, evidence=evidence, now=now)
    told = (said.account, said.region, said.job, said.recovery_point, said.role)
    if told != (found.account, found.region, job.id, job.recovery_point, job.role):
        return signers, "its account, Region, recovery point or role is not what was reported"
    if said.user not in users:
        return signers, f"{said.user} is none of the users for an outage"
    if any(proof.statement.issued_at < job.created_at - _SKEW for proof in given.proofs):
        return signers, "something of it was signed before the restore was made"
    if signers.missing:
        return signers, "; ".join((signers.missing, *signers.refusals))
    return signers, ""


def _one_of(subject: str, members: Collection[str], otherwise: str) -> tuple[str, str]:
    return (subject, "") if subject in members else ("", f"{subject} is {otherwise}")


def _proof(content: Any) -> OutageProof:
    proof = record_of(content, needed=("statement",), known=("passkey", "id_token"))
    return OutageProof(
        statement=read_outage_statement(text_of(proof["statement"], of="statement")), signed=signed_of(proof)
    )
