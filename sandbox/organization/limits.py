"""How many policies a root, OU or account takes, how few it must keep, and how long a document may be.

Sources: Organizations User Guide, "Quotas for AWS Organizations" (ten service control policies of 10,240 characters
since May 2026, five of 5,120 before); API reference, reasons of ConstraintViolationException.
"""

from typing import Any, Final

from sandbox.organization import tree
from sandbox.organization.errors import OrganizationsError
from sandbox.seams import organizations as seams
from sandbox.settings import Settings

type Payload = dict[str, Any]

BACKUP_POLICIES_PER_TARGET: Final = 10
BACKUP_POLICY_CHARACTERS: Final = 10_000

_most: dict[str, int] = {}
_longest: dict[str, int] = {}


def install(settings: Settings) -> None:
    """Take the two limits of service control policies from the settings."""
    _most.update(
        {tree.SERVICE_CONTROL_POLICY: settings.scps_per_target, tree.BACKUP_POLICY: BACKUP_POLICIES_PER_TARGET}
    )
    _longest.update(
        {tree.SERVICE_CONTROL_POLICY: settings.scp_characters, tree.BACKUP_POLICY: BACKUP_POLICY_CHARACTERS}
    )


def check(operation: str, payload: Payload) -> None:
    """Refuse what would leave a target with too many policies, or without a service control policy."""
    policy_id, target = payload.get("PolicyId", ""), payload.get("TargetId", "")
    kind = seams.organization_store("policies").get(policy_id, {}).get("Type")
    if operation not in ("AttachPolicy", "DetachPolicy") or kind not in _most:
        return
    attached = [policy["Id"] for policy in tree.attached_policies(target, kind)]
    match operation:
        case "AttachPolicy" if policy_id not in attached and len(attached) >= _most[kind]:
            raise _violation(
                "You have attached the maximum number of policies of this type to the target.",
                "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            )
        case "DetachPolicy" if kind == tree.SERVICE_CONTROL_POLICY and attached == [policy_id]:
            raise _violation(
                "You cannot remove the last policy attached to the specified target. You must have at least one"
                " attached at all times.",
                "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            )


def check_length(kind: str | None, content: str) -> None:
    """Refuse a document that is longer than its type may be."""
    if kind in _longest and len(content) > _longest[kind]:
        raise _violation(
            f"The policy document has more than {_longest[kind]} characters.", "POLICY_CONTENT_LIMIT_EXCEEDED"
        )


def _violation(message: str, reason: str) -> OrganizationsError:
    return OrganizationsError("ConstraintViolationException", message, reason)
