"""`strongroom evidence verify`: check a bundle offline, without trusting whoever handed it over."""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.evidence import (
    ALGORITHM,
    FORMAT,
    EvidenceEntry,
    EvidenceSeal,
    find_break,
    head_message,
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("evidence", help="check the evidence of a restore")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    verify = verbs.add_parser("verify", help="check chain, digests and signature; exit 1 names the first broken link")
    verify.add_argument("bundle", type=Path, help="a file saved by `strongroom restore show ID --evidence FILE`")
    verify.add_argument("--public-key", type=Path, metavar="PEM", help="the key that must have signed it")
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    stream, entries, seal = _read(arguments.bundle)
    trusted = _text(arguments.public_key) if arguments.public_key else ""
    broken = find_break(entries, stream=stream) or _seal_break(stream, entries, seal, trusted=trusted)
    if broken:
        print(f"{arguments.bundle}: broken at {broken}", file=sys.stderr)
        return 1
    key = "the given key" if trusted else f"the key in the bundle, SHA-256 {_fingerprint(seal)}"
    print(f"{arguments.bundle}: {len(entries)} entries of {stream} hold, signed by {key}.")
    if not trusted:
        print("To be sure whose key that is, say --public-key with the key from the key service.")
    return 0


def _read(path: Path) -> tuple[str, tuple[EvidenceEntry, ...], EvidenceSeal | None]:
    try:
        bundle: dict[str, Any] = json.loads(_text(path))
        if bundle["format"] != FORMAT:
            raise MalformedRequestError(f"{path}: the format is {bundle['format']!r}, not {FORMAT!r}")
        entries = tuple(EvidenceEntry(**entry) for entry in bundle["entries"])
        seal = EvidenceSeal(**bundle["seal"]) if bundle["seal"] else None
        return str(bundle["stream"]), entries, seal
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRequestError(f"{path}: this is no evidence bundle: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedRequestError(f"{path} cannot be read: {error}") from error


def _seal_break(stream: str, entries: tuple[EvidenceEntry, ...], seal: EvidenceSeal | None, *, trusted: str) -> str:
    head = entries[-1]
    if seal is None:
        return "the seal: there is none; the ceremony has not ended"
    if seal.number != head.number or seal.digest != head.digest:
        return f"the seal: it is over entry {seal.number}, the last entry is {head.number}, or their hashes differ"
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
    if not isinstance(key, EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _fingerprint(seal: EvidenceSeal | None) -> str:
    lines = (seal.public_key if seal else "").splitlines()
    return hashlib.sha256(base64.b64decode("".join(lines[1:-1]))).hexdigest()[:16]
