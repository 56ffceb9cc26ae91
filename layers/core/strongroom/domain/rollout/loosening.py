"""What the rollout would take away: every way in which our policies in force protect more than the intent asks for.

Where the management stack holds exactly what is rendered, the intent did not change: then whatever differs was changed
by hand and is repaired, and no repair is a loss.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.findings import Finding, error
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from strongroom.domain.rollout.lost_backups import Plan, lost_backups
from strongroom.domain.rollout.lost_denials import DeniedCalls, lost_denials, read_denials
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, AttachedPolicy

_NUMBER: Final = re.compile("-[0-9]+$")  # of a guardrail's further documents


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guardrail:
    """All documents of a guardrail together, however they are split."""

    targets: tuple[str, ...]
    denials: tuple[DeniedCalls, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BackupPlan:
    """A backup plan and what its policy is attached to."""

    targets: tuple[str, ...]
    plan: Plan


def judge_loosening(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each thing that is protected now and would not be any more; none before the first rollout."""
    stack, rendered = existing(live, MANAGEMENT_STACK), desired.stack(MANAGEMENT_STACK)
    if stack is None or rendered is None or stack.template.strip() == rendered.template.strip():
        return
    ours = [each for each in live.policies if each.id in stack.policy_ids or each.name in desired.policy_names]
    for path, sentence in (
        *_lost_plans(_plans(ours), _plans(desired.policies)),
        *_lost_guardrails(_guardrails(ours), _guardrails(desired.policies)),
    ):
        yield error("protection-shrinks", path, sentence)


def _lost_plans(before: Mapping[str, _BackupPlan], after: Mapping[str, _BackupPlan]) -> Iterator[tuple[str, str]]:
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield name, f"the backup plan {name} would be removed from {', '.join(old.targets) or 'no target'}"
            continue
        for target in old.targets:
            if target not in new.targets:
                yield name, f"the backup plan {name} would be removed from {target}"
        for loss in lost_backups(old.plan, new.plan):
            yield name, f"the backup plan {name} would {loss}"


def _lost_guardrails(before: Mapping[str, _Guardrail], after: Mapping[str, _Guardrail]) -> Iterator[tuple[str, str]]:
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            sids = ", ".join(denial.sid for denial in old.denials)
            yield name, f"the guardrail {name} would be removed from {', '.join(old.targets) or 'no target'}: {sids}"
            continue
        for target in old.targets:
            if target not in new.targets:
                yield name, f"the guardrail {name} would be removed from {target}"
        for loss in lost_denials(old.denials, new.denials):
            yield name, loss


def _plans(policies: Iterable[LivePolicy | AttachedPolicy]) -> dict[str, _BackupPlan]:
    return {
        name: _BackupPlan(targets=policy.targets, plan=plan)
        for policy in policies
        if policy.type == BACKUP_POLICY and policy.document is not None
        for name, plan in _mapping(policy.document.get("plans")).items()
        if not name.startswith("@@")
    }


def _guardrails(policies: Iterable[LivePolicy | AttachedPolicy]) -> dict[str, _Guardrail]:
    guardrails: dict[str, _Guardrail] = {}
    for policy in policies:
        if policy.type == BACKUP_POLICY or policy.document is None:
            continue
        name = _NUMBER.sub("", policy.name)
        sofar = guardrails.get(name, _Guardrail(targets=(), denials=()))
        guardrails[name] = _Guardrail(
            targets=tuple(dict.fromkeys((*sofar.targets, *policy.targets))),
            denials=(*sofar.denials, *read_denials(policy.document)),
        )
    return guardrails


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
