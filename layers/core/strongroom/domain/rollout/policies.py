"""Policies: ours that drifted, and strangers that reach into what we govern.

CloudFormation compares templates, never the world: a policy that somebody changed, detached or deleted by hand is
unchanged to it. Hence a drifted policy is written over directly, with exactly what its stack holds; and the stack is
made to forget a deleted one first, because it would go on to update an id that is gone.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.governed import excluded_units, lies_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent_rules.targets import tiers_beyond
from strongroom.domain.rollout.delegation import is_deleted
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired, governed_targets
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy, LiveStack
from strongroom.domain.rollout.losses.lost_denials import statements_of
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.rollout.steps import Act, AttachPolicy, DeployStack, DetachPolicy, Step, StepKind, WritePolicy
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, SERVICE_CONTROL_POLICY, AttachedPolicy
from strongroom.domain.stacks.delegation import DELEGATION

_TOLD: Final = 3
# Organizations User Guide, "Changes that I make aren't always immediately visible", which names no time.
_SHOWN_WITHIN: Final = timedelta(minutes=5)
_CHARACTERS: Final = 60
_NOTHING: Final = "nothing"


def deleted_policies(desired: Desired, live: LiveOrganization, *, now: datetime) -> Step | None:
    """The step that lets the management stack forget what somebody deleted; its update makes it again.

    What the stack made a moment ago may only not be shown yet: to forget it would take it off its targets.
    """
    stack = existing(live, MANAGEMENT_STACK)
    if stack is None:
        return None
    gone: frozenset[str] = frozenset({DELEGATION} if is_deleted(desired, live) else ())
    if _unseen(stack, live) and not _is_fresh(stack, now=now):
        gone |= {policy.name for policy in desired.policies if _found(policy, live) is None}
    if not gone:
        return None
    return _repair(
        "forget-deleted-policies",
        desired.intent,
        f"the policies {', '.join(sorted(gone))} in the stack {MANAGEMENT_STACK}",
        ("deleted by hand, still in the stack", "forgotten by the stack"),
        DeployStack(MANAGEMENT_STACK, without=gone),
    )


def drifted_policies(desired: Desired, live: LiveOrganization) -> Iterator[Step]:
    """A step for each document and each attachment of ours that is not as rendered."""
    for policy in desired.policies:
        if (found := _found(policy, live)) is not None:
            yield from _document(desired, policy, found)
            yield from _attachments(desired, policy, found)


def _unseen(stack: LiveStack, live: LiveOrganization) -> frozenset[str]:
    """The policies that the stack made and nobody sees."""
    return stack.policy_ids - {policy.id for policy in live.policies}


def _is_fresh(stack: LiveStack, *, now: datetime) -> bool:
    return stack.changed_at is not None and now - stack.changed_at < _SHOWN_WITHIN


def judge_policies(desired: Desired, live: LiveOrganization, *, now: datetime) -> Iterator[Finding]:
    """Names that are taken, targets that do not exist, strangers in the way, accounts without a valid policy."""
    stack = existing(live, MANAGEMENT_STACK)
    ours = frozenset() if stack is None else stack.policy_ids
    for policy in desired.policies:
        found = _found(policy, live)
        if found is not None and found.id not in ours:
            yield error(
                "policy-not-ours",
                policy.name,
                f"{found.id} has this name and was not made by the stack {MANAGEMENT_STACK}, which could not make its "
                "own: detach and delete it, or rename it",
            )
    for target in (*governed_targets(desired.intent), *excluded_units(desired.intent)):
        if live.paths.get(target) is None:
            yield error("unknown-target", "targets", f"{target} is no unit or account of this organization")
    if stack is not None and (unseen := _unseen(stack, live)) and _is_fresh(stack, now=now):
        yield warning(
            "policies-not-shown",
            MANAGEMENT_STACK,
            f"the stack was changed a moment ago, and AWS Organizations does not show {len(unseen)} of its policies: "
            f"plan again in {_SHOWN_WITHIN.seconds // 60} minutes, when what is still missing was deleted",
        )
    yield from _missing_deployers(desired.intent)
    yield from _misplaced_targets(desired.intent, live)
    yield from _strangers(desired, live, ours=ours)
    for account in live.accounts_with_invalid_policy:
        yield warning(
            "effective-policy-invalid",
            account,
            f"the policies that reach account {account} do not merge to a valid one: AWS goes on with the last one",
        )


def differences(before: Any, after: Any) -> tuple[tuple[str, str, str], ...]:
    """Where two JSON documents differ: path, value before, value after, each value on one short line."""
    found = []
    waiting = [("", before, after)]
    while waiting:
        path, old, new = waiting.pop()
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            names = sorted({*old, *new}, reverse=True)
            waiting += [(f"{path}.{name}" if path else name, old.get(name), new.get(name)) for name in names]
        elif old != new:
            found.append((path or ".", _short(old), _short(new)))
    return tuple(found)


def statement_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Where two service control policies differ, by Sid: what a statement is before, and after."""
    old, new = ({str(each.get("Sid", "")): each for each in statements_of(document)} for document in (before, after))
    return tuple(
        (sid or "a statement without Sid", *_change_of(old.get(sid), new.get(sid)))
        for sid in dict.fromkeys((*new, *old))
        if old.get(sid) != new.get(sid)
    )


def _change_of(before: Any, after: Any) -> tuple[str, str]:
    if before is None:
        return "missing", "added"
    return ("there", "removed") if after is None else ("other than rendered", "as rendered")


def _document(desired: Desired, policy: AttachedPolicy, found: LivePolicy) -> Iterator[Step]:
    if policy.type == SERVICE_CONTROL_POLICY:
        changes = statement_differences(found.document or {}, policy.document)
    else:
        changes = differences(found.document, policy.document)
    if found.description != policy.description:
        changes = (*changes, ("description", _short(found.description), _short(policy.description)))
    if not changes:
        return
    told = len(changes) if policy.type == SERVICE_CONTROL_POLICY else _TOLD
    more = f" and {len(changes) - told} more" if len(changes) > told else ""
    before, after = (
        "; ".join(f"{change[0]} = {change[which]}" for change in changes[:told]) + more for which in (1, 2)
    )
    yield _repair(
        f"policy-{policy.name}",
        desired.intent,
        f"the {policy.type} {policy.name}",
        (before, after),
        WritePolicy(found.id, policy.name),
    )


def _attachments(desired: Desired, policy: AttachedPolicy, found: LivePolicy) -> Iterator[Step]:
    intent = desired.intent
    for target in policy.targets:
        if target not in found.targets:
            what, change = f"the {policy.type} {policy.name} on {target}", ("detached", "attached")
            yield _repair(f"attach-{policy.name}-{target}", intent, what, change, AttachPolicy(found.id, target))
    for target in found.targets:
        if target not in policy.targets:
            what, change = f"the {policy.type} {policy.name} on {target}", ("attached", "detached")
            yield _repair(f"detach-{policy.name}-{target}", intent, what, change, DetachPolicy(found.id, target))


def _strangers(desired: Desired, live: LiveOrganization, *, ours: frozenset[str]) -> Iterator[Finding]:
    for policy in live.policies:
        if policy.type != BACKUP_POLICY or policy.name in desired.policy_names or policy.id in ours:
            continue
        for target in policy.targets:
            if relation := _relation(target, desired, live):
                yield warning(
                    "foreign-backup-policy",
                    target,
                    f"the backup policy {policy.name} ({policy.id}) is not ours and is attached {relation}: look at "
                    "what it adds, and detach it if nobody answers for it",
                )


def _misplaced_targets(intent: Intent, live: LiveOrganization) -> Iterator[Finding]:
    """Where the organisation has a target below another and the file has not, or the other way round."""
    for number, target in enumerate(intent.targets):
        way = live.paths.get(target.id(intent))
        for upper in intent.targets if way is not None else ():
            is_below = upper is not target and upper.id(intent) in (way or ())
            beyond = tiers_beyond(target, upper)
            if lies_below(target, upper) and not is_below:
                yield error(
                    "target-misplaced",
                    f"targets[{number}]",
                    f"{target.name} does not lie below {upper.name}, on which its policies would hang: call its unit "
                    "by its path in the organisation",
                )
            elif is_below and not lies_below(target, upper) and beyond:
                yield error(
                    "tier-blocked-above",
                    f"targets[{number}].tiers",
                    f"{target.name} lies below {upper.name}, whose policies let no plan be added below: AWS would "
                    f"ignore the plans of {', '.join(beyond)}; {_telling(target, upper)}, or offer {upper.name} the "
                    "same",
                )


def _telling(target: Target, upper: Target) -> str:
    """How the file says that a target lies below another."""
    if target.account is not None:
        return f"write unit: {upper.name} beside the account"
    return f"call its unit {upper.name}/{(target.unit or '').rpartition('/')[-1]}"


def _missing_deployers(intent: Intent) -> Iterator[Finding]:
    named = {Arn.parse(arn).account for arn in intent.deployer_role_arns}
    if without := [account for account in intent.guarded_accounts if account not in named]:
        yield error(
            "no-deployers",
            "guardrails.deployer_role_arns",
            f"no role of account {' and '.join(without)} is named: the guardrail closes the account to everybody, so "
            "name who deploys there",
        )


def _relation(target: str, desired: Desired, live: LiveOrganization) -> str | None:
    governed = governed_targets(desired.intent)
    for ancestor in live.paths.get(target) or ():
        if ancestor in governed:
            return f"to the governed {target}" if ancestor == target else f"below the governed {ancestor}"
    below = [each for each in governed if target in (live.paths.get(each) or ())]
    return f"above the governed {', '.join(below)}" if below else None


def _found(policy: AttachedPolicy, live: LiveOrganization) -> LivePolicy | None:
    return next((each for each in live.policies if (each.name, each.type) == (policy.name, policy.type)), None)


def _short(value: Any) -> str:
    if value is None:
        return _NOTHING
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"


def _repair(id_: str, intent: Intent, what: str, change: tuple[str, str], act: Act) -> Step:
    return Step(
        id=id_,
        kind=StepKind.REPAIR,
        account=intent.organization.management_account,
        region=intent.global_region,
        what=what,
        before=change[0],
        after=change[1],
        act=act,
    )
