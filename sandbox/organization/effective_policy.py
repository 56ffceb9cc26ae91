"""The effective backup policy of an account: documents merged from the root down, and judged.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

type Document = Mapping[str, Any]
type Level = Sequence[Document]
type Key = tuple[str, ...]
type Value = str | list[str]

ASSIGN: Final = "@@assign"
APPEND: Final = "@@append"
REMOVE: Final = "@@remove"
CHILD_CONTROL: Final = "@@operators_allowed_for_child_policies"
VALUE_OPERATORS: Final = frozenset({ASSIGN, APPEND, REMOVE})

RULES_PER_PLAN: Final = 10
CONTINUOUS_RETENTION_DAYS: Final = 35
COLD_STORAGE_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class PolicyError:
    """One reason why AWS rejects an effective policy, with the path to the place."""

    code: str
    path: str
    message: str


@dataclass(slots=True)
class _Merge:
    values: dict[Key, Value] = field(default_factory=dict)
    allowed: dict[Key, frozenset[str]] = field(default_factory=dict)
    spelling: dict[Key, str] = field(default_factory=dict)

    def may(self, key: Key, operator: str) -> bool:
        return operator in self.allowed.get(key, VALUE_OPERATORS)

    def store(self, key: Key, path: Sequence[str], value: Value) -> None:
        self.values[key] = value
        for depth, segment in enumerate(path, start=1):
            self.spelling.setdefault(key[:depth], segment)


def merge(levels: Sequence[Level]) -> dict[str, Any]:
    """The effective policy of documents given root first, in attachment order inside each level; values are strings."""
    state = _Merge()
    for level in levels:
        _apply_level(state, level)
    return _as_document(state)


def _apply_level(state: _Merge, level: Level) -> None:
    leaves = [leaf for document in level for leaf in _leaves(document)]
    assigned: set[Key] = set()
    for path, operators in leaves:
        key = _key(path)
        if ASSIGN in operators and key not in assigned and state.may(key, ASSIGN):
            state.store(key, path, _as_value(operators[ASSIGN]))
            assigned.add(key)
    for path, operators in leaves:
        key = _key(path)
        if APPEND in operators and state.may(key, APPEND):
            _append(state, key, path, operators[APPEND])
    for path, operators in leaves:
        key = _key(path)
        if REMOVE in operators and state.may(key, REMOVE):
            _remove(state, key, operators[REMOVE])
    for document in level:
        for path, permitted in _controls(document):
            key = _key(path)
            state.allowed[key] = state.allowed.get(key, VALUE_OPERATORS) & permitted


def _append(state: _Merge, key: Key, path: Sequence[str], added: Any) -> None:
    current = state.values.get(key, [])
    if isinstance(current, str):
        return
    merged = list(current)
    merged += [value for value in dict.fromkeys(_as_list(added)) if value not in merged]
    state.store(key, path, merged)


def _remove(state: _Merge, key: Key, removed: Any) -> None:
    current = state.values.get(key)
    if isinstance(current, list):
        dropped = set(_as_list(removed))
        state.values[key] = [value for value in current if value not in dropped]


def _leaves(node: Document, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Document]]:
    for name, child in node.items():
        if name.startswith("@@") or not isinstance(child, Mapping):
            continue
        if VALUE_OPERATORS & child.keys():
            yield (*path, name), child
        else:
            yield from _leaves(child, (*path, name))


def _controls(node: Document, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    for name, child in node.items():
        if name.startswith("@@") or not isinstance(child, Mapping):
            continue
        if CHILD_CONTROL in child:
            yield (*path, name), _operators_of(child[CHILD_CONTROL])
        yield from _controls(child, (*path, name))


def _operators_of(control: Any) -> frozenset[str]:
    stated = set(_as_list(control))
    return VALUE_OPERATORS if "@@all" in stated else VALUE_OPERATORS & stated


def _key(path: Sequence[str]) -> Key:
    # Vault names are case-sensitive, so the ARN that keys a copy action keeps its case.
    return tuple(
        segment if index and path[index - 1].lower() == "copy_actions" else segment.lower()
        for index, segment in enumerate(path)
    )


def _as_value(raw: Any) -> Value:
    return [_as_text(item) for item in raw] if isinstance(raw, list) else _as_text(raw)


def _as_list(raw: Any) -> list[str]:
    return [_as_text(item) for item in raw] if isinstance(raw, list) else [_as_text(raw)]


def _as_text(raw: Any) -> str:
    match raw:
        case None:
            return "null"
        case bool():
            return "true" if raw else "false"
        case _:
            return str(raw)


def _as_document(state: _Merge) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in state.values.items():
        node = document
        for depth in range(1, len(key)):
            node = node.setdefault(state.spelling[key[:depth]], {})
        node[state.spelling[key]] = list(value) if isinstance(value, list) else value
    return document


def validate(effective: Document) -> list[PolicyError]:
    """What AWS finds wrong in a merged policy; an account with any finding keeps its last valid policy."""
    plans = effective.get("plans", {})
    return [error for name, plan in plans.items() for error in _plan_errors(f"/plans/{name}", plan)]


def _plan_errors(path: str, plan: Document) -> Iterator[PolicyError]:
    for required in ("regions", "rules", "selections"):
        if required not in plan:
            yield PolicyError("KEY_REQUIRED", path, f"Missing required key {required} in policy block {path}")
    if plan.get("regions") == []:
        yield PolicyError("ELEMENTS_TOO_FEW", f"{path}/regions", f"Too few elements in policy block {path}/regions")
    rules = plan.get("rules", {})
    if len(rules) > RULES_PER_PLAN:
        yield PolicyError("ELEMENTS_TOO_MANY", f"{path}/rules", f"Too many elements in policy block {path}/rules")
    for name, rule in rules.items():
        yield from _rule_errors(f"{path}/rules/{name}", name, rule)


def _rule_errors(path: str, name: str, rule: Document) -> Iterator[PolicyError]:
    if "target_backup_vault_name" not in rule:
        message = f"Missing required key target_backup_vault_name in policy block {path}"
        yield PolicyError("KEY_REQUIRED", path, message)
    lifecycle = rule.get("lifecycle", {})
    delete, cold = lifecycle.get("delete_after_days"), lifecycle.get("move_to_cold_storage_after_days")
    if rule.get("enable_continuous_backup") == "true":
        continuous = ("enable_continuous_backup", "true")
        if cold is not None:
            yield _dependent(path, name, continuous, ("move_to_cold_storage_after_days", cold))
        elif delete is None or int(delete) > CONTINUOUS_RETENTION_DAYS:
            yield _dependent(path, name, continuous, ("delete_after_days", str(delete)))
    if lifecycle.get("opt_in_to_archive_for_supported_resources") == "true" and (
        delete is None or cold is None or int(delete) < int(cold) + COLD_STORAGE_DAYS
    ):
        fields = ("opt_in_to_archive_for_supported_resources", "true"), ("delete_after_days", str(delete))
        yield _dependent(path, name, *fields)


def _dependent(path: str, rule: str, *fields: tuple[str, str]) -> PolicyError:
    stated = ",".join(f"{name}={value}" for name, value in fields)
    message = f"Dependent fields {stated} in policy block {rule} are invalid when used together"
    return PolicyError("CROSS_ATTRIBUTE_VALIDATION", path, message)
