"""Private touches of MiniStack's policy evaluator: hearing each question that is put to it, and putting one again.

Pinned by `tests/contract/seams/iam/test_questions.py`. A question is heard where it is answered, for many places ask.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sandbox.seams import host as seams

_EVALUATOR: Final = "ministack.core.iam_evaluator"
_ALLOW: Final = "Allow"
_DENY: Final = "Deny"
_within: ContextVar[bool] = ContextVar("within", default=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked, with every policy that was in force; the context is the evaluator's."""

    asker: str
    action: str
    resource: str
    context: Any
    own: tuple[tuple[Any, ...], ...] | None = None
    limits: tuple[Any, ...] = ()
    document: Mapping[str, Any] | None = None
    owner: str | None = None
    service: str | None = None
    is_trust: bool = False


type Hear = Callable[[Asked, str], None]


def listen(hear: Hear) -> None:
    """Let `hear(question, decision)` know of every question, once: not of those that an answer is made of."""
    seams.replace(_EVALUATOR, "evaluate", lambda original: _hearing_own(original, hear))
    seams.replace(_EVALUATOR, "evaluate_resource_policy", lambda original: _hearing_resource(original, hear))
    seams.replace(_EVALUATOR, "combine_resource_policy", _unheard)
    seams.replace(_EVALUATOR, "evaluate_trust_policy", lambda original: _hearing_trust(original, hear))


def decide(asked: Asked) -> str:
    """`Allow`, `Deny` or `ImplicitDeny`, by the policies that the question carries."""
    from ministack.core import iam_evaluator

    token = _within.set(True)
    try:
        if asked.is_trust:
            lets_in = iam_evaluator.evaluate_trust_policy(asked.document, asked.asker, asked.context)
            return _ALLOW if lets_in else _DENY
        if asked.own is None:
            result = iam_evaluator.evaluate_resource_policy(asked.document, asked.context, service=asked.service)
            return str(result.decision)
        result = iam_evaluator.evaluate(asked.context, asked.own, *asked.limits)
        if asked.document is not None:
            required = asked.action.partition(":")[0] in iam_evaluator._POLICY_REQUIRED
            result = iam_evaluator.combine_resource_policy(
                result, asked.context, asked.document, asked.owner, required=required, limits=asked.limits
            )
        return str(result.decision)
    finally:
        _within.reset(token)


def names_action(action: str, pattern: str) -> bool:
    """Whether an action that a statement names means the action of a request."""
    from ministack.core import iam_evaluator

    return bool(iam_evaluator.fnmatch_iam(action, pattern))


def asker_of(principal_arn: str) -> str:
    """A role by its account and name, whatever its path and session; anybody else by the ARN."""
    account, _, resource = principal_arn.partition(":iam::")[2].partition(":")
    if resource.startswith("role/"):
        return f"{account}/{resource.rpartition('/')[2]}"
    account, _, resource = principal_arn.partition(":sts::")[2].partition(":")
    if resource.startswith("assumed-role/"):
        return f"{account}/{resource.split('/')[1]}"
    return principal_arn


def _hearing_own(original: Callable[..., Any], hear: Hear) -> Callable[..., Any]:
    def evaluate(context: Any, policies: list[Any], *limits: Any) -> Any:
        from ministack.core import iam_evaluator

        result = original(context, policies, *limits)
        if not _within.get():
            found = iam_evaluator._resource_policy(context.action.partition(":")[0], context.resource_arn)
            document, owner = (_parsed(found[0]), found[1]) if found else (None, None)
            own = tuple(tuple(each) for each in policies)
            hear(_asked(context, own=own, limits=limits, document=document, owner=owner), result.decision)
        return result

    return evaluate


def _hearing_resource(original: Callable[..., Any], hear: Hear) -> Callable[..., Any]:
    alone = _unheard(original)

    def evaluate_resource_policy(document: Any, context: Any, service: str | None = None, **only: bool) -> Any:
        result = alone(document, context, service=service, **only)
        if not _within.get():
            hear(_asked(context, document=_parsed(document), service=service), result.decision)
        return result

    return evaluate_resource_policy


def _hearing_trust(original: Callable[..., bool], hear: Hear) -> Callable[..., bool]:
    def evaluate_trust_policy(document: Any, caller_arn: str, context: Any = None) -> bool:
        lets_in = original(document, caller_arn, context)
        if context is not None and not _within.get():
            hear(_asked(context, document=_parsed(document), is_trust=True), _ALLOW if lets_in else _DENY)
        return lets_in

    return evaluate_trust_policy


def _unheard(original: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*arguments: Any, **named: Any) -> Any:
        token = _within.set(True)
        try:
            return original(*arguments, **named)
        finally:
            _within.reset(token)

    return ask


def _asked(context: Any, **policies: Any) -> Asked:
    asker = context.principal_arn if policies.get("is_trust") else asker_of(context.principal_arn)
    return Asked(asker, context.action, context.resource_arn, context, **policies)


def _parsed(document: Any) -> Any:
    return json.loads(document or "{}") if isinstance(document, str) else document
