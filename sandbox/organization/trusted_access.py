"""Trusted access: the services that management lets act in every account, StackSets among them."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.organization.errors import invalid_input
from sandbox.seams import cloudformation as seams_cloudformation
from sandbox.seams.host import request_account
from sandbox.settings import MANAGEMENT_ACCOUNT

type Payload = dict[str, Any]

ACCOUNT_MANAGEMENT: Final = "account.amazonaws.com"
STACK_SETS: Final = "member.org.stacksets.cloudformation.amazonaws.com"


@dataclass(slots=True)
class _Trusted:
    services: dict[str, float] = field(default_factory=dict)


_trusted = _Trusted()


def plant() -> None:
    """Begin with no service trusted, as an organisation does, and answer CloudFormation's own calls about it."""
    _trusted.services.clear()
    seams_cloudformation.answer_actions(
        {
            "ActivateOrganizationsAccess": _activate_organizations_access,
            "DescribeOrganizationsAccess": _describe_organizations_access,
        }
    )


def enable_aws_service_access(_caller: str, payload: Payload) -> Payload:
    """Let a service act in every account; a second time changes nothing."""
    _trusted.services.setdefault(_service(payload), time.time())
    return {}


def disable_aws_service_access(_caller: str, payload: Payload) -> Payload:
    """Take that back."""
    _trusted.services.pop(_service(payload), None)
    return {}


def list_aws_service_access_for_organization(_caller: str, _payload: Payload) -> Payload:
    """The trusted services."""
    shown = [{"ServicePrincipal": name, "DateEnabled": since} for name, since in _trusted.services.items()]
    return {"EnabledServicePrincipals": shown}


def is_trusted(service: str) -> bool:
    """Whether management lets the service act in every account."""
    return service in _trusted.services


def _service(payload: Payload) -> str:
    service = str(payload.get("ServicePrincipal", ""))
    if not service.endswith(".amazonaws.com"):
        raise invalid_input(
            "You specified a service principal that isn't recognized.", "UNRECOGNIZED_SERVICE_PRINCIPAL"
        )
    return service


def _activate_organizations_access(_request: Payload) -> seams_cloudformation.Result:
    if request_account() != MANAGEMENT_ACCOUNT:
        return seams_cloudformation.Refusal("Only the management account can activate organizations access.")
    _trusted.services.setdefault(STACK_SETS, time.time())
    return {}


def _describe_organizations_access(_request: Payload) -> seams_cloudformation.Result:
    if request_account() != MANAGEMENT_ACCOUNT:
        return seams_cloudformation.Refusal("Only the management account can describe organizations access.")
    return {"Status": "ENABLED" if STACK_SETS in _trusted.services else "DISABLED"}
