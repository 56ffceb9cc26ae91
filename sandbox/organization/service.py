"""AWS Organizations for everybody: one organisation, answered from the management account's state."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from sandbox.organization import accounts as account_lives
from sandbox.organization import (
    admission,
    delegation,
    effective_answers,
    limits,
    membership,
    pages,
    quotas,
    regions,
    seed,
    service_control,
    tree,
    trusted_access,
)
from sandbox.organization.errors import OrganizationsError, access_denied
from sandbox.organization.seed import person_session
from sandbox.organization.tree import (
    accounts,
    accounts_in,
    effective_backup_policy,
    is_closed,
    on_move,
    on_policy_change,
    ou_of,
    path_of,
)
from sandbox.organization.weather import faults, freshness, rates
from sandbox.seams import organizations as seams
from sandbox.seams.host import ServiceAnswer, replace_organizations_handler, request_account
from sandbox.settings import MANAGEMENT_ACCOUNT, Settings

__all__ = [
    "accounts",
    "accounts_in",
    "delegated_administrators",
    "effective_backup_policy",
    "handle_request",
    "install",
    "is_closed",
    "on_move",
    "on_policy_change",
    "ou_of",
    "path_of",
    "person_session",
    "stop",
]

type Payload = dict[str, Any]
type Answer = Callable[[str, Payload], Payload]

_OWN_ANSWERS: Final[dict[str, Answer]] = {
    "DescribeEffectivePolicy": effective_answers.describe_effective_policy,
    "ListEffectivePolicyValidationErrors": effective_answers.list_effective_policy_validation_errors,
    "ListAccountsWithInvalidEffectivePolicy": effective_answers.list_accounts_with_invalid_effective_policy,
    "CreateAccount": account_lives.create_account,
    "CloseAccount": account_lives.close_account,
    "DescribeCreateAccountStatus": account_lives.describe_create_account_status,
    "ListCreateAccountStatus": account_lives.list_create_account_status,
    "RegisterDelegatedAdministrator": delegation.register_delegated_administrator,
    "DeregisterDelegatedAdministrator": delegation.deregister_delegated_administrator,
    "ListDelegatedAdministrators": delegation.list_delegated_administrators,
    "ListDelegatedServicesForAccount": delegation.list_delegated_services_for_account,
    "EnableAWSServiceAccess": trusted_access.enable_aws_service_access,
    "DisableAWSServiceAccess": trusted_access.disable_aws_service_access,
    "ListAWSServiceAccessForOrganization": trusted_access.list_aws_service_access_for_organization,
    "PutResourcePolicy": delegation.put_resource_policy,
    "DescribeResourcePolicy": delegation.describe_resource_policy,
    "DeleteResourcePolicy": delegation.delete_resource_policy,
    "ListChildren": membership.list_children,
    "ListAccountsForParent": membership.list_accounts_for_parent,
    "ListOrganizationalUnitsForParent": membership.list_organizational_units_for_parent,
    "LeaveOrganization": membership.leave_organization,
    "RemoveAccountFromOrganization": membership.remove_account_from_organization,
}
# Source: API reference, "You can call this operation from any account in a organization."
_OPEN_TO_MEMBERS: Final = frozenset(
    {
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "LeaveOrganization",
        "ListHandshakesForAccount",
    }
)
_ALTERS_POLICIES: Final = frozenset(
    {
        "AttachPolicy",
        "DetachPolicy",
        "DisablePolicyType",
        "EnablePolicyType",
        "LeaveOrganization",
        "MoveAccount",
        "RemoveAccountFromOrganization",
        "UpdatePolicy",
    }
)


async def handle_request(
    method: str,  # noqa: ARG001 the handler's signature is MiniStack's
    path: str,  # noqa: ARG001
    headers: dict[str, Any],
    body: bytes,
    query_params: dict[str, Any],  # noqa: ARG001
) -> ServiceAnswer:
    """Answer one Organizations call of the account that signed it."""
    target = str(headers.get("x-amz-target") or headers.get("X-Amz-Target") or "")
    try:
        payload = json.loads(body or b"{}")
    except ValueError:
        return _refuse(OrganizationsError("SerializationException", "The request body is not JSON."))
    try:
        return answer(request_account(), target.rpartition(".")[2], payload)
    except OrganizationsError as error:
        return _refuse(error)


def answer(caller: str, operation: str, payload: Payload) -> ServiceAnswer:
    """The answer to an account's call; raises `OrganizationsError` where AWS refuses."""
    if not tree.is_member(caller):
        raise OrganizationsError(
            "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."
        )
    reads = operation.startswith(("Describe", "List"))
    if not _may_call(caller, operation, payload, reads=reads):
        raise access_denied()
    faults.strike(operation, reads=reads)
    rates.ensure_within(caller, operation)
    _admit(operation, payload)
    limits.check(operation, payload)
    own = _OWN_ANSWERS.get(operation)
    if own is not None:
        result = _json(HTTPStatus.OK, own(caller, payload))
    else:
        membership.check(operation, payload)
        result = _answer_of_ministack(operation, payload)
    if result[0] != HTTPStatus.OK:
        return result
    if reads:
        shown = freshness.as_shown(operation, payload, json.loads(result[2]))
        return _json(HTTPStatus.OK, pages.page_of(operation, payload, shown))
    _follow_up(operation, payload, json.loads(result[2]))
    return result


def _may_call(caller: str, operation: str, payload: Payload, *, reads: bool) -> bool:
    if operation in _OPEN_TO_MEMBERS or caller == MANAGEMENT_ACCOUNT:
        return True
    if reads:
        return delegation.may_read(caller, operation, payload)
    return delegation.may_change_policies(caller, operation, payload)


def _admit(operation: str, payload: Payload) -> None:
    if operation not in ("CreatePolicy", "UpdatePolicy") or payload.get("Content") is None:
        return
    stored = seams.organization_store("policies").get(payload.get("PolicyId", ""), {})
    kind = payload.get("Type") or stored.get("Type")
    limits.check_length(kind, payload["Content"])
    try:
        match kind:
            case tree.BACKUP_POLICY:
                admission.admit_backup_policy(payload["Content"])
            case tree.SERVICE_CONTROL_POLICY:
                admission.admit_service_control_policy(payload["Content"])
    except admission.MalformedPolicyError as error:
        raise OrganizationsError("MalformedPolicyDocumentException", str(error)) from error


def _answer_of_ministack(operation: str, payload: Payload) -> ServiceAnswer:
    result = seams.answer_as_management(operation, payload)
    if result is None:
        raise OrganizationsError("UnsupportedAPIEndpointException", f"The operation {operation} is not supported.")
    return result


def _follow_up(operation: str, payload: Payload, result: Payload) -> None:
    freshness.note(operation, payload, result)
    if operation == "AttachPolicy":
        tree.remember_attachment(payload["PolicyId"], payload["TargetId"])
    membership.complete(operation, payload, result)
    if operation in _ALTERS_POLICIES:
        tree.announce_policy_change(
            tree.PolicyChange(operation, policy_id=payload.get("PolicyId"), target_id=payload.get("TargetId"))
        )
    else:
        tree.refresh()
    if operation == "MoveAccount":
        move = tree.Move(payload["AccountId"], payload["SourceParentId"], payload["DestinationParentId"])
        tree.announce_move(move)


def _json(status: int, body: Payload) -> ServiceAnswer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def _refuse(error: OrganizationsError) -> ServiceAnswer:
    reason = {"Reason": error.reason} if error.reason else {}
    status, headers, body = _json(HTTPStatus.BAD_REQUEST, {"__type": error.code, "Message": error.message, **reason})
    return status, {**headers, "x-amzn-errortype": error.code}, body


def delegated_administrators(service_principal: str = seed.BACKUP_SERVICE) -> list[str]:
    """The accounts that administer a service, AWS Backup unless told otherwise, for the organisation."""
    return delegation.delegates_of(service_principal)


def install(settings: Settings) -> None:
    """Plant the organisation, answer its API and enforce its SCPs in this process."""
    tree.reset()
    seed.plant()
    delegation.plant()
    trusted_access.plant()
    tree.refresh()
    replace_organizations_handler(handle_request)
    service_control.install()
    limits.install(settings)
    quotas.install(settings)
    faults.install()
    rates.install()
    freshness.install()
    regions.install()
    account_lives.install(settings)


def stop() -> None:
    """Finish no account any more."""
    account_lives.stop()
