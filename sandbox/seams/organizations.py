"""Every private touch of MiniStack that Organizations and SCPs need; pinned by its own contract test.

MiniStack reads its environment when it is imported, hence each import inside a function.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from copy import replace
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams import request_facts
from sandbox.seams.host import Enforcer, ServiceAnswer, ServiceHandler, request_scope, role_arn, service_module
from sandbox.seams.machines import step_functions as seams_step_functions
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION

type Statements = list[Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why service control policies refuse a call: an explicit deny, or a level that allows nothing like it."""

    principal_arn: str
    action: str
    resource_arn: str
    explicit: bool

    @property
    def message(self) -> str:
        """The denial as AWS words it."""
        call = (
            f"User: {self.principal_arn} is not authorized to perform: {self.action} on resource: {self.resource_arn}"
        )
        if self.explicit:
            return f"{call} with an explicit deny in a service control policy"
        return f"{call} because no service control policy allows the {self.action} action"


@dataclass(frozen=True, slots=True)
class ClosedAccount(Refusal):
    """Why nothing goes in an account that is closed, or being closed."""

    @property
    def message(self) -> str:
        """The denial; how AWS words it is not documented."""
        return f"User: {self.principal_arn} is not authorized to perform: {self.action}: the account is closed"


type Judge = Callable[[Any], Refusal | None]
type PrincipalKeys = Callable[[str], Mapping[str, Any]]

_EVALUATOR: Final = "ministack.core.iam_evaluator"
_ACTIONS: Final = "ministack.core.iam_actions"
_ROUTER: Final = "ministack.core.router"
_APP: Final = "ministack.app"
_ORGANIZATION_KEYS: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_STRANGERS: Final = frozenset({"Service", "Anonymous", "WebIdentityUser"})
_RESOURCE_TAG: Final = "aws:resourcetag/"
_SERVICE_LINKED_PATH: Final = ":role/aws-service-role/"
_denial: ContextVar[tuple[str, str]] = ContextVar("denial", default=("", ""))
_tag_readers: dict[str, Callable[[str], Mapping[str, str]]] = {}


# --- Organizations -----------------------------------------------------------


def organization_store(name: str) -> dict[str, Any]:
    """The management account's entries of one store: `orgs`, `accounts`, `ous`, `roots`, `policies`, `attachments`."""
    with request_scope(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION):
        return dict(getattr(service_module("organizations"), f"_{name}").items())


def put_organization_entry(name: str, key: str, entry: Any) -> None:
    """Write one entry of a store of the management account."""
    with request_scope(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION):
        getattr(service_module("organizations"), f"_{name}")[key] = entry


def drop_organization_entry(name: str, key: str) -> None:
    """Remove one entry of a store of the management account, if it is there."""
    with request_scope(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION):
        getattr(service_module("organizations"), f"_{name}").pop(key, None)


def clear_organizations() -> None:
    """Forget every organisation."""
    service_module("organizations").reset()


def answer_as_management(operation: str, payload: Mapping[str, Any]) -> ServiceAnswer | None:
    """MiniStack's own answer to management's call; None if it does not know the operation."""
    answers = service_module("organizations")._DISPATCH
    if operation not in answers:
        return None
    with request_scope(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION):
        answer: ServiceAnswer = answers[operation](dict(payload))
        return answer


def answer_service_quotas(handler: ServiceHandler) -> None:
    """Let `handler` answer Service Quotas, which MiniStack does not have."""
    name, prefix = "servicequotas", "ServiceQuotasV20190624"
    seams.replace(_ROUTER, "SERVICE_PATTERNS", lambda known: {**known, name: {"target_prefixes": [prefix]}})
    seams.replace(_APP, "SERVICE_HANDLERS", lambda known: {**known, name: handler})


def caller_arn() -> str:
    """Who sent the request that is being answered."""
    from ministack.core import iam_evaluator

    return str(iam_evaluator.caller_arn())


def delegation_allows(document: str, *, action: str, resource: str, account: str, policy_type: str) -> bool:
    """Whether the organisation's resource policy lets the current caller do this."""
    from ministack.core import iam_evaluator

    context = iam_evaluator.EvalContext(
        principal_arn=caller_arn(),
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=ORGANIZATIONS_REGION,
        service_context={"organizations:policytype": policy_type},
    )
    return bool(iam_evaluator.evaluate_resource_policy(document, context).decision == "Allow")


# --- IAM roles ---------------------------------------------------------------


def create_administrator_role(account: str, name: str, *, trusted_account: str) -> None:
    """Give the account a role that may do everything and that the trusted account may assume; kept if it exists."""
    iam = service_module("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{trusted_account}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    with request_scope(account, ORGANIZATIONS_REGION):
        iam._create_role({"RoleName": [name], "AssumeRolePolicyDocument": [json.dumps(trust)]})
        iam._attach_role_policy({"RoleName": [name], "PolicyArn": ["arn:aws:iam::aws:policy/AdministratorAccess"]})


def principal_arn(arn: str) -> str:
    """`aws:PrincipalArn`: the role's ARN for an assumed role, else the caller's own."""
    if ":assumed-role/" not in arn:
        return arn
    return role_arn(arn.split(":")[4], arn.split("/")[1])


# --- Service control policies ------------------------------------------------


def parse_policy(content: str) -> Statements:
    """The statements of a policy, in the evaluator's form."""
    from ministack.core import iam_evaluator

    statements: Statements = iam_evaluator.parse_policy_document(content)
    return statements


def names_action(statement: Any, action: str) -> bool:
    """Whether the statement speaks of this action."""
    from ministack.core import iam_evaluator

    return bool(iam_evaluator._action_matches(action, statement.actions, statement.not_actions))


def any_statement_matches(context: Any, statements: Statements, effect: str) -> bool:
    """Whether a statement of this effect matches the request, its conditions included."""
    from ministack.core import iam_evaluator

    return iam_evaluator._first_match(context, statements, effect) is not None


def enforce_service_control(judge: Judge, principal_keys: PrincipalKeys) -> None:
    """Hold every signed request to `judge`, with the organisation's condition keys known to all kinds of policies."""
    _teach_condition_keys(principal_keys)
    _teach_request_facts()
    _teach_denials()
    seams.wrap_iam_enforcement(lambda original: _held_to(judge, original))


def explain_denial(message: str, error_code: str = "") -> None:
    """Let the denial of the request that is being answered say this, under the service's own code if it has one."""
    _denial.set((message, error_code))


def _held_to(judge: Judge, original: Enforcer) -> Enforcer:
    from ministack.core import iam_evaluator

    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        explain_denial("")
        decision = original(access_key_id, iam_action, service, region, resource_arn, service_context)
        if isinstance(decision, iam_evaluator.AuthError) or not access_key_id:
            return decision
        if iam_action in iam_evaluator._ALWAYS_ALLOWED_ACTIONS:
            return decision
        context = _request_context(access_key_id, iam_action, region, resource_arn, service_context)
        if context is None:
            return decision
        for facet in _facets(context):
            refusal = judge(facet)
            if refusal is not None:
                explain_denial(refusal.message)
                return iam_evaluator.EvalResult("Deny", principal_arn=facet.principal_arn, reason=refusal.message)
        return decision

    return enforce


def _request_context(
    access_key_id: str, action: str, region: str, resource_arn: str, service_context: dict[str, Any] | None
) -> Any:
    from ministack.core import iam_evaluator, responses

    account = responses._account_from_sts_session(access_key_id) or responses.get_account_id()
    credential = iam_evaluator.resolve_credential(access_key_id, account)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        return None
    if _SERVICE_LINKED_PATH in principal_arn(credential.principal_arn):
        return None
    known = {key.lower(): value for key, value in (service_context or {}).items()}
    known.setdefault("aws:tagkeys", None)
    return iam_evaluator.EvalContext(
        principal_arn=credential.principal_arn,
        principal_type=credential.principal_type,
        principal_account=credential.account_id,
        action=action,
        resource_arn=resource_arn,
        region=region,
        service_context=known,
        principal_keys=iam_evaluator._principal_keys(credential),
    )


def _facets(context: Any) -> list[Any]:
    # RunInstances is authorised once for each kind of resource it makes, each with that kind's own tags.
    if context.action != "ec2:RunInstances":
        return [context]
    by_kind = context.service_context.get(request_facts.TAGS_BY_KIND, {})
    return [
        replace(
            context,
            resource_arn=f"arn:aws:ec2:{context.region}:{context.principal_account}:{kind}/*",
            service_context={"aws:tagkeys": None, **request_facts.tag_keys(by_kind.get(kind, {}))},
        )
        for kind in ("instance", "volume")
    ]


def _teach_condition_keys(principal_keys: PrincipalKeys) -> None:
    def build(original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
        def resolve(key: str, context: Any) -> Any:
            name = key.lower()
            if name == "aws:principalarn":
                return principal_arn(context.principal_arn)
            if name in ("aws:principalisawsservice", "aws:viaawsservice"):
                return str(context.principal_type == "Service").lower()
            if name in _ORGANIZATION_KEYS and context.principal_type in _STRANGERS:
                return None
            found = original(key, context)
            if found is None and name in _ORGANIZATION_KEYS:
                return principal_keys(context.principal_account).get(name)
            if found is None and name.startswith(_RESOURCE_TAG):
                return resource_tags(context.resource_arn).get(name.removeprefix(_RESOURCE_TAG))
            return found

        return resolve

    def organization_id(account: str) -> str | None:
        return principal_keys(account).get("aws:principalorgid")

    seams.replace(_EVALUATOR, "_resolve_condition_key", build)
    seams.replace(_EVALUATOR, "_principal_org_id", lambda _: organization_id)


def read_tags(service: str, reader: Callable[[str], Mapping[str, str]]) -> None:
    """Let a service that is played here tell the tags of what an ARN names."""
    _tag_readers[service] = reader


def resource_tags(resource_arn: str) -> dict[str, str]:
    """The tags that MiniStack, or who plays the service, holds for a resource, their keys in lower case."""
    service = resource_arn.split(":")[2] if resource_arn.startswith("arn:") else ""
    if reader := _tag_readers.get(service):
        return {key.lower(): value for key, value in reader(resource_arn).items()}
    if service in ("rds", "ec2"):
        key = resource_arn if service == "rds" else resource_arn.rpartition("/")[2]
        return {tag["Key"].lower(): tag["Value"] for tag in service_module(service)._tags.get(key) or []}
    found = service_module("tagging").resource_tags(resource_arn) or {}
    return {str(key).lower(): str(value) for key, value in found.items()}


def _teach_request_facts() -> None:
    from ministack.core import iam_actions

    def build_arn(original: Callable[..., str]) -> Callable[..., str]:
        def extract_resource_arn(
            service: str,
            method: str,
            path: str,
            headers: dict[str, str],
            body: bytes,
            query_params: dict[str, Any],
            region: str,
            account_id: str,
        ) -> str:
            if request_facts.knows(service):
                action = iam_actions.extract_iam_action(service, method, path, headers, body, query_params) or ""
                place = request_facts.Place(
                    region=region,
                    account=account_id,
                    policy_arn=policy_arn,
                    role_arn=role_arn,
                    machine_arn=seams_step_functions.machine_of,
                )
                request = request_facts.Request(action=action, path=path, body=body, params=query_params)
                if (found := request_facts.resource_arn(service, request, place)) is not None:
                    return found
            return original(service, method, path, headers, body, query_params, region, account_id)

        return extract_resource_arn

    def build_tags(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
            found = original(service, iam_action, body, params)
            return {**found, **request_facts.condition_keys(iam_action, body, params)}

        return request_tag_context

    seams.replace(_ACTIONS, "extract_resource_arn", build_arn)
    seams.replace(_ACTIONS, "request_tag_context", build_tags)


def policy_arn(policy_id: str) -> str:
    """The ARN of a policy of the organisation, `*` when there is none of this id."""
    return str(organization_store("policies").get(policy_id, {}).get("Arn", "*"))


def _teach_denials() -> None:
    def build_response(original: Callable[..., ServiceAnswer]) -> Callable[..., ServiceAnswer]:
        def access_denied_response(
            service: str, action: str, principal_arn: str, request_id: str, **details: Any
        ) -> ServiceAnswer:
            message, code = _denial.get()
            if message and not details.get("error_code"):
                prefix = "You are not authorized to perform this operation. " if service == "ec2" else ""
                details.update(message=prefix + message, error_code=code)
            return original(service, action, principal_arn, request_id, **details)

        return access_denied_response

    def build_message(original: Callable[..., str]) -> Callable[..., str]:
        def identity_denial_message(action: str, principal_arn: str, resource: str, explicit_deny: object) -> str:
            message, _ = _denial.get()
            return message or original(action, principal_arn, resource, explicit_deny)

        return identity_denial_message

    seams.replace(_ACTIONS, "access_denied_response", build_response)
    seams.replace(_ACTIONS, "identity_denial_message", build_message)
