"""What was made a moment ago, which lists and descriptions do not show while AWS Organizations lags.

Source: Organizations User Guide, "Troubleshooting", "Changes that I make aren't always immediately visible".
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.organization.errors import OrganizationsError
from sandbox.web import lag

type Payload = dict[str, Any]
type Mark = tuple[str, ...]

_MADE: Final[dict[str, Callable[[Payload, Payload], Mark]]] = {
    "AttachPolicy": lambda asked, _: ("attachment", asked["PolicyId"], asked["TargetId"]),
    "CreatePolicy": lambda _, made: ("policy", made["Policy"]["PolicySummary"]["Id"]),
    "EnableAWSServiceAccess": lambda asked, _: ("service", asked["ServicePrincipal"]),
    "RegisterDelegatedAdministrator": lambda asked, _: ("delegate", asked["AccountId"]),
}
_LISTED: Final[dict[str, Callable[[Payload, Payload], Mark]]] = {
    "ListAWSServiceAccessForOrganization": lambda _, item: ("service", item["ServicePrincipal"]),
    "ListDelegatedAdministrators": lambda _, item: ("delegate", item["Id"]),
    "ListPolicies": lambda _, item: ("policy", item["Id"]),
    "ListPoliciesForTarget": lambda asked, item: ("attachment", item["Id"], asked["TargetId"]),
    "ListTargetsForPolicy": lambda asked, item: ("attachment", asked["PolicyId"], item["TargetId"]),
}

_made_at: dict[Mark, datetime] = {}


def install() -> None:
    """Begin with nothing fresh."""
    _made_at.clear()


def note(operation: str, asked: Payload, made: Payload) -> None:
    """Remember when something was made."""
    if operation in _MADE:
        _made_at[_MADE[operation](asked, made)] = datetime.now(UTC)


def as_shown(operation: str, asked: Payload, answer: Payload) -> Payload:
    """The answer without what is too fresh to be shown; raises `OrganizationsError` where nothing is left of it."""
    if operation == "DescribePolicy" and _is_fresh(("policy", asked["PolicyId"])):
        message = "We can't find a policy with the PolicyId that you specified."
        raise OrganizationsError("PolicyNotFoundException", message)
    mark = _LISTED.get(operation)
    if mark is None:
        return answer
    return {
        name: [item for item in value if not _is_fresh(mark(asked, item))] if isinstance(value, list) else value
        for name, value in answer.items()
    }


def _is_fresh(mark: Mark) -> bool:
    made_at = _made_at.get(mark)
    return made_at is not None and lag.hides("organizations", made_at)
