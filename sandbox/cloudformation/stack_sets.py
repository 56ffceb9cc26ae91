"""StackSets with service-managed permissions: one template for every account of some OUs, also those that move in."""

import logging
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.organization import tree as organization
from sandbox.seams import host as seams
from sandbox.settings import Settings
from sandbox.web import control

logger = logging.getLogger(__name__)

STACK_SECONDS: Final = 120.0
AT_ONCE: Final = 4
DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


@dataclass(frozen=True, slots=True)
class StackInstance:
    """The stack of a StackSet in one account and Region."""

    account: str
    region: str
    stack_id: str
    status: str
    reason: str


@dataclass(slots=True)
class StackSet:
    """A template, the OUs whose accounts get it (or `only` some of them), and what they have got."""

    name: str
    body: str
    ou_ids: tuple[str, ...]
    regions: tuple[str, ...]
    parameters: dict[str, str]
    only: frozenset[str] | None = None
    follows_moves: bool = True
    instances: dict[tuple[str, str], StackInstance] = field(default_factory=dict)

    def members(self) -> set[str]:
        """The accounts that get the template now."""
        accounts = {account for ou in self.ou_ids for account in organization.accounts_in(ou)}
        return accounts if self.only is None else accounts & self.only


class StackSetError(Exception):
    """The StackSet is not in place because the stacks of some accounts failed."""


_stack_sets: dict[str, StackSet] = {}
_changing = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_delay = 0.0


def install(settings: Settings) -> None:
    """Start with no StackSet, and follow the accounts that move."""
    global _pool, _delay  # noqa: PLW0603 - one organization for one process
    stop()
    _delay = settings.stack_set_seconds
    _pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="stack-sets")
    organization.on_move(_account_moved)
    control.register("GET", "/stack-sets", _described)


def stop() -> None:
    """Finish what is being deployed and forget all."""
    if _pool is not None:
        _pool.shutdown(wait=True, cancel_futures=True)
    _stack_sets.clear()


def deploy(stack_set: StackSet) -> list[StackInstance]:
    """Bring a template to its accounts, Region after Region; raises `StackSetError` naming what failed."""
    with _changing:
        known = _stack_sets.get(stack_set.name)
        stack_set.instances = known.instances if known else {}
        _stack_sets[stack_set.name] = stack_set
    members = sorted(stack_set.members())
    for account, region in list(stack_set.instances):
        if account not in members or region not in stack_set.regions:
            _withdraw(stack_set, account, region)
    for region in stack_set.regions:
        _settled([_run(_bring, stack_set, account, (region,), 0.0) for account in members])
    failed = [instance for instance in instances(stack_set.name) if instance.status not in DONE]
    if failed:
        raise StackSetError("; ".join(f"{one.account} {one.region}: {one.status} {one.reason}" for one in failed))
    return instances(stack_set.name)


def instances(name: str) -> list[StackInstance]:
    """The stacks that a StackSet has in its accounts, ordered by account and Region."""
    with _changing:
        return [instance for _, instance in sorted(_stack_sets[name].instances.items())]


def remove(name: str) -> None:
    """Delete the stacks of a StackSet, then the StackSet."""
    for instance in instances(name):
        seams.call_cloudformation("DeleteStack", {"StackName": instance.stack_id}, instance.account, instance.region)
    with _changing:
        del _stack_sets[name]


def _account_moved(move: organization.Move) -> None:
    account = move.account
    for stack_set in [each for each in _stack_sets.values() if each.follows_moves]:
        having = tuple(region for region in stack_set.regions if (account, region) in stack_set.instances)
        if account in stack_set.members():
            missing = tuple(region for region in stack_set.regions if region not in having)
            if missing:
                _run(_bring, stack_set, account, missing, _delay)
        else:
            for region in having:
                _run(_withdraw, stack_set, account, region)


def _run(task: Any, *arguments: Any) -> "Future[None]":
    if _pool is None:
        raise StackSetError("no sandbox is running")
    future: Future[None] = _pool.submit(task, *arguments)
    future.add_done_callback(_complain)
    return future


def _settled(futures: "list[Future[None]]") -> None:
    for future in futures:
        future.result()


def _bring(stack_set: StackSet, account: str, regions: Sequence[str], delay: float) -> None:
    time.sleep(delay)
    for region in regions:
        _bring_one(stack_set, account, region)


def _bring_one(stack_set: StackSet, account: str, region: str) -> None:
    """Create or update the stack of one account and Region, and let the account's bus know how it ended."""
    existing = stack_set.instances.get((account, region))
    stack = existing.stack_id if existing else f"StackSet-{stack_set.name}-{uuid.uuid4()}"
    request = {
        "StackName": stack,
        "TemplateBody": stack_set.body,
        "Capabilities": list(CAPABILITIES),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in sorted(stack_set.parameters.items())
        ],
    }
    try:
        action = "UpdateStack" if existing else "CreateStack"
        stack_id = seams.call_cloudformation(action, request, account, region)["StackId"]
    except seams.ServiceCallError as error:
        if existing is not None and "No updates are to be performed" in str(error):
            return
        _settle(stack_set, StackInstance(account, region, stack, "CREATE_FAILED", str(error)))
        return
    status, reason = _end_of(stack_id, account, region)
    _settle(stack_set, StackInstance(account, region, stack_id, status, reason))


def _end_of(stack_id: str, account: str, region: str) -> tuple[str, str]:
    deadline = time.monotonic() + STACK_SECONDS
    while time.monotonic() < deadline:
        found = seams.call_cloudformation("DescribeStacks", {"StackName": stack_id}, account, region)["Stacks"][0]
        if not found["StackStatus"].endswith("_IN_PROGRESS"):
            return found["StackStatus"], found.get("StackStatusReason", "")
        time.sleep(0.05)
    return "CREATE_FAILED", f"the stack was not finished after {STACK_SECONDS:.0f} s"


def _settle(stack_set: StackSet, instance: StackInstance) -> None:
    with _changing:
        stack_set.instances[instance.account, instance.region] = instance
    detail = {
        "stack-id": instance.stack_id,
        "status-details": {"status": instance.status, "status-reason": instance.reason},
        "client-request-token": "",
    }
    seams.publish_aws_event(
        "aws.cloudformation",
        "CloudFormation Stack Status Change",
        detail,
        instance.account,
        instance.region,
        [instance.stack_id],
    )


def _withdraw(stack_set: StackSet, account: str, region: str) -> None:
    """An account that leaves the OUs loses its stack."""
    with _changing:
        instance = stack_set.instances.pop((account, region))
    seams.call_cloudformation("DeleteStack", {"StackName": instance.stack_id}, account, region)


def _complain(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("a stack instance was not brought", exc_info=error)


def _described(_: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [
            {"account": one.account, "region": one.region, "stack_id": one.stack_id, "status": one.status}
            for one in instances(name)
        ]
        for name in list(_stack_sets)
    }
