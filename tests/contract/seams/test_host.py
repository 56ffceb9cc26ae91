"""MiniStack still has every private name that `sandbox/seams/host.py` touches, with the shape that it relies on."""

# ruff: noqa: SLF001

import importlib
import inspect
import re
from pathlib import Path

import pytest

SEAMS = Path(__file__).parents[3] / "sandbox" / "seams" / "host.py"

SIGNATURES = [
    ("ministack.app", "app", "scope receive send"),
    ("ministack.app", "_reset_all_state", ""),
    ("ministack.app", "call_service_handler_sync", "handler method path headers body query_params timeout"),
    ("ministack.core.hypercorn_compat", "install", ""),
    ("ministack.core.lambda_runtime", "reset", ""),
    ("ministack.core.responses", "request_scope", "account_id region"),
    ("ministack.core.responses", "get_account_id", ""),
    ("ministack.core.responses", "set_request_account_id", "access_key_id"),
    ("ministack.core.responses", "get_region", ""),
    ("ministack.core.arn", "parse_arn", "value"),
    ("ministack.core.iam_evaluator", "enforce",
     "access_key_id iam_action service region resource_arn service_context"),
    ("ministack.core.iam_evaluator", "evaluate", "ctx policies limits"),
    ("ministack.core.iam_evaluator", "evaluate_resource_policy", "doc ctx service named_only direct_only"),
    ("ministack.core.iam_evaluator", "resolve_caller_identity", "access_key_id"),
    ("ministack.core.iam_evaluator", "_gather_role_policies", "role_name account_id"),
    ("ministack.core.iam_evaluator", "EvalContext",
("principal_arn principal_type principal_account action resource_arn region source_ip secure_transport "
     "request_tags tag_keys service_context principal_keys")),
    ("ministack.services.backup", "handle_request", "method path headers body_bytes query_params"),
    ("ministack.services.organizations", "handle_request", "method path headers body query_params"),
    ("ministack.services.cloudformation", "handle_request", "method path headers body query_params"),
    ("ministack.services.eventbridge", "handle_request", "method path headers body query_params"),
    ("ministack.services.eventbridge", "_dispatch_event", "event view"),
    ("ministack.services.eventbridge", "_archive_event", "event view"),
    ("ministack.services.eventbridge", "_pattern_event_view", "event"),
    ("ministack.services.eventbridge", "_matches_pattern", "pattern_str event"),
    ("ministack.services.eventbridge", "_rule_key", "rule_name bus_name"),
    ("ministack.services.eventbridge", "_coerce_timestamp", "value"),
    ("ministack.services.eventbridge", "_invoke_target", "target event rule view"),
    ("ministack.services.eventbridge", "_dispatch_to_sqs", "spec payload sqs_parameters"),
    ("ministack.services.eventbridge", "_parse_rate_seconds", "expr"),
    ("ministack.services.sqs", "_queue_by_arn", "arn"),
    ("ministack.services.lambda_svc", "_get_func_record_for_ref", "function_ref"),
    ("ministack.services.cloudformation.stacks", "_runs_on_worker_thread", "resource_type"),
    ("ministack.services.cloudformation.stacks", "_evaluate_conditions", "template params"),
    ("ministack.services.cloudformation.changesets", "_evaluate_conditions", "template params"),
    ("ministack.services.cloudformation.handlers", "_evaluate_conditions", "template params"),
]  # fmt: skip

VALUES = [
    ("ministack.app", "AUTH", bool),
    ("ministack.app", "_reset_lock", object),
    ("ministack.app", "_MAIN_LOOP", object),
    ("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE", dict),
    ("ministack.core.iam_actions", "_BOTOCORE_SERVICE_MAP", dict),
    ("ministack.services.stepfunctions", "_SFN_WAIT_SCALE", float),
    ("ministack.services.eventbridge", "_SCHEDULER_TICK_INTERVAL", int),
    ("ministack.services.eventbridge", "_rule_last_fired", dict),
    ("ministack.services.scheduler", "_SCHEDULE_TICK_INTERVAL", int | float),
    ("ministack.services.cloudformation.provisioners", "_RESOURCE_HANDLERS", dict),
    ("ministack.services.sqs", "DEFAULT_PORT", str),
    ("ministack.services.sns", "_PORT", str),
    ("ministack.services.lambda_svc", "_GATEWAY_PORT", str),
    ("ministack.services.cognito", "_MINISTACK_PORT", str),
    ("ministack.services.transcribe", "_DEFAULT_PORT", str),
]

STORES = [
    ("ministack.services.eventbridge", "_event_buses", "AccountRegionScopedDict"),
    ("ministack.services.eventbridge", "_event_bus_policies", "AccountRegionScopedDict"),
    ("ministack.services.secretsmanager", "_secrets", "AccountRegionScopedDict"),
    ("ministack.services.eventbridge", "_targets", "AccountRegionScopedDict"),
    ("ministack.services.eventbridge", "_rules", "AccountRegionScopedDict"),
    ("ministack.services.eventbridge", "_replays", "AccountRegionScopedDict"),
    ("ministack.services.iam", "_roles", "AccountScopedDict"),
    ("ministack.services.iam", "_users", "AccountScopedDict"),
    ("ministack.services.organizations", "_accounts", "AccountScopedDict"),
]

# Private by name, but of the seams or the events themselves.
OWN = {"_originals", "_DispatchPath", "_data"}


@pytest.mark.parametrize(("module", "name", "parameters"), SIGNATURES, ids=[f"{m}.{n}" for m, n, _ in SIGNATURES])
def test_a_function_takes_what_the_seams_give(module: str, name: str, parameters: str) -> None:
    found = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    assert list(found) == parameters.split()


@pytest.mark.parametrize(("module", "name", "kind"), VALUES, ids=[f"{m}.{n}" for m, n, _ in VALUES])
def test_a_value_is_there(module: str, name: str, kind: type) -> None:
    assert isinstance(getattr(importlib.import_module(module), name), kind)


@pytest.mark.parametrize(("module", "name", "kind"), STORES, ids=[f"{m}.{n}" for m, n, _ in STORES])
def test_a_store_is_scoped(module: str, name: str, kind: str) -> None:
    store = getattr(importlib.import_module(module), name)
    assert type(store).__name__ == kind
    assert callable(store.get_scoped)
    if kind == "AccountRegionScopedDict":
        assert isinstance(store._data, dict)


def test_an_event_view_gives_the_delivered_event() -> None:
    eventbridge = importlib.import_module("ministack.services.eventbridge")
    record = {
        "EventId": "1", "Source": "s", "DetailType": "d", "Detail": '{"n": 1}', "EventBusName": "default",
        "Time": 1, "Resources": [], "Account": "222222222222", "Region": "eu-west-1",
    }  # fmt: skip
    event = eventbridge._pattern_event_view(record).event_with_detail()
    assert event["detail"] == {"n": 1}
    assert (event["account"], event["region"], event["detail-type"]) == ("222222222222", "eu-west-1", "d")


def test_a_resource_handler_is_called_as_ours_are_written() -> None:
    provisioners = importlib.import_module("ministack.services.cloudformation.provisioners")
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Events::EventBus"]
    assert list(inspect.signature(handlers["create"]).parameters) == ["logical_id", "props", "stack_name"]
    assert list(inspect.signature(handlers["delete"]).parameters) == ["physical_id", "props"]


def test_every_private_touch_of_the_seams_is_pinned_here() -> None:
    text = SEAMS.read_text(encoding="utf-8")
    touched = set(re.findall(r"\.(_[A-Za-z]\w*)", text)) | set(re.findall(r'"(_[A-Za-z]\w*)"', text))
    pinned = {name for _, name, _ in [*SIGNATURES, *VALUES, *STORES]}
    assert touched - OWN <= pinned
