"""Which Regions are on in an account, and the front door, through which nobody comes into one that is off.

A Region that is off at first is on here in every account, until the control says otherwise. Sources: Account Management
Reference Guide, "Enable or disable AWS Regions in your account"; STS API reference, AssumeRole
(RegionDisabledException); for the codes of other services "Common errors" of their API references.
"""

from typing import Any, Final

from botocore.model import ServiceModel

from sandbox.clients import service_model
from sandbox.model.refusals import Refusal, written
from sandbox.organization import tree, trusted_access
from sandbox.seams import host as seams
from sandbox.seams import regions as account_management
from sandbox.web import control
from sandbox.web.exchange import App, Receive, Scope, Send
from sandbox.wire.calls import model_name
from sandbox.wire.requests import Signature, headers_of, signature_of

ENABLED: Final = "ENABLED"
STATUSES: Final = (ENABLED, "ENABLING", "DISABLING", "DISABLED")
# AWS General Reference, "AWS Regions": every other one is off until an account enables it.
ALWAYS_ON: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)

_NOT_KNOWN: Final = "The security token included in the request is invalid."
# Where they are asked does not depend on the Region that their client is made for.
_GLOBAL: Final = frozenset({"account", "iam", "organizations"})
_OF_SERVICES: Final = {
    "ec2": Refusal("AuthFailure", "AWS was not able to validate the provided access credentials"),
    "s3": Refusal("InvalidToken", "The provided token is malformed or otherwise invalid."),
}

_statuses: dict[tuple[str, str], str] = {}


def install() -> None:
    """Begin with every Region on, answer the calls about them, and take orders.

    `{"account", "region", "status"}`, one of AWS's four.
    """
    _statuses.clear()
    account_management.answer(
        status_of, put, is_trusted=lambda: trusted_access.is_trusted(trusted_access.ACCOUNT_MANAGEMENT)
    )
    control.register("POST", "/organization/regions", _order)


def status_of(account: str, region: str) -> str:
    """The status as AWS has it: ENABLED_BY_DEFAULT, or what the account chose."""
    return "ENABLED_BY_DEFAULT" if region in ALWAYS_ON else _statuses.get((account, region), ENABLED)


def is_on(account: str, region: str) -> bool:
    """Whether the account can do anything there."""
    return status_of(account, region) in (ENABLED, "ENABLED_BY_DEFAULT")


def put(account: str, region: str, status: str) -> None:
    """Let the Region have that status in the account from now on."""
    _statuses[account, region] = status


def shut_where_off(aws: App) -> App:
    """The AWS application, where whoever calls into a Region that is off in the own account is not known."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        signature = signature_of(headers_of(scope)) if scope["type"] == "http" else None
        if signature is None or _is_let_in(signature):
            await aws(scope, receive, send)
            return
        model = service_model(model_name(signature.service) or signature.service)
        reply = written(model, _refusal(model, seams.account_of(signature.access_key)))
        reply.status = 403
        await reply.hand_over(send)

    return app


def _is_let_in(signature: Signature) -> bool:
    if signature.service in _GLOBAL or all(region != signature.region for _, region in _statuses):
        return True
    return is_on(seams.account_of(signature.access_key), signature.region)


def _refusal(model: ServiceModel, account: str) -> Refusal:
    if model.service_name == "sts":
        return Refusal("RegionDisabledException", f"STS is not activated in this region for account:{account}.")
    code = "InvalidClientTokenId" if model.resolved_protocol == "query" else "UnrecognizedClientException"
    return _OF_SERVICES.get(model.service_name, Refusal(code, _NOT_KNOWN))


def _order(request: dict[str, Any]) -> dict[str, Any]:
    account, region, status = (str(request[name]) for name in ("account", "region", "status"))
    if account not in tree.accounts():
        raise control.ControlError(f"the organisation has no account {account}")
    if region in ALWAYS_ON:
        raise control.ControlError(f"{region} is on in every account, and nobody can disable it")
    if status not in STATUSES:
        raise control.ControlError(f"unknown status {status!r}; one of {', '.join(STATUSES)}")
    put(account, region, status)
    return {"account": account, "region": region, "status": status}
