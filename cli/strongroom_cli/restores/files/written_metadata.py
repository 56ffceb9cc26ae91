"""Restore metadata in a file, as a person wrote them for a type that is restored by hand."""

from pathlib import Path
from typing import Any

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json, write_json


def read_written(path: Path) -> dict[str, str]:
    """The metadata, letter by letter; MalformedRequestError where the file is no mapping of texts, each key once."""
    said = _read(path)
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise MalformedRequestError(f'{path} must hold a mapping of texts in JSON, as {{"VMName": "orders"}}')
    return said


def read_parameters(path: Path) -> dict[str, str]:
    """The parameters of a call as its service takes them, what is no text in JSON; MalformedRequestError as above."""
    said = _read(path)
    if not isinstance(said, dict):
        raise MalformedRequestError(f'{path} must hold a mapping in JSON, as {{"SubnetIds": ["subnet-1"]}}')
    return {name: value if isinstance(value, str) else write_json(value) for name, value in said.items()}


def _read(path: Path) -> Any:
    try:
        return read_json(path.read_text(encoding="utf-8"))
    except (UnreadableError, UnicodeDecodeError) as error:
        raise MalformedRequestError(f"{path} holds no metadata that everybody reads alike: {error}") from error
