"""Private touches of MiniStack's policy evaluator: what it parses, fills in and finds; pinned by `test_authority.py`.

MiniStack parses each policy and compares each action anew at each request, knows no policy variables, takes every
bucket for the caller's, looks for a resource's own policy in the caller's account alone, takes the loopback for a call
without TLS, and brings few of AWS's own policies.
"""
# ruff: noqa: SLF001

import re
from collections.abc import Callable, Mapping
from copy import replace
from functools import lru_cache
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams import objects
from sandbox.seams.dynamodb import tables

_EVALUATOR: Final = "ministack.core.iam_evaluator"
_RESOURCE_ACCOUNT: Final = ("aws:resourceaccount", "s3:resourceaccount")
_VARIABLE: Final = re.compile(r"\$\{(?P<key>[^},]+)(?:,\s*'(?P<default>[^']*)')?\}")


def teach_evaluator() -> None:
    """Let policies be parsed once, their variables be filled, and those of resources be found in any account."""
    seams.replace(_EVALUATOR, "parse_policy_document", _parsing_once)
    seams.replace(_EVALUATOR, "fnmatch_iam", lru_cache(maxsize=65_536))
    seams.replace(_EVALUATOR, "_first_match", _filling_variables)
    seams.replace(_EVALUATOR, "_resolve_condition_key", _knowing_whose_it_is)
    seams.replace(_EVALUATOR, "_resource_policy", _looking_where_it_lies)
    seams.replace("ministack.app", "pin_request_origin", _standing_for_https)


def _parsing_once(original: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    parse_text = lru_cache(maxsize=1024)(original)

    def parse_policy_document(document: Any) -> list[Any]:
        return parse_text(document) if isinstance(document, str) else original(document)

    return parse_policy_document


def _filling_variables(original: Callable[[Any, list[Any], str], Any]) -> Callable[[Any, list[Any], str], Any]:
    def first_match(context: Any, statements: list[Any], effect: str) -> Any:
        return original(context, [filled(each, context) for each in statements], effect)

    return first_match


def filled(statement: Any, context: Any) -> Any:
    """The statement with the variables of its resources and conditions filled in for one request.

    A variable without a value stays as it is written, and so matches nothing.
    """
    if not _has_variables(statement):
        return statement

    def value_of(found: re.Match[str]) -> str:
        value = _condition_value(found["key"].strip(), context)
        text = value if isinstance(value, str) else found["default"]
        return found[0] if text is None else text

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return _VARIABLE.sub(value_of, value)
        if isinstance(value, list):
            return [fill(each) for each in value]
        return {key: fill(each) for key, each in value.items()} if isinstance(value, dict) else value

    return replace(
        statement,
        resources=fill(statement.resources),
        not_resources=fill(statement.not_resources),
        conditions=fill(statement.conditions),
    )


def _has_variables(statement: Any) -> bool:
    known: bool | None = getattr(statement, "has_variables", None)
    if known is None:
        known = "${" in f"{statement.resources}{statement.not_resources}{statement.conditions}"
        statement.has_variables = known
    return known


def _knowing_whose_it_is(original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """A bucket's ARN names no account: the emulator takes it for the caller's own."""

    def resolve_condition_key(key: str, context: Any) -> Any:
        if key.lower() in _RESOURCE_ACCOUNT and (owner := objects.owner_of(context.resource_arn)) is not None:
            return owner
        return original(key, context)

    return resolve_condition_key


def _condition_value(key: str, context: Any) -> Any:
    from ministack.core import iam_evaluator

    return iam_evaluator._resolve_condition_key(key, context)


def _standing_for_https(original: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    """AWS's endpoints are reached by TLS; the loopback that stands for them speaks none."""

    def pin_request_origin(source_ip: str, _: object) -> None:
        original(source_ip, True)  # noqa: FBT003 - the emulator's own signature

    return pin_request_origin


def _looking_where_it_lies(original: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    def resource_policy(service: str, resource_arn: str) -> Any:
        if service == "s3" and (owner := objects.owner_of(resource_arn)) is not None:
            with seams.request_scope(owner, seams.request_region()):
                found = original(service, resource_arn)
            # Of a bucket without a policy, its lists of access decide; they are asked where the call is answered.
            return found if found and (found[0] or owner == seams.request_account()) else None
        if service == "dynamodb":
            return tables.policy_of(resource_arn)
        parts = resource_arn.split(":", 5)
        if len(parts) < 6 or not parts[3] or not parts[4]:
            return original(service, resource_arn)
        with seams.request_scope(parts[4], parts[3]):
            return original(service, resource_arn)

    return resource_policy


def add_managed_policies(documents: Mapping[str, str]) -> None:
    """Let AWS's own policies exist, by their name with its path."""
    iam = seams.service_module("iam")
    for name, document in documents.items():
        arn = f"{iam._AWS_MANAGED_POLICY_PREFIX}{name}"
        iam._aws_managed_policies.setdefault(arn, iam._make_aws_managed_record(name, document))
