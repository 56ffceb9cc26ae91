"""Reading what somebody else wrote down: exactly the keys that belong there, each of its own type and form."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from strongroom.domain.errors import MalformedRecordError

_MOMENT_FORM: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"

# Any reader can follow that far, in whatever language.
_DEEPEST: Final = 100

type Record = Mapping[str, Any]


def record_of(content: Any, *, needed: tuple[str, ...], known: tuple[str, ...] = ()) -> Record:
    """The content as a record with all the needed keys, and none but those and the known ones."""
    if not isinstance(content, dict):
        raise MalformedRecordError("a record is expected")
    for name in needed:
        if name not in content:
            raise MalformedRecordError(f"{name} is missing")
    for name in content:
        if name not in needed and name not in known:
            raise MalformedRecordError(f"{name[:40]} does not belong here")
    return content


def text_of(content: Any, *, of: str) -> str:
    """The content as a text that is not empty."""
    if not isinstance(content, str) or not content:
        raise MalformedRecordError(f"{of} is not a text")
    return content


def texts_of(content: Any, *, of: str) -> tuple[str, ...]:
    """The content, a list of texts that are not empty."""
    if not isinstance(content, list):
        raise MalformedRecordError(f"{of} is not a list")
    return tuple(text_of(each, of=of) for each in content)


def count_of(content: Any, *, of: str, least: int = 0) -> int:
    """The content as an integer; a boolean is none."""
    if not isinstance(content, int) or isinstance(content, bool) or content < least:
        raise MalformedRecordError(f"{of} is not a number of at least {least}")
    return content


def moment_of(content: Any, *, of: str) -> datetime:
    """The content as a moment in UTC and whole seconds, `2026-11-26T14:00:00Z`."""
    text = text_of(content, of=of)
    if re.fullmatch(_MOMENT_FORM, text) is None:
        raise MalformedRecordError(f"{of} is not a moment like 2026-11-26T14:00:00Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedRecordError(f"{of} is not a moment like 2026-11-26T14:00:00Z") from error


def moment_text(moment: datetime) -> str:
    """The moment as `moment_of` reads it; what is below a second is cut off."""
    # Not by strftime, which writes the year 999 in three digits.
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def bytes_of(content: Any, *, of: str) -> bytes:
    """The bytes of a text in base64url without padding (RFC 4648, section 5), in its one spelling."""
    text = text_of(content, of=of)
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise MalformedRecordError(f"{of} is not base64url") from error
    # The decoder also takes `+`, `/`, padding and bits beyond the last byte.
    if base64url(decoded) != text:
        raise MalformedRecordError(f"{of} is not the one spelling of its bytes")
    return decoded


def json_of(content: bytes, *, of: str) -> Any:
    """What the bytes say in JSON (RFC 8259), if they say no key twice, no number that is none, and nothing too deep."""
    try:
        said = json.loads(content.decode(), object_pairs_hook=_said_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError(f"{of} is not JSON that says everything once") from error
    if _is_deeper(said, than=_DEEPEST):
        raise MalformedRecordError(f"{of} is not JSON that says everything once")
    return said


def base64url(content: bytes) -> str:
    """The bytes in base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().replace("=", "")


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key is said twice")
    return content


def _is_deeper(content: Any, *, than: int) -> bool:
    """Whether more lists and records lie within each other than that."""
    if not isinstance(content, list | dict):
        return False
    held = content.values() if isinstance(content, dict) else content
    return than == 0 or any(_is_deeper(each, than=than - 1) for each in held)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
