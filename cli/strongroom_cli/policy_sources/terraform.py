"""The backup policies of what Terraform prints as JSON: a plan, a state, or a configuration in JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.backup_policy.documents import (
    PolicyKind,
    PolicyText,
    PolicyUnreadableError,
    kind_of,
    parse_policy,
)
from strongroom_cli.policy_sources.found import (
    Form,
    Found,
    FoundPolicy,
    OneLine,
    Remark,
    Steps,
    UnreadableError,
    joined,
)
from strongroom_cli.policy_sources.json_lines import JsonLines

_TYPES: Final = ("aws_organizations_policy", "awscc_organizations_policy")
_AFTER_APPLY: Final = "its content is known only after apply, so nothing of it is judged"
_EXPRESSION: Final = "its content is an expression; run `terraform show -json` on a plan to have it judged"


@dataclass(frozen=True, slots=True)
class _Resource:
    """One policy resource: where its values stand, and which of them are not known yet."""

    address: str
    place: Steps
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]


def is_terraform(document: Any) -> bool:
    """Whether a document is a plan or a state as `terraform show -json` prints it, or a configuration in JSON."""
    if not isinstance(document, Mapping):
        return False
    is_shown = "format_version" in document and bool(document.keys() & {"planned_values", "resource_changes", "values"})
    return is_shown or (isinstance(document.get("resource"), Mapping) and "plans" not in document)


def policies_in_terraform(document: Mapping[str, Any], *, text: str) -> Found:
    """The policies that will be there once the plan is applied; what is destroyed is left out."""
    resources = list(_resources(document))
    lines = JsonLines(text).of([(*each.place, "content") for each in resources])
    return joined(_judge(resource, line) for resource, line in zip(resources, lines, strict=True))


def _judge(resource: _Resource, line: int | None) -> Found:
    kind, content = resource.values.get("type"), resource.values.get("content")
    is_open = bool(resource.unknown.get("type"))
    # What does not say its type is a service control policy.
    if kind != "BACKUP_POLICY" and not is_open:
        return Found(others=1)
    if not isinstance(content, str) or content.startswith("${"):
        reason = _EXPRESSION if isinstance(content, str) else _AFTER_APPLY
        return Found(remarks=(Remark(reason, resource=resource.address, line=line, is_of_all=True),))
    policy = _parsed(content, resource.address)
    if is_open and kind_of(policy.document) is not PolicyKind.BACKUP:
        return Found(others=1)
    return Found(policies=(FoundPolicy(text=policy, form=Form.HELD, lines=OneLine(line), resource=resource.address),))


def _parsed(content: str, address: str) -> PolicyText:
    try:
        return parse_policy(content)
    except PolicyUnreadableError as failure:
        raise UnreadableError(f"{address}: in its content, {failure}") from failure


def _resources(document: Mapping[str, Any]) -> Iterator[_Resource]:
    """Every policy resource once: as it is changed, else as it stays."""
    seen: set[str] = set()
    for resource in (*_changes(document), *_standing(document), *_configured(document)):
        if resource.address not in seen:
            seen.add(resource.address)
            yield resource


def _changes(document: Mapping[str, Any]) -> Iterator[_Resource]:
    for number, entry in _listed(document.get("resource_changes")):
        change = _mapping(entry.get("change"))
        if _is_policy(entry) and isinstance(change.get("after"), Mapping):
            place = ("resource_changes", number, "change", "after")
            yield _Resource(str(entry.get("address")), place, change["after"], _mapping(change.get("after_unknown")))


def _standing(document: Mapping[str, Any]) -> Iterator[_Resource]:
    pending: list[tuple[Steps, Mapping[str, Any]]] = [
        ((name, "root_module"), _mapping(_mapping(document.get(name)).get("root_module")))
        for name in ("planned_values", "values")
    ]
    while pending:
        path, module = pending.pop()
        for number, entry in _listed(module.get("resources")):
            if _is_policy(entry):
                values = _mapping(entry.get("values"))
                yield _Resource(str(entry.get("address")), (*path, "resources", number, "values"), values, {})
        pending += [((*path, "child_modules", number), child) for number, child in _listed(module.get("child_modules"))]


def _configured(document: Mapping[str, Any]) -> Iterator[_Resource]:
    for kind in _TYPES:
        for name, values in _mapping(_mapping(document.get("resource")).get(kind)).items():
            if isinstance(values, Mapping):
                yield _Resource(f"{kind}.{name}", ("resource", kind, name), values, {})


def _is_policy(entry: Mapping[str, Any]) -> bool:
    return entry.get("type") in _TYPES and entry.get("mode", "managed") == "managed"


def _listed(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    members = enumerate(value if isinstance(value, list) else ())
    return ((number, entry) for number, entry in members if isinstance(entry, Mapping))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
