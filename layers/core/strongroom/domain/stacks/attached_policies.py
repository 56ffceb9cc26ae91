"""Every policy of the organisation with what it is attached to."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy import quotas
from strongroom.domain.backup_policy.rendering import tier_documents
from strongroom.domain.findings import Finding, error
from strongroom.domain.guardrails import denials
from strongroom.domain.guardrails.rendering import guardrail_of, guardrail_targets, render_guardrails
from strongroom.domain.intent.governed import places_of_tier, tiers_below, topmost_targets
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import plan_name

BACKUP_POLICY: Final = "BACKUP_POLICY"
SERVICE_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"

_MOST_CHARACTERS: Final = {
    BACKUP_POLICY: quotas.POLICY_CHARACTERS,
    SERVICE_CONTROL_POLICY: denials.POLICY_CHARACTERS,
}
_DESCRIPTIONS: Final = {
    "protect-backups": "What guards the backups of these accounts; the Sid of each statement says against what.",
    "protect-control-plane": "Nobody here takes the vaults, their keys, the ledger or the reports away.",
    "require-backup-tag": "Nothing that these calls make comes without a valid backup tag.",
}


class AttachedPolicy(Struct, frozen=True, kw_only=True):
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
    """The backup policies of each tier that is offered, then the service control policies."""
    return (*_backup_policies(intent), *_guardrails(intent))


def find_oversized(policies: Iterable[AttachedPolicy]) -> Iterator[Finding]:
    """An error for each document that is larger than AWS takes."""
    for policy in policies:
        limit = _MOST_CHARACTERS[policy.type]
        if (size := len(policy.content)) > limit:
            place = "tiers" if policy.type == BACKUP_POLICY else "guardrails"
            path = f"{place}.{policy.name.removeprefix('strongroom-')}"
            yield error("too-large", path, f"its document has {size} characters, AWS takes {limit}")


def find_crowded(intent: Intent) -> Iterator[Finding]:
    """An error for each target that gets more backup policies than AWS attaches, and for two of one name."""
    names = Counter(each.name for name in intent.offered_tiers() for each in tier_documents(intent, name))
    for name, count in names.items():
        if count > 1:
            yield error("policy-twice", "tiers", f"{count} policies would be called {plan_name(name)}: rename a tier")
    documents = {name: len(tier_documents(intent, name)) for name in intent.offered_tiers()}
    for top in topmost_targets(intent):
        here = {name: documents[name] for name in tiers_below(intent, top)}
        if (count := sum(here.values())) > quotas.POLICIES_PER_TARGET:
            each = ", ".join(f"{name} {number}" for name, number in here.items())
            why = f"{top.id(intent)} gets {count} backup policies, AWS attaches {quotas.POLICIES_PER_TARGET}: {each}"
            remedy = "offer fewer tiers, or copy into one vault for all Regions (region: home)"
            yield error("too-many-policies", "targets", f"{why}; {remedy}")


def _backup_policies(intent: Intent) -> Iterator[AttachedPolicy]:
    for tier in intent.offered_tiers():
        targets = tuple(target.id(intent) for target in places_of_tier(intent, tier))
        for each in tier_documents(intent, tier):
            yield AttachedPolicy(
                name=plan_name(each.name),
                description=f"Backups of the tier {tier}, locked.",
                type=BACKUP_POLICY,
                document=each.document,
                targets=targets,
            )


def _guardrails(intent: Intent) -> Iterator[AttachedPolicy]:
    targets = guardrail_targets(intent)
    for name, document in render_guardrails(intent).items():
        yield AttachedPolicy(
            name=f"strongroom-{name}",
            description=_DESCRIPTIONS[guardrail_of(name)],
            type=SERVICE_CONTROL_POLICY,
            document=document,
            targets=targets[name],
        )
