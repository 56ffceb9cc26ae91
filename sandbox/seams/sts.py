"""Every private touch of MiniStack's STS.

AWS authorises a source identity as `sts:SetSourceIdentity` and session tags as `sts:TagSession`, on the caller's side
and on the role's, each with its own condition keys, and its trail names the source identity with every call of the
session. MiniStack does not read source identities, and asks the role's side only; nor does it read the codes of MFA
devices, and a trust that demands them would lend its role to nobody. Policies judge a session by it as
`aws:SourceIdentity` (IAM User Guide, "AWS global condition context keys"). Functions begin their sessions in threads of
their own; MiniStack looks through all of them for what is over while another begins, and the function dies of that.
"""
# ruff: noqa: SLF001

import re
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from copy import replace
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qs

from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer, ServiceHandler
from sandbox.seams.iam import mfa
from sandbox.settings import Settings
from sandbox.web import lag

_STS: Final = "ministack.services.sts"
_EVALUATOR: Final = "ministack.core.iam_evaluator"
_ASSUME: Final = "sts:AssumeRole"
_NAME_PERSON: Final = "sts:SetSourceIdentity"
_TAG: Final = "sts:TagSession"
_SPELLING: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_LONGEST_IN_A_CHAIN: Final = 3_600
_WITH_CODES: Final = ("AssumeRole", "GetSessionToken")
_asked_for: ContextVar[str] = ContextVar("asked_for", default="")
_mfa: ContextVar[Mapping[str, str]] = ContextVar("mfa", default=MappingProxyType({}))


def install(_: Settings | None = None) -> None:
    """Let roles be assumed as AWS lets them, with a source identity that stays with the session."""
    seams.replace(_STS, "handle_request", _asking_the_caller)
    seams.replace(_STS, "register_session", _remembering)
    seams.replace(_STS, "_evict_expired_sessions", _ending_at_one_moment)
    seams.replace(_EVALUATOR, "evaluate_trust_policy", _asking_the_role)
    seams.replace(_EVALUATOR, "_principal_keys", _knowing_the_person)
    mfa.install()


def source_identity(access_key: str) -> str:
    """Whom the session of an access key was opened for, empty when nobody was named."""
    session = seams.service_module("sts")._sessions.get(access_key) or {}
    return str(session.get("SourceIdentity", ""))


def _ending_at_one_moment(original: Callable[[], None]) -> Callable[[], None]:  # noqa: ARG001 it is not called
    def evict_expired_sessions() -> None:
        sts = seams.service_module("sts")
        for key, session in list(sts._sessions.items()):
            if sts._session_expired(session):
                sts._sessions.pop(key, None)

    return evict_expired_sessions


def _asking_the_caller(original: ServiceHandler) -> ServiceHandler:
    async def handle_request(
        method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
    ) -> ServiceAnswer:
        form = parse_qs(body.decode("utf-8", errors="replace")) if method == "POST" else dict(query_params)
        identity, action = _value(form, "SourceIdentity"), _value(form, "Action")
        refusal = _refusal(form, headers, query_params) if action == "AssumeRole" else None
        keys: Mapping[str, str] = {}
        if refusal is None and action in _WITH_CODES:
            refusal, keys = _mfa_of(form, headers, query_params)
        if refusal is not None:
            return refusal
        token, mfa_token = _asked_for.set(identity), _mfa.set(keys)
        try:
            return await original(method, path, headers, body, query_params)
        finally:
            _asked_for.reset(token)
            _mfa.reset(mfa_token)

    return handle_request


def _mfa_of(
    form: Mapping[str, Any], headers: dict[str, Any], query_params: dict[str, Any]
) -> tuple[ServiceAnswer | None, Mapping[str, str]]:
    """The refusal of a code that does not count, or what is known of MFA in this call beside what its session has."""
    serial, code = _value(form, "SerialNumber"), _value(form, "TokenCode")
    sts = seams.service_module("sts")
    caller = sts._caller_identity(headers, query_params)
    if not (serial or code) or not isinstance(caller, dict):
        return None, {}  # what is wrong with credentials MiniStack says itself
    if why := mfa.why_no_code(caller, serial=serial, code=code):
        answer: ServiceAnswer = sts._error(403, "AccessDenied", why, ns="sts")
        return answer, {}
    return None, mfa.SHOWN_NOW


def _refusal(form: Mapping[str, Any], headers: dict[str, Any], query_params: dict[str, Any]) -> ServiceAnswer | None:
    from ministack.core import iam_evaluator
    from ministack.core.router import extract_access_key_id

    error: Callable[..., ServiceAnswer] = seams.service_module("sts")._error
    identity, role = _value(form, "SourceIdentity"), _value(form, "RoleArn")
    if identity and _SPELLING.fullmatch(identity) is None:
        text = "1 validation error detected: Value at 'sourceIdentity' failed to satisfy constraint: [\\w+=,.@-]{2,64}"
        return error(400, "ValidationError", text, ns="sts")
    if (too_long := _why_too_long(form, headers, query_params, role)) is not None:
        return error(400, "ValidationError", too_long, ns="sts")
    wanted = {_NAME_PERSON: bool(identity), _TAG: "Tags.member.1.Key" in form}
    key = extract_access_key_id(headers, query_params)
    for action in (action for action, needed in wanted.items() if needed):
        if iam_evaluator.enforce(key, action, "sts", seams.request_region(), role) is not None:
            text = f"User: {iam_evaluator.caller_arn()} is not authorized to perform: {action} on resource: {role}"
            return error(403, "AccessDenied", text, ns="sts")
    return None


def _why_too_long(
    form: Mapping[str, Any], headers: dict[str, Any], query_params: dict[str, Any], role: str
) -> str | None:
    """Why a role is not lent for the time that is asked for (API reference of AssumeRole, DurationSeconds)."""
    from ministack.core.router import extract_access_key_id

    asked = _value(form, "DurationSeconds")
    if not asked.isdecimal():
        return None
    seconds = int(asked)
    session = seams.service_module("sts")._sessions.get(extract_access_key_id(headers, query_params)) or {}
    if seconds > _LONGEST_IN_A_CHAIN and ":assumed-role/" in str(session.get("Arn", "")):
        return "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    if seconds > seams.longest_session(role):
        return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    return None


def _asking_the_role(original: Callable[..., bool]) -> Callable[..., bool]:
    def evaluate_trust_policy(trust_doc: Any, caller_arn: str, ctx: Any = None) -> bool:
        if ctx is not None and _is_fresh(str(ctx.resource_arn)):
            return False
        if ctx is not None:
            ctx = replace(ctx, service_context={**ctx.service_context, **_mfa.get()})
        identity = _asked_for.get()
        if not identity or ctx is None or ctx.action != _ASSUME:
            return original(trust_doc, caller_arn, ctx)
        known = {**ctx.service_context, "sts:sourceidentity": identity}
        naming = replace(ctx, action=_NAME_PERSON, service_context=known, request_tags={}, tag_keys=[])
        return original(trust_doc, caller_arn, replace(ctx, service_context=known)) and original(
            trust_doc, caller_arn, naming
        )

    return evaluate_trust_policy


def _knowing_the_person(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """What describes a caller in every policy: of a session that was opened for somebody, for whom."""

    def principal_keys(credential: Any) -> dict[str, Any]:
        identity = source_identity(credential.access_key_id)
        return original(credential) | ({"aws:sourceidentity": identity} if identity else {})

    return principal_keys


def _is_fresh(role: str) -> bool:
    """Whether IAM, where it lags, does not know a role yet: IAM User Guide, "Changes that I make are not visible"."""
    made = seams.role_made_at(role)
    return made is not None and lag.hides("iam", made)


def _remembering(original: Callable[[str, dict[str, Any]], None]) -> Callable[[str, dict[str, Any]], None]:
    def register_session(access_key: str, session: dict[str, Any]) -> None:
        identity = _asked_for.get()
        # A session of a role carries no MFA, however the role was assumed.
        is_own = session.get("PrincipalType") == "User" and mfa.AGE in _mfa.get()
        remembered = {"SourceIdentity": identity} if identity else {}
        original(access_key, session | remembered | ({mfa.OPENED_AT: time.time()} if is_own else {}))

    return register_session


def _value(form: Mapping[str, Any], name: str) -> str:
    found = form.get(name, "")
    return str(found[0] if isinstance(found, list) and found else found or "")
