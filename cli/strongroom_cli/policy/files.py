"""Reading the policy files that `strongroom policy` is given, ours or a stranger's."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from strongroom.domain.backup_policy.documents import (
    PolicyKind,
    PolicyText,
    PolicyUnreadableError,
    json_path,
    kind_of,
    parse_policy,
)
from strongroom.domain.backup_policy.operator_syntax import SyntaxMistake, operator_mistakes
from strongroom.domain.errors import StrongroomError

LEVELS_SHAPE: Final = '{"levels": [[<policy>, ...], ...]}, root first'
MOST_CHARACTERS: Final = 5_000_000

_BYTE_ORDER_MARK: Final = "\ufeff"

type Where = tuple[str | int, ...]


class PolicyFileError(StrongroomError):
    """A policy file cannot be used; the message names the file, the place and what would be right."""


def read_json_file(path: Path) -> PolicyText:
    """The JSON document in a file; PolicyFileError when there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as failure:
        raise PolicyFileError(f"{path}: it is not UTF-8 text") from failure
    except OSError as failure:
        raise PolicyFileError(f"{path}: the file cannot be read: {failure.strerror}") from failure
    if text.startswith(_BYTE_ORDER_MARK):
        raise PolicyFileError(f"{path}: it begins with a byte order mark, which is not JSON; save it as UTF-8 without")
    if len(text) > MOST_CHARACTERS:
        raise PolicyFileError(f"{path}: {len(text)} characters are more than the {MOST_CHARACTERS} that are read")
    try:
        return parse_policy(text)
    except PolicyUnreadableError as failure:
        raise PolicyFileError(f"{path}: {failure}") from failure


def read_policy_file(path: Path) -> PolicyText:
    """The backup policy in a file; PolicyFileError when it is a policy of another type."""
    parsed = read_json_file(path)
    refuse_other_kinds(parsed.document, where=str(path))
    return parsed


def refuse_other_kinds(document: object, *, where: str) -> None:
    """PolicyFileError unless the document is a backup policy; `where` names its place."""
    if not isinstance(document, dict):
        raise PolicyFileError(f'{where}: a backup policy is a JSON object with the key "plans"')
    kind = kind_of(document)
    if kind is not PolicyKind.BACKUP:
        article = "an" if kind[0] in "AEIOU" else "a"
        raise PolicyFileError(f'{where}: this is {article} {kind}; a backup policy has the root key "plans"')


def levels_in(parsed: PolicyText, file: Path) -> list[list[dict[str, Any]]]:
    """The levels of a levels file; PolicyFileError at the first place where they cannot be merged."""
    _refuse_duplicates(parsed, file, place=_place_in_levels)
    levels = parsed.document.get("levels") if isinstance(parsed.document, dict) else None
    if not isinstance(levels, list):
        raise PolicyFileError(f"{file}: $.levels: there is no list of levels; write {LEVELS_SHAPE}")
    for depth, level in enumerate(levels):
        if not isinstance(level, list):
            raise PolicyFileError(f"{file}: $.levels[{depth}]: a level is a list: [<policy>, ...]")
        for number, document in enumerate(level):
            _refuse_unmergeable(document, file, ("levels", depth, number))
    return levels


def policy_in(parsed: PolicyText, file: Path) -> dict[str, Any]:
    """The backup policy that is all of a file; PolicyFileError at the first place where it cannot be merged."""
    _refuse_duplicates(parsed, file, place=json_path)
    _refuse_unmergeable(parsed.document, file, ())
    policy: dict[str, Any] = parsed.document
    return policy


def refuse_mistakes(mistakes: Iterable[SyntaxMistake], file: Path, where: Where) -> None:
    """PolicyFileError with the first mistake of the document at `where`."""
    for mistake in mistakes:
        raise PolicyFileError(f"{file}: {json_path((*where, *mistake.path))}: {mistake.message}")


def _refuse_unmergeable(document: Any, file: Path, where: Where) -> None:
    refuse_other_kinds(document, where=f"{file}: {json_path(where)}")
    refuse_mistakes(operator_mistakes(document), file, where)


def _refuse_duplicates(parsed: PolicyText, file: Path, *, place: Callable[[tuple[str, ...]], str]) -> None:
    for path in parsed.duplicates:
        raise PolicyFileError(f"{file}: {place(path)}: the key stands there twice; AWS refuses that, so keep one")


def _place_in_levels(path: tuple[str, ...]) -> str:
    if path[0] != "levels":
        return json_path(path)
    # The places in the lists of levels and policies are numbers, which the path of a duplicate holds as text.
    return json_path(
        ("levels", *(int(step) if len(step) < 9 and step.isdecimal() else step for step in path[1:3]), *path[3:])
    )
