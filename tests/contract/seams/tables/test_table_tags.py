"""What we touch inside MiniStack's DynamoDB for the tags of tables is still there, and is called by its name."""

import inspect
import json
from collections.abc import Iterator

import pytest
from ministack.services import dynamodb

from sandbox.seams import host as seams
from sandbox.seams.tagging import tables
from sandbox.web import control

ACCOUNT, REGION = "222222222222", "eu-west-1"
ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/seam"
TAGS = [{"Key": "Backup", "Value": "daily-prod"}]
TABLE = {
    "TableName": "seam",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    tables.install()
    with seams.request_scope(ACCOUNT, REGION):
        dynamodb._create_table(dict(TABLE))  # noqa: SLF001
        yield
        dynamodb._delete_table({"TableName": "seam"})  # noqa: SLF001
    seams.restore()


def test_the_calls_are_looked_up_when_they_are_made() -> None:
    said = inspect.getsource(dynamodb.handle_request)
    assert all(name in said for name in ("_tag_resource", "_untag_resource", "_list_tags"))


def test_a_tag_is_shown_at_once_and_as_often_as_it_is_written_unless_the_stage_is_told_otherwise() -> None:
    for _ in range(20):
        assert dynamodb._tag_resource({"ResourceArn": ARN, "Tags": TAGS})[0] == 200  # noqa: SLF001
    assert json.loads(dynamodb._list_tags({"ResourceArn": ARN})[2]) == {"Tags": TAGS}  # noqa: SLF001


def test_the_sixth_write_of_a_second_is_refused_in_its_account_alone() -> None:
    assert control.answer("POST", "/tables/rates", b'{"held": true}') == (200, {"held": True})
    written = [dynamodb._tag_resource({"ResourceArn": ARN, "Tags": TAGS}) for _ in range(6)]  # noqa: SLF001
    assert [status for status, _, _ in written] == [200] * 5 + [400]
    assert json.loads(written[-1][2])["__type"].endswith("ThrottlingException")
    with seams.request_scope("333333333333", REGION):
        status, _, body = dynamodb._tag_resource({"ResourceArn": ARN, "Tags": TAGS})  # noqa: SLF001
    assert "Throttling" not in body.decode(), status
