"""At the front door: under the tagging role's own policy our key is written, and another is refused by IAM.

Service Authorization Reference: the tagging actions of EC2, RDS, DynamoDB, EFS and S3's control API know `aws:TagKeys`.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import HOME_REGION
from tests.contract.templates import MEMBER
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, refusal


@pytest.fixture(scope="module")
def service(sandbox_host: lifecycle.Sandbox) -> Callable[[str], Any]:
    """Clients of somebody who has the role's rights, with `Backup` for our key."""
    assert sandbox_host
    documents = [each["PolicyDocument"] for each in MEMBER["TaggingRole"]["Properties"]["Policies"]]
    text = json.dumps(documents).replace(json.dumps({"!Split": [",", {"!Ref": "TagKeys"}]}), json.dumps(["Backup"]))
    statements = [statement for document in json.loads(text) for statement in document["Statement"]]
    role = a_role(*statements)
    return role.client


def a_table() -> str:
    made = client("dynamodb", ACCOUNT).create_table(
        TableName=a_name(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return str(made["TableDescription"]["TableArn"])


def a_volume() -> str:
    return str(client("ec2", ACCOUNT).create_volume(AvailabilityZone=f"{HOME_REGION}a", Size=1)["VolumeId"])


def a_database() -> str:
    made = client("rds", ACCOUNT).create_db_instance(
        DBInstanceIdentifier=a_name(), DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return str(made["DBInstance"]["DBInstanceArn"])


def a_file_system() -> str:
    return str(client("efs", ACCOUNT).create_file_system(CreationToken=a_name())["FileSystemId"])


def a_bucket() -> str:
    name = a_name()
    client("s3", ACCOUNT).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    return f"arn:aws:s3:::{name}"


def pairs(*keys: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": "daily-prod"} for key in keys]


WRITES: dict[str, tuple[Callable[[], str], str, str, str]] = {
    "dynamodb": (a_table, "tag_resource", "ResourceArn", "Tags"),
    "ec2": (a_volume, "create_tags", "Resources", "Tags"),
    "rds": (a_database, "add_tags_to_resource", "ResourceName", "Tags"),
    "efs": (a_file_system, "tag_resource", "ResourceId", "Tags"),
    "s3control": (a_bucket, "tag_resource", "ResourceArn", "Tags"),
}
# The control API is asked at a host of the account's own, which this machine does not have.
ACCOUNTS = {"s3control": {"AccountId": ACCOUNT}}


def without_account(request: Any, **_: Any) -> None:
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


@pytest.mark.parametrize("name", WRITES)
def test_our_key_is_written_and_no_other_alone_or_beside_it(name: str, service: Callable[[str], Any]) -> None:
    make, call, where, tags = WRITES[name]
    made: Any = make()
    named = {where: [made] if where == "Resources" else made}
    client_of_role = service(name)
    client_of_role.meta.events.register("before-sign.s3-control", without_account)
    named |= ACCOUNTS.get(name, {})
    write = getattr(client_of_role, call)
    write(**named, **{tags: pairs("Backup")})
    for keys in (("team",), ("Backup", "team")):
        code, _ = refusal(partial(write, **named, **{tags: pairs(*keys)}))
        assert code in {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


def test_of_many_what_is_there_is_described_by_filters(service: Callable[[str], Any]) -> None:
    volume = a_volume()
    asked = [{"Name": "volume-id", "Values": [volume, "vol-0123456789abcdef0"]}]
    [found] = service("ec2").describe_volumes(Filters=asked)["Volumes"]
    assert found["VolumeId"] == volume
