"""Whether an ID token shows that a person said something just now, with a strong login.

The token's nonce commits to the statement, so the identity provider's signature is over it, too.
Sources: OpenID Connect Core 1.0, section 3.1.3.7; RFC 7515, 7518 and 7638.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.written import base64url, bytes_of, json_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from strongroom.domain.proofs.policies import Assurance, CeremonyPolicy, Issuer
    from strongroom.domain.proofs.proof import KeptToken
    from strongroom.domain.proofs.signatures import SignatureCheck
    from strongroom.domain.proofs.statements import SignedText

_SKEW: Final = timedelta(seconds=60)
_PARTS: Final = 3
_COMMITMENT: Final = "strongroom-oidc/1\n"
# By key type, never by the header's word (RFC 8725, section 3.1).
_ALGORITHMS: Final = {"EC": "ES256", "RSA": "RS256"}
# What of a key is hashed (RFC 7638, section 3.2).
_HASHED: Final = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
# What else a key may say of itself (RFC 7517, section 4); the rest would be in nobody's signature, and is not kept.
_USES: Final[Mapping[str, Any]] = {"use": "sig", "key_ops": ["verify"]}
_FORMS: Final[Mapping[str, type]] = {"acr": str, "amr": list, "acrs": list}
_LAST_SECOND: Final = 253_402_300_799


class TokenVerdict(Struct, frozen=True, kw_only=True):
    """Whose token it is, with all that it claims; or why it shows nothing."""

    subject: str = ""
    claims: Mapping[str, Any] | None = None
    refusal: str = ""


def commitment_of(statement: str) -> str:
    """The nonce by which an identity provider signs a statement."""
    return base64url(hashlib.sha256((_COMMITMENT + statement).encode()).digest())


def bare_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    """The key without what else it says of itself; MalformedRecordError for a key that is neither RSA nor EC."""
    names = _HASHED.get(str(jwk.get("kty")))
    if not names or not all(isinstance(jwk.get(name), str) for name in names):
        raise MalformedRecordError("the key is of no kind that signs ID tokens here")
    return {name: jwk[name] for name in names}


def thumbprint_of(jwk: Mapping[str, Any]) -> str:
    """The key's thumbprint in base64url (RFC 7638); MalformedRecordError for a key that is neither RSA nor EC."""
    return base64url(hashlib.sha256(canonical_text(bare_key(jwk)).encode()).digest())


def judge_token(
    kept: KeptToken,
    *,
    statement: SignedText,
    policy: CeremonyPolicy,
    issuer_keys: Container[str],
    signatures: SignatureCheck,
) -> TokenVerdict:
    """Who said it, if the token shows that; judged at the statement's time, so that old tokens stay what they were."""
    issuer = policy.issuer
    if issuer is None:
        return TokenVerdict(refusal="the rules take no ID tokens")
    try:
        claims = _signed_claims(kept, issuer_keys=issuer_keys, signatures=signatures)
        refusal = (
            _party_refusal(claims, issuer=issuer, nonce=commitment_of(statement.text))
            or _time_refusal(claims, issued_at=statement.issued_at, most=policy.presence_max_age)
            or _assurance_refusal(claims, assurance=issuer.assurance)
        )
    except MalformedRecordError as error:
        refusal, claims = str(error), {}
    subject = claims.get(issuer.subject_claim)
    if not refusal and (not isinstance(subject, str) or not subject):
        refusal = "the token does not say whose it is"
    return TokenVerdict(refusal=refusal) if refusal else TokenVerdict(subject=str(subject), claims=claims)


def _signed_claims(kept: KeptToken, *, issuer_keys: Container[str], signatures: SignatureCheck) -> Mapping[str, Any]:
    parts = kept.token.split(".")
    if len(parts) != _PARTS:
        raise MalformedRecordError("the token is not in compact form")
    header, payload, signature = (bytes_of(part, of="a part of the token") for part in parts)
    if thumbprint_of(kept.jwk) not in issuer_keys:
        raise MalformedRecordError("the token's key was never seen at the identity provider")
    algorithm = _ALGORITHMS[kept.jwk["kty"]]
    said = _record(header)
    if said.get("alg") != algorithm or "crit" in said:
        raise MalformedRecordError("the token's header asks for something else than its key does")
    _refuse_other_uses(kept.jwk, algorithm=algorithm, key_id=said.get("kid"))
    message = kept.token.rpartition(".")[0].encode()
    if not signatures.by_jwk(signature, message, jwk=kept.jwk, algorithm=algorithm):
        raise MalformedRecordError("the token's signature is not good")
    return _record(payload)


def _refuse_other_uses(jwk: Mapping[str, Any], *, algorithm: str, key_id: Any) -> None:
    """A kept key says nothing that could be changed unseen: its thumbprint is not over all that it says."""
    known = {**_USES, "alg": algorithm, "kid": key_id}
    for name, value in jwk.items():
        if name not in _HASHED[jwk["kty"]] and (value is None or name not in known or known[name] != value):
            raise MalformedRecordError(f"the token's key has a {name[:20]} that it must not have")


def _record(content: bytes) -> Mapping[str, Any]:
    record = json_of(content, of="the token")
    if not isinstance(record, dict):
        raise MalformedRecordError("the token is not a record")
    return record


def _party_refusal(claims: Mapping[str, Any], *, issuer: Issuer, nonce: str) -> str:
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        [audience] = audience
    if claims.get("iss") != issuer.issuer:
        return "the token is of another identity provider"
    if audience not in issuer.client_ids:
        return "the token was made for somebody else than us alone"
    if claims.get("azp", audience) not in issuer.client_ids:
        return "somebody else asked for the token"
    if issuer.tenant is not None and claims.get("tid") != issuer.tenant:
        return "the token is of another tenant"
    return "" if claims.get("nonce") == nonce else "the token was made for another statement"


def _time_refusal(claims: Mapping[str, Any], *, issued_at: datetime, most: timedelta) -> str:
    logged_in, made, ends = (_second(claims.get(name), of=name) for name in ("auth_time", "iat", "exp"))
    # Differences, because a sum may lie beyond the last year that there is.
    if issued_at - logged_in > _SKEW:
        return "the login is older than the statement"
    if logged_in - made > _SKEW:
        return "the login lies after the token"
    if abs(made - issued_at) > most:
        return "the token was not made when the statement was"
    return "" if ends > issued_at else "the token had run out"


def _second(content: Any, *, of: str) -> datetime:
    """A moment in whole seconds since 1970; a float (1e20 among them) or a boolean is none."""
    if not isinstance(content, int) or isinstance(content, bool) or not 0 <= content <= _LAST_SECOND:
        raise MalformedRecordError(f"the token's {of} is no moment")
    return datetime.fromtimestamp(content, tz=UTC)


def _assurance_refusal(claims: Mapping[str, Any], *, assurance: Assurance) -> str:
    """`acr` is a text, `amr` and `acrs` are lists; the other form is refused, because "mfa" is in "no-mfa"."""
    said = claims.get(assurance.claim)
    if not isinstance(said, _FORMS.get(assurance.claim, (str, list))):
        return f"the token's {assurance.claim} does not say how strong the login was"
    levels: list[Any] = said if isinstance(said, list) else [said]
    is_any = any(each in levels for each in assurance.any_of) if assurance.any_of else bool(assurance.all_of)
    if not is_any or not all(each in levels for each in assurance.all_of):
        return f"the login was not as strong as the rules demand, by {assurance.claim}"
    return ""
