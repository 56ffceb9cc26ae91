"""The CloudFormation templates as the project keeps them, and how rendered resources come into one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MANAGEMENT: Final = "management"
AUDIT: Final = "audit"
MEMBERS: Final = "members"
MEMBER: Final = "member"
MEMBER_GLOBAL: Final = "member-global"
FRAMEWORK: Final = "framework"
VAULT: Final = "vault"
AIR_GAPPED_VAULT: Final = "air-gapped-vault"

# What is deployed as it is written, and what StackSets carry.
TEXTS: Final = (MANAGEMENT, AUDIT, MEMBER_GLOBAL, VAULT, AIR_GAPPED_VAULT)
CARRIED: Final = (MEMBER, MEMBER_GLOBAL, FRAMEWORK, AIR_GAPPED_VAULT)

_BANNER: Final = "\n  # -- Rendered from the intent --\n"

type Resource = dict[str, Any]
type Template = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The templates by name: those of `TEXTS` as text, those of `CARRIED` as values with functions in long form."""

    texts: Mapping[str, str]
    carried: Mapping[str, Template]


def with_resources(frame: str, resources: Mapping[str, Resource]) -> str:
    """A text whose last section is Resources, with more of them."""
    return frame.rstrip("\n") + "\n" + _BANNER + "".join(_resource(name, body) for name, body in resources.items())


def carried_body(template: Template, resources: Mapping[str, Resource] | None = None) -> str:
    """A template as JSON, with more resources; without white space, of which CloudFormation counts every character."""
    return _minified({**template, "Resources": {**template["Resources"], **(resources or {})}})


def _resource(logical_id: str, body: Resource) -> str:
    lines = [f"    {key}: {_minified(value)}\n" for key, value in body.items()]
    return f"\n  {logical_id}:\n" + "".join(lines)


def _minified(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
