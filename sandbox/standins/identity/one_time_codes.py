"""Time-based one-time codes (RFC 6238), as an authenticator app shows them."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

STEP_SECONDS = 30
_DIGITS = 6
_NEIGHBOURS = (0, -1, 1)


def new_seed() -> str:
    """Return a random base32 seed, as an authenticator app takes it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(seed: str, now: datetime) -> str:
    """Return the six digits that belong to this moment."""
    return _code(seed, _step(now))


def is_code_valid(seed: str, code: str, *, now: datetime) -> bool:
    """Tell whether the code belongs to this moment, or to the step before or after it."""
    expected = (_code(seed, _step(now) + offset) for offset in _NEIGHBOURS)
    return any(hmac.compare_digest(candidate.encode(), code.encode()) for candidate in expected)


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def _code(seed: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(seed), step.to_bytes(8), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"
