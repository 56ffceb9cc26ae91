"""What the target of a rule lets in, the bus elsewhere among them, and what becomes of an event that it does not."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from sandbox.authority.judging import why_role_may_not
from sandbox.seams import host as seams
from sandbox.seams.iam.authority import Question, service_may
from sandbox.seams.keys.encrypted import customer_key_of
from sandbox.settings import Settings

logger = logging.getLogger(__name__)

# A forwarded event is not forwarded again: AWS does not send on to a third account or Region.
FORWARDED: Final = "_Forwarded"
_EVENTS: Final = "events.amazonaws.com"
_PUT: Final = "events:PutEvents"
_DELIVERIES: Final = {
    "events": _PUT,
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "states": "states:StartExecution",
}


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Take over the event targets that MiniStack cannot reach."""
    seams.intercept_event_targets(deliver)
    seams.archive_with_times_alike()


def deliver(target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Deliver, or put aside, what is ours to handle; False leaves the target to MiniStack.

    A replay goes to the rules that it names (EventBridge API reference, ReplayDestination, `FilterArns`).
    """
    if seams.is_kept_from(event, str(rule["Arn"])):
        return True
    spec = str(target.get("Arn", "")).split(":", 5)
    if len(spec) < 6:
        return False
    elsewhere = (spec[4], spec[3]) != (seams.request_account(), seams.request_region())
    if spec[2] == "events" and spec[5].startswith("event-bus/") and elsewhere:
        _forward(target, event, rule)
        return True
    reason = _why_unreachable(target, spec, elsewhere=elsewhere) or why_not_delivered(target, rule)
    if reason is None:
        return False
    _set_aside(target, event, rule, reason)
    return True


def _forward(target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any]) -> None:
    if event.get(FORWARDED):
        logger.info("an event that came from elsewhere is not forwarded again by rule %s", rule["Name"])
        return
    arn = str(target["Arn"])
    _, _, _, region, account, resource = arn.split(":", 5)
    bus = resource.partition("/")[2]
    reason = why_refused(arn, target.get("RoleArn"), str(rule["Arn"]))
    if reason is not None:
        _set_aside(target, event, rule, reason)
        return
    kept = {key: value for key, value in event.items() if key != "_DispatchPath"}
    seams.deliver_to_bus({**kept, FORWARDED: True}, account, region, bus)


def why_refused(bus_arn: str, role_arn: str | None, rule_arn: str) -> str | None:
    """The reason why a bus elsewhere does not take events from an account's rule, None when it takes them."""
    _, _, _, region, account, resource = bus_arn.split(":", 5)
    sender = rule_arn.split(":")[4]
    bus = resource.partition("/")[2]
    if not seams.bus_exists(account, region, bus):
        return "NO_RESOURCE: the event bus does not exist"
    if role_arn is not None and not seams.role_exists(role_arn):
        return "NO_PERMISSIONS: the role of the target does not exist"
    if role_arn is not None and (why := _why_role_fails(role_arn, Question(role_arn, _PUT, bus_arn), rule_arn)):
        return why
    if account == sender:
        return None if role_arn is not None else "NO_PERMISSIONS: the target in another Region has no role"
    policy = seams.bus_policy(account, region, bus) or {}
    caller = role_arn or f"arn:aws:iam::{sender}:root"
    organization = seams.organization_of(sender)
    if not seams.resource_policy_allows(policy, _PUT, bus_arn, caller, organization):
        return "NO_PERMISSIONS: the policy of the event bus does not allow it"
    return None


def _why_unreachable(target: Mapping[str, Any], spec: list[str], *, elsewhere: bool) -> str | None:
    match spec[2]:
        case "sqs" | "sns" | "lambda" if elsewhere:
            return "NO_RESOURCE: the target is in another account or Region"
        case "sqs" if not seams.queue_exists(str(target["Arn"])):
            return "NO_RESOURCE: the queue does not exist"
        case "lambda" if not seams.function_exists(str(target["Arn"])):
            return "NO_RESOURCE: the function does not exist"
        case _:
            return None


def why_not_delivered(target: Mapping[str, Any], rule: Mapping[str, Any]) -> str | None:
    """The reason why a target in the rule's own account and Region takes nothing from it, None when it does.

    Source: EventBridge User Guide, "Using resource-based policies", and "My rule runs, but I don't see any messages
    published into my Amazon SNS topic" of its troubleshooting, for targets under a customer's key.
    """
    arn, role, rule_arn = str(target["Arn"]), target.get("RoleArn"), str(rule["Arn"])
    action = _DELIVERIES.get(arn.split(":")[2])
    if action is None or (action == _PUT and role is None):  # a bus of one's own needs no role
        return None
    delivery = Question(str(role or _EVENTS), action, arn)
    if role is not None:
        return _why_role_fails(str(role), delivery, rule_arn)
    asked = [delivery]
    if key := customer_key_of(arn):
        asked += [Question(_EVENTS, action, key) for action in ("kms:GenerateDataKey", "kms:Decrypt")]
    account = rule_arn.split(":")[4]
    refused = [each.action for each in asked if not service_may(_EVENTS, each, rule_arn, account)]
    return f"NO_PERMISSIONS: the target does not let EventBridge do {', '.join(refused)}" if refused else None


def _why_role_fails(role_arn: str, delivery: Question, rule_arn: str) -> str | None:
    assumed = Question(_EVENTS, "sts:AssumeRole", role_arn)
    if not service_may(_EVENTS, assumed, rule_arn, rule_arn.split(":")[4]):
        return "NO_PERMISSIONS: the role of the target does not let EventBridge in"
    return "NO_PERMISSIONS: the role of the target may not deliver" if why_role_may_not(delivery) else None


def _set_aside(target: Mapping[str, Any], event: Mapping[str, Any], rule: Mapping[str, Any], reason: str) -> None:
    code, _, message = reason.partition(": ")
    facts = {
        "RULE_ARN": str(rule.get("Arn", "")),
        "TARGET_ARN": str(target["Arn"]),
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
    }
    queue = str((target.get("DeadLetterConfig") or {}).get("Arn", ""))
    lost = not queue or why_not_delivered({"Arn": queue}, rule) is not None
    if lost or not seams.send_to_queue(queue, seams.event_payload(event), facts):
        logger.warning("event lost by rule %s for %s: %s", rule.get("Arn"), target["Arn"], reason)
