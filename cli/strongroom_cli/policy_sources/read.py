"""What a text holds, whatever it is: a policy, or something that holds policies."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from strongroom.domain.backup_policy.documents import (
    PolicyKind,
    PolicyText,
    PolicyUnreadableError,
    json_path,
    kind_of,
    parse_policy,
)
from strongroom_cli.policy_sources.cloudformation import is_template, policies_in_template
from strongroom_cli.policy_sources.found import Form, Found, FoundPolicy, NoPolicyError, Remark, Steps, UnreadableError
from strongroom_cli.policy_sources.intrinsics import unknown_places
from strongroom_cli.policy_sources.json_lines import JsonLines
from strongroom_cli.policy_sources.levels import is_levels, policies_of_levels
from strongroom_cli.policy_sources.organizations import is_answer, policy_in_answer
from strongroom_cli.policy_sources.terraform import is_terraform, policies_in_terraform
from strongroom_cli.policy_sources.yaml_template import read_yaml

MOST_BYTES: Final = 50_000_000  # a plan of Terraform may be that long

_BYTE_ORDER_MARK: Final = "\ufeff"
_ZIP: Final = b"PK\x03\x04"
_TEMPLATE_MARKS: Final = re.compile(r"\$\{[^}\n]*\}|\{\{[^}\n]*\}\}|<%|%\{ *(?:if|for)")
_WRAPPED_AT_MOST: Final = 4
_DEEPEST: Final = 1_000
_TOO_DEEP: Final = "the document is nested too deeply to hold a policy"


def read_policies(content: bytes, *, is_yaml: bool | None = None) -> Found:
    """Every backup policy of a text; NoPolicyError says in one sentence what is there instead.

    Unless it is told whether the text is YAML, what begins with a bracket is JSON.
    """
    text = _decoded(content)
    if is_yaml is None:
        is_yaml = not text.lstrip().startswith(("{", "["))
    try:
        found = _in_yaml(text) if is_yaml else _in_json(text)
    except RecursionError as failure:
        raise UnreadableError(_TOO_DEEP) from failure
    if any(_is_too_deep(policy.text.document) for policy in found.policies):
        raise UnreadableError(_TOO_DEEP)
    return found


def _is_too_deep(document: object) -> bool:
    """Whether nobody would nest a policy like that; how deep Python itself goes depends on who else runs in it."""
    level = [document]
    for _ in range(_DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(node: object) -> Iterable[object]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _decoded(content: bytes) -> str:
    if content.startswith(_ZIP):
        raise NoPolicyError("this is a zip file; print a plan of Terraform by `terraform show -json FILE`")
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"more than the {MOST_BYTES:,} bytes that are read")
    try:
        text = content.decode()
    except UnicodeDecodeError as failure:
        raise UnreadableError("it is not UTF-8 text") from failure
    if text.startswith(_BYTE_ORDER_MARK):
        raise UnreadableError("it begins with a byte order mark, which is not JSON; save it as UTF-8 without")
    return text


def _in_json(text: str) -> Found:
    try:
        read = parse_policy(text)
    except PolicyUnreadableError as failure:
        raise UnreadableError(f"{failure}{_hint(text)}") from failure
    document = read.document
    if is_levels(document):
        return policies_of_levels(read, text=text)
    if is_answer(document):
        return policy_in_answer(document, text=text)
    if is_terraform(document):
        return _refuse_none(policies_in_terraform(document, text=text), "plan, state or configuration of Terraform")
    if is_template(document):
        return _refuse_none(policies_in_template(document, origin=text), "template of CloudFormation")
    return _bare(read, text)


def _in_yaml(text: str) -> Found:
    try:
        template = read_yaml(text)
    except UnreadableError as failure:
        raise UnreadableError(f"{failure}{_hint(text)}") from failure
    if is_template(template.value):
        return _refuse_none(policies_in_template(template.value, origin=template.root), "template of CloudFormation")
    if isinstance(template.value, Mapping) and kind_of(template.value) is PolicyKind.BACKUP:
        raise NoPolicyError("this is a backup policy in YAML; Organizations takes JSON")
    raise NoPolicyError("this is neither JSON nor a template of CloudFormation with `Resources`")


def _refuse_none(found: Found, kind: str) -> Found:
    if found.is_empty:
        others = f", and {found.others} of other types" if found.others else ""
        raise NoPolicyError(f"this {kind} holds no backup policy{others}")
    return found


def _bare(read: PolicyText, text: str) -> Found:
    refuse_other_kinds(read.document)
    policy = FoundPolicy(text=read, form=Form.BARE, lines=JsonLines(text))
    return Found(policies=(policy,), remarks=tuple(_left_in_template(policy)))


def _left_in_template(policy: FoundPolicy) -> Iterator[Remark]:
    for place in islice(unknown_places(policy.text.document), 1):
        told = f"{json_path(place)} belongs to a template, which must be rendered first; it is judged as it stands"
        yield Remark(told, line=policy.lines.of([place])[0])


def refuse_other_kinds(document: object) -> None:
    """NoPolicyError unless the document is a backup policy."""
    if not isinstance(document, dict):
        raise NoPolicyError('a backup policy is a JSON object with the key "plans"')
    kind = kind_of(document)
    if kind is not PolicyKind.BACKUP:
        article = "an" if kind[0] in "AEIOU" else "a"
        inside = _wrapped(document)
        where = f"; there is one at {json_path(inside)}, so take it out" if inside else ""
        raise NoPolicyError(f'this is {article} {kind}; a backup policy has the root key "plans"{where}')


def _wrapped(document: Mapping[str, Any]) -> Steps | None:
    """Where in a document that is no policy one stands after all."""
    pending: list[tuple[Steps, Any]] = [((), document)]
    while pending:
        path, node = pending.pop(0)
        if isinstance(node, Mapping) and isinstance(node.get("plans"), Mapping):
            return path
        if len(path) < _WRAPPED_AT_MOST:
            pending += [((*path, step), child) for step, child in _inner(node)]
    return None


def _inner(node: Any) -> list[tuple[str | int, Any]]:
    if isinstance(node, Mapping):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


def _hint(text: str) -> str:
    mark = _TEMPLATE_MARKS.search(text)
    if mark is None:
        return ""
    line = text.count("\n", 0, mark.start()) + 1
    return f"; {json.dumps(mark[0])} on line {line} belongs to a template, which must be rendered first"
