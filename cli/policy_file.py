"""Reading the policy files that `strongroom policy` is given, ours or a stranger's."""

from pathlib import Path
from typing import Final

from strongroom.domain.backup_policy.documents import (
    PolicyKind,
    PolicyText,
    PolicyUnreadableError,
    kind_of,
    parse_policy,
)
from strongroom.domain.errors import StrongroomError

MOST_CHARACTERS: Final = 5_000_000


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
        raise PolicyFileError(f'{where}: this is a {kind}; a backup policy has the root key "plans"')
