"""The statement by which a person says that a step by hand is done, or will not be: `strongroom-stated/1`.

It is of a format of its own, so that it opens and approves nothing, and ends no restore, and a vote states no step.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.proof import signed_of
from strongroom.domain.proofs.signers import signers_of
from strongroom.domain.proofs.statements import words_of_statement
from strongroom.domain.restores.checklists.steps import signed_steps
from strongroom.domain.written import moment_of, moment_text, record_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.proofs.decisions import Evidence
    from strongroom.domain.proofs.policies import CeremonyPolicy
    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.proofs.signers import Signer

FORMAT: Final = "strongroom-stated/1"
_KEYS: Final = ("format", "issued_at", "nonce", "outcome", "policy", "request", "request_digest", "step")
_REASON: Final = "reason"
_LONGEST_REASON: Final = 500
_SKEW: Final = timedelta(seconds=60)


class StatedOutcome(StrEnum):
    """What a person says of a step: that it was taken, or that it will not be, and why."""

    DONE = "done"
    DISMISSED = "dismissed"


class StepWish(Struct, frozen=True, kw_only=True):
    """What somebody wants to state: the step in the request's own sentence, and the reason where it is dismissed."""

    step: str
    outcome: StatedOutcome
    reason: str = ""


class StepStatement(Struct, frozen=True, kw_only=True):
    """What was signed, word by word in `text`; `step` is the request's own sentence, `reason` why it is dismissed."""

    text: str
    outcome: StatedOutcome
    step: str
    reason: str
    request: str
    request_digest: str
    policy: str
    issued_at: datetime
    nonce: str

    @property
    def told(self) -> str:
        """What it says, in words."""
        why = f", because: {self.reason}" if self.reason else ""
        return f"{self.outcome}{why}: {self.step}"


class Stated(Struct, frozen=True, kw_only=True):
    """A signed statement about a step; `digest` is the SHA-256 of its canonical text."""

    digest: str
    statement: StepStatement
    signed: Assertion | KeptToken


class StatedStep(Struct, frozen=True, kw_only=True):
    """A step that was stated: by whom, a subject, since when it is there, and what; `text` is the proof."""

    step: str
    outcome: StatedOutcome
    reason: str
    subject: str
    at: datetime
    text: str


def make_step_statement(
    asked: AskedRestore, step: str, outcome: StatedOutcome, *, reason: str, nonce: str, issued_at: datetime
) -> StepStatement:
    """What somebody shall sign; `nonce` is 128 bits in base64url.

    MalformedRecordError for words that nobody can sign: what is not ASCII, and a reason that does not fit the outcome.
    """
    return read_step_statement(
        canonical_text(
            {
                "format": FORMAT,
                "issued_at": moment_text(issued_at),
                "nonce": nonce,
                "outcome": outcome,
                "policy": asked.policy.digest,
                "request": asked.id,
                "request_digest": asked.digest,
                "step": step,
                **({_REASON: reason} if reason else {}),
            }
        )
    )


def read_step_statement(text: str) -> StepStatement:
    """The statement of a canonical ASCII text; MalformedRecordError for anything else, a vote and a review among it."""
    words = words_of_statement(text, keys=_KEYS, of_format=FORMAT, known=(_REASON,))
    if words["outcome"] not in set(StatedOutcome):
        raise MalformedRecordError("the statement's outcome is none that is known")
    outcome, reason = StatedOutcome(words["outcome"]), words.get(_REASON, "")
    if not reason.isprintable() or len(reason) > _LONGEST_REASON:
        raise MalformedRecordError(f"the statement's reason is not a line of at most {_LONGEST_REASON} characters")
    if (outcome is StatedOutcome.DISMISSED) != bool(reason.strip()):
        raise MalformedRecordError("a step is dismissed with a reason, and is done without one")
    return StepStatement(
        text=text,
        outcome=outcome,
        step=words["step"],
        reason=reason,
        request=words["request"],
        request_digest=words["request_digest"],
        policy=words["policy"],
        issued_at=moment_of(words["issued_at"], of="issued_at"),
        nonce=words["nonce"],
    )


def read_stated(text: str) -> Stated:
    """What was signed about a step, of a canonical text; MalformedRecordError for anything else."""
    content = record_of(read_canonical(text), needed=("statement",), known=("passkey", "id_token"))
    return Stated(
        digest=digest_of(text),
        statement=read_step_statement(text_of(content["statement"], of="statement")),
        signed=signed_of(content),
    )


def is_step_statement(text: str) -> bool:
    """Whether the text is a statement about a step, whoever signs it."""
    try:
        read_step_statement(text)
    except MalformedRecordError:
        return False
    return True


def why_not_stated(
    asked: AskedRestore, stated: Stated, *, evidence: Evidence, at: datetime, also: Sequence[CeremonyPolicy] = ()
) -> tuple[str, str]:
    """Who states it, and why it does not count; empty where it does.

    `at` is when it was there. Whoever may ask for the restore, or has a seat in its rules, may state a step of it, by
    the request's own rules and by those of `also`.
    """
    said = stated.statement
    if (said.request, said.request_digest, said.policy) != (asked.id, asked.digest, asked.policy.digest):
        return "", "it is about another request"
    if said.step not in signed_steps(asked.content):
        return "", f"the step {said.step[:80]!r} was never on the list of the request"
    if said.issued_at - at > _SKEW:
        return "", "it was signed for later than it was there"
    policies = (asked.policy, *also)
    signers, refusal = signers_of(
        stated, policies=policies, trust=evidence.trust, signatures=evidence.signatures, at=at
    )
    if refusal:
        return "", refusal
    subject = signers[0].subject
    if not all(_may_state(signer, policy) for signer, policy in zip(signers, policies, strict=True)):
        return subject, "it is stated by somebody who may neither ask for such a restore nor approve it"
    return subject, ""


def first_stated(asked: AskedRestore, found: Mapping[str, datetime], *, evidence: Evidence) -> Mapping[str, StatedStep]:
    """What counts of each step, by its sentence: of several that count the one that was there first.

    `found` is when each text was put. What is no such statement, or does not count, states nothing.
    """
    first: dict[str, StatedStep] = {}
    for text, at in sorted(found.items(), key=lambda each: (each[1], digest_of(each[0]))):
        try:
            stated = read_stated(text)
        except MalformedRecordError:
            continue
        subject, refusal = why_not_stated(asked, stated, evidence=evidence, at=at)
        said = stated.statement
        if not refusal and said.step not in first:
            first[said.step] = StatedStep(
                step=said.step, outcome=said.outcome, reason=said.reason, subject=subject, at=at, text=text
            )
    return first


def _may_state(signer: Signer, policy: CeremonyPolicy) -> bool:
    groups: Iterable[str] = (policy.requesters, *(rule.group for rule in policy.rules))
    return any(signer.belongs_to(group, policy=policy) for group in groups)
