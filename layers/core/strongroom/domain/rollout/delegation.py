"""The organisation's one resource policy: whether ours can be made, and whether another one grants what ours would.

CloudFormation refuses to make a second one (CreateHandler of aws-cloudformation-resource-providers-organizations,
resourcepolicy), after it has begun with everything else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.stacks.delegation import delegation_statements

_SWITCH: Final = "organization.owns_resource_policy"


def is_deleted(desired: Desired, live: LiveOrganization) -> bool:
    """Whether the stack still has a resource policy that somebody deleted."""
    return desired.intent.organization.owns_resource_policy and _is_made(live) and live.resource_policy is None


def judge_delegation(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error where another resource policy is in the way, a warning where the one in force grants too little."""
    owns = desired.intent.organization.owns_resource_policy
    theirs = () if live.resource_policy is None else live.resource_policy.statements
    missing = [each for each in delegation_statements(desired.intent) if not _is_granted(each, theirs)]
    if owns and not _is_made(live):
        if live.resource_policy is not None:
            yield error("resource-policy-taken", _SWITCH, _in_the_way(theirs, missing))
    elif missing and not is_deleted(desired, live):
        yield warning(
            "delegation-missing",
            _SWITCH,
            f"the resource policy of the organization does not grant the backup account what it needs; merge into it: "
            f"{_told(missing)}",
        )


def _in_the_way(theirs: Iterable[Mapping[str, Any]], missing: list[Mapping[str, Any]]) -> str:
    merging = f"merge into it: {_told(missing)}" if missing else "it grants what ours would"
    return (
        "the organization has a resource policy that this rollout did not make, and can have one only: set "
        f"{_SWITCH} to false ({merging}), or delete the other if nobody needs it; it says: {_told(theirs)}"
    )


def _is_made(live: LiveOrganization) -> bool:
    stack = existing(live, MANAGEMENT_STACK)
    return stack is not None and stack.resource_policy_id is not None


def _is_granted(wanted: Mapping[str, Any], statements: Iterable[Mapping[str, Any]]) -> bool:
    granting = [each for each in statements if _covers(each, wanted)]
    return all(
        any(fnmatchcase(action.lower(), granted.lower()) for each in granting for granted in _texts(each.get("Action")))
        for action in _texts(wanted["Action"])
    )


def _covers(statement: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    principals = statement.get("Principal", {})
    named = ("*",) if principals == "*" else _texts(principals.get("AWS"))
    [ours] = _texts(wanted["Principal"]["AWS"])
    return (
        statement.get("Effect") == "Allow"
        and any(name in ("*", ours, ours.split(":")[4]) for name in named)
        and "*" in _texts(statement.get("Resource"))
        and statement.get("Condition") in (None, wanted.get("Condition"))
    )


def _texts(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values or ())


def _told(statements: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(statements), separators=(",", ":"))
