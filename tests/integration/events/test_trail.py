"""What the trail says about calls, as a rule on the default bus hears it."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, every, session_client
from sandbox.organization.seed import person_session
from sandbox.settings import HOME_REGION, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from sandbox.trail import tap as trail
from tests.builders.places import a_vault_arn

API_CALL = {"detail-type": ["AWS API Call via CloudTrail"]}
TAG = [{"Key": "Backup", "Value": "daily-prod"}]
KEY = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def _name() -> str:
    return f"t-{uuid.uuid4().hex[:10]}"


def _path(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document[int(part)] if part.isdigit() else document[part]
    return document


CALLS = [
    pytest.param(
        "rds", "create_db_instance",
        lambda name: {"DBInstanceIdentifier": name, "Engine": "postgres", "DBInstanceClass": "db.t3.micro",
                      "AllocatedStorage": 20, "MasterUsername": "root", "MasterUserPassword": "hunter2hunter2",
                      "Tags": TAG},
        {
            "requestParameters.dBInstanceIdentifier": "NAME",
            "requestParameters.masterUserPassword": "****",
            "requestParameters.tags": [{"key": "Backup", "value": "daily-prod"}],
            "responseElements.dBInstanceArn": f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:db:NAME",
            "eventSource": "rds.amazonaws.com",
        },
        id="rds-answers-are-flattened",
    ),
    pytest.param(
        "dynamodb", "create_table", lambda name: {"TableName": name, "Tags": TAG, **KEY},
        {
            "requestParameters.tableName": "NAME",
            "responseElements.tableDescription.tableArn":
                f"arn:aws:dynamodb:{HOME_REGION}:{PAYMENTS_ACCOUNT}:table/NAME",
        },
        id="dynamodb-answers-are-nested",
    ),
    pytest.param(
        "ec2", "create_volume",
        lambda name: {"AvailabilityZone": "eu-west-1a", "Size": 8, "ClientToken": name,
                      "TagSpecifications": [{"ResourceType": "volume", "Tags": TAG}]},
        {
            "requestParameters.zone": "eu-west-1a",
            "requestParameters.size": "8",
            "requestParameters.tagSpecificationSet.items.0.tags": [{"key": "Backup", "value": "daily-prod"}],
            "responseElements.tagSet.items": [{"key": "Backup", "value": "daily-prod"}],
            "responseElements.zone": "eu-west-1a",
        },
        id="ec2-lists-are-items",
    ),
    pytest.param(
        "s3", "create_bucket",
        lambda name: {"Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
        {
            "requestParameters.bucketName": "NAME",
            "requestParameters.CreateBucketConfiguration.LocationConstraint": "eu-west-1",
            "responseElements": None,
        },
        id="s3-answers-are-null",
    ),
    pytest.param(
        "efs", "create_file_system", lambda name: {"CreationToken": name, "Tags": TAG},
        {
            "eventSource": "elasticfilesystem.amazonaws.com",
            "requestParameters.creationToken": "NAME",
            "responseElements.tags": [{"key": "Backup", "value": "daily-prod"}],
        },
        id="efs-is-elasticfilesystem",
    ),
    pytest.param(
        "backup", "create_backup_vault", lambda name: {"BackupVaultName": name},
        {
            "requestParameters.backupVaultName": "NAME",
            "responseElements.backupVaultArn":
                a_vault_arn("NAME", account=PAYMENTS_ACCOUNT),
        },
        id="rest-json-parameters-come-from-the-path",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "arguments", "expected"), CALLS)
def test_a_changing_call_is_told_in_cloudtrail_s_shape(
    listen: Callable[..., Any], service: str, operation: str, arguments: Callable[..., Any], expected: dict[str, Any]
) -> None:
    name = _name()
    ear = listen(PAYMENTS_ACCOUNT, API_CALL)
    aws = client(service, PAYMENTS_ACCOUNT)
    event_name = aws.meta.method_to_api_mapping[operation]
    getattr(aws, operation)(**arguments(name))
    event = ear.wait(eventName=event_name)
    assert event["account"] == PAYMENTS_ACCOUNT
    assert event["region"] == HOME_REGION
    assert event["source"] == "aws." + event["detail"]["eventSource"].partition(".")[0]
    assert (event["detail"]["eventType"], event["detail"]["readOnly"]) == ("AwsApiCall", False)
    found = {path: _path(event["detail"], path) for path in expected}
    assert json.loads(json.dumps(found).replace(name, "NAME")) == expected


def test_a_failed_call_has_an_error_and_no_answer(listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {**API_CALL, "source": ["aws.dynamodb"]})
    name = _name()
    table = {"TableName": name, **KEY}
    client("dynamodb", PAYMENTS_ACCOUNT).create_table(**table)
    with pytest.raises(ClientError, match="ResourceInUse"):
        client("dynamodb", PAYMENTS_ACCOUNT).create_table(**table)
    detail = ear.wait(errorCode="ResourceInUseException")["detail"]
    assert detail["responseElements"] is None
    assert detail["requestParameters"]["tableName"] == name
    assert detail["errorMessage"]


def _role_session(policy: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    iam = client("iam", PAYMENTS_ACCOUNT)
    role = _name()
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS_ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
        },
    }
    arn = iam.create_role(RoleName=role, Path="/team/", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(
        RoleName=role, PolicyName="own", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": policy})
    )
    answer = client("sts", PAYMENTS_ACCOUNT).assume_role(RoleArn=arn, RoleSessionName="dana@example.com")
    return arn, answer["Credentials"]


def test_a_denied_call_is_told_with_the_session_that_tried(listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {**API_CALL, "source": ["aws.rds"]})
    arn, credentials = _role_session({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"})
    with pytest.raises(ClientError, match="AccessDenied"):
        session_client("rds", credentials).delete_db_instance(DBInstanceIdentifier="x", SkipFinalSnapshot=True)
    detail = ear.wait(errorCode="AccessDenied")["detail"]
    assert detail["eventName"] == "DeleteDBInstance"
    assert detail["responseElements"] is None
    identity = detail["userIdentity"]
    role = arn.rpartition("/")[2]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{PAYMENTS_ACCOUNT}:assumed-role/{role}/dana@example.com"
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == arn
    assert identity["accountId"] == PAYMENTS_ACCOUNT


def test_a_person_is_told_with_the_e_mail_of_the_session(listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {**API_CALL, "source": ["aws.sns"]})
    session_client("sns", person_session(PAYMENTS_ACCOUNT, "omar@strongroom.example")).create_topic(Name=_name())
    identity = ear.wait(eventName="CreateTopic")["detail"]["userIdentity"]
    assert identity["arn"].endswith("/omar@strongroom.example")


def test_organizations_calls_are_told_in_us_east_1(listen: Callable[..., Any]) -> None:
    ear = listen(MANAGEMENT_ACCOUNT, {**API_CALL, "source": ["aws.organizations"]}, region="us-east-1")
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    root = every(organizations, "list_roots")[0]["Id"]
    organizations.create_organizational_unit(ParentId=root, Name=_name())
    event = ear.wait(eventName="CreateOrganizationalUnit")
    assert event["region"] == event["detail"]["awsRegion"] == "us-east-1"
    assert event["detail"]["responseElements"]["organizationalUnit"]["id"].startswith("ou-")


def test_reads_and_data_calls_are_not_told(listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, API_CALL)
    name = _name()
    dynamodb = client("dynamodb", PAYMENTS_ACCOUNT)
    dynamodb.create_table(TableName=name, **KEY)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "1"}})
    dynamodb.describe_table(TableName=name)
    client("rds", PAYMENTS_ACCOUNT).describe_db_instances()
    dynamodb.delete_table(TableName=name)
    ear.wait(eventName="DeleteTable")
    told = [event["detail"]["eventName"] for event in ear.events if event["source"] in {"aws.dynamodb", "aws.rds"}]
    assert told == ["CreateTable", "DeleteTable"]


def test_the_answer_does_not_wait_for_the_trail(sandbox_host: lifecycle.Sandbox) -> None:
    trail.install(sandbox_host.settings.__class__(trail_seconds=5.0))
    try:
        began = time.monotonic()
        client("sqs", PAYMENTS_ACCOUNT).create_queue(QueueName=_name())
        assert time.monotonic() - began < 4.5
    finally:
        trail.install(sandbox_host.settings)


def test_a_call_on_a_member_s_behalf_names_the_service_that_made_it(listen: Callable[..., Any]) -> None:
    ear = listen(PAYMENTS_ACCOUNT, {**API_CALL, "source": ["aws.rds"]})
    trail.record_service_call(
        PAYMENTS_ACCOUNT, HOME_REGION, "rds.amazonaws.com", "RestoreDBInstanceFromDBSnapshot",
        {"dBInstanceIdentifier": "restored"}, {"dBInstanceIdentifier": "restored"},
        role_arn=f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/strongroom-restore",
    )  # fmt: skip
    detail = ear.wait(eventName="RestoreDBInstanceFromDBSnapshot")["detail"]
    assert detail["userIdentity"]["invokedBy"] == detail["sourceIPAddress"] == "backup.amazonaws.com"
    assert detail["userIdentity"]["type"] == "AssumedRole"


def test_a_denied_call_of_a_json_service_is_told_as_access_denied(listen: Callable[..., Any]) -> None:
    # The API's own error is AccessDeniedException; recorded trail files of such services say AccessDenied.
    ear = listen(PAYMENTS_ACCOUNT, {**API_CALL, "source": ["aws.dynamodb"]})
    _, credentials = _role_session({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"})
    with pytest.raises(ClientError, match="AccessDeniedException"):
        session_client("dynamodb", credentials).delete_table(TableName="nothing-there")
    assert ear.wait(eventName="DeleteTable")["detail"]["errorCode"] == "AccessDenied"
