"""Service control policies, enforced: what an account's principals may not do, whatever their own policies say."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sandbox.organization import tree
from sandbox.seams import organizations as seams
from sandbox.seams.organizations import ClosedAccount, Refusal


def judge(context: Any) -> Refusal | None:
    """Refuse a call that any SCP on the account's path denies, or that a level of the path does not allow.

    In a closed account nothing goes, and nobody enters it (aws-samples/experimental-programmatic-access-ccft#21: "It is
    not possible to assume a role in an account in state suspended or pending closure").
    """
    if tree.is_closed(context.principal_account) or _enters_closed_account(context):
        return ClosedAccount(context.principal_arn, context.action, context.resource_arn, explicit=True)
    levels = tree.service_control_levels(context.principal_account)
    if any(_denies(context, document) for level in levels for document in level):
        return _refusal(context, explicit=True)
    if all(_allows(context, level) for level in levels):
        return None
    return _refusal(context, explicit=False)


def _enters_closed_account(context: Any) -> bool:
    entered = context.resource_arn.split(":")[4:5]
    return context.action.startswith("sts:AssumeRole") and any(tree.is_closed(account) for account in entered)


def _denies(context: Any, document: str) -> bool:
    denials = _statements(document, "Deny")
    spoken = [statement for statement in denials if seams.names_action(statement, context.action)]
    return bool(spoken) and seams.any_statement_matches(context, spoken, "Deny")


def _allows(context: Any, level: Sequence[str]) -> bool:
    return any(seams.any_statement_matches(context, _statements(document, "Allow"), "Allow") for document in level)


@cache
def _statements(document: str, effect: str) -> list[Any]:
    return [statement for statement in seams.parse_policy(document) if statement.effect == effect]


def _refusal(context: Any, *, explicit: bool) -> Refusal:
    return Refusal(
        principal_arn=context.principal_arn,
        action=context.action,
        resource_arn=context.resource_arn,
        explicit=explicit,
    )


def install() -> None:
    """Hold every signed request to the SCPs, once per process."""
    seams.enforce_service_control(judge, tree.principal_keys)
