"""What the rollout would take away: every way in which our policies in force protect more than the intent asks for.

Where the management stack holds exactly what is rendered, the intent did not change: then whatever differs was changed
by hand and is repaired, and no repair is a loss.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import replace
from typing import Any

from msgspec import Struct

from strongroom.domain.findings import Finding, error
from strongroom.domain.forms import ACCOUNT_ID
from strongroom.domain.guardrails.denials import PRINCIPAL
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from strongroom.domain.rollout.losses.lost_backups import Plan, lost_backups
from strongroom.domain.rollout.losses.lost_denials import DeniedCalls, lost_denials, read_denials
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY, AttachedPolicy

type _Conditions = Mapping[tuple[str, str], tuple[str, ...]]


class _BackupPlan(Struct, frozen=True, kw_only=True):
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
        *_lost_denials(_denials(ours), _denials(desired.policies)),
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


def _lost_denials(
    before: Mapping[str, tuple[DeniedCalls, ...]], after: Mapping[str, tuple[DeniedCalls, ...]]
) -> Iterator[tuple[str, str]]:
    """By target: a statement that goes on in another document of the same target is not lost."""
    losses: dict[str, list[str]] = {}
    come = after.keys() - before.keys()
    for target, old in before.items():
        sids = ", ".join(denial.sid for denial in old)
        gone = f"every service control policy of ours would be removed, and with them {sids}"
        for loss in lost_denials(old, _bound(target, after[target], come=come)) if target in after else [gone]:
            losses.setdefault(loss, []).append(target)
    for loss, targets in losses.items():
        yield ", ".join(targets), loss


def _plans(policies: Iterable[LivePolicy | AttachedPolicy]) -> dict[str, _BackupPlan]:
    return {
        name: _BackupPlan(targets=policy.targets, plan=plan)
        for policy in policies
        if policy.type == BACKUP_POLICY and policy.document is not None
        for name, plan in _mapping(policy.document.get("plans")).items()
        if not name.startswith("@@")
    }


def _denials(policies: Iterable[LivePolicy | AttachedPolicy]) -> dict[str, tuple[DeniedCalls, ...]]:
    """What is denied at each target, however it is split into documents."""
    denials: dict[str, tuple[DeniedCalls, ...]] = {}
    for policy in policies:
        if policy.type == SERVICE_CONTROL_POLICY and policy.document is not None:
            for target in policy.targets:
                denials[target] = (*denials.get(target, ()), *read_denials(policy.document))
    return denials


def _bound(target: str, denials: Iterable[DeniedCalls], *, come: Collection[str]) -> tuple[DeniedCalls, ...]:
    """The statements as they bind the target: in an account, a role of one that comes only now is nobody."""
    if not ACCOUNT_ID.fits(target):
        return tuple(denials)
    return tuple(replace(each, conditions=_without_roles_of(come, each.conditions)) for each in denials)


def _without_roles_of(accounts: Collection[str], conditions: _Conditions) -> _Conditions:
    return {
        (operator, key): tuple(each for each in values if key != PRINCIPAL or _owner(each) not in accounts)
        for (operator, key), values in conditions.items()
    }


def _owner(role: str) -> str:
    return role.partition("::")[2].partition(":")[0]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
