"""The role for what follows a restore changes settings only for a person and a ticket, and only as its steps do.

Put to the evaluator of the sandbox, with the role's own policies as the member stack has them, and with the session's
own as the step asks for it. Which resources each action has stands in the Service Authorization Reference.
"""

import json
from typing import Any, Final

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.adapters.aws.restores.finishing import MEMBER_ACTIONS
from strongroom.domain.restores.session_policy import alarms_session_policy, finishing_session_policy
from tests.builders.places import HOME
from tests.builders.restores import a_request
from tests.contract.iam.iam_documents import documents_of

ACCOUNT: Final = "999999999999"  # whose role it is where templates are read
OTHER: Final = "123123123123"
ROLE: Final = f"arn:aws:sts::{ACCOUNT}:assumed-role/strongroom-restore-after/r-1"
DYNAMODB, RDS = (f"arn:aws:{service}:{HOME}:{ACCOUNT}:" for service in ("dynamodb", "rds"))
CLOUDWATCH = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:"
REQUEST: Final = a_request(account=ACCOUNT, region=HOME)
ALARMS: Final = "its alarms"
TABLE, CLUSTER = f"{DYNAMODB}table/orders-0200", f"{RDS}cluster:orders-0200"
TICKET, PERSON = {"aws:principaltag/ticket": "OPS-123"}, {"aws:sourceidentity": "idp=7Comar"}
FOR_SOMEBODY: Final = TICKET | PERSON
OURS: Final = [
    parse_policy_document(each.document)
    for each in documents_of("stacks/member.yaml", {})
    if "RestoreAfterRole.Policies" in each.name
]
# Every call of a step, on what it is judged: the action, and the resources that the service asks for.
CALLS: Final = {
    TABLE: (
        ("dynamodb:DescribeTable", TABLE),
        ("dynamodb:UpdateTable", TABLE),
        ("dynamodb:DescribeContinuousBackups", TABLE),
        ("dynamodb:UpdateContinuousBackups", TABLE),
    ),
    CLUSTER: (
        ("rds:DescribeDBClusters", CLUSTER),
        ("rds:DescribeDBInstances", f"{RDS}db:orders-1"),
        ("rds:ModifyDBCluster", CLUSTER),
        ("rds:CreateDBInstance", CLUSTER),
        ("rds:CreateDBInstance", f"{RDS}db:orders-0200-1"),
        ("rds:CreateDBInstance", f"{RDS}subgrp:restores-db"),
        ("rds:CreateDBInstance", f"{RDS}pg:default.aurora-postgresql16"),
        ("rds:AddTagsToResource", f"{RDS}db:orders-0200-1"),
    ),
    ALARMS: (
        ("cloudwatch:DescribeAlarms", f"{CLOUDWATCH}alarm:orders"),
        ("cloudwatch:PutMetricAlarm", f"{CLOUDWATCH}alarm:{REQUEST.id}-orders"),
        ("cloudwatch:TagResource", f"{CLOUDWATCH}alarm:{REQUEST.id}-orders"),
    ),
}


def session_of(created: str) -> str:
    """The policy that narrows the session of a step."""
    return alarms_session_policy(REQUEST) if created == ALARMS else finishing_session_policy(created)


EACH: Final = [(created, action, on) for created, calls in CALLS.items() for action, on in calls]
LOOKS: Final = ("Describe", "AddTags")
# What somebody would try who has the session of one table or one cluster.
NEVER: Final = (
    ("dynamodb:UpdateTable", f"{DYNAMODB}table/orders"),
    ("dynamodb:UpdateContinuousBackups", f"{DYNAMODB}table/orders"),
    ("dynamodb:DeleteTable", TABLE),
    ("dynamodb:UpdateTimeToLive", TABLE),
    ("dynamodb:GetItem", TABLE),
    ("dynamodb:PutResourcePolicy", TABLE),
    ("rds:ModifyDBCluster", f"{RDS}cluster:orders"),
    ("rds:ModifyDBInstance", f"{RDS}db:orders-0200-1"),
    ("rds:CreateDBInstance", f"{RDS}cluster:orders"),
    ("rds:CreateDBInstance", f"{RDS}db:another"),
    ("rds:AddTagsToResource", f"{RDS}db:orders"),
    ("rds:DeleteDBCluster", CLUSTER),
    ("cloudwatch:PutMetricAlarm", f"{CLOUDWATCH}alarm:orders"),
    ("cloudwatch:PutMetricAlarm", f"{CLOUDWATCH}alarm:r-aaaaaaaaaaaa-orders"),
    ("cloudwatch:TagResource", f"{CLOUDWATCH}alarm:orders"),
    ("cloudwatch:DeleteAlarms", f"{CLOUDWATCH}alarm:{REQUEST.id}-orders"),
    ("cloudwatch:EnableAlarmActions", f"{CLOUDWATCH}alarm:{REQUEST.id}-orders"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/administrator"),
)


def _may(action: str, on: str, *, known: dict[str, Any], session: str = "") -> bool:
    request = EvalContext(
        principal_arn=ROLE,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=on,
        region=HOME,
        service_context={"aws:tagkeys": None} | known,
    )
    narrowed = [parse_policy_document(json.loads(session))] if session else []
    judged = [OURS, narrowed] if narrowed else [OURS]
    return all(evaluate(request, policies).decision == "Allow" for policies in judged)


def test_every_action_of_the_steps_is_tried() -> None:
    assert {action for _, action, _ in EACH} == {*(*MEMBER_ACTIONS, "cloudwatch:TagResource", "rds:AddTagsToResource")}


@pytest.mark.parametrize(("created", "action", "on"), EACH)
def test_a_step_may_do_what_it_does_for_a_person_and_a_ticket(created: str, action: str, on: str) -> None:
    assert _may(action, on, known=FOR_SOMEBODY, session=session_of(created))


@pytest.mark.parametrize(
    ("action", "on"), [(action, on) for _, action, on in EACH if not any(each in action for each in LOOKS)]
)
def test_nothing_is_changed_in_a_session_that_names_nobody_or_in_another_account(action: str, on: str) -> None:
    assert _may(action, on, known=FOR_SOMEBODY)
    for lacking in ({}, TICKET, PERSON, PERSON | {"aws:principaltag/ticket": ""}):
        assert not _may(action, on, known=lacking)
    assert not _may(action, on.replace(ACCOUNT, OTHER), known=FOR_SOMEBODY)


@pytest.mark.parametrize(
    ("engine", "made"),
    [
        ("aurora-postgresql", True),
        ("aurora-mysql", True),
        ("docdb", True),
        ("neptune", True),
        ("postgres", False),
        ("oracle-ee", False),
    ],
)
def test_an_instance_of_another_engine_than_a_cluster_s_is_not_made(engine: str, made: bool) -> None:  # noqa: FBT001
    known = FOR_SOMEBODY | {"rds:databaseengine": engine}
    assert _may("rds:CreateDBInstance", f"{RDS}db:orders-0200-1", known=known) is made


@pytest.mark.parametrize(("action", "on"), NEVER)
@pytest.mark.parametrize("created", CALLS)
def test_a_session_does_nothing_else_and_nothing_to_others(created: str, action: str, on: str) -> None:
    assert not _may(action, on, known=FOR_SOMEBODY, session=session_of(created))


def test_the_role_by_itself_deletes_opens_and_reads_nothing() -> None:
    others = [action for action, on in NEVER if not _may(action, on, known=FOR_SOMEBODY)]
    assert others == [
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTimeToLive",
        "dynamodb:GetItem",
        "dynamodb:PutResourcePolicy",
        "rds:ModifyDBInstance",
        "rds:DeleteDBCluster",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:EnableAlarmActions",
        "iam:PassRole",
    ]
