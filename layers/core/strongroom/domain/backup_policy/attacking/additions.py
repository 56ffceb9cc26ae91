"""What could be added to a container of a backup policy, by the grammar and beyond it, with an intruder's values.

Source: AWS Organizations User Guide, "Backup policy syntax and examples".
"""

from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any, Final

from strongroom.domain.backup_policy.documents import ALL, APPEND, ASSIGN, CHILD_CONTROL, Path
from strongroom.domain.backup_policy.grammar import (
    INDEXED_TYPES,
    RESOURCE_TYPES,
    SCANNED_TYPES,
    Block,
    Collection,
    Kind,
    Names,
    Node,
    Setting,
    node_at,
)
from strongroom.domain.backup_policy.merge import Value

_FOREIGN: Final = "arn:aws:backup:us-east-1:666666666666:backup-vault:"
_SELECTION_FORMS: Final = ("tags", "resources")  # they exclude each other within one plan

# Two values for each kind, so that one of them differs from whatever stands there.
_HOSTILE: Final = {
    Kind.SCHEDULE: ("cron(0 5 29 2 ? 2096)", "cron(0 5 31 12 ? 2098)"),
    Kind.VAULT_NAME: ("attack", "attack-1"),
    Kind.AIR_GAPPED_VAULT_ARN: (
        "arn:aws:backup:$region:$account:backup-vault:attack",
        "arn:aws:backup:$region:$account:backup-vault:attack-1",
    ),
    Kind.VAULT_ARN: (f"{_FOREIGN}attack", f"{_FOREIGN}attack-1"),
    Kind.ROLE_ARN: ("arn:aws:iam::$account:role/attack", "arn:aws:iam::$account:role/attack-1"),
    Kind.WINDOW_MINUTES: ("60", "604800"),
    Kind.DAYS: ("1", "36500"),
    Kind.FLAG: ("true", "false"),
    Kind.SWITCH: ("disabled", "enabled"),
    Kind.REGION: ("us-east-1", "ap-southeast-2"),
    Kind.CONDITION_KEY: ("aws:ResourceTag/attack", "aws:ResourceTag/attack-1"),
    Kind.RESOURCE_TYPE: (RESOURCE_TYPES[-1], "*"),
    Kind.INDEXED_TYPE: INDEXED_TYPES[-2:],
    Kind.SCANNED_TYPE: SCANNED_TYPES[-2:],
    Kind.SCAN_MODE: ("INCREMENTAL_SCAN", "FULL_SCAN"),
    Kind.SCANNER_ROLE_ARN: ("arn:aws:iam::666666666666:role/attack", "arn:aws:iam::666666666666:role/attack-1"),
}
_ANY_VALUE: Final = ("attack", "attack-1")


def other_values(path: Path, value: Value) -> list[str | list[str]]:
    """Values that could stand at the path in place of this one, in its form: text for text, list for list."""
    node = node_at(path)
    choices = _HOSTILE.get(node.kind, _ANY_VALUE) if isinstance(node, Setting) else _ANY_VALUE
    if isinstance(value, str):
        return [choice for choice in choices if choice != value]
    return [[choice] for choice in choices if choice not in value] or [[*_ANY_VALUE]]


def additions(path: Path, taken: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Each thing that could be added to the container at the path, with the object that adds it there."""
    node = node_at(path)
    used = {name.lower() for name in taken}
    if isinstance(node, Collection):
        yield from _members(node, used)
        return
    if isinstance(node, Block):
        for name, child in node.children.items():
            if name.lower() not in used:
                yield from ((f"add {attack}", {name: added}) for attack, added in _unset(name, child))
    unknown = next(_fresh_names(Names.ANY, used))
    yield "add a key that the grammar does not have", {unknown: {ASSIGN: "attack"}}


def _unset(name: str, node: Node) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Setting):
        yield f"{name} by {ASSIGN}", {ASSIGN: _hostile(node)}
        yield f"{name} by {APPEND}", {APPEND: [_HOSTILE.get(node.kind, _ANY_VALUE)[0]]}
        return
    yield f"{name} with everything in it", _body(node)
    if isinstance(node, Collection):
        return
    for inner, child in node.children.items():
        yield from ((f"{name}.{told}", {inner: added}) for told, added in _unset(inner, child))


def _members(node: Collection, used: set[str]) -> Iterator[tuple[str, Any]]:
    name = next(_fresh_names(node.names, used))
    forms = _SELECTION_FORMS if "selections" in node.of.children else ("",)
    for form in forms:
        selecting = f" that selects by {form}" if form else ""
        unwanted = next((other for other in forms if other != form), "")
        least = _member(node, name, without=unwanted, least=True)
        yield f"add a {node.noun}{selecting}", {name: least}
        yield f"add a {node.noun} with everything in it{selecting}", {name: _member(node, name, without=unwanted)}
        yield f"add a {node.noun}{selecting} and child control @@all", {name: least | {CHILD_CONTROL: [ALL]}}
    if node.most is not None:
        flood = islice(_fresh_names(node.names, used), node.most + 1)
        yield f"add more of {node.noun} than AWS takes", {each: _member(node, each, least=True) for each in flood}


def _member(node: Collection, name: str, *, without: str = "", least: bool = False) -> dict[str, Any]:
    body = _body(node.of, without=without, least=least)
    # AWS wants the key of a copy action to be the ARN in it.
    return body | {"target_backup_vault_arn": {ASSIGN: name}} if node.names is Names.VAULT_ARN else body


def _body(node: Node, *, without: str = "", least: bool = False) -> dict[str, Any]:
    match node:
        case Setting():
            return {ASSIGN: _hostile(node)}
        case Collection(names=names):
            name = next(_fresh_names(names, set()))
            return {name: _member(node, name, without=without, least=least)}
        case Block(children=children):
            return {
                name: _body(child, without=without, least=least)
                for name, child in children.items()
                if name != without and (child.required or name in _SELECTION_FORMS or not least)
            }


def _hostile(node: Setting) -> str | list[str]:
    value = _HOSTILE.get(node.kind, _ANY_VALUE)[0]
    return [value] if node.many else value


def _fresh_names(names: Names, used: set[str]) -> Iterator[str]:
    stem = f"{_FOREIGN}attack" if names is Names.VAULT_ARN else "attack"
    every = (stem if number == 0 else f"{stem}-{number}" for number in count())
    return (name for name in every if name.lower() not in used)
