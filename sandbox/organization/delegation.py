"""Delegated administrators, and the resource policy by which management lends its rights over policies."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from sandbox.organization import seed, tree, trusted_access
from sandbox.organization.errors import OrganizationsError, invalid_input
from sandbox.seams import organizations as seams
from sandbox.settings import MANAGEMENT_ACCOUNT

type Payload = dict[str, Any]


@dataclass(slots=True)
class _Delegations:
    administrators: dict[str, dict[str, float]] = field(default_factory=dict)
    resource_policy_id: str = ""
    resource_policy: str | None = None


_delegations = _Delegations()


def plant() -> None:
    """Begin with nothing delegated, as a new organisation does."""
    global _delegations  # noqa: PLW0603 one organisation per process
    _delegations = _Delegations()


def is_administrator(account: str) -> bool:
    """Whether the account is management or a delegated administrator of any service."""
    return account == MANAGEMENT_ACCOUNT or account in _delegations.administrators


def delegates_of(service_principal: str) -> list[str]:
    """The accounts that administer a service for the organisation."""
    return [account for account, services in _delegations.administrators.items() if service_principal in services]


def may_read(caller: str, operation: str, payload: Payload) -> bool:
    """Whether the account may read what is not its own: management, a delegated administrator, or by delegation."""
    return is_administrator(caller) or _is_delegated(caller, operation, payload, policy_type=_type_in(payload) or "")


def may_change_policies(caller: str, operation: str, payload: Payload) -> bool:
    """Whether the resource policy lets a member do this to that policy and its target."""
    policy_type = payload.get("Type") if operation == "CreatePolicy" else _type_in(payload)
    return policy_type is not None and _is_delegated(caller, operation, payload, policy_type=policy_type)


def _type_in(payload: Payload) -> str | None:
    kind: str | None = seams.organization_store("policies").get(payload.get("PolicyId", ""), {}).get("Type")
    return kind


def _is_delegated(caller: str, operation: str, payload: Payload, *, policy_type: str) -> bool:
    if _delegations.resource_policy is None:
        return False
    policy = seams.organization_store("policies").get(payload.get("PolicyId", ""), {})
    resources = [policy.get("Arn", "*")]
    if "TargetId" in payload:
        resources.append(_target_arn(payload["TargetId"]))
    return all(
        seams.delegation_allows(
            _delegations.resource_policy,
            action=f"organizations:{operation}",
            resource=resource,
            account=caller,
            policy_type=policy_type,
        )
        for resource in resources
    )


def _target_arn(target: str) -> str:
    for store in ("accounts", "ous", "roots"):
        if record := seams.organization_store(store).get(target):
            return str(record["Arn"])
    return "*"


def register_delegated_administrator(_caller: str, payload: Payload) -> Payload:
    """Let a member administer one AWS service for the organisation."""
    account, service = payload.get("AccountId", ""), payload.get("ServicePrincipal", "")
    if not service.endswith(".amazonaws.com"):
        raise invalid_input(
            "You specified a service principal that isn't recognized.", "UNRECOGNIZED_SERVICE_PRINCIPAL"
        )
    if account == MANAGEMENT_ACCOUNT:
        raise OrganizationsError(
            "ConstraintViolationException",
            "You cannot register the management account as a delegated administrator for your organization.",
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
        )
    _require_member(account)
    if tree.is_closed(account):
        raise OrganizationsError(
            "ConstraintViolationException",
            "You cannot register a suspended account as a delegated administrator.",
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
        )
    if not trusted_access.is_trusted(service):
        raise OrganizationsError(
            "ConstraintViolationException",
            "You must enable service access before you can register a delegated administrator.",
            "SERVICE_ACCESS_NOT_ENABLED",
        )
    if service in _delegations.administrators.get(account, {}):
        raise OrganizationsError(
            "AccountAlreadyRegisteredException",
            "The provided account is already a delegated administrator for your organization.",
        )
    _delegations.administrators.setdefault(account, {})[service] = time.time()
    return {}


def deregister_delegated_administrator(_caller: str, payload: Payload) -> Payload:
    """Take a service back from a delegated administrator."""
    account, service = payload.get("AccountId", ""), payload.get("ServicePrincipal", "")
    _require_member(account)
    services = _delegations.administrators.get(account, {})
    if service not in services:
        raise _not_registered()
    del services[service]
    if not services:
        del _delegations.administrators[account]
    return {}


def list_delegated_administrators(_caller: str, payload: Payload) -> Payload:
    """The delegated administrators, of one service when it is named."""
    service = payload.get("ServicePrincipal")
    accounts = seams.organization_store("accounts")
    found = []
    for account, services in _delegations.administrators.items():
        if service is None or service in services:
            shown = {
                key: value for key, value in accounts[account].items() if not key.startswith("_") and key != "Paths"
            }
            found.append({**shown, "DelegationEnabledDate": services[service] if service else min(services.values())})
    return {"DelegatedAdministrators": found}


def list_delegated_services_for_account(_caller: str, payload: Payload) -> Payload:
    """The services that one account administers."""
    account = payload.get("AccountId", "")
    _require_member(account)
    services = _delegations.administrators.get(account)
    if services is None:
        raise _not_registered()
    shown = [{"ServicePrincipal": name, "DelegationEnabledDate": since} for name, since in services.items()]
    return {"DelegatedServices": shown}


def put_resource_policy(_caller: str, payload: Payload) -> Payload:
    """Set the organisation's one resource policy."""
    content = payload.get("Content", "")
    try:
        document = json.loads(content)
    except ValueError as error:
        raise invalid_input("The provided policy document is not valid JSON.", "INVALID_PATTERN") from error
    if not isinstance(document, dict) or not document.get("Statement"):
        raise invalid_input("The provided policy document has no statement.", "INVALID_PATTERN")
    _delegations.resource_policy = content
    _delegations.resource_policy_id = _delegations.resource_policy_id or f"rp-{uuid.uuid4().hex[:8]}"
    return {"ResourcePolicy": _shown_resource_policy()}


def describe_resource_policy(_caller: str, _payload: Payload) -> Payload:
    """The organisation's resource policy."""
    _require_resource_policy()
    return {"ResourcePolicy": _shown_resource_policy()}


def delete_resource_policy(_caller: str, _payload: Payload) -> Payload:
    """Take every delegated right back."""
    _require_resource_policy()
    _delegations.resource_policy, _delegations.resource_policy_id = None, ""
    return {}


def has_resource_policy() -> bool:
    """Whether the organisation has one; it can have no more than that."""
    return _delegations.resource_policy is not None


def _shown_resource_policy() -> Payload:
    identifier = _delegations.resource_policy_id
    arn = seed.organization_arn("resourcepolicy", identifier)
    return {"ResourcePolicySummary": {"Id": identifier, "Arn": arn}, "Content": _delegations.resource_policy}


def _require_resource_policy() -> None:
    if not has_resource_policy():
        raise OrganizationsError("ResourcePolicyNotFoundException", "We can't find a resource policy.")


def _require_member(account: str) -> None:
    if account not in seams.organization_store("accounts"):
        message = "You specified an account that doesn't exist in your organization."
        raise OrganizationsError("AccountNotFoundException", message)


def _not_registered() -> OrganizationsError:
    message = "The provided account is not a registered delegated administrator for your organization."
    return OrganizationsError("AccountNotRegisteredException", message)
