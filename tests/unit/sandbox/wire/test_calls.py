"""A request is read as the call that it makes, with its parameters under the model's names."""

from typing import Any
from urllib.parse import urlencode

import botocore.serialize
import pytest

from sandbox.clients import service_model
from sandbox.wire.calls import read_call
from sandbox.wire.requests import MalformedBodyError, Request

ATTRIBUTES = {
    "reason": {"DataType": "String", "StringValue": "late"},
    "try": {"DataType": "Number", "StringValue": "2"},
}


def request_of(service: str, operation: str, parameters: dict[str, Any]) -> Request:
    """The request that boto3 would send."""
    model = service_model(service).operation_model(operation)
    protocol = model.service_model.resolved_protocol
    made: Any = botocore.serialize.create_serializer(protocol).serialize_to_request(parameters, model)
    body = urlencode(made["body"]) if isinstance(made["body"], dict) else made["body"]
    path, _, query = made["url_path"].partition("?")
    more = urlencode(made["query_string"], doseq=True) if made["query_string"] else ""
    headers = {name.lower(): str(value) for name, value in made["headers"].items()}
    text = body.encode() if isinstance(body, str) else bytes(body or b"")
    return Request(made["method"], path, "&".join(filter(None, (query, more))), headers, text)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        pytest.param("sns", "Publish", {"TopicArn": "arn:t", "Message": "m", "MessageAttributes": ATTRIBUTES},
                     id="a map of structures in a form"),
        pytest.param("sns", "CreateTopic", {"Name": "t", "Attributes": {"DisplayName": "T", "Policy": "{}"}},
                     id="a map of texts in a form"),
        pytest.param("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}",
                                           "MaxSessionDuration": 3600, "Tags": [{"Key": "a", "Value": "b"}]},
                     id="a list in a form"),
        pytest.param("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d", "DBInstanceClass": "c", "Engine": "e",
                                                 "MultiAZ": False}, id="a boolean in a form"),
        pytest.param("lambda", "UntagResource", {"Resource": "arn:f", "TagKeys": ["a", "b"]}, id="a list in a query"),
        pytest.param("backup", "GetBackupPlan", {"BackupPlanId": "orgs/1-2"}, id="an id with a slash"),
        pytest.param("s3", "UploadPart", {"Bucket": "b", "Key": "k", "PartNumber": 1, "UploadId": "u"},
                     id="the operation whose parameters are all there"),
        pytest.param("s3", "PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}},
                     id="a document of XML"),
        pytest.param("s3", "PutBucketLifecycleConfiguration",
                     {"Bucket": "b", "LifecycleConfiguration": {"Rules": [{"ID": "a", "Status": "Enabled"}]}},
                     id="the operation that is not out of use, of two at one address"),
    ],
)  # fmt: skip
def test_a_call_is_read_as_it_was_meant(service: str, operation: str, parameters: dict[str, Any]) -> None:
    call = read_call(service_model(service).signing_name, request_of(service, operation, parameters))
    assert call is not None
    assert (call.operation.name, call.parameters) == (operation, parameters)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        read_call("events", Request("POST", "/", "", {"x-amz-target": "AWSEvents.ListRules"}, body))


def test_a_body_that_is_no_xml_is_malformed() -> None:
    with pytest.raises(MalformedBodyError):
        read_call("s3", Request("PUT", "/bucket", "versioning", {}, b"<a>"))


def test_what_no_model_knows_is_no_call() -> None:
    assert read_call("events", Request("POST", "/", "", {"x-amz-target": "AWSEvents.Dream"}, b"{}")) is None
    assert read_call("execute-api", Request("GET", "/prod/hello", "", {}, b"")) is None
