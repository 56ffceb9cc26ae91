"""What CreatePolicy and UpdatePolicy admit: the grammar of one document, looked at alone."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.organization.effective_policy import CHILD_CONTROL, VALUE_OPERATORS

REFUSAL: Final = "The provided policy document does not meet the requirements of the specified policy type."


class MalformedPolicyError(Exception):
    """The policy failed because it breaks the grammar of its type; AWS never says where."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A setting: which values it takes, and whether it holds a list."""

    accepts: Callable[[Any], bool]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A map whose keys the author chooses, each holding the same grammar."""

    body: Any
    name: re.Pattern[str]


def _matching(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _whole_number_from(least: int) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, bool) and str(value).isdecimal() and int(value) >= least


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, (list, dict))


_TEXT: Final = Leaf(_is_scalar)
_TEXTS: Final = Leaf(_is_scalar, many=True)
_FLAG: Final = Leaf(lambda value: value is True or value is False or value in ("true", "false"))
_SWITCH: Final = Leaf(_matching("enabled|disabled"))
_DAYS: Final = Leaf(_whole_number_from(1))
_WINDOW: Final = Leaf(_whole_number_from(60))
_ROLE: Final = Leaf(_matching(r"arn:aws[a-z-]*:iam::\$account:role/.+"))
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,50}")
_ANY_NAME: Final = re.compile(r".+")
_TAGS: Final = Named({"tag_key": _TEXT, "tag_value": _TEXT}, _ANY_NAME)
_LIFECYCLE: Final = {
    "move_to_cold_storage_after_days": _DAYS,
    "delete_after_days": _DAYS,
    "opt_in_to_archive_for_supported_resources": _FLAG,
}
_COPY_TARGET: Final = re.compile(
    r"arn:aws[a-z-]*:backup:[a-z0-9-]+:(\d{12}|\$account):backup-vault:[A-Za-z0-9_-]{1,50}"
)
_CONDITION: Final = Named({"condition_key": _TEXT, "condition_value": _TEXT}, _ANY_NAME)
_CONDITION_OPERATORS: Final = ("string_equals", "string_not_equals", "string_like", "string_not_like")
_CONDITIONS: Final = dict.fromkeys(_CONDITION_OPERATORS, _CONDITION)
_RULE: Final = {
    "schedule_expression": Leaf(_matching(r"cron\((?!\* \* \* \* \* \*).+\)")),
    "target_backup_vault_name": Leaf(_matching(r"[A-Za-z0-9_-]{1,50}")),
    "target_logically_air_gapped_backup_vault_arn": Leaf(
        _matching(r"arn:aws[a-z-]*:backup:\$region:\$account:backup-vault:[A-Za-z0-9_-]{1,50}")
    ),
    "start_backup_window_minutes": _WINDOW,
    "complete_backup_window_minutes": _WINDOW,
    "enable_continuous_backup": _FLAG,
    "lifecycle": _LIFECYCLE,
    "copy_actions": Named({"target_backup_vault_arn": _TEXT, "lifecycle": _LIFECYCLE}, _COPY_TARGET),
    "recovery_point_tags": _TAGS,
    "index_actions": {"resource_types": _TEXTS},
    "scan_actions": {"GUARDDUTY": {"scan_mode": Leaf(_matching("INCREMENTAL_SCAN|FULL_SCAN"))}},
}
_TAG_SELECTION: Final = {
    "iam_role_arn": _ROLE,
    "tag_key": _TEXT,
    "tag_value": _TEXTS,
    "conditions": _CONDITIONS,
}
_RESOURCE_SELECTION: Final = {
    "iam_role_arn": _ROLE,
    "resource_types": _TEXTS,
    "not_resource_types": _TEXTS,
    "conditions": _CONDITIONS,
}
_PLAN: Final = {
    "regions": Leaf(_matching(r"[a-z]{2}(-[a-z]+)+-\d"), many=True),
    "rules": Named(_RULE, _NAME),
    "selections": {"tags": Named(_TAG_SELECTION, _NAME), "resources": Named(_RESOURCE_SELECTION, _NAME)},
    "advanced_backup_settings": {
        "ec2": {"windows_vss": _SWITCH},
        "s3": {"backup_acls": _SWITCH, "backup_object_tags": _SWITCH},
    },
    "backup_plan_tags": _TAGS,
    "scan_settings": {"GUARDDUTY": {"resource_types": _TEXTS, "scanner_role_arn": _TEXT}},
}
_BACKUP_POLICY: Final = {"plans": Named(_PLAN, _NAME)}


def admit_backup_policy(content: str) -> None:
    """Raise `MalformedPolicyError` unless the text is a backup policy that AWS Organizations would store."""
    document = _parse(content)
    if not document:
        raise MalformedPolicyError(REFUSAL)
    _check(document, _BACKUP_POLICY)
    for arn, action in _copy_actions(document):
        if action.get("target_backup_vault_arn", {}).get("@@assign", arn) != arn:
            raise MalformedPolicyError(REFUSAL)
    for plan in document.get("plans", {}).values():
        if isinstance(plan, dict) and {"tags", "resources"} <= plan.get("selections", {}).keys():
            raise MalformedPolicyError(REFUSAL)


def admit_service_control_policy(content: str) -> None:
    """Raise `MalformedPolicyError` unless the text is an SCP that AWS Organizations would store."""
    statements = _parse(content).get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        well_formed = (
            isinstance(statement, dict)
            and statement.get("Effect") in ("Allow", "Deny")
            and ("Action" in statement) != ("NotAction" in statement)
            and ("Resource" in statement) != ("NotResource" in statement)
            and not {"Principal", "NotPrincipal"} & statement.keys()
        )
        if not well_formed:
            raise MalformedPolicyError(REFUSAL)
    if not statements:
        raise MalformedPolicyError(REFUSAL)


def _parse(content: str) -> dict[str, Any]:
    try:
        document = json.loads(content, object_pairs_hook=_without_duplicates)
    except ValueError as error:
        raise MalformedPolicyError(REFUSAL) from error
    if not isinstance(document, dict):
        raise MalformedPolicyError(REFUSAL)
    return document


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedPolicyError(REFUSAL)
    return document


def _check(node: Any, grammar: Any) -> None:
    if not isinstance(node, Mapping):
        raise MalformedPolicyError(REFUSAL)
    _check_control(node.get(CHILD_CONTROL))
    if isinstance(grammar, Leaf):
        _check_leaf(node, grammar)
        return
    for name, child in node.items():
        if name != CHILD_CONTROL:
            _check(child, _grammar_of(name, grammar))


def _grammar_of(name: str, grammar: Any) -> Any:
    if isinstance(grammar, Named):
        if grammar.name.fullmatch(name) and not name.startswith("@@"):
            return grammar.body
    elif name in grammar:
        return grammar[name]
    raise MalformedPolicyError(REFUSAL)


def _check_leaf(node: Mapping[str, Any], leaf: Leaf) -> None:
    operators = node.keys() - {CHILD_CONTROL}
    if not operators <= VALUE_OPERATORS or (not leaf.many and operators - {"@@assign"}):
        raise MalformedPolicyError(REFUSAL)
    for operator in operators:
        value = node[operator]
        if isinstance(value, list) != leaf.many:
            raise MalformedPolicyError(REFUSAL)
        if not all(leaf.accepts(item) for item in (value if leaf.many else [value])):
            raise MalformedPolicyError(REFUSAL)


def _check_control(control: Any) -> None:
    if control is None:
        return
    known = {"@@all", "@@none", *VALUE_OPERATORS}
    if (
        not isinstance(control, list)
        or not control
        or not all(isinstance(operator, str) and operator in known for operator in control)
        or len(set(control)) != len(control)
        or ("@@none" in control and len(control) > 1)
    ):
        raise MalformedPolicyError(REFUSAL)


def _copy_actions(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for plan in document.get("plans", {}).values():
        rules = plan.get("rules", {}) if isinstance(plan, dict) else {}
        for rule in rules.values():
            actions = rule.get("copy_actions", {}) if isinstance(rule, dict) else {}
            yield from ((arn, action) for arn, action in actions.items() if not arn.startswith("@@"))
