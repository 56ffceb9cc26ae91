"""AWS RAM behind the front door."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from sandbox.organization import service as organization
from sandbox.organization import trusted_access
from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer
from sandbox.settings import MANAGEMENT_ACCOUNT, Settings
from sandbox.sharing.store import Document, Place, Shares, SharingError, World
from sandbox.wire.calls import Call, read_call
from sandbox.wire.requests import Request

_SERVICE: Final = "ram"
# The service principal that Organizations trusts once sharing with the organisation is on.
_TRUSTED: Final = "ram.amazonaws.com"
_CALLS: Final[dict[str, Callable[[Shares, Place, Document], Document]]] = {
    "AssociateResourceShare": Shares.associate,
    "CreateResourceShare": Shares.create,
    "DeleteResourceShare": Shares.delete,
    "DisassociateResourceShare": Shares.disassociate,
    "GetResourceShareAssociations": Shares.associations,
    "GetResourceShares": Shares.shares,
    "ListPrincipals": Shares.principals,
    "ListResources": Shares.resources,
}
_offered: Final[list[Callable[[str], bool | None]]] = []


def _may_be_shared(resource: str) -> bool | None:
    answers = [answer for offer in _offered if (answer := offer(resource)) is not None]
    return any(answers) if answers else None


_shares: Final = Shares(
    World(
        may_be_shared=_may_be_shared,
        is_inside=lambda account: organization.path_of(account) is not None,
        shares_inside=lambda: trusted_access.is_trusted(_TRUSTED),
    )
)


def install(_: Settings | None = None) -> None:
    """Answer RAM, with nothing shared yet."""
    _shares.kept.clear()
    _offered.clear()
    seams.answer_rest_service(_SERVICE, handle_request)


def offer(may_be_shared: Callable[[str], bool | None]) -> None:
    """Let a service say what of its own can be shared: None of what it does not know."""
    _offered.append(may_be_shared)


def accounts_of(resource: str) -> frozenset[str]:
    """The accounts that something is shared with."""
    return _shares.accounts_of(resource)


async def handle_request(
    method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
) -> ServiceAnswer:
    """Answer a call from the place of the request."""
    del headers
    call = read_call(_SERVICE, Request(method, path, urlencode(query_params, doseq=True), {}, body))
    place = Place(seams.request_account(), seams.request_region())
    try:
        return _answer(HTTPStatus.OK, _answered(call, place))
    except SharingError as error:
        refused = {"message": error.message}
        return _answer(HTTPStatus.BAD_REQUEST, refused, {"x-amzn-errortype": error.code})


def _answered(call: Call | None, place: Place) -> Document:
    if call is not None and call.operation.name == "EnableSharingWithAwsOrganization":
        return _enable(place)
    if call is None or call.operation.name not in _CALLS:
        raise SharingError("InvalidParameterException", "That is not played here.")
    return _CALLS[call.operation.name](_shares, place, call.parameters)


def _enable(place: Place) -> Document:
    """EnableSharingWithAwsOrganization: of management alone, and no other call makes RAM's own role.

    AWS RAM User Guide, "Enable resource sharing within AWS Organizations".
    """
    if place.account != MANAGEMENT_ACCOUNT:
        raise SharingError("OperationNotPermittedException", "Only the management account can enable sharing.")
    trusted_access.enable_aws_service_access(place.account, {"ServicePrincipal": _TRUSTED})
    return {"returnValue": True}


def _answer(status: HTTPStatus, content: Document, more: dict[str, str] | None = None) -> ServiceAnswer:
    return int(status), {"Content-Type": "application/json", **(more or {})}, json.dumps(content).encode()
