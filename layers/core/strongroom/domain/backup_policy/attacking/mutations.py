"""Every document with which somebody below could try to change a backup policy, one change in each.

Source: AWS Organizations User Guide, "Inheritance operators".
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.attacking.additions import additions, other_values
from strongroom.domain.backup_policy.documents import (
    ALL,
    APPEND,
    ASSIGN,
    CHILD_CONTROL,
    NONE,
    REMOVE,
    VALUE_OPERATORS,
    Document,
    Path,
    folded,
)
from strongroom.domain.backup_policy.grammar import Setting, node_at
from strongroom.domain.backup_policy.merge import Merged, Value

WIDENING: Final = ([ALL], [ASSIGN], [APPEND], [REMOVE], list(VALUE_OPERATORS))

type _Tries = Iterator[tuple[str, Any]]


class Mutation(Struct, frozen=True):
    """A hostile document and, in words, what it tries."""

    attack: str
    document: Document


def mutations(parents: Merged) -> Iterator[Mutation]:
    """Every hostile document against what is merged so far: each setting, each container, each thing not yet there."""
    for key, value in parents.settings.items():
        path = parents.spelled(key)
        for attack, node in _on_setting(path, value):
            yield Mutation(attack, within(path, node))
        for attack, node in _by_operators(path, value):
            yield Mutation(f"{attack}, names in other letter case", within(_in_other_case(path), node))
    yield Mutation("child control @@all on every node", widening(parents))
    for path, names in _children(parents).items():
        for attack, node in (*_on_container(names), *additions(path, names)):
            yield Mutation(attack, within(path, node))


def widening(parents: Merged) -> Document:
    """The document that tries to allow its children every operator on every node."""
    document: dict[str, Any] = {CHILD_CONTROL: [ALL]}
    for key in (*parents.settings, *parents.allowed):
        node = document
        for step in parents.spelled(key):
            node = node.setdefault(step, {CHILD_CONTROL: [ALL]})
    return document


def within(path: Path, node: Any) -> Document:
    """The document that holds nothing but this node at this path."""
    for step in reversed(path):
        node = {step: node}
    return node if isinstance(node, dict) else {}


def _children(parents: Merged) -> dict[Path, list[str]]:
    """The names that each container holds, settings and containers alike, by its path as spelled."""
    found: dict[Path, dict[str, None]] = {(): {}}
    stated = (key for key in parents.allowed if key not in parents.settings)
    for key in (*parents.settings, *stated):
        path = parents.spelled(key)
        for depth, name in enumerate(path):
            found.setdefault(path[:depth], {})[name] = None
        if key not in parents.settings and not isinstance(node_at(path), Setting):
            found.setdefault(path, {})
    return {path: list(names) for path, names in found.items()}


def _in_other_case(path: Path) -> Path:
    turned = tuple(step.swapcase() for step in path)
    # The ARN of a copy action stays: in other letters it would be another copy action.
    same = zip(path, turned, folded(path), folded(turned), strict=True)
    return tuple(other if one == two else step for step, other, one, two in same)


def _on_setting(path: Path, value: Value) -> _Tries:
    yield from _by_operators(path, value)
    other = other_values(path, value)[0]
    yield "an empty object", {}
    yield "null", None
    yield "a value without an operator", other
    yield from _controls_alone()
    for operator, operand in ((ASSIGN, other), (APPEND, _listed(other)), (REMOVE, _listed(value))):
        for control in WIDENING:
            yield f"{operator} and {_told(control)}", {operator: operand, CHILD_CONTROL: control}


def _by_operators(path: Path, value: Value) -> _Tries:
    others = other_values(path, value)
    for other in others:
        yield f"{ASSIGN} another value", {ASSIGN: other}
    other, members = others[0], _listed(value)
    turned = other[0] if isinstance(other, list) else [other]
    yield f"{ASSIGN} {'one value for a list' if isinstance(other, list) else 'a list for one value'}", {ASSIGN: turned}
    yield f"{ASSIGN} an empty list", {ASSIGN: []}
    yield f"{APPEND} a value", {APPEND: _listed(other)}
    for member in members:
        yield f"{REMOVE} {member}", {REMOVE: [member]}
    yield f"{REMOVE} everything", {REMOVE: [*members, *_listed(other)]}
    yield "@@assign, @@append and @@remove", {ASSIGN: other, APPEND: _listed(other), REMOVE: members}
    yield "@@append and @@remove", {APPEND: _listed(other), REMOVE: members}


def _on_container(names: Sequence[str]) -> _Tries:
    yield "an empty object", {}
    yield "null in place of the container", None
    yield "a text in place of the container", "attack"
    yield f"{ASSIGN} on the container", {ASSIGN: "attack"}
    yield f"{ASSIGN} an empty list on the container", {ASSIGN: []}
    yield f"{APPEND} on the container", {APPEND: ["attack"]}
    yield f"{REMOVE} everything in the container", {REMOVE: list(names)}
    for name in names:
        yield f"{REMOVE} {name}", {REMOVE: [name]}
        yield f"null in place of {name}", {name: None}
    yield from _controls_alone()


def _controls_alone() -> _Tries:
    # Locking more than the parent does is an attack, too: it silences the documents further down.
    for control in (*WIDENING, [NONE]):
        yield _told(control), {CHILD_CONTROL: control}


def _told(control: Sequence[str]) -> str:
    return f"child control {', '.join(control)}"


def _listed(value: Value | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
