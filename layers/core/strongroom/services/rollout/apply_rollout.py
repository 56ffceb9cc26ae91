"""Take the steps of a plan in their order, and stop at the first that fails; every step may be taken twice."""

from __future__ import annotations

from copy import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, assert_never

from strongroom.domain.errors import (
    RolloutRefusedError,
    StepFailedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.rollout.steps import (
    ActivateStackSets,
    AttachPolicy,
    BackupAct,
    BringStacks,
    CreateServiceLinkedRole,
    DeployControlPlane,
    DeployEvidenceLog,
    DeployStack,
    DetachPolicy,
    EnablePolicyType,
    EnableSharing,
    EnableTrustedAccess,
    KeepRules,
    LockVault,
    OptIn,
    OrganizationAct,
    PolicyAct,
    RegisterAdministrator,
    RolloutPlan,
    ShareAct,
    ShareVault,
    StackAct,
    Step,
    SwitchGlobalSettings,
    WritePolicy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.domain.identifiers import Region
    from strongroom.domain.rollout.desired import Desired
    from strongroom.domain.stacks.attached_policies import AttachedPolicy
    from strongroom.ports.rollout import BackupSettings, OrganizationSwitchboard, PolicyCabinet, VaultShares
    from strongroom.services.rollout.plan_rollout import RolloutNeeds

_TRIES: Final = 20


class Stage(StrEnum):
    """How far a step has come."""

    BEGUN = "begun"
    DONE = "done"


def apply_rollout(plan: RolloutPlan, *, desired: Desired, needs: RolloutNeeds) -> Iterator[tuple[Stage, Step]]:
    """Each step when it begins and when it is done.

    RolloutRefusedError when the plan has errors, StepFailedError where it stops.
    """
    if plan.errors:
        raise RolloutRefusedError("; ".join(finding.message for finding in plan.errors))
    for step in plan.steps:
        yield Stage.BEGUN, step
        try:
            _take(step, desired=desired, needs=needs)
        except StrongroomError as error:
            raise StepFailedError(f"{step.id}: {error}") from error
        yield Stage.DONE, step


def _take(step: Step, *, desired: Desired, needs: RolloutNeeds) -> None:
    match step.act:
        case EnablePolicyType() | EnableTrustedAccess() | RegisterAdministrator() as act:
            _patiently(partial(_switch, act, needs.organization), pause=needs.pause)
        case WritePolicy() | AttachPolicy() | DetachPolicy() as act:
            _patiently(partial(_repair, act, desired.policies, needs.policies), pause=needs.pause)
        case SwitchGlobalSettings() | OptIn() | LockVault() as act:
            _set(act, step.region, needs.backup)
        case ActivateStackSets() | DeployStack() | BringStacks() | DeployControlPlane() | DeployEvidenceLog() as act:
            _deploy(act, desired, needs)
        case KeepRules(texts):
            for text in texts:
                needs.rules.keep(text)
        case EnableSharing() | ShareVault() as act:
            _patiently(partial(_share, act, needs.shares), pause=needs.pause)
        case CreateServiceLinkedRole(service):
            needs.accounts.create_service_linked_role(step.account, service)
        case _:
            assert_never(step.act)


def _patiently(change: Callable[[], None], *, pause: Callable[[], None]) -> None:
    """Change something of the organisation, which takes one change at a time, also if somebody else is at it."""
    for _ in range(_TRIES - 1):
        try:
            change()
        except TemporarilyUnavailableError:
            pause()
        else:
            return
    change()


def _switch(act: OrganizationAct, organization: OrganizationSwitchboard) -> None:
    match act:
        case EnablePolicyType(policy_type):
            organization.enable_type(policy_type)
        case EnableTrustedAccess(principal):
            organization.trust(principal)
        case RegisterAdministrator(account, principal):
            organization.delegate(account, principal)
        case _:
            assert_never(act)


def _share(act: ShareAct, shares: VaultShares) -> None:
    match act:
        case EnableSharing():
            shares.enable()
        case ShareVault():
            shares.share(act)
        case _:
            assert_never(act)


def _repair(act: PolicyAct, rendered: tuple[AttachedPolicy, ...], policies: PolicyCabinet) -> None:
    match act:
        case WritePolicy(policy_id, name):
            policies.write(policy_id, next(policy for policy in rendered if policy.name == name))
        case AttachPolicy(policy_id, target):
            policies.attach(policy_id, target)
        case DetachPolicy(policy_id, target):
            policies.detach(policy_id, target)
        case _:
            assert_never(act)


def _set(act: BackupAct, region: Region, backup: BackupSettings) -> None:
    match act:
        case SwitchGlobalSettings(names):
            backup.switch_on(names)
        case OptIn(served, fully_managed):
            backup.opt_in(region, served=served, fully_managed=fully_managed)
        case LockVault(vault, lock):
            backup.lock(vault, lock)
        case _:
            assert_never(act)


def _deploy(act: StackAct, desired: Desired, needs: RolloutNeeds) -> None:
    match act:
        case ActivateStackSets():
            needs.stacks.activate_stack_sets()
        case BringStacks(stack_set, accounts, regions, are_new):
            needs.members.bring(stack_set, accounts=accounts, regions=regions, are_new=are_new)
        case DeployControlPlane():
            raise StepFailedError("only you can deploy the control plane: `sam build`, `sam deploy`, then this again")
        case DeployEvidenceLog():
            raise StepFailedError(
                "only you can deploy the evidence log: `sam build`, `sam deploy --config-env audit`, then this again"
            )
        case DeployStack(name, without):
            stack = next(stack for stack in desired.stacks if stack.place.name == name)
            if without:
                stack = replace(stack, template=desired.rendered.management.text(without=without))
            needs.stacks.deploy(stack)
        case _:
            assert_never(act)
