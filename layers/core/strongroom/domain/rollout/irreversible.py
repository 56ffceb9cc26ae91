"""What of a plan nobody can take back once it was applied.

Sources: AWS Backup Developer Guide, "AWS Backup Vault Lock"; Amazon S3 User Guide, "Locking objects with Object Lock".
"""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Level
from strongroom.domain.intent.destinations import made_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import member_air_gaps
from strongroom.domain.rollout.desired import AUDIT_STACK, MEMBERS_STACK, vault_stack
from strongroom.domain.rollout.steps import DeployStack, LockVault, RolloutPlan, Step, StepKind

# The errors that somebody may accept: less is protected afterwards, or for now.
LOOSENING: Final = ("protection-shrinks", "lock-postponed")

_LOCKED: Final = "after its cooling-off time nobody, not even AWS, can take the lock off"
_SEALED: Final = "an air-gapped vault has no cooling-off: nobody, not even AWS, ever changes its lock"
_KEPT: Final = "what its bucket takes in stays as long as it is told to, whoever wants it gone"


def irreversible(plan: RolloutPlan, *, intent: Intent) -> Iterator[str]:
    """A sentence for each thing that cannot be undone, or not for what is lost meanwhile."""
    locking = {
        vault_stack(each): _SEALED if each.is_air_gapped else _LOCKED
        for each in made_vaults(intent)
        if each.lock is not None and each.lock.is_final
    }
    if member_air_gaps(intent):
        locking[MEMBERS_STACK] = _SEALED
    for step in plan.steps:
        if reason := _why(step, locking=locking):
            yield f"{step.what} ({step.account}, {step.region}): {reason}"
    for finding in plan.findings:
        if finding.code in LOOSENING and finding.level is Level.WARNING:
            yield finding.message


def _why(step: Step, *, locking: Mapping[str, str]) -> str | None:
    match step.act:
        case LockVault(lock=lock) if lock.is_final:
            return _LOCKED
        case DeployStack(name=name) if name in locking:
            return locking[name]
        case DeployStack(name=name) if (name, step.kind) == (AUDIT_STACK, StepKind.CREATE_STACK):
            return _KEPT
        case _:
            return None
