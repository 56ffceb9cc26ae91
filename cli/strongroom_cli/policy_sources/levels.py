"""A file of backup policies by levels, as `strongroom policy effective` and `attack` take it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from strongroom.domain.backup_policy.documents import Path, PolicyText, json_path
from strongroom.domain.backup_policy.linting.reading import minified_characters
from strongroom_cli.policy_sources.found import Form, Found, FoundPolicy, NoPolicyError
from strongroom_cli.policy_sources.json_lines import JsonLines

LEVELS_SHAPE: Final = '{"levels": [[<policy>, ...], ...]}, root first'


def is_levels(document: Any) -> bool:
    """Whether a document means to hold policies by levels."""
    return isinstance(document, Mapping) and "levels" in document and "plans" not in document


def policies_of_levels(read: PolicyText, *, text: str) -> Found:
    """Every policy of every level, the root first; NoPolicyError at the first place that is no level."""
    levels = tuple(_levels(read, text))
    last_valid = read.document.get("last_valid")
    return Found(policies=tuple(policy for level in levels for policy in level), levels=levels, last_valid=last_valid)


def _levels(read: PolicyText, text: str) -> Iterator[tuple[FoundPolicy, ...]]:
    levels = read.document["levels"]
    if not isinstance(levels, list):
        raise NoPolicyError(f"$.levels: there is no list of levels; write {LEVELS_SHAPE}")
    twice = [path for path in read.duplicates if path[0] != "levels" or len(path) < 4]
    if twice:
        raise NoPolicyError(f"{json_path(twice[0])}: the key stands there twice; keep one")
    for depth, level in enumerate(levels):
        if not isinstance(level, list):
            raise NoPolicyError(f"$.levels[{depth}]: a level is a list: [<policy>, ...]")
        yield tuple(_policy(policy, depth, number, read, text) for number, policy in enumerate(level))


def _policy(policy: Any, depth: int, number: int, read: PolicyText, text: str) -> FoundPolicy:
    place = ("levels", depth, number)
    duplicates = _below(("levels", str(depth), str(number)), read.duplicates)
    held = PolicyText(policy, duplicates, minified_characters(policy))
    return FoundPolicy(text=held, form=Form.HELD, lines=JsonLines(text, below=place), place=place)


def _below(top: Path, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path[len(top) :] for path in paths if path[: len(top)] == top)
