"""The three parts of the member template: the vault, which stays; the roles, which come first; and the rest.

A part is deployed by a StackSet of its own, so no resource refers to one of another part.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from strongroom.domain.stacks.templates import Resource, Template

_VAULT: Final = ("LocalVaultKey", "LocalVault", "BackupRole")
_ROLE: Final = "AWS::IAM::Role"
_RESTORING: Final = "RestoreRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberParts:
    """The member template, cut."""

    vault: Template
    roles: Template
    rest: Template


def member_parts(template: Template, *, restores: bool) -> MemberParts:
    """Every resource of the template in exactly one part; without the role for restores where nobody borrows it."""
    resources: Mapping[str, Resource] = {
        name: body for name, body in template["Resources"].items() if restores or name != _RESTORING
    }
    vault = [name for name in resources if name in _VAULT]
    roles = [name for name, body in resources.items() if body["Type"] == _ROLE and name not in vault]
    return MemberParts(
        vault=_cut(template, vault),
        roles=_cut(template, roles),
        rest=_cut(template, [name for name in resources if name not in (*vault, *roles)]),
    )


def _cut(template: Template, names: Collection[str]) -> Template:
    """These resources, and of the conditions and parameters those that they use."""
    resources = {name: template["Resources"][name] for name in names}
    conditions = _used(template.get("Conditions", {}), resources)
    parameters = _used(template.get("Parameters", {}), {**resources, **conditions})
    return {**template, "Parameters": parameters, "Conditions": conditions, "Resources": resources}


def _used(defined: Mapping[str, object], by: object) -> dict[str, object]:
    text = json.dumps(by)
    return {name: value for name, value in defined.items() if re.search(rf"\b{name}\b", text)}
