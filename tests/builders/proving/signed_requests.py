"""A restore of Omar's, whom it needs, and what each of them signs: with any detail changed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.asked import AskedRestore, read_asked
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.proof import proof_text
from strongroom.domain.proofs.statements import Decision, Statement, make_statement
from strongroom.domain.proofs.trust import EnrolledKey, Period, ProofTrust
from strongroom.domain.written import base64url, moment_text
from tests.builders.proving.signing import (
    CLIENT,
    ISSUER,
    ORIGIN,
    RP_ID,
    Authenticator,
    Provider,
    RememberedSignatures,
)

START: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
APPROVE_BEFORE: Final = START + timedelta(hours=4)
ACT_BEFORE: Final = START + timedelta(hours=5)
SOON: Final = START + timedelta(minutes=30)
OMAR, MARIA, PIET, LENA, EVE = "omar", "maria", "piet", "lena", "eve"
PEOPLE: Final = (OMAR, MARIA, PIET, LENA)
PROVIDER: Final = Provider()
STRONG: Final = {
    "issuer": ISSUER,
    "client_id": [CLIENT, "strongroom-cli"],
    "subject_claim": "sub",
    "assurance": {"claim": "acr", "any_of": ["phr"]},
}


def without_none(content: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what is None."""
    return {name: value for name, value in content.items() if value is not None}


def policy_content(**changes: Any) -> dict[str, Any]:
    """Rules by which Maria, Piet or Lena must approve what Omar, or one of them, asks for; None is left out."""
    usual = {
        "format": "strongroom-policy/1",
        "requesters": "engineers",
        "rules": [{"group": "approvers", "needed": 1}],
        "groups": {"engineers": list(PEOPLE), "approvers": [MARIA, PIET, LENA]},
        "people": {person: people_entry(Authenticator(name=person)) for person in PEOPLE},
        "issuer": STRONG,
        "presence_max_age": 300,
    }
    return without_none(usual | changes)


def people_entry(*authenticators: Authenticator) -> dict[str, Any]:
    """A person of the rules with these passkeys."""
    passkeys = [authenticator.passkey for authenticator in authenticators]
    return {
        "passkeys": [
            {"id": each.id, "public_key": base64url(each.public_key), "algorithm": each.algorithm} for each in passkeys
        ]
    }


def a_policy(**changes: Any) -> str:
    """The canonical text of such rules."""
    return canonical_text(policy_content(**changes))


def request_content(policy: str | None = None, **changes: Any) -> dict[str, Any]:
    """What Omar asks for; None is left out."""
    usual = {
        "account": "111111111111",
        "act_before": moment_text(ACT_BEFORE),
        "approve_before": moment_text(APPROVE_BEFORE),
        "id": "r-abcdefgh2345",
        "metadata": {"DBInstanceIdentifier": "payments-db-0200"},
        "plan": "local",
        "policy": a_policy() if policy is None else policy,
        "reason": "UPDATE without WHERE at 14:00",
        "recovery_point": "arn:aws:rds:eu-west-1:111111111111:snapshot:awsbackup:job-1",
        "requester": OMAR,
        "resource_type": "RDS",
        "role": "arn:aws:iam::111111111111:role/strongroom-restore",
        "target_name": "payments-db-0200",
        "ticket": "OPS-123",
    }
    return without_none(usual | changes)


def an_asked(policy: str | None = None, **changes: Any) -> AskedRestore:
    """The request, read."""
    return read_asked(canonical_text(request_content(policy, **changes)))


def a_statement(
    asked: AskedRestore, decision: Decision = Decision.APPROVE, *, at: datetime = SOON, nonce: int = 1
) -> Statement:
    """What somebody signs of it."""
    return make_statement(asked, decision, nonce=base64url(nonce.to_bytes(16)), issued_at=at)


def altered(statement: Statement, **changes: Any) -> str:
    """The statement's text with other values; None is left out."""
    content = {
        "decision": statement.decision,
        "expires_at": moment_text(statement.expires_at),
        "format": "strongroom-approval/1",
        "issued_at": moment_text(statement.issued_at),
        "nonce": statement.nonce,
        "policy": statement.policy,
        "request": statement.request,
        "request_digest": statement.request_digest,
    }
    return canonical_text(without_none(content | changes))


def by_passkey(
    person: str, asked: AskedRestore, decision: Decision = Decision.APPROVE, *, at: datetime = SOON, nonce: int = 1
) -> str:
    """That person's proof by passkey."""
    text = a_statement(asked, decision, at=at, nonce=nonce).text
    return proof_text(text, signed=Authenticator(name=person).sign(text))


def by_token(
    person: str,
    asked: AskedRestore,
    decision: Decision = Decision.APPROVE,
    *,
    at: datetime = SOON,
    nonce: int = 1,
    **claims: Any,
) -> str:
    """That person's proof by ID token."""
    text = a_statement(asked, decision, at=at, nonce=nonce).text
    return proof_text(text, signed=PROVIDER.token(person, text, **claims))


def a_trust(**changes: Any) -> ProofTrust:
    """Everybody's passkey and the provider's key, without a bound in time."""
    usual: dict[str, Any] = {
        "rp_id": RP_ID,
        "origins": (ORIGIN,),
        "passkeys": dict(map(enrolled, (*PEOPLE, EVE))),
        "issuer_keys": {thumbprint_of(PROVIDER.jwk): Period()},
    }
    return ProofTrust(**(usual | changes))


def enrolled(person: str, period: Period | None = None) -> tuple[str, EnrolledKey]:
    """The person's passkey by its id."""
    passkey = Authenticator(name=person).passkey
    return passkey.id, EnrolledKey(subject=person, public_key=passkey.public_key, period=period or Period())


REMEMBERED: Final = RememberedSignatures()
USUAL_TRUST: Final = a_trust()


def the_evidence(seen_at: Mapping[str, datetime] | None = None, **trust: Any) -> Evidence:
    """With what the proofs are judged."""
    trusted = a_trust(**trust) if trust else USUAL_TRUST
    if seen_at is None:
        return Evidence(trust=trusted, signatures=REMEMBERED)
    return Evidence(trust=trusted, signatures=REMEMBERED, seen_at=seen_at)
