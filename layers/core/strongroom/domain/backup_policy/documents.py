"""Reading a policy document, ours or a stranger's, without losing what is wrong with it.

Source: AWS Organizations User Guide, "Backup policy syntax and examples".
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.errors import StrongroomError

ASSIGN: Final = "@@assign"
APPEND: Final = "@@append"
REMOVE: Final = "@@remove"
CHILD_CONTROL: Final = "@@operators_allowed_for_child_policies"
ALL: Final = "@@all"
NONE: Final = "@@none"
VALUE_OPERATORS: Final = (ASSIGN, APPEND, REMOVE)
OPERATORS: Final = (*VALUE_OPERATORS, CHILD_CONTROL)

_PLAIN_STEP: Final = r"@?@?[A-Za-z0-9_$-]+"
_DIGITS: Final = 4_000  # Python refuses to convert longer numbers, and no policy needs them

type Path = tuple[str, ...]
type Document = Mapping[str, Any]


class PolicyUnreadableError(StrongroomError):
    """The text is no JSON document that a policy could be."""


class PolicyKind(StrEnum):
    """What sort of policy a document is, by its root keys."""

    BACKUP = "backup policy"
    PERMISSIONS = "service control policy or other IAM document"
    TAG = "tag policy"
    AI_OPT_OUT = "AI services opt-out policy"
    UNKNOWN = "document without a policy's root key"


class PolicyText(Struct, frozen=True):
    """A parsed document with what parsing alone would hide: keys given twice, and the size as AWS counts it."""

    document: Any
    duplicates: tuple[Path, ...]
    characters: int


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood there twice."""

    __slots__ = ("twice",)

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.twice = tuple(name for name, count in counts.items() if count > 1)


def parse_policy(text: str) -> PolicyText:
    """Read one JSON document; PolicyUnreadableError says where it stops being JSON."""
    try:
        document = json.loads(text, object_pairs_hook=_Object, parse_constant=_refuse_constant, parse_int=_whole_number)
    except json.JSONDecodeError as failure:
        where = f"line {failure.lineno}, column {failure.colno}"
        raise PolicyUnreadableError(f"{where}: this is not JSON ({failure.msg})") from failure
    except RecursionError as failure:
        raise PolicyUnreadableError("the document is nested too deeply to be a policy") from failure
    return PolicyText(document=document, duplicates=tuple(_duplicates(document)), characters=len(text))


def kind_of(document: Any) -> PolicyKind:
    """What sort of policy a document is, by its root keys in any letter case; `{}` counts as an empty backup policy."""
    keys = {key.lower() for key in document} if isinstance(document, Mapping) else {""}
    if not keys or "plans" in keys:
        return PolicyKind.BACKUP
    if keys & {"statement", "version"}:
        return PolicyKind.PERMISSIONS
    if "tags" in keys:
        return PolicyKind.TAG
    return PolicyKind.AI_OPT_OUT if "services" in keys else PolicyKind.UNKNOWN


def json_path(path: Sequence[str | int]) -> str:
    """`$.plans.daily.rules.nightly`; a step that is no plain name stands in brackets: `["arn:..."]`, `[0]`."""
    return "$" + "".join(_step(step) for step in path)


def printable(text: str) -> str:
    """The text with every character that a terminal would not show written as an escape."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def folded(path: Path) -> Path:
    """The path as AWS compares it: letter case does not count, but in the ARN that keys a copy action."""
    return tuple(
        step if place and path[place - 1].lower() == "copy_actions" else step.lower() for place, step in enumerate(path)
    )


def is_setting(node: Any) -> bool:
    """Whether a node holds a value through at least one operator; a child control alone is none."""
    return isinstance(node, Mapping) and any(operator in node for operator in VALUE_OPERATORS)


def settings(document: Document) -> Iterator[tuple[Path, Document]]:
    """Every setting with its path, in the order of the document."""
    return ((path, node) for path, node in nodes(document) if is_setting(node))


def controls(document: Document) -> Iterator[tuple[Path, Any]]:
    """Every stated child control, as it is written, with the path of the node that it governs."""
    return ((path, node[CHILD_CONTROL]) for path, node in nodes(document) if CHILD_CONTROL in node)


def nodes(document: Document) -> Iterator[tuple[Path, Document]]:
    """Every object of the document with its path, parents first; nothing below a setting is looked at."""
    pending: list[tuple[Path, Document]] = [((), document)]
    while pending:
        path, node = pending.pop()
        yield path, node
        if not is_setting(node):
            inner = [((*path, name), child) for name, child in node.items() if name not in OPERATORS]
            pending += [(where, child) for where, child in reversed(inner) if isinstance(child, Mapping)]


def _duplicates(document: Any) -> Iterator[Path]:
    pending: list[tuple[Path, Any]] = [((), document)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, _Object):
            yield from ((*path, name) for name in node.twice)
            pending += [((*path, name), child) for name, child in node.items()]
        elif isinstance(node, list):
            pending += [((*path, str(place)), child) for place, child in enumerate(node)]


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(_PLAIN_STEP, step) else f"[{json.dumps(step)}]"


def _refuse_constant(text: str) -> float:
    raise PolicyUnreadableError(f"{text} is no JSON value")


def _whole_number(text: str) -> int:
    if len(text) > _DIGITS:
        raise PolicyUnreadableError(f"a number of {len(text)} digits is none that a policy could mean")
    return int(text)
