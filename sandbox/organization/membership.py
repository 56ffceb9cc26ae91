"""Parents, children, arrivals and departures: what MiniStack's Organizations leaves open about the tree."""

import time
from typing import Any, Final

from sandbox.organization import accounts, delegation, seed, tree
from sandbox.organization.errors import OrganizationsError
from sandbox.seams import organizations as seams
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATION_ID

type Payload = dict[str, Any]

_STORE_OF_CHILD: Final = {"ACCOUNT": "accounts", "ORGANIZATIONAL_UNIT": "ous"}


def list_children(_caller: str, payload: Payload) -> Payload:
    """The ids of the accounts or of the OUs directly below a parent."""
    kind = payload.get("ChildType", "")
    if kind not in _STORE_OF_CHILD:
        raise OrganizationsError("InvalidInputException", "You specified an invalid value.", "INVALID_ENUM")
    children = _children(_STORE_OF_CHILD[kind], payload.get("ParentId", ""))
    return {"Children": [{"Id": record["Id"], "Type": kind} for record in children]}


def list_accounts_for_parent(_caller: str, payload: Payload) -> Payload:
    """The accounts directly below a parent."""
    return {"Accounts": [tree.shown(record) for record in _children("accounts", payload.get("ParentId", ""))]}


def list_organizational_units_for_parent(_caller: str, payload: Payload) -> Payload:
    """The OUs directly below a parent."""
    return {"OrganizationalUnits": [tree.shown(record) for record in _children("ous", payload.get("ParentId", ""))]}


def leave_organization(caller: str, _payload: Payload) -> Payload:
    """Let a member go, at its own wish."""
    return _depart(caller, how="LEFT")


def remove_account_from_organization(_caller: str, payload: Payload) -> Payload:
    """Let a member go, at the wish of management."""
    return _depart(payload.get("AccountId", ""), how="REMOVED")


def check(operation: str, payload: Payload) -> None:
    """Refuse what MiniStack would wrongly let through."""
    match operation:
        case "MoveAccount":
            _check_move(payload)
        case "DeleteOrganizationalUnit":
            unit = payload.get("OrganizationalUnitId", "")
            stores = ("accounts", "ous")
            if any(
                record["_ParentId"] == unit for store in stores for record in seams.organization_store(store).values()
            ):
                message = "The specified organizational unit (OU) is not empty."
                raise OrganizationsError("OrganizationalUnitNotEmptyException", message)


def complete(operation: str, payload: Payload, result: Payload) -> None:
    """Do what AWS does along with a successful call: full access for a new unit, nothing attached to a deleted one."""
    match operation:
        case "CreateOrganizationalUnit":
            unit = result["OrganizationalUnit"]["Id"]
            record = seams.organization_store("ous")[unit]
            seams.put_organization_entry("ous", unit, {**record, "Path": _ou_path(unit)})
            seed.attach_full_access(unit)
        case "DeleteOrganizationalUnit":
            _detach_everything(payload["OrganizationalUnitId"])


def _check_move(payload: Payload) -> None:
    account, source = payload.get("AccountId", ""), payload.get("SourceParentId", "")
    if not tree.is_member(account):
        message = "You specified an account that doesn't exist in your organization."
        raise OrganizationsError("AccountNotFoundException", message)
    if source != tree.ou_of(account):
        message = "We can't find a source root or OU with the ParentId that you specified."
        raise OrganizationsError("SourceParentNotFoundException", message)
    if not _is_parent(payload.get("DestinationParentId", "")):
        message = "We can't find the destination container (a root or OU) with the ParentId that you specified."
        raise OrganizationsError("DestinationParentNotFoundException", message)


def _is_parent(identifier: str) -> bool:
    return any(identifier in seams.organization_store(store) for store in ("roots", "ous"))


def _children(store: str, parent: str) -> list[Payload]:
    if not _is_parent(parent):
        message = "We can't find a root or OU with the ParentId that you specified."
        raise OrganizationsError("ParentNotFoundException", message)
    return [record for record in seams.organization_store(store).values() if record["_ParentId"] == parent]


def _depart(account: str, *, how: str) -> Payload:
    if account == MANAGEMENT_ACCOUNT:
        message = "You can't remove a management account from an organization."
        raise OrganizationsError("MasterCannotLeaveOrganizationException", message)
    if not tree.is_member(account):
        message = "You specified an account that doesn't exist in your organization."
        raise OrganizationsError("AccountNotFoundException", message)
    if delegation.is_administrator(account):
        raise OrganizationsError(
            "ConstraintViolationException",
            "You can't remove an account that is a delegated administrator: deregister it first.",
            "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
        )
    seams.drop_organization_entry("accounts", account)
    _detach_everything(account)
    departure = {"departureMethod": how, "departureTime": accounts.spoken(int(time.time()))}
    accounts.tell("AccountDepartedOrganization", {"accountId": account, **departure})
    return {}


def _ou_path(unit: str) -> str:
    ous = seams.organization_store("ous")
    chain = [unit]
    while chain[0] in ous:
        chain.insert(0, str(ous[chain[0]]["_ParentId"]))
    return "/".join([ORGANIZATION_ID, *chain]) + "/"


def _detach_everything(target: str) -> None:
    for policy_id, targets in seams.organization_store("attachments").items():
        seams.put_organization_entry("attachments", policy_id, [kept for kept in targets if kept != target])
