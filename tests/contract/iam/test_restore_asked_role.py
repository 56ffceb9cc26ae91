"""The role under which what deletes or calls out is set again: few calls, each session one on one resource."""

from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.session_policy import setting_session_policy
from tests.builders.deciding.afterwards import (
    REPLICATING,
    a_notified_request,
    a_replicated_request,
    an_after_request,
)
from tests.builders.places import HOME
from tests.contract.iam.iam_documents import documents_of
from tests.contract.templates import MEMBER

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-restore-asked"
TABLE: Final = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/orders-0200"
BUCKET: Final = "arn:aws:s3:::shop-docs-restored"
OURS: Final = {"aws:ResourceAccount": ACCOUNT}
TTL, STREAM, LIFECYCLE, NOTIFICATIONS, REPLICATION = (CALLS[step].call for step in AskedStep)
LENT: Final = f"arn:aws:iam::{ACCOUNT}:role/replicates"


DOCUMENTS: Final = [
    each.document
    for each in documents_of("stacks/member.yaml", {"ReplicationRoleArns": LENT})
    if "RestoreAskedRole.Policies" in each.name
]


def _may(documents: list[Any], action: str, resource: str, **context: Any) -> bool:
    request = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=HOME,
        service_context={key.lower(): value for key, value in context.items()},
    )
    return bool(evaluate(request, [parse_policy_document(each) for each in documents]).decision == "Allow")


@pytest.mark.parametrize(
    ("action", "resource", "context", "is_allowed"),
    [
        (TTL, TABLE, {}, True),
        (TTL, TABLE.replace(ACCOUNT, OTHER), {}, False),
        (STREAM, TABLE, {}, True),
        (STREAM, TABLE.replace(ACCOUNT, OTHER), {}, False),
        (LIFECYCLE, BUCKET, OURS, True),
        (NOTIFICATIONS, BUCKET, OURS, True),
        (REPLICATION, BUCKET, OURS, True),
        ("dynamodb:DeleteTable", TABLE, {}, False),
        ("dynamodb:DeleteItem", TABLE, {}, False),
        ("dynamodb:GetItem", TABLE, {}, False),
        ("dynamodb:PutResourcePolicy", TABLE, {}, False),
        ("dynamodb:TagResource", TABLE, {}, False),
        ("s3:DeleteObject", f"{BUCKET}/a", OURS, False),
        ("s3:PutBucketPolicy", BUCKET, OURS, False),
        ("s3:PutBucketVersioning", BUCKET, OURS, False),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {}, False),
        ("backup:StartRestoreJob", TABLE, {}, False),
    ],
)
def test_it_makes_these_calls_on_what_the_account_has_and_nothing_else(
    action: str,
    resource: str,
    context: dict[str, Any],
    is_allowed: bool,  # noqa: FBT001
) -> None:
    assert _may(DOCUMENTS, action, resource, **context) is is_allowed


@pytest.mark.parametrize(
    ("role", "service", "is_allowed"),
    [
        (LENT, "s3.amazonaws.com", True),
        (LENT, "ec2.amazonaws.com", False),
        (f"{LENT}-2", "s3.amazonaws.com", False),
        (ROLE, "s3.amazonaws.com", False),
    ],
)
def test_it_passes_a_role_that_a_profile_lends_to_s3_alone(role: str, service: str, *, is_allowed: bool) -> None:
    assert _may(DOCUMENTS, "iam:PassRole", role, **{"iam:PassedToService": service}) is is_allowed


def test_where_no_profile_lends_a_role_nothing_is_replicated() -> None:
    policies = MEMBER["RestoreAskedRole"]["Properties"]["Policies"]
    conditional = [each["!If"] for each in policies[0]["PolicyDocument"]["Statement"] if "!If" in each]
    assert [(condition, said["Action"], otherwise) for condition, said, otherwise in conditional] == [
        ("HasReplicationRoles", REPLICATION, {"!Ref": "AWS::NoValue"}),
        ("HasReplicationRoles", "iam:PassRole", {"!Ref": "AWS::NoValue"}),
    ]


def _statements(documents: list[Any]) -> list[Any]:
    return [each for document in documents for each in document["Statement"]]


def _actions(statement: Any) -> list[str]:
    said = statement["Action"]
    return [said] if isinstance(said, str) else said


@pytest.mark.parametrize("call", [LIFECYCLE, NOTIFICATIONS, REPLICATION])
def test_it_sets_nothing_on_a_bucket_of_another_account(call: str) -> None:
    """An ARN of a bucket tells no account, so that the condition does; the emulator knows no foreign bucket."""
    [found] = [each for each in _statements(DOCUMENTS) if call in _actions(each)]
    assert found["Condition"] == {"StringEquals": OURS}


@pytest.mark.parametrize(
    ("request_", "other"),
    [
        (an_after_request(call=TTL, resource=TABLE), STREAM),
        (an_after_request(call=STREAM, resource=TABLE), TTL),
        (an_after_request(call=LIFECYCLE, resource=BUCKET), "s3:PutBucketPolicy"),
        (a_notified_request(resource=BUCKET), LIFECYCLE),
        (a_replicated_request(resource=BUCKET), NOTIFICATIONS),
    ],
    ids=[str(step) for step in AskedStep],
)
def test_attack_20_each_session_may_make_its_one_call_on_its_one_resource(request_: RestoreRequest, other: str) -> None:
    session = [setting_session_policy(request_)]
    assert _may(session, request_.call, request_.resource)
    assert not _may(session, request_.call, f"{request_.resource}-2")
    assert not _may(session, other, request_.resource)


def test_attack_20_a_session_passes_the_role_that_was_approved_to_s3_and_no_other() -> None:
    session, to_s3 = [setting_session_policy(a_replicated_request())], {"iam:PassedToService": "s3.amazonaws.com"}
    assert _may(session, "iam:PassRole", REPLICATING, **to_s3)
    assert not _may(session, "iam:PassRole", f"{REPLICATING}-2", **to_s3)
    assert not _may(session, "iam:PassRole", REPLICATING, **{"iam:PassedToService": "ec2.amazonaws.com"})
    assert not _may([setting_session_policy(a_notified_request())], "iam:PassRole", REPLICATING, **to_s3)
