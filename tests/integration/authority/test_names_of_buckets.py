"""Whether nobody has a bucket of a name: the role for that is told of any, and reads no object.

Source: Amazon S3 API Reference, HeadBucket (s3:ListBucket; 404 where there is none, 403 where it may not be looked
into).
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client
from sandbox.settings import AUDIT_ACCOUNT, HOME_REGION
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from tests.contract.iam.iam_documents import documents_of
from tests.integration.authority.conftest import ACCOUNT, Role, a_name, a_role

READ_HERE = "999999999999"  # the account that templates are read with


@pytest.fixture
def inspector() -> Role:
    """A role that may do what the role for names of buckets may."""
    role = a_role()
    found = [each for each in documents_of("stacks/member.yaml", {}) if "BucketNamesRole.Policies" in each.name]
    assert found
    for number, each in enumerate(found):
        document = json.dumps(each.document).replace(READ_HERE, ACCOUNT)
        client("iam", ACCOUNT).put_role_policy(RoleName=role.name, PolicyName=f"part-{number}", PolicyDocument=document)
    return role


def _bucket(account: str) -> str:
    name = a_name()
    client("s3", account).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    return name


def _holder(role: Role, name: str) -> str:
    class Members:
        def client(self, service: str, *, account: str, region: str) -> Any:
            return role.client(service)

    places = MemberRestorePlaces(Members(), BucketNames(Members()), OntapVolumes(Members()))  # type: ignore[arg-type]
    return places.holder((("DestinationBucketName", name),), account=ACCOUNT, region=HOME_REGION)  # type: ignore[arg-type]


def test_a_name_is_free_where_nobody_has_it(inspector: Role) -> None:
    assert _holder(inspector, a_name()) == ""


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        pytest.param(ACCOUNT, "", id="one's own"),
        pytest.param(AUDIT_ACCOUNT, ", which is not looked into", id="somebody else's"),
    ],
)
def test_a_name_is_taken_by_any_bucket(owner: str, told: str, inspector: Role) -> None:
    name = _bucket(owner)
    assert _holder(inspector, name) == f"bucket {name}{told}"


def test_no_object_is_read(inspector: Role) -> None:
    name = _bucket(ACCOUNT)
    client("s3", ACCOUNT).put_object(Bucket=name, Key="a", Body=b"1")
    with pytest.raises(ClientError, match="AccessDenied"):
        inspector.client("s3").get_object(Bucket=name, Key="a")
