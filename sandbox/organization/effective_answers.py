"""The calls about effective backup policies: what holds for an account, and why AWS may have rejected it."""

import json
from typing import Any, Final

from sandbox.organization import delegation, tree
from sandbox.organization.errors import OrganizationsError, access_denied, invalid_input

type Payload = dict[str, Any]

_WITHOUT_EFFECTIVE_POLICY: Final = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})


def describe_effective_policy(caller: str, payload: Payload) -> Payload:
    """The merged policy of an account: anyone about themselves, management and delegates about everyone."""
    policy_type = _effective_type(payload)
    account = payload.get("TargetId") or caller
    if account != caller and not delegation.may_read(caller, "DescribeEffectivePolicy", payload):
        raise access_denied()
    _require_account(account)
    _require_enabled(policy_type)
    return {
        "EffectivePolicy": {
            "PolicyContent": json.dumps(tree.effective_backup_policy(account), separators=(",", ":")),
            "LastUpdatedTimestamp": tree.validation_of(account).at,
            "TargetId": account,
            "PolicyType": policy_type,
        }
    }


def list_effective_policy_validation_errors(_caller: str, payload: Payload) -> Payload:
    """Why the merged policy of an account is invalid; an empty list when it is valid."""
    policy_type = _effective_type(payload)
    account = payload.get("AccountId", "")
    _require_account(account)
    _require_enabled(policy_type)
    validation = tree.validation_of(account)
    contributors = tree.contributing_policies(account)
    return {
        "AccountId": account,
        "PolicyType": policy_type,
        "Path": f"{tree.path_of(account)}{account}/",
        "EvaluationTimestamp": validation.at,
        "EffectivePolicyValidationErrors": [
            {
                "ErrorCode": error.code,
                "ErrorMessage": error.message,
                "PathToError": error.path,
                "ContributingPolicies": contributors,
            }
            for error in validation.errors
        ],
    }


def list_accounts_with_invalid_effective_policy(_caller: str, payload: Payload) -> Payload:
    """The accounts that live on their last valid policy."""
    policy_type = _effective_type(payload)
    _require_enabled(policy_type)
    accounts = [shown for shown in tree.shown_accounts() if tree.validation_of(shown["Id"]).errors]
    return {"Accounts": accounts, "PolicyType": policy_type}


def _effective_type(payload: Payload) -> str:
    policy_type = str(payload.get("PolicyType", ""))
    if not policy_type or policy_type in _WITHOUT_EFFECTIVE_POLICY:
        raise invalid_input("You specified an invalid policy type string.", "INVALID_ENUM_POLICY_TYPE")
    return policy_type


def _require_account(target: str) -> None:
    if target.startswith(("r-", "ou-")):
        raise invalid_input("You can't perform the specified operation on that target entity.", "TARGET_NOT_SUPPORTED")
    if not tree.is_member(target):
        raise OrganizationsError("TargetNotFoundException", "We can't find an account with the TargetId.")


def _require_enabled(policy_type: str) -> None:
    if policy_type != tree.BACKUP_POLICY or not tree.is_enabled(policy_type):
        raise OrganizationsError(
            "EffectivePolicyNotFoundException", f"The policy type {policy_type} is not enabled for this organization."
        )
