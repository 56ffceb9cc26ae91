"""The CloudFormation templates as plain values, with CloudFormation's short forms kept: `!Ref X` is {"!Ref": "X"}."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]

type Resources = dict[str, dict[str, Any]]


class _Template(yaml.CSafeLoader):
    """Reads short forms as plain values."""


def _short_form(loader: _Template, suffix: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise AssertionError(node)
    return {f"!{suffix}": value}


_Template.add_multi_constructor("!", _short_form)


@cache
def template_of(path: str) -> dict[str, Any]:
    """A whole template, which nobody changes; `path` counts from the root of the repository."""
    loaded: dict[str, Any] = yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=_Template)  # noqa: S506
    return loaded


def resources_of(path: str) -> Resources:
    """The resources of a template, by logical id."""
    resources: Resources = template_of(path)["Resources"]
    return resources


CONTROL_PLANE = resources_of("template.yaml")
AUDIT_LOG = resources_of("audit/template.yaml")
# What `sam deploy` brings, by template: each function is in one of them.
APPLICATIONS = {"template.yaml": CONTROL_PLANE, "audit/template.yaml": AUDIT_LOG}
MEMBER = resources_of("stacks/member.yaml")
MEMBER_GLOBAL = resources_of("stacks/member-global.yaml")
MANAGEMENT = resources_of("stacks/management.yaml")
MANAGEMENT_HOME = resources_of("stacks/management-home.yaml")
VAULT = resources_of("stacks/vault.yaml")
RESTORE_VAULT = resources_of("stacks/restore-vault.yaml")
VAULT_ACCOUNT = resources_of("stacks/vault-account.yaml")
VAULT_FORWARDER = resources_of("stacks/vault-forwarder.yaml")


def of_type(resources: Resources, kind: str) -> Resources:
    """The resources of one type."""
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def actions_of(statement: dict[str, Any]) -> set[str]:
    """The actions of a policy statement, which may be one or a list."""
    actions = statement["Action"]
    return {actions} if isinstance(actions, str) else set(actions)


def application_of(logical_id: str) -> str:
    """The path of the application's template that has the resource."""
    [path] = (path for path, resources in APPLICATIONS.items() if logical_id in resources)
    return path


def role_of(logical_id: str) -> dict[str, Any]:
    """The properties of the role that a function or a state machine works under."""
    resources = APPLICATIONS[application_of(logical_id)]
    role = resources[logical_id]["Properties"]["Role"]["!GetAtt"]
    properties: dict[str, Any] = resources[role.removesuffix(".Arn")]["Properties"]
    return properties


def statements_of(function: str) -> list[dict[str, Any]]:
    """Every statement of a function's role, its own and those of the managed policies that it refers to."""
    role = role_of(function)
    managed = [CONTROL_PLANE[policy["!Ref"]]["Properties"] for policy in role.get("ManagedPolicyArns", [])]
    return [
        statement
        for policy in [*managed, *role.get("Policies", [])]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
