"""Who said something: the person behind a proof, under one set of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from strongroom.domain.proofs.id_tokens import judge_token
from strongroom.domain.proofs.passkeys import why_not_signed
from strongroom.domain.proofs.policies import ClaimGroup
from strongroom.domain.proofs.proof import KeptToken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.proofs.policies import CeremonyPolicy, Passkey
    from strongroom.domain.proofs.proof import Assertion, SomethingSigned
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.domain.proofs.trust import Period, Periods, ProofTrust


class Signer(Struct, frozen=True, kw_only=True):
    """Who signed, empty where nobody did, which `refusal` explains; `claims` are the ID token's, none of a passkey."""

    subject: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)
    refusal: str = ""

    def belongs_to(self, group: str, *, policy: CeremonyPolicy) -> bool:
        """Whether the signer is in the group, by the rules' list or by what the token claims; in no unknown one."""
        members = policy.groups.get(group, ())
        if not isinstance(members, ClaimGroup):
            return bool(self.subject) and self.subject in members
        claimed = self.claims.get(members.claim)
        return claimed == members.value or (isinstance(claimed, list) and members.value in claimed)


class _KeysAt(Struct, frozen=True):
    """The identity provider's keys of a moment: each is looked up, because looking for all may take the provider."""

    keys: Mapping[str, Period | Periods]
    at: datetime

    def __contains__(self, thumbprint: object) -> bool:
        held = self.keys.get(str(thumbprint))
        return held is not None and held.holds(self.at)


def signer_of(
    proof: SomethingSigned, *, policy: CeremonyPolicy, trust: ProofTrust, signatures: SignatureCheck, at: datetime
) -> Signer:
    """Who signed the proof's statement, by what was enrolled `at` that time and stands in the rules, too."""
    if isinstance(proof.signed, KeptToken):
        judged = judge_token(
            proof.signed,
            statement=proof.statement,
            policy=policy,
            issuer_keys=_KeysAt(trust.issuer_keys, at),
            signatures=signatures,
        )
        return Signer(subject=judged.subject, claims=judged.claims or {}, refusal=judged.refusal)
    enrolled = _enrolled(proof.signed, policy=policy, trust=trust, at=at)
    if enrolled is None:
        return Signer(refusal="nobody here has enrolled this passkey")
    subject, passkey = enrolled
    refusal = why_not_signed(
        proof.signed,
        statement=proof.statement.text,
        passkey=passkey,
        rp_id=trust.rp_id,
        origins=trust.origins,
        device_bound=policy.device_bound,
        signatures=signatures,
    )
    return Signer(refusal=refusal) if refusal else Signer(subject=subject)


def signers_of(
    proof: SomethingSigned,
    *,
    policies: Sequence[CeremonyPolicy],
    trust: ProofTrust,
    signatures: SignatureCheck,
    at: datetime,
) -> tuple[tuple[Signer, ...], str]:
    """Who signed by each of the rules, which is one person by all of them; or none, and why that is so."""
    signers = tuple(signer_of(proof, policy=policy, trust=trust, signatures=signatures, at=at) for policy in policies)
    refusal = next((signer.refusal for signer in signers if signer.refusal), "")
    if refusal or len({signer.subject for signer in signers}) != 1:
        return (), refusal or "the rules of then and those of today do not know the same person by it"
    return signers, ""


def _enrolled(
    assertion: Assertion, *, policy: CeremonyPolicy, trust: ProofTrust, at: datetime
) -> tuple[str, Passkey] | None:
    """The one passkey of that id in the rules and whose it is, if it is enrolled with the same key for that person."""
    found = [
        (subject, passkey)
        for subject, passkeys in policy.people.items()
        for passkey in passkeys
        if passkey.id == assertion.credential
    ]
    enrolled = trust.passkeys.get(assertion.credential)
    if len(found) != 1 or enrolled is None or not enrolled.period.holds(at):
        return None
    [(subject, passkey)] = found
    is_same = (enrolled.subject, enrolled.public_key) == (subject, passkey.public_key)
    return (subject, passkey) if is_same else None
