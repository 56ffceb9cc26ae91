"""Every private touch of MiniStack that the host needs; pinned by `tests/contract/seams/test_host.py`.

MiniStack reads its environment when it is imported, hence each import inside a function.
"""
# ruff: noqa: SLF001

import asyncio
import contextlib
import importlib
import importlib.util
import json
import logging
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from sandbox.clients import service_model
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATION_ID, ORGANIZATIONS_REGION, Settings

type ServiceAnswer = tuple[int, dict[str, str], bytes]
type ServiceHandler = Callable[[str, str, dict[str, Any], bytes, dict[str, Any]], Awaitable[ServiceAnswer]]
type Enforcer = Callable[..., Any]
type Properties = dict[str, Any]
type ResourceCreator = Callable[[str, Properties, str], tuple[str, dict[str, Any]]]
type ResourceChanger = Callable[[str, Properties, Properties, str], tuple[str, dict[str, Any]]]
type ResourceDeleter = Callable[[str, Properties], None]
type TargetDelivery = Callable[[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], bool]

PORT_NAMES = ("_PORT", "_GATEWAY_PORT", "_MINISTACK_PORT", "DEFAULT_PORT", "_DEFAULT_PORT")

_originals: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed the request that is being answered."""

    access_key: str
    account: str
    arn: str
    user_id: str


def service_module(name: str) -> Any:
    """MiniStack's module of one service, such as `rds`, `ec2`, `dynamodb`, `efs`, `s3`, `sqs`."""
    return importlib.import_module(f"ministack.services.{name}")


def replace(module: str, name: str, build: Callable[[Any], Any]) -> Any:
    """Put `build(original)` in the place of a module's attribute until `restore()`; returns the original."""
    owner = importlib.import_module(module)
    original = getattr(owner, name)
    _originals.setdefault((module, name), original)
    setattr(owner, name, build(original))
    return original


def restore() -> None:
    """Undo every `replace`, so that a second sandbox in this process starts from MiniStack as it came."""
    for (module, name), original in _originals.items():
        setattr(importlib.import_module(module), name, original)
    _originals.clear()


def prepare(settings: Settings) -> Any:
    """MiniStack's ASGI application, empty, with IAM enforced, on the port of `settings`."""
    from ministack import app
    from ministack.core import hypercorn_compat

    hypercorn_compat.install()
    logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)  # it measures SAM itself, for nobody here
    replace("docker", "from_env", lambda _: _no_docker)
    app.AUTH = True
    app._reset_lock = None
    for name, module in list(sys.modules.items()):
        if name.startswith("ministack."):
            for constant in PORT_NAMES:
                if isinstance(getattr(module, constant, None), str):
                    setattr(module, constant, str(settings.port))
    service_module("stepfunctions")._SFN_WAIT_SCALE = settings.wait_scale
    app._reset_all_state()
    _speed_up_schedules(settings.schedule_scale)
    return app.app


def _no_docker(**_: Any) -> Any:
    """Databases without containers, and nobody else's containers reaped, also where a Docker daemon runs."""
    from docker.errors import DockerException  # type: ignore[import-untyped]

    raise DockerException("the sandbox works without Docker")


def stop_workers() -> None:
    """End every Lambda worker process and forget all state."""
    from ministack import app
    from ministack.core import lambda_runtime

    app._reset_all_state()
    lambda_runtime.reset()


@contextlib.contextmanager
def request_scope(account: str, region: str) -> Iterator[None]:
    """Let MiniStack's stores answer for this account and Region inside the block."""
    from ministack.core import responses

    with responses.request_scope(account, region):
        yield


def request_account() -> str:
    """The account of the request that is being answered."""
    from ministack.core import responses

    return str(responses.get_account_id())


def request_region() -> str:
    """The Region of the request that is being answered."""
    from ministack.core import responses

    return str(responses.get_region())


def account_of(access_key: str) -> str:
    """The account in which a request with this access key is answered, told before it is."""
    from ministack.core import responses

    context = copy_context()
    context.run(responses.set_request_account_id, access_key)
    return str(context.run(responses.get_account_id))


def caller(access_key: str) -> Caller | None:
    """Who an access key belongs to, or None when nobody has it."""
    from ministack.core import iam_evaluator

    identity = iam_evaluator.resolve_caller_identity(access_key)
    if identity is None:
        return None
    return Caller(access_key, identity["accountId"], identity["userArn"], identity["userId"])


def role_arn(account: str, role: str) -> str:
    """The ARN of a role with its path; of one that is gone, the ARN that it would have without a path."""
    record = service_module("iam")._roles.get_scoped(account, None, role) or {}
    return str(record.get("Arn") or f"arn:aws:iam::{account}:role/{role}")


def role_exists(arn: str) -> bool:
    """Whether the IAM role is there, in its own account."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("role/"):
        return False
    record = service_module("iam")._roles.get_scoped(parts[4], None, parts[5].rsplit("/", 1)[-1])
    return record is not None and record["Arn"] == arn


def user_exists(arn: str) -> bool:
    """Whether the IAM user is there, in its own account."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("user/"):
        return False
    record = service_module("iam")._users.get_scoped(parts[4], None, parts[5].rsplit("/", 1)[-1])
    return record is not None and record["Arn"] == arn


def managed_policies_of(account: str, role: str) -> tuple[str, ...]:
    """The ARNs of what is attached to the role."""
    record = service_module("iam")._roles.get_scoped(account, None, role) or {}
    return tuple(record.get("AttachedPolicies", ()))


def inline_policies_of(account: str, role: str) -> dict[str, Any]:
    """What lies in the role itself, by name."""
    record = service_module("iam")._roles.get_scoped(account, None, role) or {}
    return dict(record.get("InlinePolicies", {}))


def role_made_at(arn: str) -> datetime | None:
    """When an IAM role was made, to the second; None for one that does not exist."""
    if not role_exists(arn):
        return None
    record = service_module("iam")._roles.get_scoped(arn.split(":")[4], None, arn.rpartition("/")[2])
    return datetime.fromisoformat(str(record["CreateDate"]))


def longest_session(role: str) -> int:
    """For how many seconds a role may be assumed; without end for one that does not exist, which nobody assumes."""
    parts = role.split(":", 5)
    if not role_exists(role):
        return sys.maxsize
    return int(service_module("iam")._roles.get_scoped(parts[4], None, role.rpartition("/")[2])["MaxSessionDuration"])


def organization_of(account: str) -> str | None:
    """The id of the organization when the account is a member of it."""
    with request_scope(MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION):
        return ORGANIZATION_ID if account in service_module("organizations")._accounts else None


def _context(caller_arn: str, action: str, resource: str, organization: str | None) -> Any:
    from ministack.core import iam_evaluator

    return iam_evaluator.EvalContext(
        principal_arn=caller_arn,
        principal_type="AssumedRole",
        principal_account=caller_arn.split(":")[4],
        action=action,
        resource_arn=resource,
        region=resource.split(":")[3],
        principal_keys={"aws:principalorgid": organization} if organization else {},
    )


def publish_aws_event(
    source: str,
    detail_type: str,
    detail: Mapping[str, Any],
    account: str,
    region: str,
    resources: Sequence[str] = (),
    bus_owner: str | None = None,
    bus: str = "default",
) -> str:
    """Put an event of an AWS service on a bus (by default the account's own) and return its id."""
    event_id = str(uuid.uuid4())
    record = {
        "EventId": event_id,
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail, default=str),
        "EventBusName": bus,
        "Time": int(time.time()),
        "Resources": list(resources),
        "Account": account,
        "Region": region,
    }
    deliver_to_bus(record, bus_owner or account, region, bus)
    return event_id


def deliver_to_bus(event_record: Mapping[str, Any], account: str, region: str, bus: str) -> None:
    """Run an event through the rules and archives of a bus, its own `Account` and `Region` kept."""
    eventbridge = service_module("eventbridge")
    record = {**event_record, "EventBusName": bus}
    with request_scope(account, region):
        eventbridge._dispatch_event(record)
        eventbridge._archive_event({key: value for key, value in record.items() if key != "_DispatchPath"})


def event_payload(event_record: Mapping[str, Any]) -> str:
    """The event as a rule's target receives it."""
    view = service_module("eventbridge")._pattern_event_view(event_record)
    return json.dumps(view.event_with_detail())


def lets_in(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether an event, as a rule's target would get it, fits a pattern."""
    record = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Account": event["account"],
        "Region": event["region"],
    }
    return bool(service_module("eventbridge")._matches_pattern(json.dumps(pattern), record))


def bus_exists(account: str, region: str, bus: str) -> bool:
    """Whether the account has this bus in this Region (the default bus always is)."""
    return bus == "default" or (account, region, bus) in service_module("eventbridge")._event_buses._data


def target_ids(account: str, region: str, rule: str, bus: str) -> frozenset[str]:
    """The ids of what a rule of EventBridge points at, empty where there is no such rule."""
    eventbridge = service_module("eventbridge")
    with request_scope(account, region):
        return frozenset(target["Id"] for target in eventbridge._targets.get(eventbridge._rule_key(rule, bus), ()))


def bus_policy(account: str, region: str, bus: str) -> dict[str, Any] | None:
    """The resource policy of a bus, if it has one."""
    policy: dict[str, Any] | None = service_module("eventbridge")._event_bus_policies.get_scoped(account, region, bus)
    return policy


def is_secret_leaving(account: str, region: str, name: str) -> bool:
    """Whether a secret of this name is scheduled for deletion."""
    secret = service_module("secretsmanager")._secrets.get_scoped(account, region, name) or {}
    return bool(secret.get("DeletedDate"))


def set_bus_policy(account: str, region: str, bus: str, policy: dict[str, Any] | None) -> None:
    """Give a bus this resource policy, or none."""
    with request_scope(account, region):
        policies = service_module("eventbridge")._event_bus_policies
        if policy is None:
            policies.pop(bus, None)
        else:
            policies[bus] = policy


def queue_exists(queue_arn: str) -> bool:
    """Whether there is such a queue in the account and Region of the current scope."""
    return bool(service_module("sqs")._queue_by_arn(queue_arn))


def send_to_queue(queue_arn: str, body: str, attributes: Mapping[str, str]) -> bool:
    """Put a message with string attributes on an SQS queue from inside; False when there is no such queue."""
    from ministack.core import arn

    spec = arn.parse_arn(queue_arn)
    with request_scope(spec.account_id, spec.region):
        queue = service_module("sqs")._queue_by_arn(queue_arn)
        if not queue:
            return False
        service_module("eventbridge")._dispatch_to_sqs(spec, body)
        queue["messages"][-1]["message_attributes"] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
    return True


def function_exists(function_arn: str) -> bool:
    """Whether the Lambda function of an event target is there."""
    function, configuration, _ = service_module("lambda_svc")._get_func_record_for_ref(function_arn)
    return bool(function and configuration)


def intercept_event_targets(deliver: TargetDelivery) -> None:
    """Ask `deliver(target, event, rule)` first, in the rule owner's scope; MiniStack delivers when it says False."""

    def build(original: Callable[..., None]) -> Callable[..., None]:
        def invoke(target: Any, event: Any, rule: Any, view: Any = None) -> None:
            if not deliver(target, event, rule):
                original(target, event, rule, view)

        return invoke

    replace("ministack.services.eventbridge", "_invoke_target", build)


def archive_with_times_alike() -> None:
    """Archive the time of each event in seconds: a replay ends at one whose emitter has written it as text."""
    seconds = service_module("eventbridge")._coerce_timestamp

    def build(original: Callable[..., None]) -> Callable[..., None]:
        def archive(event: Mapping[str, Any], view: Any = None) -> None:
            original({**event, "Time": int(seconds(event.get("Time", 0)))}, view)

        return archive

    replace("ministack.services.eventbridge", "_archive_event", build)


def is_kept_from(event_record: Mapping[str, Any], rule_arn: str) -> bool:
    """Whether the event is one of a replay that goes to other rules only."""
    replay = service_module("eventbridge")._replays.get(event_record.get("ReplayName", "")) or {}
    wanted = replay.get("Destination", {}).get("FilterArns")
    return bool(wanted) and rule_arn not in wanted


def strike(account: str, region: str, rule: str) -> bool:
    """Let the clock of a rule of the default bus strike at its next tick; False where there is none with a rate."""
    eventbridge = service_module("eventbridge")
    place = (account, region, eventbridge._rule_key(rule, "default"))
    found = eventbridge._rules._data.get(place, {})
    if eventbridge._parse_rate_seconds(found.get("ScheduleExpression", "")) is None:
        return False
    eventbridge._rule_last_fired[place] = 0
    return True


def resource_policy_allows(
    policy: Mapping[str, Any], action: str, resource: str, caller_arn: str, organization: str | None
) -> bool:
    """Whether a resource policy alone lets the caller act on the resource."""
    from ministack.core import iam_evaluator

    context = _context(caller_arn, action, resource, organization)
    return bool(iam_evaluator.evaluate_resource_policy(dict(policy), context).decision == "Allow")


def answer_service(name: str, handler: ServiceHandler) -> None:
    """Let `handler` answer a service that MiniStack does not have, and other services ask it."""
    replace("ministack.app", "SERVICE_HANDLERS", lambda known: {**known, name: handler})


def answer_rest_service(name: str, handler: ServiceHandler) -> None:
    """The same for one that speaks REST: what its calls are to IAM, their addresses say."""
    answer_service(name, handler)
    replace("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE", lambda known: {**known, name: name})
    replace("ministack.core.iam_actions", "_BOTOCORE_SERVICE_MAP", lambda known: {**known, name: [name]})


def handler_of(name: str) -> ServiceHandler:
    """What answers a service: MiniStack's own module, or else whoever answers it here."""
    from ministack import app

    module = f"ministack.services.{name}"
    if importlib.util.find_spec(module) is None:
        handler: ServiceHandler = app.SERVICE_HANDLERS[name]
        return handler
    return service_module(name).handle_request  # type: ignore[no-any-return]


def replace_backup_service(handler: ServiceHandler) -> None:
    """Let `handler` answer every AWS Backup request."""
    replace("ministack.services.backup", "handle_request", lambda _: handler)


def replace_organizations_handler(handler: ServiceHandler) -> ServiceHandler:
    """Let `handler` answer every Organizations request; returns MiniStack's own to fall back on."""
    original: ServiceHandler = replace("ministack.services.organizations", "handle_request", lambda _: handler)
    return original


def wrap_iam_enforcement(wrap: Callable[[Enforcer], Enforcer]) -> None:
    """Put `wrap(original)` in the place of MiniStack's IAM decision."""
    replace("ministack.core.iam_evaluator", "enforce", wrap)


class ServiceCallError(ValueError):
    """The internal call failed because the service refused it."""


def call_service(
    service: str, method: str, path: str, body: Mapping[str, Any], account: str, region: str, target: str | None = None
) -> dict[str, Any]:
    """The JSON answer of one service to an internal call in an account and Region, outside of IAM and the trail."""
    headers = {"content-type": "application/json", **({"x-amz-target": target} if target else {})}
    status, answer = _call(service, method, path, headers, json.dumps(body).encode(), account, region)
    document: dict[str, Any] = json.loads(answer) if answer else {}
    if status >= HTTPStatus.BAD_REQUEST:
        raise ServiceCallError(f"{service} answered {status} to {target or f'{method} {path}'}: {document}")
    return document


def call_cloudformation(action: str, parameters: Mapping[str, Any], account: str, region: str) -> dict[str, Any]:
    """CloudFormation's answer to an internal call in an account and Region, outside of IAM and the trail."""
    operation = service_model("cloudformation").operation_model(action)
    request = create_serializer("query").serialize_to_request(dict(parameters), operation)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    form = urlencode(request["body"]).encode()
    status, answer = _call("cloudformation", "POST", "/", headers, form, account, region)
    response = {"status_code": status, "headers": {}, "body": answer, "context": {}}
    parsed: dict[str, Any] = create_parser("query").parse(response, operation.output_shape)  # type: ignore[arg-type]
    if status >= HTTPStatus.BAD_REQUEST:
        raise ServiceCallError(f"cloudformation answered {status} to {action}: {parsed.get('Error')}")
    return parsed


def _call(
    service: str, method: str, path: str, headers: dict[str, str], body: bytes, account: str, region: str
) -> tuple[int, bytes]:
    handler = service_module(service).handle_request
    with request_scope(account, region):
        status, _, answer = _finish(handler, method, path, headers, body)
    return status, answer


def _finish(handler: Callable[..., Awaitable[ServiceAnswer]], *request: Any) -> ServiceAnswer:
    """Run a handler on the server's loop, or, when that loop is what calls, on a thread of its own."""
    from ministack import app

    try:
        on_loop = asyncio.get_running_loop() is app._MAIN_LOOP
    except RuntimeError:
        on_loop = False
    if not on_loop:
        answer: ServiceAnswer = app.call_service_handler_sync(handler, *request, {}, timeout=60)
        return answer

    async def alone() -> ServiceAnswer:
        return await handler(*request, {})

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(copy_context().run, asyncio.run, alone()).result()


def on_server_loop(change: Callable[[], None]) -> None:
    """Change something where requests are answered, from another thread, so that none of them sees it half done."""
    from ministack import app

    async def alone() -> None:
        change()

    asyncio.run_coroutine_threadsafe(alone(), app._MAIN_LOOP).result(timeout=10)


def register_cloudformation_types(
    types: Mapping[str, tuple[ResourceCreator, ResourceChanger, ResourceDeleter]],
) -> None:
    """Teach CloudFormation resource types: create, update and delete of each; they may call services and wait."""
    for name, (create, update, delete) in types.items():
        register_cloudformation_type(name, create, delete, update)
    _provision_off_loop(frozenset(types))


def register_cloudformation_type(
    name: str, create: ResourceCreator, delete: ResourceDeleter, update: ResourceChanger | None = None
) -> None:
    """Teach CloudFormation a resource type: `create(logical_id, properties, stack) -> (physical id, attributes)`."""
    from ministack.services.cloudformation import provisioners

    handlers: dict[str, Any] = {"create": create, "delete": delete}
    if update is not None:
        handlers["update"] = update
    provisioners._RESOURCE_HANDLERS[name] = handlers


def _provision_off_loop(names: frozenset[str]) -> None:
    """Provision these types on worker threads, because their handlers call services and wait."""

    def build(original: Callable[[str], bool]) -> Callable[[str], bool]:
        def decide(resource_type: str) -> bool:
            return resource_type in names or original(resource_type)

        return decide

    replace("ministack.services.cloudformation.stacks", "_runs_on_worker_thread", build)


def _speed_up_schedules(scale: float) -> None:
    """Let `rate(...)` schedules of rules and of EventBridge Scheduler fire `scale` times as often."""

    def build(original: Callable[[str], int | None]) -> Callable[[str], float | None]:
        def interval(expression: str) -> float | None:
            seconds = original(expression)
            return None if seconds is None else seconds / scale

        return interval

    replace("ministack.services.eventbridge", "_parse_rate_seconds", build)
    replace("ministack.services.eventbridge", "_SCHEDULER_TICK_INTERVAL", lambda tick: min(tick, 0.5))
    replace("ministack.services.scheduler", "_SCHEDULE_TICK_INTERVAL", lambda tick: min(tick, 0.5))
