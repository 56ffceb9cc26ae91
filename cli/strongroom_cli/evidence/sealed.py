"""A bundle of `strongroom-evidence/1`: a chain that was sealed by one key when it ended."""

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from strongroom.domain.errors import MalformedRecordError, MalformedRequestError
from strongroom.domain.evidence.chain import (
    ALGORITHM,
    EvidenceEntry,
    EvidenceSeal,
    find_break,
    find_disorder,
    head_message,
)
from strongroom.domain.evidence.findings import Finding, FindingState
from strongroom.domain.values import field_names
from strongroom.domain.written import text_of
from strongroom_cli.evidence.files import read_text

_CURVE = "secp256r1"
_PARTS = ("entries", "seal", "stream")


def judge_sealed(text: str, *, path: Path, trust: Path | None, public_key: Path | None) -> tuple[Finding, str]:
    """What the bundle comes to, which is at best whole: a seal shows who kept the chain, and not what people said.

    A trust file plays no part: it knows none of the keys that sealed.
    """
    del trust
    trusted = _key_text(public_key) if public_key else ""
    stream, entries, seal = _read(text, path=path)
    broken = (
        find_break(entries, stream=stream)
        or _seal_break(stream, entries, seal, trusted=trusted)
        or find_disorder(entries, stream=stream)
    )
    if broken:
        return Finding(state=FindingState.BROKEN, broken=broken), ""
    key = "the given key" if trusted else f"the key in the bundle, SHA-256 {_fingerprint(seal)}"
    whose = "" if trusted else " To be sure whose key that is, say --public-key with the key from the key service."
    finding = Finding(
        state=FindingState.UNVOUCHED,
        request=stream.removeprefix("restore-"),
        outcome=entries[-1].facts.get("outcome", ""),
        stated=tuple(f"{entry.at} {entry.kind.replace('-', ' ')}" for entry in entries),
    )
    return finding, f"{len(entries)} entries of {stream} hold, from request to close, signed by {key}.{whose}"


def _key_text(path: Path) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = read_text(path)
    try:
        load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise MalformedRequestError(
            f"{path}: this is no public key as PEM, by which such a bundle is signed"
        ) from error
    return text


def _read(text: str, *, path: Path) -> tuple[str, tuple[EvidenceEntry, ...], EvidenceSeal | None]:
    try:
        bundle: dict[str, Any] = json.loads(text, object_pairs_hook=_said_once)
        _demand_parts(bundle)
        entries = tuple(_typed(entry, EvidenceEntry, of="an entry") for entry in _listed(bundle["entries"]))
        seal = None if bundle["seal"] is None else _typed(bundle["seal"], EvidenceSeal, of="a seal")
        return text_of(bundle["stream"], of="stream"), entries, seal
    except (ValueError, MalformedRecordError) as error:
        raise MalformedRequestError(f"{path}: this is no evidence bundle: {error}") from error


def _demand_parts(bundle: dict[str, Any]) -> None:
    if lacking := [name for name in _PARTS if name not in bundle]:
        raise MalformedRecordError(f"{lacking[0]} is missing")


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ: one that says a key twice shows one reader this and another one that."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError(f"an object says a key twice, among {', '.join(content)}")
    return content


def _listed(content: Any) -> list[Any]:
    if not isinstance(content, list):
        raise MalformedRecordError("entries is not a list")
    return content


def _typed[Part](content: Any, kind: type[Part], *, of: str) -> Part:
    """The part with exactly its own keys, each of its own type; `of` is what it is called."""
    if not isinstance(content, dict):
        raise MalformedRecordError(f"{of} is not a record")
    if strangers := set(content) - set(field_names(kind)):
        raise MalformedRecordError(f"{of} has no {', '.join(sorted(strangers))}")
    return msgspec.convert(content, kind)


def _seal_break(stream: str, entries: tuple[EvidenceEntry, ...], seal: EvidenceSeal | None, *, trusted: str) -> str:
    head = entries[-1]
    if seal is None:
        return "the seal: there is none; the ceremony has not ended"
    if seal.number != head.number:
        what = "the tail is missing" if seal.number > head.number else "what follows was added later"
        return f"the seal: it is over {seal.number} entries, and there are {head.number}; {what}"
    if seal.digest != head.digest:
        return f"the seal: its hash is not that of the last entry, {head.number}"
    if seal.algorithm != ALGORITHM:
        return f"the seal: the algorithm is {seal.algorithm!r}, not {ALGORITHM}"
    message = head_message(stream=stream, number=seal.number, digest=seal.digest)
    return "" if _is_signed(message, seal, trusted or seal.public_key) else "the seal: the signature is not good"


def _is_signed(message: bytes, seal: EvidenceSeal, public_key: str) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(public_key.encode())
        signature = base64.b64decode(seal.signature, validate=True)
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        return False
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != _CURVE:
        return False
    try:
        key.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _fingerprint(seal: EvidenceSeal | None) -> str:
    """Of the key that the signature was checked with, and never of the text that it stood in."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    key = load_pem_public_key((seal.public_key if seal else "").encode())
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()[:16]
