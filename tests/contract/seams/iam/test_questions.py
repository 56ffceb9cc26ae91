"""Each question that MiniStack's evaluator answers is heard once, with what it hung on, and can be put again."""

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ministack.core import iam_evaluator

from sandbox.authority.needs import Part, Statement, without
from sandbox.seams import host as seams
from sandbox.seams.iam import authority, questions
from sandbox.seams.iam.authority import Principal, Question
from sandbox.seams.iam.questions import Asked

ACCOUNT = "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/worker"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}


@pytest.fixture
def heard() -> Iterator[list[tuple[Asked, str]]]:
    """What is heard during a test."""
    kept: list[tuple[Asked, str]] = []
    questions.listen(lambda asked, decision: kept.append((asked, decision)))
    yield kept
    seams.restore()


def test_what_is_listened_to_still_takes_what_it_took() -> None:
    expected: dict[Callable[..., Any], list[str]] = {
        iam_evaluator.evaluate: ["ctx", "policies", "limits"],
        iam_evaluator.evaluate_resource_policy: ["doc", "ctx", "service", "named_only", "direct_only"],
        iam_evaluator.combine_resource_policy: ["identity", "ctx", "policy", "owner_account", "required", "limits"],
        iam_evaluator.evaluate_trust_policy: ["trust_doc", "caller_arn", "ctx"],
        iam_evaluator.fnmatch_iam: ["value", "pattern"],
    }
    for function, parameters in expected.items():
        assert list(inspect.signature(function).parameters) == parameters


def _ask() -> None:
    own = iam_evaluator.parse_policy_document({"Statement": [STATEMENT]})
    principal = Principal(ROLE, "AssumedRole", ACCOUNT, [own])
    question = Question(ROLE, "sqs:SendMessage", QUEUE)
    with seams.request_scope(ACCOUNT, "eu-west-1"):
        authority.why_not(principal, question, authority.context_of(principal, question))


def test_a_question_is_heard_once_and_answered_otherwise_without_its_statement(heard: list[tuple[Asked, str]]) -> None:
    _ask()
    [(asked, decision)] = heard
    assert (asked.asker, asked.action, asked.resource) == (f"{ACCOUNT}/worker", "sqs:SendMessage", QUEUE)
    assert decision == questions.decide(asked) == "Allow"
    [parsed] = iam_evaluator.parse_policy_document({"Statement": [STATEMENT]})
    statement = Statement("send", Part.OWN, frozenset({asked.asker}), STATEMENT, parsed)
    assert questions.decide(without(asked, statement)) == "ImplicitDeny"
    assert len(heard) == 1, "to put it again is not to ask it"


@pytest.mark.parametrize("principal", [{"Service": "events.amazonaws.com"}, {"AWS": ACCOUNT}], ids=["service", "trust"])
def test_what_a_policy_or_a_trust_says_alone_is_heard(
    principal: dict[str, str], heard: list[tuple[Asked, str]]
) -> None:
    caller = f"arn:aws:iam::{ACCOUNT}:root"
    context = iam_evaluator.EvalContext(caller, "Root", ACCOUNT, "sqs:SendMessage", QUEUE, "eu-west-1")
    written = {**STATEMENT, "Principal": principal}
    document = json.dumps({"Statement": [written]})
    if "Service" in principal:
        iam_evaluator.evaluate_resource_policy(document, context, service=principal["Service"])
    else:
        iam_evaluator.evaluate_trust_policy(document, caller, context)
    [(asked, decision)] = heard
    assert decision == questions.decide(asked) == "Allow"
    statement = Statement("let in", Part.RESOURCE, frozenset({QUEUE}), written)
    assert questions.decide(without(asked, statement)) != "Allow"


def test_a_role_is_known_by_its_account_and_name() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/monday"
    assert questions.asker_of(ROLE) == questions.asker_of(session) == f"{ACCOUNT}/worker"
    assert questions.asker_of(f"arn:aws:iam::{ACCOUNT}:root") == f"arn:aws:iam::{ACCOUNT}:root"
