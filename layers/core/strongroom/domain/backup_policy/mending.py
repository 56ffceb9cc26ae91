"""The mends that need nobody's judgement: of what AWS refuses, and where one thing only can have been meant.

What AWS admits is never touched, however odd it looks: whoever wrote it may have meant it.
"""

import json
import re
from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.documents import ASSIGN, CHILD_CONTROL, OPERATORS, VALUE_OPERATORS
from strongroom.domain.backup_policy.grammar import (
    BACKUP_POLICY,
    INDEXED_TYPES,
    SCANNED_TYPES,
    Block,
    Collection,
    Kind,
    Node,
    Setting,
)
from strongroom.domain.backup_policy.linting.advice import certain_key, certain_operator
from strongroom.domain.backup_policy.linting.codes import CODES
from strongroom.domain.backup_policy.linting.controls import fault_of_control
from strongroom.domain.backup_policy.linting.regions import REGION_CODE
from strongroom.domain.backup_policy.linting.values import faults_of_value
from strongroom.domain.findings import Level

type _Steps = tuple[str | int, ...]

_SHOWN: Final = 60
_FIXED_ACCOUNT: Final = re.compile(r"(arn:aws[a-z-]*:iam::)[0-9]{12}(:role/.+)", re.DOTALL)
_WORDS: Final = {
    Kind.FLAG: ("true", "false"),
    Kind.SWITCH: ("enabled", "disabled"),
    Kind.INDEXED_TYPE: INDEXED_TYPES,
    Kind.SCANNED_TYPE: (*SCANNED_TYPES, "ALL"),
    Kind.SCAN_MODE: ("INCREMENTAL_SCAN", "FULL_SCAN"),
}


class Mend(Struct, frozen=True):
    """What was changed: the code of the finding, its place in the document as it was, and both in words."""

    code: str
    path: _Steps
    before: str
    after: str


def mend(document: Any) -> tuple[Any, tuple[Mend, ...]]:
    """The document with every certain mend, and what they are; nothing of it is changed in place."""
    mending = _Mending([])
    return mending.node(document, (), BACKUP_POLICY), tuple(mending.mends)


class _Mending(Struct, frozen=True):
    """One walk down a document along the grammar, and what it mended on the way."""

    mends: list[Mend]

    def node(self, value: Any, path: _Steps, grammar: Node) -> Any:
        if isinstance(grammar, Setting):
            return self._setting(value, path, grammar)
        if not isinstance(value, Mapping):
            return value
        mended: dict[str, Any] = {}
        for name, child in value.items():
            where = (*path, name)
            if name.startswith("@@"):
                named = self._operator(name, where, beside=value, allowed=(CHILD_CONTROL,))
                mended[named] = self._control(child, where) if named == CHILD_CONTROL else child
            else:
                named, inner = self._child(name, where, value, grammar)
                mended[named] = child if inner is None else self.node(child, where, inner)
        return mended

    def _setting(self, value: Any, path: _Steps, grammar: Setting) -> Any:
        if not isinstance(value, Mapping):
            if value is None or (isinstance(value, list) and not value):
                return value
            return self._noted("value-without-operator", path, value, {ASSIGN: self._operand(value, path, grammar)})
        allowed = (*(VALUE_OPERATORS if grammar.many else (ASSIGN,)), CHILD_CONTROL)
        mended: dict[str, Any] = {}
        for name, operand in value.items():
            where = (*path, name)
            named = self._operator(name, where, beside=value, allowed=allowed)
            if named == CHILD_CONTROL:
                mended[named] = self._control(operand, where)
            else:
                mended[named] = self._operand(operand, where, grammar) if named in allowed else operand
        return mended

    def _child(
        self, name: str, path: _Steps, beside: Mapping[str, Any], grammar: Block | Collection
    ) -> tuple[str, Node | None]:
        """What a key is to be called, and what the grammar has there."""
        if isinstance(grammar, Collection):
            return name, grammar.of
        if (known := next((key for key in grammar.children if key.lower() == name.lower()), None)) is not None:
            return name, grammar.children[known]
        meant = certain_key(name, grammar)
        # Of two keys that mean the same, one would have to go.
        if meant is None or [certain_key(each, grammar) for each in beside].count(meant) > 1:
            return name, None
        return self._noted("unknown-key", path, name, meant), grammar.children[meant]

    def _operator(self, name: str, path: _Steps, *, beside: Mapping[str, Any], allowed: Some[str]) -> str:
        meant = certain_operator(name) if name.startswith("@@") and name not in OPERATORS else None
        if meant not in allowed or [certain_operator(each) for each in beside].count(meant) > 1:
            return name
        return str(self._noted("unknown-operator", path, name, meant))

    def _control(self, control: Any, path: _Steps) -> Any:
        listed = control if isinstance(control, list) else [control]
        known = [certain_operator(each) or each.lower() if isinstance(each, str) else each for each in listed]
        is_mended = fault_of_control(control) is not None and fault_of_control(known) is None
        return self._noted("child-control", path, control, known) if is_mended else control

    def _operand(self, value: Any, path: _Steps, grammar: Setting) -> Any:
        is_list = isinstance(value, list)
        if is_list and grammar.many:
            return [self._value(member, (*path, number), grammar.kind) for number, member in enumerate(value)]
        if is_list and len(value) == 1 and _is_single(value[0]):
            [member] = value
            return self._noted("single-value-wanted", path, value, self._value(member, path, grammar.kind))
        if grammar.many and _is_single(value):
            return self._noted("list-wanted", path, value, [self._value(value, path, grammar.kind)])
        return self._value(value, path, grammar.kind)

    def _value(self, value: Any, path: _Steps, kind: Kind) -> Any:
        if not _is_single(value):
            return value
        code = _refusal(value, kind)
        meant = next((each for each in _candidates(value, kind) if _refusal(each, kind) is None), None)
        return value if code is None or meant is None else self._noted(code, path, value, meant)

    def _noted(self, code: str, path: _Steps, before: Any, after: Any) -> Any:
        self.mends.append(Mend(code, path, _written(before), _written(after)))
        return after


def _refusal(value: Any, kind: Kind) -> str | None:
    """The code of what AWS refuses in a value."""
    if kind is Kind.REGION and isinstance(value, str) and not REGION_CODE.fullmatch(value):
        return "region-code"
    return next((code for code, _, _ in faults_of_value(value, kind) if CODES[code].level is Level.ERROR), None)


def _candidates(value: Any, kind: Kind) -> Iterator[Any]:
    """What a value that AWS refuses can only mean."""
    match kind, value:
        case ((Kind.DAYS | Kind.WINDOW_MINUTES), str()):
            yield value.strip()
        case ((Kind.DAYS | Kind.WINDOW_MINUTES), float()) if value.is_integer():
            yield int(value)
        case Kind.REGION, str():
            yield value.strip().lower()
        case Kind.ROLE_ARN, str():
            yield _FIXED_ACCOUNT.sub(r"\1$account\2", value)
        case _, str():
            yield from (word for word in _WORDS.get(kind, ()) if word.lower() == value.strip().lower())
        case _:
            return


def _written(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _is_single(value: Any) -> bool:
    return value is not None and not isinstance(value, list | Mapping)
