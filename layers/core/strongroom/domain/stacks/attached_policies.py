"""Every policy of the organisation with what it is attached to."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.backup_policy import grammar
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.findings import Finding, error
from strongroom.domain.guardrails import denials
from strongroom.domain.guardrails.rendering import guardrail_targets, render_guardrails
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import plan_name

BACKUP_POLICY: Final = "BACKUP_POLICY"
SERVICE_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"

_MOST_CHARACTERS: Final = {
    BACKUP_POLICY: grammar.POLICY_CHARACTERS,
    SERVICE_CONTROL_POLICY: denials.POLICY_CHARACTERS,
}
_NUMBER: Final = re.compile("-[0-9]+$")  # of a document that was split
_DESCRIPTIONS: Final = {
    "protect-backups": "What guards the backups of these accounts; the Sid of each statement says against what.",
    "protect-control-plane": "Nobody here takes the vaults, their keys, the ledger or the reports away.",
    "require-backup-tag": "Nothing that these calls make comes without a valid backup tag.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPolicy:
    """A policy as Organizations keeps it: its document as JSON, and the ids of units and accounts that have it."""

    name: str
    description: str
    type: str
    document: Mapping[str, Any]
    targets: tuple[str, ...]

    @property
    def content(self) -> str:
        """The document as text, without white space, of which Organizations counts every character."""
        return json.dumps(self.document, separators=(",", ":"))


def render_attached_policies(intent: Intent) -> tuple[AttachedPolicy, ...]:
    """The backup policy of each tier that is offered, then the service control policies."""
    return (*_backup_policies(intent), *_guardrails(intent))


def find_oversized(policies: Iterable[AttachedPolicy]) -> Iterator[Finding]:
    """An error for each document that is larger than AWS takes."""
    for policy in policies:
        limit = _MOST_CHARACTERS[policy.type]
        if (size := len(policy.content)) > limit:
            place = "tiers" if policy.type == BACKUP_POLICY else "guardrails"
            path = f"{place}.{policy.name.removeprefix('strongroom-')}"
            yield error("too-large", path, f"its document has {size} characters, AWS takes {limit}")


def _backup_policies(intent: Intent) -> Iterator[AttachedPolicy]:
    for tier, document in render_backup_policies(intent).items():
        yield AttachedPolicy(
            name=plan_name(tier),
            description=f"Backups of the tier {tier}, locked.",
            type=BACKUP_POLICY,
            document=document,
            targets=tuple(target.id(intent) for target in intent.targets if tier in target.tiers),
        )


def _guardrails(intent: Intent) -> Iterator[AttachedPolicy]:
    targets = guardrail_targets(intent)
    for name, document in render_guardrails(intent).items():
        yield AttachedPolicy(
            name=f"strongroom-{name}",
            description=_DESCRIPTIONS[_NUMBER.sub("", name)],
            type=SERVICE_CONTROL_POLICY,
            document=document,
            targets=targets[name],
        )
