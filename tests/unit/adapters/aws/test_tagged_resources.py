"""What accounts have, with tags and sizes."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.adapters.aws.tagged_resources import TaggedResources
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import HOME, PAYMENTS, REPORTS
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

VOLUME = f"arn:aws:ec2:{HOME}:{PAYMENTS}:volume/vol-1"
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:orders"
BUCKET = "arn:aws:s3:::orders"
QUEUE = f"arn:aws:sqs:{HOME}:{PAYMENTS}:orders"


@dataclass
class Account:
    """The three services of an account that are asked."""

    refuses: str = ""
    tagged: tuple[str, ...] = (VOLUME, DATABASE, BUCKET, QUEUE)
    paginators: list[str] = field(default_factory=list)

    def get_paginator(self, operation: str) -> Pages:
        self.paginators.append(operation)
        return Pages(getattr(self, operation))

    def get_resources(self) -> dict[str, Any]:
        if self.refuses:
            raise refusal(self.refuses, "GetResources")
        tags = [{"Key": "Backup", "Value": "daily"}]
        return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn in self.tagged]}

    def describe_volumes(self) -> dict[str, Any]:
        return {"Volumes": [{"VolumeId": "vol-1", "Size": 1000}, {"VolumeId": "vol-2", "Size": 8}]}

    def describe_db_instances(self) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceArn": DATABASE, "AllocatedStorage": 100}]}


def finder(account: Account) -> TaggedResources:
    """The adapter on accounts that are all like this one."""
    services = ("resourcegroupstaggingapi", "ec2", "rds")
    return TaggedResources(FakeAccountClients(own=dict.fromkeys(services, account)))


def test_what_aws_backup_can_protect_is_found_with_tags_and_sizes() -> None:
    place = (PAYMENTS, HOME)
    found = finder(Account()).resources([place])[place]
    assert found is not None
    assert [each.arn for each in found] == [VOLUME, DATABASE, BUCKET]
    assert {(each.account, each.region) for each in found} == {place}
    assert found[0].tags == {"Backup": "daily"}
    assert [each.gigabytes for each in found] == [pytest.approx(1073.741824), pytest.approx(107.3741824), None]


def test_each_place_is_looked_at_for_itself() -> None:
    places = [(PAYMENTS, HOME), (REPORTS, Region("eu-central-1"))]
    assert list(finder(Account()).resources(places)) == places


def test_an_account_that_refuses_is_none_and_not_empty() -> None:
    place = (AccountId("333333333333"), HOME)
    assert finder(Account(refuses="AccessDeniedException")).resources([place]) == {place: None}


def test_any_other_failure_is_told() -> None:
    with pytest.raises(TemporarilyUnavailableError):
        finder(Account(refuses="ThrottlingException")).resources([(PAYMENTS, HOME)])
