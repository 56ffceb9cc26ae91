"""What is wrong with parameters is found at any depth, and said as AWS's services say it."""

from typing import Any

import pytest

from sandbox.clients import service_model
from sandbox.model.constraints import Kind, violations

RULE = {"RuleName": "daily", "TargetBackupVaultName": "vault"}


def found(service: str, operation: str, parameters: Any) -> list[tuple[Kind, str, str]]:
    """Kind, member and path of each violation."""
    shape = service_model(service).operation_model(operation).input_shape
    return [(each.kind, each.member, each.path) for each in violations(service, shape, parameters)]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "kind", "path"),
    [
        ("sqs", "CreateQueue", {}, Kind.MISSING, "queueName"),
        ("backup", "CreateBackupPlan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "r"}]}},
         Kind.MISSING, "backupPlan.rules.1.member.targetBackupVaultName"),
        ("backup", "CreateBackupPlan", {"BackupPlan": []}, Kind.TYPE, "backupPlan"),
        ("backup", "CreateBackupPlan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [RULE, 5]}},
         Kind.TYPE, "backupPlan.rules.2.member"),
        ("backup", "ListBackupJobs", {"ByState": "DONE"}, Kind.ENUM, "byState"),
        ("backup", "ListBackupJobs", {"ByAccountId": "12"}, Kind.PATTERN, "byAccountId"),
        ("backup", "ListBackupJobs", {"MaxResults": 0}, Kind.TOO_SMALL, "maxResults"),
        ("backup", "ListBackupJobs", {"MaxResults": 1001}, Kind.TOO_LARGE, "maxResults"),
        ("backup", "ListBackupJobs", {"MaxResults": True}, Kind.TYPE, "maxResults"),
        ("backup", "ListBackupJobs", {"ByCreatedAfter": "yesterday"}, Kind.TYPE, "byCreatedAfter"),
        ("events", "PutRule", {"Name": ""}, Kind.TOO_SHORT, "name"),
        ("events", "PutTargets", {"Rule": "r", "Targets": []}, Kind.TOO_SHORT, "targets"),
        ("kms", "Sign", {"KeyId": "k", "Message": "", "SigningAlgorithm": "ECDSA_SHA_256"}, Kind.TOO_SHORT, "message"),
        ("kms", "Sign", {"KeyId": "k", "Message": "?", "SigningAlgorithm": "ECDSA_SHA_256"}, Kind.TYPE, "message"),
        ("secretsmanager", "TagResource", {"SecretId": "s", "Tags": [{"Key": "k"}]},
         Kind.MISSING, "tags.1.member.value"),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_is(service: str, operation: str, parameters: Any, kind: Kind, path: str) -> None:
    [(kind_found, _, path_found)] = [each for each in found(service, operation, parameters) if each[0] is kind]
    assert (kind_found, path_found) == (kind, path)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("backup", "ListBackupJobs", {"ByAccountId": "*", "MaxResults": 1000}),
        ("backup", "ListBackupJobs", {"ByCreatedAfter": "2026-09-01T00:00:00Z"}),
        ("backup", "CreateBackupPlan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [RULE]}}),
        ("organizations", "TagResource", {"ResourceId": "p-12345678", "Tags": [{"Key": "Größe", "Value": ""}]}),
        ("dynamodb", "PutItem", {"TableName": "t", "Item": {"id": {"S": "1"}}}),
    ],
)
def test_what_aws_takes_has_no_fault(service: str, operation: str, parameters: Any) -> None:
    assert found(service, operation, parameters) == []


def test_the_member_of_the_request_is_named_however_deep_the_fault_lies() -> None:
    faults = found("backup", "CreateBackupPlan", {"BackupPlan": {"BackupPlanName": "p", "Rules": [{}]}})
    assert {member for _, member, _ in faults} == {"BackupPlan"}


def test_a_secret_is_not_shown() -> None:
    shape = service_model("secretsmanager").operation_model("CreateSecret").input_shape
    [fault] = violations(
        "secretsmanager", shape, {"Name": "n", "ClientRequestToken": "t" * 32, "SecretString": ["hush"]}
    )
    assert "hush" not in fault.sentence
    assert fault.path == "secretString"
