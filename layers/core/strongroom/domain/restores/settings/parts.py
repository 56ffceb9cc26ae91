"""The parts of a setting that can differ by themselves: those of two contents that do."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.identifiers import REQUEST_TAG

# What names a resource, or where it is: that of another one is never the same.
_OF_ITS_OWN: Final = frozenset(
    (
        *("Address", "DBInstanceIdentifier", "Endpoint", "FileSystemId", "ImageId", "IpAddress", "LatestStreamArn"),
        *("MountTargetId", "PrivateIpAddress", "ReaderEndpoint", "SourceFileSystemId"),
    )
)
_PAIR: Final = {"name", "value"}
_WHOLE: Final = ""


def differing_parts(was: Any, now: Any) -> dict[str, Any]:
    """Each part that differs, with what is there now; the part without a name is the whole.

    Of names with values each name is a part, and of entries with keys each key; entries are the same where all of
    their keys are, together and in any order.
    """
    parts = _shape(was, now)
    before, after = parts(was), parts(now)
    every = {part: after.get(part) for part in sorted({*before, *after}) if before.get(part) != after.get(part)}
    return {part: content for part, content in every.items() if part != _WHOLE} or every


def are_named(*contents: Any) -> bool:
    """Whether these are names with their values, as tags and parameters are."""
    entries = [each for content in contents if isinstance(content, list) for each in content]
    return _are_entries(contents) and all("name" in each and set(each) <= _PAIR for each in entries)


def _shape(*contents: Any) -> Callable[[Any], dict[str, Any]]:
    if are_named(*contents):
        return _of_names
    if _are_entries(contents):
        return _of_entries
    return _of_keys if all(content is None or isinstance(content, dict) for content in contents) else _of_whole


def _are_entries(contents: Iterable[Any]) -> bool:
    """Whether each is a list of nothing else than entries with keys, or not there, and one is."""
    there = [content for content in contents if content]
    return bool(there) and all(
        isinstance(content, list) and all(isinstance(each, dict) for each in content) for content in there
    )


def _of_names(content: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in content or ():
        if each["name"] != REQUEST_TAG:
            found.setdefault(str(each["name"]), []).append(each.get("value"))
    return {name: _in_order(values) for name, values in found.items()}


def _of_entries(content: Any) -> dict[str, Any]:
    entries = [_of_keys(each) for each in content or ()]
    keys = {key for each in entries for key in each}
    every = {key: _in_order([each[key] for each in entries if key in each]) for key in keys}
    return every | ({_WHOLE: _in_order(entries)} if entries else {})


def _of_keys(content: Any) -> dict[str, Any]:
    own = {key: each for key, each in (content or {}).items() if key.rpartition("/")[2] not in _OF_ITS_OWN}
    return {key: _in_order(each) for key, each in own.items() if each not in (None, "", [], {})}


def _of_whole(content: Any) -> dict[str, Any]:
    return {} if content in (None, "", [], {}) else {_WHOLE: _in_order(content)}


def _in_order(content: Any) -> Any:
    return sorted(content, key=canonical_text) if isinstance(content, list) else content
