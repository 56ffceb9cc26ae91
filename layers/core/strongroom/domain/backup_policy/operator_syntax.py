"""Whether a document says everything through operators, so that it can be merged at all.

Source: AWS Organizations User Guide, "Inheritance operators".
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import (
    CHILD_CONTROL,
    OPERATORS,
    VALUE_OPERATORS,
    Document,
    Path,
    is_setting,
    nodes,
)
from strongroom.domain.backup_policy.linting.controls import CONTROL_ADVICE, fault_of_control

DEEPEST: Final = 30  # three times what the grammar has


class SyntaxMistake(Struct, frozen=True):
    """What cannot be merged, where, and what would be right."""

    path: Path
    message: str


def operator_mistakes(document: Document) -> Iterator[SyntaxMistake]:
    """Every place that is not said through the operators, parents first."""
    for path, node in nodes(document):
        if len(path) > DEEPEST:
            yield SyntaxMistake(path[:DEEPEST], f"no backup policy is nested more than {DEEPEST} deep")
            return
        yield from _node_mistakes(path, node)


def value_mistakes(effective: Document) -> Iterator[SyntaxMistake]:
    """Every place where an effective policy holds anything but bare values, lists of them, and maps."""
    for path, node in nodes(effective):
        if len(path) > DEEPEST:
            yield SyntaxMistake(path[:DEEPEST], f"no backup policy is nested more than {DEEPEST} deep")
            return
        for name, value in node.items():
            if name.startswith("@@"):
                yield SyntaxMistake((*path, name), "an effective policy holds bare values and no operators")
            elif not isinstance(value, Mapping) and not _is_value(value):
                yield SyntaxMistake((*path, name), "a value is a text or a list of texts")


def _node_mistakes(path: Path, node: Document) -> Iterator[SyntaxMistake]:
    for name, value in node.items():
        where = (*path, name)
        if name == CHILD_CONTROL:
            fault = fault_of_control(value)
            reason = None if fault is None else f"{fault}; {CONTROL_ADVICE}"
        elif name in VALUE_OPERATORS:
            reason = None if _is_value(value) else f"{name} carries a text, a number, true or false, or a list of these"
        elif name.startswith("@@"):
            reason = f"there is no such operator; the operators are {', '.join(OPERATORS)}"
        elif is_setting(node):
            reason = "what carries an operator is a setting, and a setting has no keys of its own"
        elif not isinstance(value, Mapping):
            reason = f'a value stands in an operator: {{"@@assign": {_shown(value)}}}'
        else:
            reason = None
        if reason is not None:
            yield SyntaxMistake(where, reason)


def _is_value(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return not any(isinstance(item, list | Mapping) for item in listed)


def _shown(value: Any) -> str:
    return json.dumps(value)[:60] if _is_value(value) else "..."
