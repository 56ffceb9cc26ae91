"""Tampering: calls that would delete, shorten, re-key, unlock, carry off or blind the backups, tried or done."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from strongroom.domain.catalogue.model import Scope, Threat
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.calls import ApiCall
from strongroom.domain.tampering.threats import THREATS

_HARMLESS_ERRORS = ("ResourceNotFound", "NotFound", "NoSuchEntity", "Throttl", "Validation", "RequestLimitExceeded")
_DENIED_ERRORS = ("AccessDenied", "UnauthorizedOperation", "Client.UnauthorizedOperation")
_SERVICE_LINKED = "arn:aws:iam::*:role/aws-service-role/*"
_STACK_SETS = "arn:aws:iam::*:role/stacksets-exec-*"
_STRONGROOM_PREFIX = "strongroom-"
_NATIVE_BACKUP_PREFIX = "awsbackup:"
_SOURCE_SUFFIX = ".amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What of the world bears on the call: the keys of our vaults, and whether its target is a recovery point.

    None means that nobody could be asked.
    """

    vault_keys: frozenset[str] | None = frozenset()
    is_recovery_point: bool = False


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
    if not _is_in_scope(call, threat.scope, surroundings=surroundings, intent=intent):
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


def _is_in_scope(call: ApiCall, scope: Scope, *, surroundings: Surroundings, intent: Intent) -> bool:
    target = target_of(call)
    match scope:
        case Scope.ANYTHING:
            return True
        case Scope.OUR_VAULT:
            return target is None or _names_our_vault(call, intent)
        case Scope.FOREIGN_DESTINATION:
            ours = {vault.arn for vault in destination_vaults(intent)}
            return _names_our_vault(call, intent) and target not in ours
        case Scope.OUR_NAME:
            return target is None or target.rsplit("/", 1)[-1].startswith(_STRONGROOM_PREFIX)
        case Scope.VAULT_KEY:
            keys = surroundings.vault_keys
            return target is None or keys is None or any(target.rsplit("/", 1)[-1] in key for key in keys)
        case Scope.NATIVE_BACKUP:
            return target is None or _NATIVE_BACKUP_PREFIX in target or surroundings.is_recovery_point
        case Scope.BACKUP_TAG:
            return call.request is None or intent.tag_key in _tag_keys(call.request)
        case Scope.OUTSIDE_MANAGEMENT:
            return call.account != intent.organization.management_account
        case Scope.UNTAGGED_CREATION:
            is_denied = call.error_code is not None and call.error_code.startswith(_DENIED_ERRORS)
            return is_denied and (call.request is None or intent.tag_key not in _tag_keys(call.request))


def _names_our_vault(call: ApiCall, intent: Intent) -> bool:
    request = call.request or {}
    name = request.get("backupVaultName") or request.get("sourceBackupVaultName")
    if name is None:
        return True
    return name in {intent.vaults.local.name, intent.vaults.central.name, intent.vaults.replica.name}


def _tag_keys(request: Mapping[str, Any]) -> set[str]:
    """Every tag key in the parameters, in the spellings of the services: `tagKeys`, `tags`, `tagSet`."""
    keys = {str(key) for key in request.get("tagKeys") or ()}
    tag_set = request.get("tagSet")
    listed = tag_set.get("items") if isinstance(tag_set, dict) else None
    for tag in [*(request.get("tags") or ()), *(listed or ())]:
        if isinstance(tag, dict):
            keys.add(str(tag.get("key") or tag.get("Key")))
    return keys


def _verdict(call: ApiCall, state: TamperingState, reason: str) -> TamperingVerdict:
    target = target_of(call) or "unnamed"
    # A session's name changes from one to the next; its role does not.
    caller = call.role or call.caller
    subject = f"{call.account} {call.source.removesuffix(_SOURCE_SUFFIX)}:{call.name} on {target} by {caller}"
    return TamperingVerdict(state=state, reason=reason, subject=subject, caller=call.caller, target=target)
