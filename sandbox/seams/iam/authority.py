"""Private touches of MiniStack's IAM: judging what a service does for somebody, and what else a request asks.

Pinned by `tests/contract/seams/iam/test_authority.py`. MiniStack decides at the front door only, about the request's
own action, and lets an account's root use any key.
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from copy import replace
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams import organizations as seams_organizations
from sandbox.seams.host import Enforcer
from sandbox.seams.request_facts import Request
from sandbox.settings import HOME_REGION

_ACTIONS: Final = "ministack.core.iam_actions"
_CONTROL_OF_S3: Final = "/v20180820/"
_ASSUME: Final = "sts:AssumeRole"
# API Reference, PutBucketPolicy: nobody locks the root of its own account out of these.
_ALWAYS_OF_ROOT: Final = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})


@dataclass(frozen=True, slots=True)
class Question:
    """May a principal do an action on a resource? The principal is a role's ARN, or a service's name."""

    principal: str
    action: str
    resource_arn: str
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The service whose action it is."""
        return self.action.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose rights count: parsed policies, None for a root, and what narrows them."""

    arn: str
    kind: str
    account: str
    policies: list[Any] | None
    limits: tuple[Any, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Further:
    """What a request asks besides its own action, and the code of the refusal where the service has one of its own."""

    action: str
    resource_arn: str
    keys: Mapping[str, Any]
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in, where it is made, and the action and resource that IAM reads in it."""

    request: Request
    service: str
    region: str
    account: str
    resource_arn: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asked() -> Asked | None:
    """The request that is being judged; None outside of one."""
    return _asked.get()


# --- Principals --------------------------------------------------------------


def role_principal(arn: str, managed: Iterable[str] = ()) -> Principal:
    """A role by its ARN, of which `managed` policies are known though nobody attached them."""
    from ministack.core import iam_evaluator

    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    with seams.request_scope(account, HOME_REGION):
        policies = iam_evaluator._gather_role_policies(name, account) if seams.role_exists(arn) else []
        policies += [
            iam_evaluator.parse_policy_document(iam_evaluator._resolve_managed_policy_document(each, account))
            for each in managed
        ]
        limits = iam_evaluator._permissions_boundary(seams.service_module("iam")._roles, name, account)
    return Principal(arn, "AssumedRole", account, policies, tuple(limits))


def _caller(access_key: str) -> Principal | None:
    from ministack.core import iam_evaluator, responses

    account = responses._account_from_sts_session(access_key) or responses.get_account_id()
    found = iam_evaluator.resolve_principal(access_key, account)
    if isinstance(found, iam_evaluator.AuthError):
        return None
    return Principal(found.arn, found.type, found.account, found.policies, tuple(found.limits), found.keys)


def caller_of(asked: Asked) -> Principal | None:
    """Who sent a request; None for somebody unknown, or for nobody."""
    from ministack.core.router import extract_access_key_id

    access_key = extract_access_key_id(dict(asked.headers), dict(asked.request.params))
    return _caller(access_key) if access_key else None


# --- Deciding ----------------------------------------------------------------


def why_not(principal: Principal, question: Question, context: Any) -> str | None:
    """Why the principal's policies with the resource's own do not allow it, in AWS's words; None when they do."""
    from ministack.core import iam_actions, iam_evaluator

    owned = iam_evaluator._resource_policy(question.service, question.resource_arn)
    if principal.policies is None:
        decision = _of_root(principal, question, context, owned)
        if decision == "Deny":
            return _denied_by_resource(question)
    else:
        result = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
        if owned is not None:
            is_required = question.service in iam_evaluator._POLICY_REQUIRED
            result = iam_evaluator.combine_resource_policy(
                result, context, *owned, required=is_required, limits=principal.limits
            )
        decision = result.decision
        if result.resource_policy_arn:
            return _denied_by_resource(question)
    if decision == "Allow":
        return None
    message: str = iam_actions.identity_denial_message(
        question.action, principal.arn, question.resource_arn, decision == "Deny"
    )
    return message


def _denied_by_resource(question: Question) -> str:
    from ministack.core import iam_actions

    message: str = iam_actions._resource_policy_denial(
        question.service, question.action, question.principal, question.resource_arn
    )
    return message


def _of_root(principal: Principal, question: Question, context: Any, owned: Any) -> str:
    """What the resource's own policy says to a root: of a key, and of what others own, it must allow."""
    from ministack.core import iam_evaluator

    if owned is None or question.action in _ALWAYS_OF_ROOT:
        return "Allow"
    document, owner = owned
    decision = str(iam_evaluator.evaluate_resource_policy(document, context).decision)
    must_allow = question.service in iam_evaluator._POLICY_REQUIRED or owner not in (None, principal.account)
    return decision if must_allow or decision == "Deny" else "Allow"


def service_may(service: str, question: Question, source_arn: str, source_account: str) -> bool:
    """Whether a resource's own policy, or a role's trust, lets an AWS service in for a resource of an account."""
    from ministack.core import iam_evaluator

    document = _policy_of(question)
    if document is None:
        return False
    keys = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account, **question.keys}
    principal = Principal(f"arn:aws:iam::aws:service/{service}", "Service", "aws", [])
    context = context_of(principal, replace(question, keys=keys))
    decision = iam_evaluator.evaluate_resource_policy(document, context, service=service).decision
    return bool(decision == "Allow")


def _policy_of(question: Question) -> Any:
    from ministack.core import iam_evaluator

    if question.action == _ASSUME:
        account, name = question.resource_arn.split(":")[4], question.resource_arn.rpartition("/")[2]
        role = seams.service_module("iam")._roles.get_scoped(account, None, name)
        return role["AssumeRolePolicyDocument"] if role else None
    owned = iam_evaluator._resource_policy(question.service, question.resource_arn)
    return owned[0] if owned else None


def context_of(principal: Principal, question: Question) -> Any:
    """The request as the evaluator sees it."""
    from ministack.core import iam_evaluator

    return iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.kind,
        principal_account=principal.account,
        action=question.action,
        resource_arn=question.resource_arn,
        region=_region_of(question.resource_arn),
        service_context={key.lower(): value for key, value in question.keys.items()},
        principal_keys=dict(principal.keys),
    )


def _region_of(arn: str) -> str:
    parts = arn.split(":", 5)
    return (parts[3] if len(parts) == 6 else "") or seams.request_region()


# --- The front door ----------------------------------------------------------

type FurtherQuestions = Callable[[str, Asked], Iterable[Further]]
type CallerJudge = Callable[[Principal, Question], str | None]


def ask_further(questions: FurtherQuestions, judge: CallerJudge) -> None:
    """Hold each request that IAM lets in to what else it asks of its caller; a root asks a key's policy, too."""
    seams.replace(_ACTIONS, "extract_resource_arn", _remembering_the_request)
    seams.replace("ministack.app", "_handle_s3_control_request", _remembering_control_of_s3)
    seams.wrap_iam_enforcement(lambda original: _asking(original, questions, judge))


def _remembering_the_request(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account: str,
    ) -> str:
        resource_arn = original(service, method, path, headers, body, query_params, region, account)
        request = Request(action="", path=path, body=body, params=query_params)
        _asked.set(Asked(request, service, region, account, resource_arn, method, headers))
        return resource_arn

    return extract_resource_arn


def _remembering_control_of_s3(original: Callable[..., Any]) -> Callable[..., Any]:
    """MiniStack answers S3's control API before it reads what other requests are about."""
    from ministack.core import responses

    async def handle(
        path: str,
        method: str,
        body: bytes,
        query_params: dict[str, Any],
        request_id: str,
        headers: dict[str, str] | None = None,
    ) -> Any:
        if not path.startswith(_CONTROL_OF_S3):
            return None
        request = Request(action="", path=path, body=body, params=query_params)
        account = responses.get_account_id()
        token = _asked.set(Asked(request, "s3", HOME_REGION, account, "*", method, headers or {}))
        try:
            return await original(path, method, body, query_params, request_id, headers)
        finally:
            _asked.reset(token)

    return handle


def _asking(original: Enforcer, questions: FurtherQuestions, judge: CallerJudge) -> Enforcer:
    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        decision = original(access_key_id, iam_action, service, region, resource_arn, service_context)
        asked = _asked.get()
        if decision is not None or asked is None or not access_key_id:
            return decision
        further = [*questions(iam_action, replace(asked, resource_arn=resource_arn))]
        if _is_root_before_a_policy(access_key_id, service, resource_arn):
            further.append(Further(iam_action, resource_arn, {"aws:tagkeys": None, **(service_context or {})}))
        return _first_refusal(access_key_id, further, judge) if further else None

    return enforce


def _is_root_before_a_policy(access_key: str, service: str, resource_arn: str) -> bool:
    # MiniStack lets a root through before it looks at the resource's own policy.
    from ministack.core import iam_evaluator

    is_root = iam_evaluator.is_root_access_key(access_key)
    return is_root and iam_evaluator._resource_policy(service, resource_arn) is not None


def _first_refusal(access_key: str, further: list[Further], judge: CallerJudge) -> Any:
    from ministack.core import iam_evaluator

    principal = _caller(access_key)
    if principal is None:
        return None
    for each in further:
        question = Question(principal.arn, each.action, each.resource_arn, each.keys)
        message = judge(principal, question)
        if message is not None:
            seams_organizations.explain_denial(message, each.error_code)
            return iam_evaluator.EvalResult("ImplicitDeny", principal_arn=principal.arn, reason=message)
    return None
