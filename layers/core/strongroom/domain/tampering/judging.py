"""Tampering: calls that would delete, shorten, re-key, unlock, carry off or blind the backups, tried or done."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from strongroom.domain.catalogue.model import Threat
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.calls import ApiCall
from strongroom.domain.tampering.scopes import Aim, Surroundings, is_in_scope
from strongroom.domain.tampering.threats import THREATS

_HARMLESS_ERRORS = ("ResourceNotFound", "NotFound", "NoSuchEntity", "Throttl", "Validation", "RequestLimitExceeded")
_SERVICE_LINKED = "arn:aws:iam::*:role/aws-service-role/*"
_STACK_SETS = "arn:aws:iam::*:role/stacksets-exec-*"
_SOURCE_SUFFIX = ".amazonaws.com"


class TamperingState(StrEnum):
    """What the call was: refused, done, our own doing, or none of our business."""

    ATTEMPTED = "ATTEMPTED"
    SUCCEEDED = "SUCCEEDED"
    OURS = "OURS"
    IRRELEVANT = "IRRELEVANT"


@dataclass(frozen=True, slots=True, kw_only=True)
class TamperingVerdict:
    """What was decided about one call; `subject` is equal for every repetition of the same act."""

    state: TamperingState
    reason: str
    subject: str
    caller: str
    target: str


def judge_tampering(call: ApiCall, *, surroundings: Surroundings, intent: Intent) -> TamperingVerdict:
    """Judge one call by the table of threats: whoever it was, and whether or not it was let through."""
    threat = threat_of(call)
    if threat is None:
        return _verdict(call, TamperingState.IRRELEVANT, "the call cannot weaken backups")
    if _is_ours(call, intent):
        return _verdict(call, TamperingState.OURS, "the caller is Strongroom, an AWS service, or our own deployment")
    if not is_in_scope(Aim(call=call, target=target_of(call), surroundings=surroundings, intent=intent), threat.scope):
        return _verdict(call, TamperingState.IRRELEVANT, "the call is about something that is not ours to guard")
    target = target_of(call) or "an unnamed target"
    if call.error_code is None:
        return _verdict(
            call, TamperingState.SUCCEEDED, f"{call.caller} managed to {threat.what} ({call.name} on {target})"
        )
    if call.error_code.startswith(_HARMLESS_ERRORS) or call.error_code.endswith(("NotFound", "NotFoundFault")):
        return _verdict(call, TamperingState.IRRELEVANT, f"the call came to nothing: {call.error_code}")
    reason = f"{call.caller} tried to {threat.what} and was refused ({call.name} on {target}: {call.error_code})"
    return _verdict(call, TamperingState.ATTEMPTED, reason)


def threat_of(call: ApiCall) -> Threat | None:
    """The row of the table that the call matches, by source and name."""
    return THREATS.get(f"{call.source.removesuffix(_SOURCE_SUFFIX)}:{call.name}")


def target_of(call: ApiCall) -> str | None:
    """What the call was about, as far as its parameters say."""
    threat = threat_of(call)
    if threat is None or call.request is None:
        return None
    return next((str(call.request[key]) for key in threat.target_keys if call.request.get(key)), None)


def _is_ours(call: ApiCall, intent: Intent) -> bool:
    if call.caller_type == "AWSService" or call.invoked_by == "backup.amazonaws.com":
        return True
    # A stack in a member account is anybody's, so CloudFormation is trusted in the backup account only.
    is_home = call.account == intent.organization.backup_account
    if is_home and call.invoked_by == "cloudformation.amazonaws.com":
        return True
    if call.role is None:
        return False
    # Exact names, not the path: in a member account a role under the path proves nothing.
    roles = intent.roles
    own: tuple[str, ...] = (
        *(roles.backup, roles.tagging, roles.restore, roles.copying, roles.inspection, roles.forwarder),
    )
    if call.name == "StartRestoreJob":
        own = (roles.restore,)
    accounts = {call.account, intent.organization.backup_account}
    if call.role in {intent.member_role_arn(role, account) for role in own for account in accounts}:
        return True
    home_roles = f"arn:aws:iam::{intent.organization.backup_account}:role/strongroom/*"
    return any(fnmatchcase(call.role, pattern) for pattern in (_SERVICE_LINKED, _STACK_SETS, home_roles))


def _verdict(call: ApiCall, state: TamperingState, reason: str) -> TamperingVerdict:
    target = target_of(call) or "unnamed"
    # A session's name changes from one to the next; its role does not.
    caller = call.role or call.caller
    subject = f"{call.account} {call.source.removesuffix(_SOURCE_SUFFIX)}:{call.name} on {target} by {caller}"
    return TamperingVerdict(state=state, reason=reason, subject=subject, caller=call.caller, target=target)
