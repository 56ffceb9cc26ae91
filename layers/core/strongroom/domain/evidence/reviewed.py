"""The trust file, made of what was reviewed: the intent as it stands, and as it stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE, read_note_key
from strongroom.domain.evidence.trust import EvidenceTrust, LogTrust
from strongroom.domain.proofs.trust import EnrolledKey, Period, ProofTrust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strongroom.domain.evidence.log.notes import NoteKey
    from strongroom.domain.proofs.trust import Periods


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedPasskey:
    """A passkey as it was reviewed: `id` in base64url, `public_key` SubjectPublicKeyInfo in DER."""

    id: str
    subject: str
    public_key: bytes
    period: Period = field(default_factory=Period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What the trust is made of.

    `log_keys` and `witness_keys` are written `name+hash+key`, the present one first and those that it replaced behind.
    `issuer_keys` are thumbprints (RFC 7638), `policies` are digests of rules.
    """

    rp_id: str
    origins: tuple[str, ...]
    passkeys: tuple[ReviewedPasskey, ...]
    issuer_keys: Mapping[str, Period | Periods]
    policies: Mapping[str, Periods]
    log_keys: tuple[str, ...]
    witness_keys: tuple[str, ...]


def trust_of(reviewed: Reviewed) -> EvidenceTrust:
    """The trust; MalformedRecordError for keys that are none, are of two names, or stand twice."""
    log = _keys(reviewed.log_keys, type_=LOG_TYPE, of="the log")
    witness = _keys(reviewed.witness_keys, type_=WITNESS_TYPE, of="the witness")
    return EvidenceTrust(
        proofs=ProofTrust(
            rp_id=reviewed.rp_id,
            origins=reviewed.origins,
            passkeys=_passkeys(reviewed.passkeys),
            issuer_keys=reviewed.issuer_keys,
        ),
        log=LogTrust(origin=log[0].name, witness=witness[0].name, keys=(*log, *witness)),
        policies=reviewed.policies,
    )


def _keys(texts: Iterable[str], *, type_: int, of: str) -> tuple[NoteKey, ...]:
    keys = tuple(read_note_key(text) for text in texts)
    if not keys or any(key.type != type_ for key in keys):
        raise MalformedRecordError(f"{of} has no key, or one that is for something else")
    if len({key.name for key in keys}) != 1:
        raise MalformedRecordError(f"the keys of {of} have different names")
    return keys


def _passkeys(passkeys: Iterable[ReviewedPasskey]) -> Mapping[str, EnrolledKey]:
    enrolled: dict[str, EnrolledKey] = {}
    for each in passkeys:
        if each.id in enrolled:
            raise MalformedRecordError(f"the passkey {each.id} stands twice")
        enrolled[each.id] = EnrolledKey(subject=each.subject, public_key=each.public_key, period=each.period)
    return enrolled
