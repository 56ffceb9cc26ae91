"""The files that evidence is judged by, read as they are."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.evidence import bundles, chain
from strongroom.domain.evidence.bundles import MOST_BYTES


class Format(StrEnum):
    """How a bundle is written: sealed by one key, or proven by what people signed."""

    SEALED = chain.FORMAT
    PROVEN = bundles.FORMAT


def read_text(path: Path) -> str:
    """The text of a file, not a character changed; MalformedRequestError for what is none, or larger than any is."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MalformedRequestError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise MalformedRequestError(f"{path} has more than {MOST_BYTES} bytes, and no evidence has")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"{path} cannot be read: it is not UTF-8 text") from error


def format_of(text: str, *, path: Path) -> Format:
    """The format that a bundle says to have."""
    try:
        said: Any = json.loads(text)
    except RecursionError as error:
        raise MalformedRequestError(f"{path}: this is no evidence bundle: it is nested too deeply") from error
    except ValueError as error:
        raise MalformedRequestError(f"{path}: this is no evidence bundle: {error}") from error
    named = said.get("format") if isinstance(said, dict) else None
    if named not in tuple(Format):
        known = " or ".join(repr(each.value) for each in Format)
        raise MalformedRequestError(f"{path}: this is no evidence bundle: its format is not {known}")
    return Format(named)
