"""Keys and what lies under them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.doctor.keys import Keys
from strongroom.domain.errors import NotFoundError
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.account_clients import FakeAccountClients
from tests.fakes.moto_clients import moto_client


@pytest.fixture(autouse=True)
def _aws(platform_environment: None) -> Iterator[None]:
    with mock_aws():
        yield


def new_key(**changed: Any) -> Any:
    return moto_client("kms", HOME).create_key(**changed)["KeyMetadata"]


def test_a_key_is_found_with_its_policy_by_arn_or_id() -> None:
    statement = {"Sid": "X", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    made = new_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    for name in (made["Arn"], made["KeyId"]):
        found = Keys(FakeAccountClients()).key(name, account=PAYMENTS, region=HOME)
        assert (found.arn, found.manager, found.state) == (made["Arn"], "CUSTOMER", "Enabled")
        assert found.statements == (statement,)


def test_a_key_that_is_about_to_go_is_told_so() -> None:
    made = new_key()
    moto_client("kms", HOME).schedule_key_deletion(KeyId=made["KeyId"])
    assert Keys(FakeAccountClients()).key(made["Arn"], account=PAYMENTS, region=HOME).state == "PendingDeletion"


def test_a_key_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="the key alias/none"):
        Keys(FakeAccountClients()).key("alias/none", account=PAYMENTS, region=HOME)


def test_one_resource_stands_for_all_of_its_type_under_a_key() -> None:
    key, ec2 = new_key()["Arn"], moto_client("ec2", HOME)
    for _ in range(2):
        ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=1, Encrypted=True, KmsKeyId=key)
    ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=1)
    moto_client("rds", HOME).create_db_instance(
        DBInstanceIdentifier="db-1",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="u",
        MasterUserPassword="password",
        AllocatedStorage=20,
        StorageEncrypted=True,
        KmsKeyId=key,
    )
    found = Keys(FakeAccountClients()).sources(PAYMENTS, HOME)
    assert [(each.type, each.key.arn) for each in found] == [("DBInstance", key), ("Volume", key)]
    assert found[0].name == "db-1"
