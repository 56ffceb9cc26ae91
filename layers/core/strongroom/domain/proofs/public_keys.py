"""Whether bytes are a public key as passkeys have them: SubjectPublicKeyInfo in DER, of the algorithm's own kind.

Sources: RFC 5280, section 4.1; RFC 5480 (P-256), RFC 8410 (Ed25519), RFC 8017, appendix A.1 (RSA).
"""

from typing import Final

_P256: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_P256_LENGTH: Final = len(_P256) + 64
_ED25519: Final = bytes.fromhex("302a300506032b6570032100")
_ED25519_LENGTH: Final = len(_ED25519) + 32
_RSA: Final = bytes.fromhex("300d06092a864886f70d0101010500")
_SEQUENCE, _INTEGER, _BITS = 0x30, 0x02, 0x03
_NO_BIT_UNUSED: Final = b"\0"
_LEAST_RSA_BITS: Final = 2048
_LEAST_EXPONENT: Final = 65_537
_LONG: Final = 0x80
_MOST_LENGTH_BYTES: Final = 2


def why_no_key(public_key: bytes, *, algorithm: str) -> str:
    """Why the bytes are no key of that algorithm, ES256, EdDSA or RS256; empty if they are one."""
    match algorithm:
        case "ES256":
            is_key = public_key.startswith(_P256) and len(public_key) == _P256_LENGTH
            return "" if is_key else "it is no uncompressed point on P-256"
        case "EdDSA":
            is_key = public_key.startswith(_ED25519) and len(public_key) == _ED25519_LENGTH
            return "" if is_key else "it is no key of Ed25519"
        case "RS256":
            return _why_no_rsa_key(public_key)
        case _:
            return f"nothing signs here by {algorithm}"


def _why_no_rsa_key(public_key: bytes) -> str:
    try:
        inner = _whole(public_key, kind=_SEQUENCE)
        if not inner.startswith(_RSA):
            return "it is no RSA key"
        bits = _whole(inner[len(_RSA) :], kind=_BITS)
        if not bits.startswith(_NO_BIT_UNUSED):
            return "it is no RSA key"
        modulus, rest = _part(_whole(bits[1:], kind=_SEQUENCE), kind=_INTEGER)
        exponent = _whole(rest, kind=_INTEGER)
    except ValueError:
        return "it is no RSA key"
    if int.from_bytes(modulus).bit_length() < _LEAST_RSA_BITS:
        return f"an RSA key has {_LEAST_RSA_BITS} bits or more"
    number = int.from_bytes(exponent)
    return "" if number >= _LEAST_EXPONENT and number % 2 else f"its exponent is not odd and at least {_LEAST_EXPONENT}"


def _whole(content: bytes, *, kind: int) -> bytes:
    """The value of the one element that the content is."""
    value, rest = _part(content, kind=kind)
    if rest:
        raise ValueError("something follows")
    return value


def _part(content: bytes, *, kind: int) -> tuple[bytes, bytes]:
    """The value of the element that the content begins with, and what follows it (X.690, section 8.1)."""
    if len(content) < 2 or content[0] != kind:
        raise ValueError("another element")
    length, start = content[1], 2
    if length & _LONG:
        count = length & ~_LONG
        if not 1 <= count <= _MOST_LENGTH_BYTES:
            raise ValueError("a length that no key has")
        start += count
        length = int.from_bytes(content[2:start])
        if length < _LONG or not content[2]:
            raise ValueError("a length that is not the shortest way to write it")
    if len(content) < start + length:
        raise ValueError("cut off")
    return content[start : start + length], content[start + length :]
