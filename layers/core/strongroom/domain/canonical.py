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
# Any reader can follow that far, in whatever language.
_DEEPEST: Final = 100


def canonical_text(content: Any) -> str:
    """The canonical text of texts, integers, booleans, None, lists and mappings; else MalformedRecordError."""
    try:
        text = _ENCODER.encode(_plain(content, depth=0))
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedRecordError("the content holds half of a character") from error
    return text


def read_canonical(text: str) -> Any:
    """The content of a canonical text; MalformedRecordError for any other text, also one that says a key twice."""
    try:
        content = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError(f"this is no JSON as it is written here: {error}") from error
    # A key said twice is gone from the content, so that the text differs, too.
    if canonical_text(content) != text:
        raise MalformedRecordError("the text is not the canonical form of what it says")
    return content


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits; of one that is no Unicode, too, so that it can be named."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _plain(content: Any, *, depth: int) -> Any:
    """The content in plain types; `depth` is how many lists and mappings lie around it."""
    match content:
        case str():
            # `str(...)` because an enumeration's member is written by its value.
            return unicodedata.normalize("NFC", str(content))
        case None | bool():
            return content
        case int() if -_INTEGERS < content < _INTEGERS:
            return int(content)
        case dict() | list() | tuple() if depth == _DEEPEST:
            raise MalformedRecordError(f"the content is nested deeper than {_DEEPEST} times")
        case dict():
            return {_key(name): _plain(each, depth=depth + 1) for name, each in content.items()}
        case list() | tuple():
            return [_plain(each, depth=depth + 1) for each in content]
        case _:
            raise MalformedRecordError(f"canonical JSON holds no {type(content).__name__} like this one")


def _key(name: Any) -> str:
    if not isinstance(name, str) or not name.isascii():
        raise MalformedRecordError("a key is not ASCII text")
    return str(name)


def _refuse_number(number: str) -> Any:
    raise ValueError(f"{number[:40]} is not an integer")


# Made once: a text is read and written many times in each judging.
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_DECODER: Final = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
