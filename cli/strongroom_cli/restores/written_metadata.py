"""Restore metadata in a file, as a person wrote them for a type that is restored by hand."""

from pathlib import Path

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json


def read_written(path: Path) -> dict[str, str]:
    """The metadata, letter by letter; MalformedRequestError where the file is no mapping of texts, each key once."""
    try:
        said = read_json(path.read_text(encoding="utf-8"))
    except (UnreadableError, UnicodeDecodeError) as error:
        raise MalformedRequestError(f"{path} holds no metadata that everybody reads alike: {error}") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise MalformedRequestError(f'{path} must hold a mapping of texts in JSON, as {{"VMName": "orders"}}')
    return said
