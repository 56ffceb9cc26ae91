"""A request that people sign with passkeys, always with the same keys: canonical texts, and who they are of."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from strongroom.domain.canonical import canonical_text
from strongroom.domain.intent.ceremony import Person
from strongroom.domain.proofs.policies import Passkey
from strongroom.domain.proofs.trust import EnrolledKey, ProofTrust
from strongroom.domain.written import base64url, moment_text
from tests.builders.places import LOCAL_VAULT, PAYMENTS

REQUEST_ID: Final = "r-abcdefgh2345"
ASKED_AT: Final = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
POINT: Final = f"arn:aws:rds:eu-west-1:{PAYMENTS}:snapshot:awsbackup:job-1"
RISK: Final = "never-scanned"
RISK_SENTENCE: Final = "It was never scanned for malware."
OMAR, MARIA, SANA, ADA = (f"idp|{name}" for name in ("omar", "maria", "sana", "ada"))
PEOPLE: Final = {
    "omar": Person(subject=OMAR, name="Omar Haddad", email="omar@strongroom.example"),
    "maria": Person(subject=MARIA, name="Maria Lindqvist", email="maria@strongroom.example"),
    "sana": Person(subject=SANA, name="Sana Iqbal", email="sana@strongroom.example"),
    "ada": Person(subject=ADA, name="Ada Keller", email="ada@strongroom.example"),
}


@cache
def a_private_key(subject: str) -> ec.EllipticCurvePrivateKey:
    """The one key of that person."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(subject.encode()).digest()), ec.SECP256R1())


def a_pkcs8_key(subject: str) -> bytes:
    """The key as an authenticator takes it in, PKCS #8."""
    return a_private_key(subject).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def a_passkey(subject: str) -> Passkey:
    """That person's passkey, as it is enrolled."""
    public = a_private_key(subject).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    credential = hashlib.sha256(f"id of {subject}".encode()).digest()[:16]
    return Passkey(id=base64url(credential), public_key=public, algorithm="ES256")


def a_policy(*, needed: int = 1, **changes: Any) -> str:
    """Rules: Omar may ask, Maria and Sana decide, and each of them and Ada has a passkey."""
    passkeys = {subject: a_passkey(subject) for subject in (OMAR, MARIA, SANA, ADA)}
    usual = {
        "format": "strongroom-policy/1",
        "requesters": "oncall",
        "rules": [{"group": "approvers", "needed": needed}],
        "groups": {"approvers": [MARIA, SANA], "oncall": [OMAR]},
        "people": {
            subject: {"passkeys": [{"id": key.id, "public_key": base64url(key.public_key), "algorithm": key.algorithm}]}
            for subject, key in passkeys.items()
        },
        "presence_max_age": 300,
    }
    return canonical_text(usual | changes)


def a_request_text(*, now: datetime = ASKED_AT, policy: str | None = None, **changes: Any) -> str:
    """Omar's request for payments-db as of this night; a change of None leaves a key out."""
    usual = {
        "id": REQUEST_ID,
        "requester": OMAR,
        "account": PAYMENTS,
        "region": "eu-west-1",
        "unit": "Production",
        "tier": "daily-prod",
        "risks": [RISK],
        "risk_sentences": [RISK_SENTENCE],
        "resource": f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:payments-db",
        "resource_type": "RDS",
        "recovery_point": POINT,
        "recovery_point_created_at": moment_text(now - timedelta(hours=12)),
        "vault": LOCAL_VAULT,
        "plan": "local",
        "target_name": "payments-db-0200",
        "metadata": {
            "DBInstanceClass": "db.r6g.large",
            "DBInstanceIdentifier": "payments-db-0200",
            "DeletionProtection": "false",
            "Engine": "postgres",
        },
        "original": {
            "DBInstanceClass": "db.t4g.medium",
            "DBInstanceIdentifier": "payments-db",
            "DeletionProtection": "false",
            "Engine": "postgres",
        },
        "role": f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-backup",
        "key": f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/1234",
        "ticket": "OPS-123",
        "reason": "UPDATE without WHERE at 14:00",
        "policy": policy or a_policy(),
        "intent_digest": "0" * 64,
        "requested_at": moment_text(now),
        "approve_before": moment_text(now + timedelta(hours=4)),
        "act_before": moment_text(now + timedelta(hours=5)),
        "copy_kept_for": 0,
    }
    return canonical_text({name: value for name, value in (usual | changes).items() if value is not None})


def a_trust(*, rp_id: str = "localhost", origin: str = "https://localhost") -> ProofTrust:
    """What is known of the passkeys from the intent."""
    enrolled = {
        a_passkey(subject).id: EnrolledKey(subject=subject, public_key=a_passkey(subject).public_key)
        for subject in (OMAR, MARIA, SANA, ADA)
    }
    return ProofTrust(rp_id=rp_id, origins=(origin,), passkeys=enrolled, issuer_keys={})
