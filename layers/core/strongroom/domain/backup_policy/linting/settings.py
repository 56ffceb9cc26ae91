"""Whether a setting says its value through operators that fit it, each value of the right kind."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from strongroom.domain.backup_policy.documents import (
    APPEND,
    ASSIGN,
    VALUE_OPERATORS,
    Path,
)
from strongroom.domain.backup_policy.grammar import Kind, Setting
from strongroom.domain.backup_policy.linting.advice import advise_operator
from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import shown
from strongroom.domain.backup_policy.linting.values import faults_of_value
from strongroom.domain.backup_policy.quotas import TAG_VALUES_PER_SELECTION

_MOST: Final = {Kind.TAG_VALUE: TAG_VALUES_PER_SELECTION}


def find_setting_faults(value: Any, path: Path, grammar: Setting) -> Iterator[Fault]:
    """What is wrong with a setting, its child control left out."""
    if not isinstance(value, Mapping):
        found = f"{shown(value)} stands without an operator"
        instead = f"write {{{shown(ASSIGN)}: ...}}, with the value in place of the dots"
        yield Fault("value-without-operator", path, found, instead)
        return
    for name in (name for name in value if not name.startswith("@@")):
        found = f"a setting has operators and no key {shown(name)}"
        yield Fault("unknown-key", (*path, name), found, advise_operator(name))
    for operator in (operator for operator in VALUE_OPERATORS if operator in value):
        if grammar.many:
            yield from _list(value[operator], path, operator, grammar)
        elif operator != ASSIGN:
            found = f"{operator} stands on a setting with a single value"
            yield Fault("list-operator-on-single-value", (*path, operator), found, f"write {ASSIGN}")
        else:
            yield from _single(value[operator], path, grammar)
    if not value:
        yield Fault("no-value", path, "the setting is empty", f"write {ASSIGN} with a value, or leave the setting out")


def _single(value: Any, path: Path, grammar: Setting) -> Iterator[Fault]:
    if isinstance(value, list | Mapping):
        found = f"{shown(value)} stands where a single value must be"
        yield Fault("single-value-wanted", path, found, f"write {grammar.kind}")
        return
    for code, found, instead in faults_of_value(value, grammar.kind):
        yield Fault(code, path, found, instead)


def _list(value: Any, path: Path, operator: str, grammar: Setting) -> Iterator[Fault]:
    if not isinstance(value, list):
        found = f"{shown(value)} stands where a list must be"
        yield Fault("list-wanted", path, found, f"write [{shown(value)}]" if _is_single(value) else "write [...]")
        return
    if not value and operator == ASSIGN and grammar.required:
        yield Fault("empty-list", path, "the list has no member", f"write at least one: {grammar.kind}")
    elif not value and operator != ASSIGN:
        yield Fault("no-value", (*path, operator), f"{operator} has no member", "leave it out, or name a member")
    most = _MOST.get(grammar.kind)
    if most is not None and len(value) > most:
        found = f"{len(value)} values are more than the {most} that AWS takes"
        yield Fault("too-many", path, found, f"keep {most} at most")
    if operator in (ASSIGN, APPEND):
        yield from _members(value, (*path, operator), grammar)


def _members(members: Sequence[Any], path: Path, grammar: Setting) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, member in enumerate(members):
        where: tuple[str | int, ...] = (*path, number)
        if not _is_single(member):
            found = f"{shown(member)} stands where a member of a list must be"
            yield Fault("single-value-wanted", where, found, f"write {grammar.kind}")
            continue
        for code, found, instead in faults_of_value(member, grammar.kind):
            yield Fault(code, where, found, instead)
        as_compared = member if isinstance(member, str) else json.dumps(member)  # AWS makes text of numbers and flags
        if as_compared in seen:
            yield Fault("value-twice", where, f"{shown(member)} stands twice in the list", "keep one of them")
        seen.add(as_compared)


def _is_single(value: Any) -> bool:
    return not isinstance(value, list | Mapping)
