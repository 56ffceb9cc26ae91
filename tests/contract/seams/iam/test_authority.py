"""What we touch inside MiniStack's IAM is still there, and judges as AWS does once it is touched."""

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam, kms

from sandbox.seams import host as seams
from sandbox.seams.iam import authority, evaluator
from sandbox.seams.iam.authority import Principal, Question

ACCOUNT, OTHER = "222222222222", "333333333333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/worker"
POLICY = '{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}'


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    """The replaced parts, put back afterwards."""
    evaluator.teach_evaluator()
    yield
    seams.restore()


def test_what_is_replaced_still_takes_what_it_took() -> None:
    seams.restore()
    expected: dict[Callable[..., Any], list[str]] = {
        iam_evaluator.parse_policy_document: ["doc"],
        iam_evaluator._first_match: ["ctx", "stmts", "effect"],  # noqa: SLF001
        iam_evaluator._resource_policy: ["service", "resource_arn"],  # noqa: SLF001
        app.pin_request_origin: ["source_ip", "secure_transport"],
        app._handle_s3_control_request: ["path", "method", "body", "query_params", "request_id", "headers"],  # noqa: SLF001
        iam_actions._resource_policy_denial: ["service", "action", "principal_arn", "resource_arn"],  # noqa: SLF001
        iam_evaluator.evaluate: ["ctx", "policies", "limits"],
        iam_evaluator.combine_resource_policy: ["identity", "ctx", "policy", "owner_account", "required", "limits"],
        iam_evaluator._gather_role_policies: ["role_name", "account_id"],  # noqa: SLF001
        iam_evaluator._permissions_boundary: ["store", "name", "account_id"],  # noqa: SLF001
        iam_evaluator.resolve_principal: ["access_key_id", "account_id", "credential"],
        iam_evaluator.is_root_access_key: ["access_key_id"],
        iam_actions.identity_denial_message: ["action", "principal_arn", "resource", "explicit_deny"],
        iam._make_aws_managed_record: ["name", "document", "description"],  # noqa: SLF001
    }
    for function, parameters in expected.items():
        assert list(inspect.signature(function).parameters) == parameters


def test_a_policy_is_parsed_once() -> None:
    assert iam_evaluator.parse_policy_document(POLICY) is iam_evaluator.parse_policy_document(POLICY)
    document = json.loads(POLICY)
    assert iam_evaluator.parse_policy_document(document) is not iam_evaluator.parse_policy_document(document)


def _principal(*, root: bool) -> Principal:
    if root:
        return Principal(f"arn:aws:iam::{ACCOUNT}:root", "Root", ACCOUNT, None)
    everything = iam_evaluator.parse_policy_document(POLICY.replace("sqs:*", "*"))
    return Principal(ROLE, "AssumedRole", ACCOUNT, [everything])


def _key(*principals: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "kms:*", "Resource": "*"}
    with seams.request_scope(OTHER, "eu-west-1"):
        _, _, body = kms._create_key({"Policy": json.dumps({"Statement": [statement]})})  # noqa: SLF001
    return str(json.loads(body)["KeyMetadata"]["Arn"])


@pytest.mark.parametrize("root", [True, False], ids=["root", "role"])
def test_a_key_lets_in_nobody_whom_its_policy_does_not_name(*, root: bool) -> None:
    principal = _principal(root=root)
    for named, allowed in ((f"arn:aws:iam::{OTHER}:root", False), (principal.arn, True)):
        question = Question(principal.arn, "kms:Decrypt", _key(named))
        with seams.request_scope(ACCOUNT, "eu-west-1"):
            why = authority.why_not(principal, question, authority.context_of(principal, question))
        assert (why is None) is allowed


def test_a_role_that_does_not_exist_may_do_nothing_and_a_service_linked_one_what_its_policy_says() -> None:
    assert authority.role_principal(ROLE).policies == []
    name = "aws-service-role/ReadsQueues"
    evaluator.add_managed_policies({name: POLICY})
    linked = authority.role_principal(ROLE, [f"arn:aws:iam::aws:policy/{name}"])
    assert linked.policies == [iam_evaluator.parse_policy_document(POLICY)]


def test_a_variable_without_a_value_matches_nothing() -> None:
    principal = _principal(root=False)
    context = authority.context_of(principal, Question(ROLE, "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"))
    for written, meant in (
        ("arn:aws:sqs:*:${aws:PrincipalAccount}:q", f"arn:aws:sqs:*:{ACCOUNT}:q"),
        ("${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}"),
        ("${aws:PrincipalTag/team, 'none'}", "none"),
    ):
        policy = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": written}}
        (statement,) = iam_evaluator.parse_policy_document(policy)
        assert evaluator.filled(statement, context).resources == [meant]
