"""MiniStack still has every private name that the AWS Backup service leans on, and it still means the same."""

import asyncio
import dataclasses
import importlib
import inspect
from typing import Any

import pytest

from sandbox.seams import backup as seams_backup
from sandbox.seams import host as seams
from sandbox.seams.backup import InternalCallError, PolicyQuestion
from tests.builders.places import a_vault_arn

ACCOUNT = "222222222222"
REGION = "eu-west-1"
HANDLER = ["method", "path", "headers", "body", "query_params"]


@pytest.mark.parametrize("service", ["backup", "rds", "dynamodb", "dsql", "ec2", "efs", "s3", "iam"])
def test_each_service_still_answers_through_handle_request(service: str) -> None:
    handler = seams.service_module(service).handle_request
    assert inspect.iscoroutinefunction(handler)
    names = [name.removesuffix("_bytes") for name in inspect.signature(handler).parameters]
    assert names[: len(HANDLER)] == HANDLER


def test_s3_still_lets_other_services_in_by_a_word() -> None:
    parameters = inspect.signature(seams.service_module("s3").handle_request).parameters
    assert parameters["internal"].default is False


def test_the_evaluator_still_takes_the_context_we_build() -> None:
    evaluator: Any = importlib.import_module("ministack.core.iam_evaluator")
    fields = {each.name for each in dataclasses.fields(evaluator.EvalContext)}
    assert fields >= {
        "principal_arn",
        "principal_type",
        "principal_account",
        "action",
        "resource_arn",
        "region",
        "principal_keys",
    }
    assert list(inspect.signature(evaluator.evaluate_resource_policy).parameters)[:2] == ["doc", "ctx"]
    assert list(inspect.signature(evaluator.caller_arn).parameters) == []


POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Principal": "*", "Resource": "*",'
    ' "Action": "backup:CopyIntoBackupVault",'
    ' "Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a/r-a/ou-prod/*"]}}}]}'
)


@pytest.mark.parametrize(
    ("effect", "keys", "decision"),
    [
        ("Allow", {"aws:PrincipalOrgPaths": ["o-a/r-a/ou-prod/"]}, "Allow"),
        ("Allow", {"aws:PrincipalOrgPaths": ["o-a/r-a/ou-test/"]}, "ImplicitDeny"),
        ("Allow", {}, "ImplicitDeny"),
        ("Deny", {"aws:PrincipalOrgPaths": ["o-a/r-a/ou-prod/"]}, "Deny"),
    ],
    ids=["inside the OU", "outside the OU", "outside every organisation", "denied"],
)
def test_a_vault_policy_is_decided_by_the_principals_place(effect: str, keys: dict[str, Any], decision: str) -> None:
    question = PolicyQuestion(
        document=POLICY % effect,
        action="backup:CopyIntoBackupVault",
        resource_arn=a_vault_arn("central"),
        principal_arn=f"arn:aws:iam::{ACCOUNT}:role/backup",
        principal_account=ACCOUNT,
        region=REGION,
        principal_keys=keys,
    )
    assert seams_backup.decide_by_resource_policy(question) == decision


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("rds", "DescribeDBInstances", "DBInstances"),
        ("rds", "DescribeDBClusters", "DBClusters"),
        ("dynamodb", "ListTables", "TableNames"),
        ("dsql", "ListClusters", "clusters"),
        ("ec2", "DescribeVolumes", "Volumes"),
        ("ec2", "DescribeInstances", "Reservations"),
        ("efs", "DescribeFileSystems", "FileSystems"),
        ("s3", "ListBuckets", "Buckets"),
        ("iam", "ListRoles", "Roles"),
    ],
)
def test_every_protocol_is_spoken_without_a_network(service: str, operation: str, member: str) -> None:
    answer = asyncio.run(seams_backup.call(service, operation, {}, "123123123123", REGION))
    assert answer.get(member, []) == []


def test_an_arn_in_a_path_comes_to_the_service_as_it_is() -> None:
    made = asyncio.run(seams_backup.call("dsql", "CreateCluster", {"tags": {"a": "b"}}, "123123123123", REGION))
    asked = {"resourceArn": made["arn"]}
    told = asyncio.run(seams_backup.call("dsql", "ListTagsForResource", asked, "123123123123", REGION))
    assert told == {"tags": {"a": "b"}}
    found = asyncio.run(
        seams_backup.call("dsql", "GetCluster", {"identifier": made["identifier"]}, "123123123123", REGION)
    )
    assert (found["status"], found["encryptionDetails"]["encryptionType"]) == ("ACTIVE", "AWS_OWNED_KMS_KEY")


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("iam", "GetRole", {"RoleName": "absent"}, "NoSuchEntity"),
        ("dynamodb", "DescribeTable", {"TableName": "absent"}, "ResourceNotFoundException"),
        ("s3", "GetBucketTagging", {"Bucket": "absent"}, "NoSuchBucket"),
    ],
)
def test_a_refusal_carries_the_services_own_code(
    service: str, operation: str, parameters: dict[str, str], code: str
) -> None:
    with pytest.raises(InternalCallError) as refused:
        asyncio.run(seams_backup.call(service, operation, parameters, "123123123123", REGION))
    assert refused.value.code == code
