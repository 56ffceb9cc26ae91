"""Signed notes: a text, and who signed it, line by line.

Sources: c2sp.org/signed-note and c2sp.org/tlog-cosignature. Only Ed25519: 0x01 as a log signs, 0x04 as a witness does.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRecordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.proofs.signatures import SignatureCheck

    # The 64 bytes of an Ed25519 signature over the message (RFC 8032).
    type Sign = Callable[[bytes], bytes]

LOG_TYPE: Final = 0x01
WITNESS_TYPE: Final = 0x04
_DASH: Final = "\N{EM DASH} "
_ID_BYTES, _SIGNATURE_BYTES, _TIME_BYTES, _KEY_BYTES = 4, 64, 8, 32
_LAST_SECOND: Final = 253_402_300_799
_NAME: Final = re.compile(r"[^\s+\x00-\x1f]+")
_KEY: Final = re.compile(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
# SubjectPublicKeyInfo of Ed25519 but for the key itself (RFC 8410, section 4).
ED25519_SPKI: Final = bytes.fromhex("302a300506032b6570032100")


class NoteKey(Struct, frozen=True):
    """Somebody's public key: `type` says what they sign, `public_key` is Ed25519's 32 bytes."""

    name: str
    type: int
    public_key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature of the key."""
        described = f"{self.name}\n".encode() + bytes([self.type]) + self.public_key
        return hashlib.sha256(described).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as it is handed around, `name+hash+key`."""
        encoded = base64.b64encode(bytes([self.type]) + self.public_key).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


class SignatureLine(Struct, frozen=True):
    """What stands under a note: a name, four bytes that tell the key, and the rest."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def witnessed_at(self) -> datetime | None:
        """When the text was seen, by the word of a witness's signature; None for any other."""
        if len(self.signature) != _TIME_BYTES + _SIGNATURE_BYTES:
            return None
        seconds = int.from_bytes(self.signature[:_TIME_BYTES])
        return datetime.fromtimestamp(seconds, tz=UTC) if seconds <= _LAST_SECOND else None


class Note(Struct, frozen=True):
    """A text that ends its last line, and the signatures under it."""

    text: str
    lines: tuple[SignatureLine, ...]


def read_note_key(text: str) -> NoteKey:
    """The key of `name+hash+key`; MalformedRecordError for anything else, also where the hash is another key's."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        raise MalformedRecordError("a key of a log is written name+hash+key")
    described = base64_of(parts[3], of="a key of a log")
    key = NoteKey(name=parts[1], type=described[0], public_key=described[1:])
    if key.type not in (LOG_TYPE, WITNESS_TYPE) or len(key.public_key) != _KEY_BYTES:
        raise MalformedRecordError("a key of a log is Ed25519, of the type 1 or 4")
    if key.id.hex() != parts[2]:
        raise MalformedRecordError("the hash in a key of a log is not the key's own")
    return key


def read_note(text: str) -> Note:
    """The note; MalformedRecordError where signatures are missing or not written as they must be."""
    body, _, signatures = text.rpartition("\n\n")
    if not body or not signatures.endswith("\n"):
        raise MalformedRecordError("a note is a text, an empty line, and signatures")
    return Note(text=f"{body}\n", lines=tuple(_line(line) for line in signatures[:-1].split("\n")))


def note_text(note: Note) -> str:
    """The note as it is kept."""
    lines = (f"{_DASH}{line.name} {base64.b64encode(line.key_id + line.signature).decode()}\n" for line in note.lines)
    return f"{note.text}\n{''.join(lines)}"


def sign_as_log(text: str, *, key: NoteKey, sign: Sign) -> SignatureLine:
    """The log's signature under the text."""
    return SignatureLine(name=key.name, key_id=key.id, signature=sign(text.encode()))


def sign_as_witness(text: str, *, key: NoteKey, sign: Sign, at: datetime) -> SignatureLine:
    """The witness's signature under the text, which says that it was seen `at` that second."""
    seconds = int(at.timestamp())
    signature = sign(_cosigned(text, seconds=seconds))
    return SignatureLine(name=key.name, key_id=key.id, signature=seconds.to_bytes(_TIME_BYTES) + signature)


def is_by(line: SignatureLine, key: NoteKey) -> bool:
    """Whether the line says that it is by that key: by its name, and the key's four bytes."""
    return (line.name, line.key_id) == (key.name, key.id)


def is_signed(note: Note, line: SignatureLine, *, key: NoteKey, signatures: SignatureCheck) -> bool:
    """Whether the line is the key's signature under the note's text."""
    message, signature = note.text.encode(), line.signature
    if key.type == WITNESS_TYPE:
        if line.witnessed_at is None:
            return False
        message = _cosigned(note.text, seconds=int.from_bytes(signature[:_TIME_BYTES]))
        signature = signature[_TIME_BYTES:]
    return len(signature) == _SIGNATURE_BYTES and signatures.by_key(
        signature, message, public_key=ED25519_SPKI + key.public_key, algorithm="EdDSA"
    )


def base64_of(text: str, *, of: str) -> bytes:
    """The bytes of a text in base64 with padding (RFC 4648, section 4), in its one spelling."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedRecordError(f"{of} is not base64") from error
    if not content or base64.b64encode(content).decode() != text:
        raise MalformedRecordError(f"{of} is not the one spelling of its bytes")
    return content


def _line(line: str) -> SignatureLine:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator or _NAME.fullmatch(name) is None:
        raise MalformedRecordError("a signature under a note is a dash, a name and base64")
    signed = base64_of(encoded, of="a signature under a note")
    if len(signed) <= _ID_BYTES:
        raise MalformedRecordError("a signature under a note is too short")
    return SignatureLine(name=name, key_id=signed[:_ID_BYTES], signature=signed[_ID_BYTES:])


def _cosigned(text: str, *, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
