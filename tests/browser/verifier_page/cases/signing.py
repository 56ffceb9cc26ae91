"""Who signs, and with what."""

from collections.abc import Callable, Mapping
from copy import replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.proof import proof_text
from tests.browser.verifier_page.cases.plays import Case, Files, asking, files, finished, restored, under
from tests.builders.proving.ceremony import (
    LENA,
    MARIA,
    OMAR,
    PASSKEYS,
    PROVIDER,
    SANA,
    START,
    Play,
    a_policy_content,
    a_restored_play,
    an_approved_play,
)
from tests.builders.proving.signing import Authenticator, Provider, a_json

ELLIPTIC: Final = Provider(name="elliptic", algorithm="ES256")


def signed_by(person: str, *, play: Play | None = None, **changes: Any) -> Callable[[], Files]:
    """Maria approves as usual, and this person in some other way."""

    def made() -> Files:
        told = an_approved_play(MARIA, play=play)
        told.say(person, **changes)
        told.intend()
        return finished(told)

    return made


def token_of(provider: Provider, policy: Mapping[str, Any] | None = None, **claims: Any) -> Callable[[], Files]:
    """Maria approves by passkey, and Lena by a token of that provider."""

    def made() -> Files:
        play = an_approved_play(MARIA, play=asking(policy))
        play.say(LENA, by=provider, **claims)
        play.intend()
        bundle, _ = finished(play)
        return bundle, play.trust(issuer_keys=[thumbprint_of(provider.jwk)])

    return made


def asked_by_token(**jwk: str) -> Callable[[], Files]:
    """The requester signs by ID token, whose key says that much more of itself."""

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        kept = PROVIDER.token(OMAR, statement)
        signed = {"statement": statement, "id_token": {"token": kept.token, "jwk": {**kept.jwk, **jwk}}}
        play.opened_by = canonical_text(signed)
        return files(play)

    return made


def spelled(**parts: Callable[[bytes], bytes]) -> Callable[[], Files]:
    """The requester's passkey signs as usual, and these parts of what it made are spelled otherwise.

    What the browser said is signed as it is spelled; the rest is changed afterwards.
    """

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        usual = PASSKEYS[OMAR].sign(statement)
        said = parts.get("client_data", bytes)(usual.client_data)
        signed = PASSKEYS[OMAR].sign(statement, client_data=said)
        others: dict[str, Any] = {
            name: change(getattr(signed, name)) for name, change in parts.items() if name != "client_data"
        }
        play.opened_by = proof_text(statement, signed=replace(signed, **others))
        return files(play)

    return made


def spelled_token(*, header: bytes | None = None, change: Callable[[bytes], bytes] = bytes) -> Callable[[], Files]:
    """The requester signs by an ID token with this header, and a payload spelled otherwise."""

    def made() -> Files:
        play = a_restored_play()
        statement = read_canonical(play.bundle())["request"]["statement"]
        payload = change(a_json(PROVIDER.claims(OMAR, statement)))
        play.opened_by = proof_text(statement, signed=PROVIDER.made(payload, header=header))
        return files(play)

    return made


def _side_by_side(der: bytes) -> bytes:
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(der))


def _with_long_length(der: bytes) -> bytes:
    return der[:1] + b"\x81" + der[1:]


def _with_one_zero_more(der: bytes) -> bytes:
    return bytes([der[0], der[1] + 1, der[2], der[3] + 1, 0]) + der[4:]


def issuer(**changes: Any) -> dict[str, Any]:
    """Rules with another identity provider."""
    usual = a_policy_content()
    return {**usual, "issuer": {**usual["issuer"], **changes}}


SIGNING: Final = [
    Case("passkeys of all three algorithms", restored(), 0),
    Case("a token by RS256", restored(MARIA, LENA), 0),
    Case("a token by ES256", token_of(ELLIPTIC), 0),
    Case("the requester signs by a token", asked_by_token(), 0),
    Case("the requester's key says it is for signatures", asked_by_token(use="sig", alg="RS256"), 0),
    Case("the requester's key says more of itself", asked_by_token(x5t="abc"), 1),
    Case("the requester's key has another id than the header names", asked_by_token(kid="two"), 1),
    Case("user not present", signed_by(SANA, flags=0x04), 1),
    Case("user not verified", signed_by(SANA, flags=0x01), 1),
    Case("synced passkey", signed_by(SANA, flags=0x1D), 0),
    Case("backed up, but not eligible for it", signed_by(SANA, flags=0x15), 1),
    Case("flag of extensions without any", signed_by(SANA, flags=0x85), 1),
    Case("flag of a credential without any", signed_by(SANA, flags=0x45), 1),
    Case("another site's passkey", signed_by(SANA, rp_id="example.com"), 1),
    Case("cross origin", signed_by(SANA, crossOrigin=True), 1),
    Case("cross origin not said", signed_by(SANA, crossOrigin=None), 0),
    Case("cross origin as a text", signed_by(SANA, crossOrigin="false"), 1),
    Case("another origin on top", signed_by(SANA, topOrigin="https://restore.example.com"), 1),
    Case("made while enrolling", signed_by(SANA, type="webauthn.create"), 1),
    Case("client data with blanks", spelled(client_data=lambda said: said.replace(b",", b" ,\n")), 0),
    Case("client data with a float", spelled(client_data=lambda said: said.replace(b"{", b'{"x":1.5e3,', 1)), 0),
    Case(
        "client data with an empty record",
        spelled(client_data=lambda said: said.replace(b"{", b'{"x":{ },"y":[ ],', 1)),
        0,
    ),
    Case(
        "client data with a key twice",
        spelled(client_data=lambda said: said.replace(b"{", b'{"type":"webauthn.get",', 1)),
        1,
    ),
    Case(
        "client data with a word that is no JSON",
        spelled(client_data=lambda said: said.replace(b"{", b'{"x":NaN,', 1)),
        1,
    ),
    Case("client data with a byte order mark", spelled(client_data=lambda said: b"\xef\xbb\xbf" + said), 1),
    Case("a signature side by side", spelled(signature=_side_by_side), 1),
    Case("a signature with something behind it", spelled(signature=lambda der: der + b"\0"), 1),
    Case("a signature with a long length", spelled(signature=_with_long_length), 1),
    Case("a signature with one zero more", spelled(signature=_with_one_zero_more), 1),
    Case("a signature of nothing", spelled(signature=lambda _: b"\x30\x06\x02\x01\x00\x02\x01\x00"), 1),
    Case(
        "a token with a key twice", spelled_token(change=lambda said: said.replace(b"{", b'{"sub":"idp|omar",', 1)), 1
    ),
    Case("a token without an algorithm", spelled_token(header=b'{"alg":"none","kid":"one"}'), 1),
    Case("a token by the public key as a secret", spelled_token(header=b'{"alg":"HS256","kid":"one"}'), 1),
    Case("a token that demands more", spelled_token(header=b'{"alg":"RS256","kid":"one","crit":["b64"]}'), 1),
    Case("a token that names no key", spelled_token(header=b'{"alg":"RS256"}'), 1),
    Case("client data that is no JSON", signed_by(SANA, client_data=b"\xff"), 1),
    Case("data of the authenticator too long", signed_by(SANA, data=bytes(38)), 1),
    Case("signed by a key of somebody else", signed_by(SANA, by=Authenticator(name=SANA, algorithm="EdDSA")), 1),
    Case("a device-bound passkey where that is asked", restored(play=under(device_bound=True)), 0),
    Case("a synced passkey where that is refused", signed_by(SANA, play=under(device_bound=True), flags=0x1D), 1),
    Case("token of another provider", token_of(PROVIDER, iss="https://evil.example"), 1),
    Case("token for us and another", token_of(PROVIDER, aud=["strongroom-page", "other"]), 1),
    Case("token for us in a list", token_of(PROVIDER, aud=["strongroom-page"]), 0),
    Case("token that somebody else asked for", token_of(PROVIDER, azp="other"), 1),
    Case("token of another statement", token_of(PROVIDER, nonce="x"), 1),
    Case("token with a float as time", token_of(PROVIDER, auth_time=1e20), 1),
    Case("token with true as time", token_of(PROVIDER, iat=True), 1),
    Case("token without a time of login", token_of(PROVIDER, auth_time=None), 1),
    Case("token that had run out", token_of(PROVIDER, exp=int(START.timestamp())), 1),
    Case("acr as a list", token_of(PROVIDER, acr=["phr"]), 1),
    Case("weak login", token_of(PROVIDER, acr="pwd"), 1),
    Case(
        "amr with the method", token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"]}), amr=["mfa"]), 0
    ),
    Case("amr as a text", token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"]}), amr="mfa"), 1),
    Case(
        "not all that the rules demand",
        token_of(PROVIDER, issuer(assurance={"claim": "amr", "any_of": ["mfa"], "all_of": ["hwk"]}), amr=["mfa"]),
        1,
    ),
    Case("of the tenant", token_of(PROVIDER, issuer(tenant="t1"), tid="t1"), 0),
    Case("of another tenant", token_of(PROVIDER, issuer(tenant="t1"), tid="t2"), 1),
    Case("by another claim as subject", token_of(PROVIDER, issuer(subject_claim="oid"), oid=LENA, sub="pairwise"), 0),
    Case("a number as subject", token_of(PROVIDER, sub=7), 1),
    Case("for one of two clients", token_of(PROVIDER, issuer(client_id=["cli", "strongroom-page"])), 0),
    Case("a token where rules know no provider", token_of(PROVIDER, a_policy_content(issuer=None)), 1),
]
