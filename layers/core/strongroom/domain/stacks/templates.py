"""The CloudFormation templates as the project keeps them, and how rendered resources come into one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

MANAGEMENT: Final = "management"
MANAGEMENT_HOME: Final = "management-home"
AUDIT: Final = "audit"
MEMBERS: Final = "members"
MEMBER: Final = "member"
MEMBER_GLOBAL: Final = "member-global"
FRAMEWORK: Final = "framework"
VAULT: Final = "vault"
AIR_GAPPED_VAULT: Final = "air-gapped-vault"
RESTORE_VAULT: Final = "restore-vault"
VAULT_ACCOUNT: Final = "vault-account"
VAULT_FORWARDER: Final = "vault-forwarder"

# What is deployed as it is written, and what StackSets carry.
TEXTS: Final = (
    MANAGEMENT,
    MANAGEMENT_HOME,
    AUDIT,
    MEMBER_GLOBAL,
    VAULT,
    AIR_GAPPED_VAULT,
    VAULT_ACCOUNT,
    VAULT_FORWARDER,
)
CARRIED: Final = (MEMBER, MEMBER_GLOBAL, FRAMEWORK, AIR_GAPPED_VAULT, RESTORE_VAULT)

_PROPERTIES: Final = "    Properties: "
_BANNER: Final = "\n  # -- Rendered from the intent --\n"

type Resource = dict[str, Any]
type Template = Mapping[str, Any]


class Templates(Struct, frozen=True, kw_only=True):
    """The templates by name: those of `TEXTS` as text, those of `CARRIED` as values with functions in long form."""

    texts: Mapping[str, str]
    carried: Mapping[str, Template]


def with_resources(frame: str, resources: Mapping[str, Resource]) -> str:
    """A text whose last section is Resources, with more of them."""
    return frame.rstrip("\n") + "\n" + _BANNER + "".join(_resource(name, body) for name, body in resources.items())


def properties_in(text: str) -> Iterator[Resource]:
    """The properties of each resource that `with_resources` brought into a text; none of what others wrote."""
    for line in text.splitlines():
        if line.startswith(_PROPERTIES):
            try:
                yield json.loads(line.removeprefix(_PROPERTIES))
            except json.JSONDecodeError:
                continue


def with_more(template: Template, resources: Mapping[str, Resource]) -> Template:
    """A template with more resources."""
    return {**template, "Resources": {**template["Resources"], **resources}}


def carried_body(template: Template) -> str:
    """A template as JSON without white space, of which CloudFormation counts every character."""
    return _minified(template)


def _resource(logical_id: str, body: Resource) -> str:
    lines = [f"    {key}: {_minified(value)}\n" for key, value in body.items()]
    return f"\n  {logical_id}:\n" + "".join(lines)


def _minified(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
