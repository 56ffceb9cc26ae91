"""The role under which what deletes or calls out is set again: three calls, each session one on one resource."""

from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.session_policy import setting_session_policy
from tests.builders.deciding.afterwards import an_after_request
from tests.builders.places import HOME
from tests.contract.iam.iam_documents import documents_of

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/strongroom/strongroom-restore-asked"
TABLE: Final = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/orders-0200"
BUCKET: Final = "arn:aws:s3:::shop-docs-restored"
OURS: Final = {"aws:ResourceAccount": ACCOUNT}
TTL, STREAM, LIFECYCLE = (CALLS[step].call for step in AskedStep)
DOCUMENTS: Final = [
    each.document for each in documents_of("stacks/member.yaml", {}) if "RestoreAskedRole.Policies" in each.name
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
        ("dynamodb:DeleteTable", TABLE, {}, False),
        ("dynamodb:DeleteItem", TABLE, {}, False),
        ("dynamodb:GetItem", TABLE, {}, False),
        ("dynamodb:PutResourcePolicy", TABLE, {}, False),
        ("dynamodb:TagResource", TABLE, {}, False),
        ("s3:DeleteObject", f"{BUCKET}/a", OURS, False),
        ("s3:PutBucketPolicy", BUCKET, OURS, False),
        ("s3:PutReplicationConfiguration", BUCKET, OURS, False),
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


def test_it_sets_nothing_on_a_bucket_of_another_account() -> None:
    """An ARN of a bucket tells no account, so that the condition does; the emulator knows no foreign bucket."""
    [found] = [each for document in DOCUMENTS for each in document["Statement"] if each["Action"] == LIFECYCLE]
    assert found["Condition"] == {"StringEquals": OURS}


@pytest.mark.parametrize(
    ("call", "resource", "other"),
    [(TTL, TABLE, STREAM), (STREAM, TABLE, TTL), (LIFECYCLE, BUCKET, "s3:PutBucketPolicy")],
)
def test_attack_20_each_session_may_make_its_one_call_on_its_one_resource(call: str, resource: str, other: str) -> None:
    session = [setting_session_policy(an_after_request(call=call, resource=resource))]
    assert _may(session, call, resource)
    assert not _may(session, call, f"{resource}-2")
    assert not _may(session, other, resource)
