"""The three parts of the member template: the vault, which stays; the roles, which come first; and the rest.

A part is deployed by a StackSet of its own, so no resource refers to one of another part.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from strongroom.domain.stacks.templates import Resource, Template

LOCAL_VAULT_KEY: Final = "LocalVaultKey"
LOCAL_VAULT: Final = "LocalVault"
BACKUP_ROLE: Final = "BackupRole"

_VAULT: Final = (LOCAL_VAULT_KEY, LOCAL_VAULT, BACKUP_ROLE)
_ROLE: Final = "AWS::IAM::Role"
_OF_THE_CEREMONY: Final = (
    "RestoreRole",
    "RestoreJobRole",
    "RestoreRawRole",
    "RestoreNativeRole",
    "RestoreAskedRole",
    "WatchedRole",
    "RestoreForwarderRule",
)


class MemberParts(Struct, frozen=True, kw_only=True):
    """The member template, cut."""

    vault: Template
    roles: Template
    rest: Template


def member_parts(template: Template, *, restores: bool) -> MemberParts:
    """Every resource of the template in exactly one part; without what the ceremony takes where there is none."""
    resources: Mapping[str, Resource] = {
        name: body for name, body in template["Resources"].items() if restores or name not in _OF_THE_CEREMONY
    }
    vault = [name for name in resources if name in _VAULT]
    roles = [name for name, body in resources.items() if body["Type"] == _ROLE and name not in vault]
    return MemberParts(
        vault=cut(template, vault),
        roles=cut(template, roles),
        rest=cut(template, [name for name in resources if name not in (*vault, *roles)]),
    )


def cut(template: Template, names: Collection[str]) -> Template:
    """Of these names the resources that are there, in their order; of the conditions and parameters what they use."""
    resources = {name: body for name, body in template["Resources"].items() if name in names}
    conditions = _used(template.get("Conditions", {}), resources)
    parameters = _used(template.get("Parameters", {}), {**resources, **conditions})
    return {**template, "Parameters": parameters, "Conditions": conditions, "Resources": resources}


def _used(defined: Mapping[str, object], by: object) -> dict[str, object]:
    text = json.dumps(by)
    return {name: value for name, value in defined.items() if re.search(rf"\b{name}\b", text)}
