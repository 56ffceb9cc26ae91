"""What of a plan nobody can take back once it was applied.

Sources: AWS Backup Developer Guide, "AWS Backup Vault Lock"; Amazon S3 User Guide, "Locking objects with Object Lock".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.findings import Level
from strongroom.domain.rollout.desired import AUDIT_STACK, CENTRAL_STACK, REPLICA_STACK
from strongroom.domain.rollout.steps import DeployStack, LockVault, RolloutPlan, Step, StepKind

# The errors that somebody may accept: less is protected afterwards, or for now.
LOOSENING: Final = ("protection-shrinks", "lock-postponed")

_LOCKED: Final = "after its cooling-off time nobody, not even AWS, can take the lock off"
_KEPT: Final = "what its bucket takes in stays as long as it is told to, whoever wants it gone"
_BY_STACK: Final = {
    **{(name, kind): _LOCKED for name in (CENTRAL_STACK, REPLICA_STACK) for kind in StepKind},
    (AUDIT_STACK, StepKind.CREATE_STACK): _KEPT,
}


def irreversible(plan: RolloutPlan) -> Iterator[str]:
    """A sentence for each thing that cannot be undone, or not for what is lost meanwhile."""
    for step in plan.steps:
        if reason := _why(step):
            yield f"{step.what} ({step.account}, {step.region}): {reason}"
    for finding in plan.findings:
        if finding.code in LOOSENING and finding.level is Level.WARNING:
            yield finding.message


def _why(step: Step) -> str | None:
    if isinstance(step.act, LockVault):
        return _LOCKED
    if isinstance(step.act, DeployStack):
        return _BY_STACK.get((step.act.name, step.kind))
    return None
