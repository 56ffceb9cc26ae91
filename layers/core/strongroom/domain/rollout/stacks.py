"""Stacks: which one is missing, which is not as it was rendered, and which cannot be touched now.

Source: CloudFormation User Guide, "Understand CloudFormation stack creation events", "Choose how to handle failures
when provisioning resources" and "CloudFormation quotas"; Template Reference Guide, AWS::CloudFormation::StackSet.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    MANAGEMENT_STACK,
    MEMBERS_STACK,
    Desired,
    DesiredStack,
    report_bucket,
)
from strongroom.domain.rollout.live import LiveOrganization, LiveStack
from strongroom.domain.rollout.steps import DeployControlPlane, DeployStack, Step, StepKind

MOST_BYTES_IN_A_REQUEST: Final = 51_200
MOST_BYTES: Final = 1_000_000

# The stack exists in name only: a change set was made, and never executed.
_EMPTY: Final = "REVIEW_IN_PROGRESS"
_SETTLED: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
# What we create keeps what succeeded when it fails, and goes on from there: CREATE_FAILED and UPDATE_FAILED are no end.
_DEAD: Final = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
_ENDING: Final = ("DELETE_", "ROLLBACK_")  # what is left then must be looked at first
_STUCK: Final = frozenset({"UPDATE_ROLLBACK_FAILED"})


def pending_stack(desired: Desired, name: str, live: LiveOrganization, *, has_forgotten: bool = False) -> Step | None:
    """The step that creates or updates the stack, None when it is as rendered or not rendered at all.

    A stack that `has_forgotten` something in a step before this one is no longer as it is found now.
    """
    stack, found = desired.stack(name), existing(live, name)
    if stack is None or (found is not None and not has_forgotten and not _differs(stack, found)):
        return None
    changed = () if found is None else changed_parameters(stack.parameters, found.parameters)
    return Step(
        id=f"stack-{name}",
        kind=StepKind.CREATE_STACK if found is None else StepKind.UPDATE_STACK,
        account=stack.place.account,
        region=stack.place.region,
        what=f"the stack {name}",
        before="missing" if found is None else _told(found.template, found.parameters, changed),
        after=_told(stack.template, stack.parameters, changed) + _new_policies(desired, name, live),
        act=DeployStack(name),
    )


def missing_control_plane(desired: Desired, live: LiveOrganization) -> Step | None:
    """The step that a person takes when the control plane is missing, or was deployed with other parameters."""
    found = existing(live, desired.control_plane.name)
    wanted = desired.control_plane_parameters
    changed = () if found is None else changed_parameters(wanted, found.parameters)
    if found is None:
        before, after = "missing", "deployed"
    elif found.status not in _SETTLED:
        before, after = found.status, "deleted, then deployed" if found.status in _DEAD else "deployed"
    elif changed:
        before, after = _listed(found.parameters, changed), _listed(wanted, changed)
    else:
        return None
    return Step(
        id="control-plane",
        kind=StepKind.CONFIRM,
        account=desired.control_plane.account,
        region=desired.control_plane.region,
        what="the control plane: run `sam build` and `sam deploy` in this account, then this command again",
        before=before,
        after=after,
        act=DeployControlPlane(),
    )


def judge_stack(name: str, desired: Desired, live: LiveOrganization, *, has_bucket: bool) -> Iterator[Finding]:
    """Why the stack cannot be deployed now."""
    stack = desired.stack(name)
    if stack is None:
        return
    status = live.stacks[name].status if name in live.stacks else _EMPTY
    if name == AUDIT_STACK and live.has_report_bucket and existing(live, name) is None:
        bucket = report_bucket(desired.intent)
        yield error(
            "bucket-without-stack",
            name,
            f"the bucket {bucket} exists in account {stack.place.account} and no stack owns it: delete it while it is "
            "empty, or import it into a stack of that name (create-change-set --change-set-type IMPORT)",
        )
    where = f"stack {name} in account {stack.place.account}, {stack.place.region},"
    if status in _DEAD:
        yield error("stack-dead", name, f"{where} is {status}: delete it, then begin again")
    elif status in _STUCK:
        yield error("stack-stuck", name, f"{where} is {status}: continue its rollback in CloudFormation first")
    elif status.startswith(_ENDING) and status.endswith("_IN_PROGRESS"):
        yield error("stack-busy", name, f"{where} is {status}: wait until that has ended")
    elif status.endswith("_IN_PROGRESS") and status not in (_EMPTY, *_SETTLED):
        yield warning("stack-busy", name, f"{where} is {status}: somebody is at it, and `apply` waits for that")
    if stack.size > MOST_BYTES:
        yield error("template-too-large", name, f"{where} has {stack.size} bytes of template, AWS takes {MOST_BYTES}")
    elif stack.size > MOST_BYTES_IN_A_REQUEST and not has_bucket:
        yield error(
            "template-bucket-missing",
            name,
            f"{where} has {stack.size} bytes of template, more than the {MOST_BYTES_IN_A_REQUEST} of a request: name a "
            "bucket of that account with --template-bucket",
        )
    if name == MEMBERS_STACK:
        yield from _judge_carried(desired)


def existing(live: LiveOrganization, name: str) -> LiveStack | None:
    """The stack, if anything was ever deployed into it."""
    found = live.stacks.get(name)
    return None if found is None or found.status == _EMPTY else found


def is_busy(found: LiveStack) -> bool:
    """Whether somebody is changing the stack now."""
    return found.status.endswith("_IN_PROGRESS") and found.status != _EMPTY


def _judge_carried(desired: Desired) -> Iterator[Finding]:
    # The bucket takes the stack's own template: what a StackSet carries is a property of it.
    for stack_set in desired.rendered.stack_sets:
        size = len(stack_set.template.body.encode())
        if size > MOST_BYTES_IN_A_REQUEST:
            yield error(
                "template-too-large",
                stack_set.name,
                f"the StackSet {stack_set.name} carries {size} bytes of template, AWS takes {MOST_BYTES_IN_A_REQUEST}, "
                "and no bucket helps: take out what was added to its file under stacks/",
            )


def _differs(stack: DesiredStack, found: LiveStack) -> bool:
    return (
        found.status not in _SETTLED
        or stack.template.strip() != found.template.strip()
        or bool(changed_parameters(stack.parameters, found.parameters))
    )


def changed_parameters(wanted: Mapping[str, str], found: Mapping[str, str]) -> tuple[str, ...]:
    """The parameters that are not told as they should be, by name."""
    return tuple(name for name, value in wanted.items() if found.get(name) != value)


def _told(template: str, parameters: Mapping[str, str], changed: tuple[str, ...]) -> str:
    digest = hashlib.sha256(template.strip().encode()).hexdigest()[:12]
    listed = _listed(parameters, changed)
    return f"template {digest}" + (f", {listed}" if listed else "")


def _listed(parameters: Mapping[str, str], names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={parameters.get(name, 'none')}" for name in names)


def _new_policies(desired: Desired, name: str, live: LiveOrganization) -> str:
    there = {policy.name for policy in live.policies}
    new = [policy.name for policy in desired.policies if policy.name not in there]
    return f", with the new policies {', '.join(new)}" if new and name == MANAGEMENT_STACK else ""
