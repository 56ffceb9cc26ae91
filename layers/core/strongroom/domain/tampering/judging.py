"""Tampering: calls that would delete, shorten, re-key, unlock, carry off or blind the backups, tried or done."""

from enum import StrEnum
from hashlib import sha256
from typing import Final

from msgspec import Struct

from strongroom.domain.calls import ApiCall, failed_of, texts_at
from strongroom.domain.catalogue.model import Scope, Threat
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.own_acts import is_own_act
from strongroom.domain.tampering.refusals import refused_resource, refusing_denial
from strongroom.domain.tampering.scopes import Aim, Surroundings, is_in_scope
from strongroom.domain.tampering.threats import THREATS

_HARMLESS_ERRORS = ("ResourceNotFound", "NotFound", "NoSuchEntity", "Throttl", "Validation", "RequestLimitExceeded")
# So many are named of what one call was about.
_NAMED: Final = 20
_NOTHING_THERE = ("NotFound", "NotFoundException", "NotFoundFault")


class TamperingState(StrEnum):
    """What the call was: refused, done, our own doing, or none of our business."""

    ATTEMPTED = "ATTEMPTED"
    SUCCEEDED = "SUCCEEDED"
    OURS = "OURS"
    IRRELEVANT = "IRRELEVANT"


class TamperingVerdict(Struct, frozen=True, kw_only=True):
    """What was decided about one call; `subject` is equal for repetitions of an act, and for all refusals of a kind."""

    state: TamperingState
    reason: str
    subject: str
    caller: str
    target: str


def judge_tampering(call: ApiCall, *, surroundings: Surroundings, intent: Intent) -> TamperingVerdict:
    """Judge one call by the table of threats and by the guardrails: whoever it was, let through or not."""
    threat, denial = threat_of(call), refusing_denial(call, intent)
    if threat is None and denial is None:
        return _verdict(call, TamperingState.IRRELEVANT, "the call cannot weaken backups")
    if _is_ours(call, intent):
        return _verdict(call, TamperingState.OURS, "the caller is Strongroom, an AWS service, or our own deployment")
    aim = Aim(call=call, target=target_of(call), surroundings=surroundings, intent=intent)
    if threat is not None and is_in_scope(aim, threat.scope):
        return _judge_threat(call, threat)
    if denial is not None:
        reason = (
            f"{call.caller} tried {call.name} on {refused_resource(call) or _target(call)} and was refused"
            f" ({call.error_code}): {denial.sid} stops {denial.stops}"
        )
        return _verdict(call, TamperingState.ATTEMPTED, reason)
    return _verdict(call, TamperingState.IRRELEVANT, "the call is about something that is not ours to guard")


def _judge_threat(call: ApiCall, threat: Threat) -> TamperingVerdict:
    target = _target(call)
    if call.error_code is None and failed_of(call) and not _targets(call):
        return _verdict(call, TamperingState.IRRELEVANT, "the call came to nothing: it failed for all that it names")
    if call.error_code is None:
        reason = f"{call.caller} managed to {threat.what} ({call.name} on {target})"
        return _verdict(call, TamperingState.SUCCEEDED, reason)
    if call.error_code.startswith(_HARMLESS_ERRORS) or call.error_code.endswith(_NOTHING_THERE):
        return _verdict(call, TamperingState.IRRELEVANT, f"the call came to nothing: {call.error_code}")
    reason = f"{call.caller} tried to {threat.what} and was refused ({call.name} on {target}: {call.error_code})"
    return _verdict(call, TamperingState.ATTEMPTED, reason)


def threat_of(call: ApiCall) -> Threat | None:
    """The row of the table that the call matches, by source and name."""
    return THREATS.get(call.action)


def target_of(call: ApiCall) -> str | None:
    """What the call was about, as far as its parameters say; of several, the first."""
    return next(iter(_targets(call)), None)


def _targets(call: ApiCall) -> tuple[str, ...]:
    """All that the call was about."""
    threat = threat_of(call)
    if threat is None or call.request is None:
        return ()
    found = (tuple(filter(None, texts_at(call.request, key))) for key in threat.target_keys)
    return tuple(each for each in next(filter(None, found), ()) if each not in failed_of(call))


def _target(call: ApiCall) -> str:
    named = _targets(call)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"{', '.join(named[:_NAMED])}{more}" if named else "an unnamed target"


def _identity(call: ApiCall) -> str:
    """The same for the same targets, and short however many they are."""
    first, *others = _targets(call) or ("unnamed",)
    if not others:
        return first
    return f"{first} and {len(others)} more ({sha256(' '.join(sorted(others)).encode()).hexdigest()[:8]})"


def _is_ours(call: ApiCall, intent: Intent) -> bool:
    if call.caller_type == "AWSService" or call.invoked_by == "backup.amazonaws.com":
        return True
    # A stack in a member account is anybody's, so CloudFormation is trusted in the backup account only.
    is_home = call.account == intent.organization.backup_account
    if is_home and call.invoked_by == "cloudformation.amazonaws.com":
        return True
    return is_own_act(call, intent)


def _verdict(call: ApiCall, state: TamperingState, reason: str) -> TamperingVerdict:
    if state is TamperingState.ATTEMPTED:
        # Refused two hundred times is one attempt, but of one person: another in the same role is another.
        subject = f"{call.account} {call.action} by {call.caller}"
    else:
        # A session's name changes from one to the next; its role does not. That of a restore names the request.
        threat = threat_of(call)
        is_each_told = threat is not None and threat.scope in (Scope.NATIVE_RESTORE, Scope.UNTAGGED_OR_NATIVE)
        who = call.caller if is_each_told else call.role or call.caller
        subject = f"{call.account} {call.action} on {_identity(call)} by {who}"
    target = target_of(call) or "unnamed"
    return TamperingVerdict(state=state, reason=reason, subject=subject, caller=call.caller, target=target)
