"""The settings of a resource as they were read: no data, no secret, and never more than fits."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.restores.kinds.secret_names import tells_secret
from strongroom.domain.restores.settings.reading import Reading

MOST_CHARACTERS: Final = 60_000
"""Of the settings of one note, in their canonical form; the longest are left out of one that would be longer."""
_LONGEST_TEXT: Final = 4_096


class SettingsNote(Struct, frozen=True, kw_only=True):
    """What was set on a resource, by the names of the table of readings.

    `unread` says of what nobody knows why; `secrets` are the paths of what was left out because its name tells of one.
    """

    resource: str
    settings: Mapping[str, Any]
    unread: Mapping[str, str]
    secrets: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """Its canonical form."""
        said = {"resource": self.resource, "settings": self.settings, "unread": self.unread}
        return canonical_text(said | {"secrets": list(self.secrets)})

    @property
    def digest(self) -> str:
        """The same for the same settings: why something could not be read is not one."""
        said = {"resource": self.resource, "settings": self.settings, "unread": sorted(self.unread)}
        return digest_of(canonical_text(said | {"secrets": list(self.secrets)}))


class KeptNote(Struct, frozen=True, kw_only=True):
    """A note, since when the settings are so, and when they were last read."""

    note: SettingsNote
    since: datetime
    read_at: datetime


def make_note(resource: str, *, read: Mapping[str, Any], unread: Mapping[str, str]) -> SettingsNote:
    """The note of what was read of a resource, without secrets and within its bounds."""
    left_out: list[str] = []
    settings, refused = {}, dict(unread)
    for what in sorted(read):
        cleaned = _cleaned(read[what], path=what, left_out=left_out)
        try:
            canonical_text(cleaned)
        except MalformedRecordError as error:
            refused[what] = f"it cannot be written down: {error}"
            continue
        settings[what] = cleaned
    while _size(settings) > MOST_CHARACTERS:
        longest = max(settings, key=lambda what: _size(settings[what]))
        refused[longest] = f"it is {_size(settings.pop(longest))} characters long, and the note would be too long"
    return SettingsNote(resource=resource, settings=settings, unread=refused, secrets=tuple(sorted(left_out)))


def with_what_was_known(note: SettingsNote, *, known: KeptNote) -> SettingsNote:
    """The note with what could be read before, where that cannot be read any more: a refusal forgets nothing."""
    kept = {what: value for what, value in known.note.settings.items() if what in note.unread}
    since = known.read_at.date().isoformat()
    reasons = {what: f"it is as it was read by {since} at the latest: {note.unread[what]}" for what in kept}
    return SettingsNote(
        resource=note.resource,
        settings={**note.settings, **kept},
        unread={**note.unread, **reasons},
        secrets=tuple(sorted({*note.secrets, *known.note.secrets})) if kept else note.secrets,
    )


def read_note(content: str) -> SettingsNote:
    """The note of that canonical form; MalformedRecordError of any other text."""
    try:
        said = json.loads(content)
        resource, settings, unread, secrets = (said[key] for key in ("resource", "settings", "unread", "secrets"))
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError(f"this is no note of settings: {error}") from error
    is_one = isinstance(settings, dict) and isinstance(unread, dict) and isinstance(secrets, list)
    if not is_one or not all(isinstance(each, str) for each in (resource, *unread.values(), *secrets)):
        raise MalformedRecordError("this is no note of settings: it has not the shape of one")
    return SettingsNote(resource=resource, settings=settings, unread=unread, secrets=tuple(secrets))


def kept_of(reading: Reading, answer: Any) -> Any:
    """What is kept of an answer; None where nothing of it is set."""
    found = at_path(answer, reading.at)
    if reading.is_policy and isinstance(found, str):
        found = _policy(found)
    if reading.pairs is not None:
        found = _pairs(found, *reading.pairs)
    elif isinstance(found, list):
        found = sorted((_picked(each, reading) for each in found), key=str)
    elif isinstance(found, dict):
        found = _picked(found, reading)
    return found or None


def texts_at(settings: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The texts of a setting, by its name and, behind a colon, the key under which they were kept."""
    what, _, key = path.partition(":")
    found = settings.get(what) or {}
    value = found.get(key) if isinstance(found, dict) else found
    if key and isinstance(found, list):
        value = [each[key] for each in found if isinstance(each, dict) and each.get(key)]
    return tuple(str(each) for each in (value if isinstance(value, list) else [value]) if each)


def at_path(content: Any, path: str) -> Any:
    """What lies under the keys of a path; of a list each, or one, where the path says its number."""
    for key in path.split("/") if path else ():
        if isinstance(content, dict):
            content = content.get(key)
        elif isinstance(content, list) and key.isdigit():
            content = content[int(key)] if int(key) < len(content) else None
        elif isinstance(content, list):
            found = (each[key] for each in content if isinstance(each, dict) and each.get(key) is not None)
            content = sorted(found, key=str)
        else:
            return None
    return content


def _picked(content: Any, reading: Reading) -> Any:
    if reading.keeps and isinstance(content, dict):
        found = ((path, at_path(content, path)) for path in reading.keeps)
        content = {path: value for path, value in found if value not in (None, "", [], {})}
    return _without(content, reading.drops)


def _without(content: Any, drops: tuple[str, ...]) -> Any:
    match content:
        case dict():
            return {key: _without(each, drops) for key, each in content.items() if key not in drops}
        case list() | tuple():
            return [_without(each, drops) for each in content]
        case _:
            return content


def _pairs(found: Any, name: str, value: str) -> list[dict[str, str]]:
    """Names with their values, without those that AWS keeps for itself."""
    named = sorted((str(each[name]), str(each[value])) for each in found or () if each.get(value) is not None)
    return [{"name": said, "value": value} for said, value in named if not said.startswith("aws:")]


def _policy(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _cleaned(content: Any, *, path: str, left_out: list[str]) -> Any:
    """The content in plain types and without secrets, whose paths are added to what was left out."""
    match content:
        case {"name": str(name), "value": str(value), **others} if not others and tells_secret(name, value):
            left_out.append(f"{path}.{name}")
            return {"name": name}
        case dict():
            return dict(_cleaned_entries(content, path=path, left_out=left_out))
        case list() | tuple():
            return [_cleaned(each, path=path, left_out=left_out) for each in content]
        case bool() | int() | None:
            return content
        case float():
            return int(content) if content.is_integer() else repr(content)
        case datetime():
            return content.isoformat()
        case _:
            return str(content)[:_LONGEST_TEXT]


def _cleaned_entries(content: Mapping[Any, Any], *, path: str, left_out: list[str]) -> Iterator[tuple[str, Any]]:
    for key, each in content.items():
        if tells_secret(str(key), str(each).lower()):
            left_out.append(f"{path}.{key}")
        else:
            yield str(key), _cleaned(each, path=f"{path}.{key}", left_out=left_out)


def _size(settings: Any) -> int:
    return len(canonical_text(settings))
