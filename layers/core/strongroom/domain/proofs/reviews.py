"""The statement by which somebody who took no part in it reviews an urgent restore: `strongroom-breakglass/1`.

It is of a format of its own, so that it is never a vote, and a vote is never a review.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import ClaimGroup
from strongroom.domain.proofs.proof import read_proof, signed_of
from strongroom.domain.proofs.signers import signer_of, signers_of
from strongroom.domain.proofs.statements import words_of_statement
from strongroom.domain.written import moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.decisions import Evidence
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Assertion, KeptToken

FORMAT: Final = "strongroom-breakglass/1"
# How the group of those who review is called in rules, before its own name; only urgent rules have one.
REVIEWERS: Final = "review:"
_KEYS: Final = ("closed", "finding", "format", "issued_at", "nonce", "policy", "request", "request_digest")


class ReviewFinding(StrEnum):
    """What whoever reviews has found: it was what it was said to be, or it should not have been done."""

    IN_ORDER = "in-order"
    MISUSE = "misuse"


class ReviewStatement(Struct, frozen=True, kw_only=True):
    """What was signed, word by word in `text`; `closed` is the SHA-256 of the chain's last entry."""

    text: str
    finding: ReviewFinding
    request: str
    request_digest: str
    policy: str
    closed: str
    issued_at: datetime
    nonce: str


class Review(Struct, frozen=True, kw_only=True):
    """A signed review; `digest` is the SHA-256 of its canonical text."""

    digest: str
    statement: ReviewStatement
    signed: Assertion | KeptToken


class Reviewed(Struct, frozen=True, kw_only=True):
    """That it was reviewed, by whom, a subject, and with what finding; `text` is the proof."""

    subject: str
    finding: ReviewFinding
    text: str


def is_urgent(policy: CeremonyPolicy) -> bool:
    """Whether these are rules for what cannot wait: they name who reviews it."""
    return any(name.startswith(REVIEWERS) for name in policy.groups)


def reviewers_of(policy: CeremonyPolicy) -> tuple[str, ...]:
    """Who may review by these rules; nobody where they name no such group, or several, or leave it to logins."""
    groups = [members for name, members in policy.groups.items() if name.startswith(REVIEWERS)]
    [members] = groups if len(groups) == 1 else [()]
    return () if isinstance(members, ClaimGroup) else members


def make_review(
    asked: AskedRestore, finding: ReviewFinding, *, closed: str, nonce: str, issued_at: datetime
) -> ReviewStatement:
    """What somebody shall sign; `nonce` is 128 bits in base64url."""
    return read_review_statement(
        canonical_text(
            {
                "closed": closed,
                "finding": finding,
                "format": FORMAT,
                "issued_at": moment_text(issued_at),
                "nonce": nonce,
                "policy": asked.policy.digest,
                "request": asked.id,
                "request_digest": asked.digest,
            }
        )
    )


def read_review_statement(text: str) -> ReviewStatement:
    """The statement of a canonical ASCII text; MalformedRecordError for anything else, a vote among it."""
    words = words_of_statement(text, keys=_KEYS, of_format=FORMAT)
    if words["finding"] not in set(ReviewFinding):
        raise MalformedRecordError("the statement's finding is none that is known")
    return ReviewStatement(
        text=text,
        finding=ReviewFinding(words["finding"]),
        request=words["request"],
        request_digest=words["request_digest"],
        policy=words["policy"],
        closed=words["closed"],
        issued_at=moment_of(words["issued_at"], of="issued_at"),
        nonce=words["nonce"],
    )


def read_review(text: str) -> Review:
    """The review of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("statement",), known=("passkey", "id_token"))
    return Review(
        digest=digest_of(text),
        statement=read_review_statement(text_of(content["statement"], of="statement")),
        signed=signed_of(content),
    )


def is_review_statement(text: str) -> bool:
    """Whether the text is a review's statement, whoever signs it."""
    try:
        read_review_statement(text)
    except MalformedRecordError:
        return False
    return True


def is_review(text: str) -> bool:
    """Whether the text is a review at all, whoever signed it."""
    try:
        read_review(text)
    except MalformedRecordError:
        return False
    return True


def why_not_reviewed(
    asked: AskedRestore,
    review: Review,
    *,
    closed: str,
    proofs: Iterable[str],
    evidence: Evidence,
    at: datetime,
    also: Sequence[CeremonyPolicy] = (),
) -> tuple[str, str]:
    """Whose review it is, and why it does not count; empty where it does.

    `closed` is the SHA-256 of the entry that ended the ceremony, `proofs` what was signed in it, `at` when the review
    was there. It is signed by one of the reviewers of the request's rules, and of those of `also`.
    """
    said = review.statement
    if (said.request, said.request_digest, said.policy) != (asked.id, asked.digest, asked.policy.digest):
        return "", "it is about another request"
    if said.closed != closed:
        return "", "it is about another end of the ceremony"
    signers, refusal = signers_of(
        review, policies=(asked.policy, *also), trust=evidence.trust, signatures=evidence.signatures, at=at
    )
    if refusal:
        return "", refusal
    subject = signers[0].subject
    if not all(subject in reviewers_of(policy) for policy in (asked.policy, *also)):
        return subject, "you are none of those who review urgent restores"
    if subject == asked.requester or subject in set(_who_took_part(asked, proofs, evidence=evidence)):
        return subject, "you took part in it; somebody else must review it"
    return subject, ""


def first_review(
    asked: AskedRestore,
    texts: Iterable[str],
    *,
    closed: str,
    proofs: Sequence[str],
    evidence: Evidence,
    at: datetime | None,
) -> Reviewed | None:
    """The earliest of the texts that is a review and counts, by the request's own rules; None where none does.

    `at` is when it was seen; None takes its own word for that.
    """
    found = []
    for text in filter(is_review, texts):
        review = read_review(text)
        subject, refusal = why_not_reviewed(
            asked, review, closed=closed, proofs=proofs, evidence=evidence, at=at or review.statement.issued_at
        )
        if not refusal:
            reviewed = Reviewed(subject=subject, finding=review.statement.finding, text=text)
            found.append((review.statement.issued_at, review.digest, reviewed))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _who_took_part(asked: AskedRestore, proofs: Iterable[str], *, evidence: Evidence) -> Iterator[str]:
    """Whoever signed anything in the ceremony, by the keys that they had then."""
    for text in proofs:
        try:
            proof = read_proof(text)
        except MalformedRecordError:
            continue
        at = proof.statement.issued_at
        yield signer_of(proof, policy=asked.policy, trust=evidence.trust, signatures=evidence.signatures, at=at).subject
