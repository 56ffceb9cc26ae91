"""MiniStack's private names that the organisation's seams use: an upgrade that changes one fails here."""

# ruff: noqa: SLF001

import ast
import importlib
import inspect
from dataclasses import fields
from pathlib import Path

import ministack
import pytest

EVALUATOR = "ministack.core.iam_evaluator"
ACTIONS = "ministack.core.iam_actions"
ORGANIZATIONS = "ministack.services.organizations"

SIGNATURES = {
    (EVALUATOR, "enforce"): ["access_key_id", "iam_action", "service", "region", "resource_arn", "service_context"],
    (EVALUATOR, "resolve_credential"): ["access_key_id", "account_id", "session_token"],
    (EVALUATOR, "evaluate_resource_policy"): ["doc", "ctx", "service", "named_only", "direct_only"],
    (EVALUATOR, "parse_policy_document"): ["doc"],
    (EVALUATOR, "caller_arn"): [],
    (EVALUATOR, "_resolve_condition_key"): ["key", "ctx"],
    (EVALUATOR, "_principal_org_id"): ["account_id"],
    (EVALUATOR, "_principal_keys"): ["credential"],
    (EVALUATOR, "_action_matches"): ["request_action", "actions", "not_actions"],
    (EVALUATOR, "_first_match"): ["ctx", "stmts", "effect"],
    (ACTIONS, "extract_iam_action"): ["service", "method", "path", "headers", "body", "query_params"],
    (ACTIONS, "extract_resource_arn"): [
        "service",
        "method",
        "path",
        "headers",
        "body",
        "query_params",
        "region",
        "account_id",
    ],
    (ACTIONS, "request_tag_context"): ["service", "iam_action", "body", "params"],
    (ACTIONS, "identity_denial_message"): ["action", "principal_arn", "resource", "explicit_deny"],
    (ACTIONS, "access_denied_response"): [
        "service",
        "action",
        "principal_arn",
        "request_id",
        "error_code",
        "message",
        "headers",
        "resource_arn",
        "explicit_deny",
        "resource_policy_arn",
    ],
    ("ministack.core.responses", "_account_from_sts_session"): ["access_key_id"],
    ("ministack.core.responses", "request_scope"): ["account_id", "region"],
    ("ministack.services.iam", "_create_role"): ["p"],
    ("ministack.services.iam", "_attach_role_policy"): ["p"],
    ("ministack.services.tagging", "resource_tags"): ["arn"],
    (ORGANIZATIONS, "handle_request"): ["method", "path", "headers", "body", "query_params"],
    (ORGANIZATIONS, "reset"): [],
}

REPLACED = {
    "_principal_org_id",
    "_resolve_condition_key",
    "access_denied_response",
    "enforce",
    "extract_resource_arn",
    "identity_denial_message",
    "request_tag_context",
}

STORES = ("orgs", "accounts", "ous", "roots", "policies", "attachments", "tags")

OPERATIONS = (
    "AttachPolicy",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DescribeAccount",
    "DescribeOrganization",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "ListAccounts",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTargetsForPolicy",
    "MoveAccount",
    "UpdatePolicy",
)


@pytest.mark.parametrize(("place", "parameters"), SIGNATURES.items(), ids=[name for _, name in SIGNATURES])
def test_a_private_function_keeps_its_parameters(place: tuple[str, str], parameters: list[str]) -> None:
    function = getattr(importlib.import_module(place[0]), place[1])
    assert list(inspect.signature(inspect.unwrap(function)).parameters) == parameters


@pytest.mark.parametrize("name", STORES)
def test_a_store_of_organizations_can_be_read_for_one_account(name: str) -> None:
    store = getattr(importlib.import_module(ORGANIZATIONS), f"_{name}")
    assert callable(store.items)
    assert callable(store.pop)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_is_still_answered_by_a_function_of_its_payload(operation: str) -> None:
    answers = importlib.import_module(ORGANIZATIONS)._DISPATCH
    assert len(inspect.signature(answers[operation]).parameters) == 1


def test_a_service_more_is_found_by_its_prefix_and_its_name() -> None:
    router, app = importlib.import_module("ministack.core.router"), importlib.import_module("ministack.app")
    assert router.SERVICE_PATTERNS["organizations"]["target_prefixes"] == ["AWSOrganizationsV20161128"]
    assert callable(app.SERVICE_HANDLERS["organizations"])


@pytest.mark.parametrize("service", ["iam._roles", "ec2._tags", "rds._tags"])
def test_a_store_that_conditions_read_is_there(service: str) -> None:
    module, _, store = service.partition(".")
    assert callable(getattr(importlib.import_module(f"ministack.services.{module}"), store).get)


def test_the_evaluation_context_keeps_its_fields() -> None:
    names = {field.name for field in fields(importlib.import_module(EVALUATOR).EvalContext)}
    assert names >= {
        "principal_arn",
        "principal_type",
        "principal_account",
        "action",
        "resource_arn",
        "region",
        "service_context",
        "principal_keys",
    }


def test_a_decision_and_a_statement_keep_their_fields() -> None:
    evaluator = importlib.import_module(EVALUATOR)
    assert {field.name for field in fields(evaluator.EvalResult)} >= {"decision", "principal_arn", "reason"}
    assert {field.name for field in fields(evaluator.ParsedStatement)} >= {"effect", "actions", "not_actions"}
    assert "sts:GetCallerIdentity" in evaluator._ALWAYS_ALLOWED_ACTIONS
    assert evaluator.AuthError is not evaluator.EvalResult
    assert isinstance(evaluator.CredentialResolutionError("code", "message").message, str)


@pytest.mark.parametrize("source", sorted(Path(ministack.__file__).parent.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_keeps_a_name_that_the_seams_replace(source: Path) -> None:
    # A module that imported `enforce` by name at import time would escape the SCPs.
    text = source.read_text(encoding="utf-8")
    if "core.iam_" not in text:
        return
    imports = [node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
    kept = {
        alias.name for node in imports if (node.module or "").startswith("ministack.core.iam_") for alias in node.names
    }
    assert not kept & REPLACED
