"""The function that notes what is set on a resource, woken by the fact that its copy was verified."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.adapters.ledger.table import LedgerTable
from tests.builders.places import PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.moto_clients import moto_client
from tests.fakes.night import Night, a_night

type Sample = Callable[[str], dict[str, Any]]

DATABASE = "arn:aws:rds:eu-west-1:222222222222:db:payments"
INSTANCE = {
    "DBInstanceIdentifier": "payments",
    "DBInstanceClass": "db.r6g.large",
    "MasterUsername": "root",
    "DBParameterGroups": [{"DBParameterGroupName": "ours", "ParameterApplyStatus": "in-sync"}],
    "TagList": [{"Key": "Backup", "Value": "daily-prod"}],
}


class Database:
    """RDS with one instance, and a parameter group of it."""

    def __init__(self, error: str = "") -> None:
        self.error = error

    def can_paginate(self, _call: str) -> bool:
        return False

    def describe_db_instances(self, **_: str) -> dict[str, Any]:
        if self.error:
            raise refusal(self.error, "DescribeDBInstances")
        return {"DBInstances": [INSTANCE]}

    def describe_db_parameters(self, **_: str) -> dict[str, Any]:
        return {"Parameters": [{"ParameterName": "max_connections", "ParameterValue": "500"}]}


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    fake_clients.member[PAYMENTS, "rds"] = Database()
    fake_clients.member[PAYMENTS, "cloudwatch"] = moto_client("cloudwatch", "eu-west-1")
    return a_night(fake_clients, dynamodb, ledger_table)


def test_a_verified_copy_has_its_database_noted_under_the_settings_role(
    night: Night, sample: Sample, fake_clients: FakeClients
) -> None:
    fact = sample("strongroom/CopyVerified")
    assert night.run("note_settings", fact, fact) == []
    kept = LedgerSettings(night.table).find(DATABASE)
    assert kept is not None
    assert kept.note.settings == {
        "instance": {"DBInstanceClass": "db.r6g.large"},
        "parameter groups": [{"DBParameterGroupName": "ours"}],
        "parameters": [{"name": "max_connections", "value": "500"}],
        "tags": [{"name": "Backup", "value": "daily-prod"}],
    }
    assert set(kept.note.unread) == {"settings of options", "the master password"}
    assert fake_clients.own["sts"].assumed == ["arn:aws:iam::222222222222:role/strongroom/strongroom-settings"]
    assert night.facts == []


def test_what_may_not_be_read_fails_nothing(night: Night, sample: Sample, fake_clients: FakeClients) -> None:
    fake_clients.member[PAYMENTS, "rds"] = Database("AccessDenied")
    del fake_clients.member[PAYMENTS, "cloudwatch"]
    fake_clients.member[PAYMENTS, "cloudwatch"] = moto_client("cloudwatch", "eu-west-1")
    assert night.run("note_settings", sample("strongroom/CopyVerified")) == []
    assert LedgerSettings(night.table).find(DATABASE) is None
    assert night.post.buried == []


def test_what_names_no_resource_of_aws_is_buried_with_the_reason(night: Night, sample: Sample) -> None:
    fact = sample("strongroom/CopyVerified")
    for wrong in ({"resource": "payments"}, {"account": "12"}, {"region": "here"}):
        assert night.run("note_settings", fact | {"detail": fact["detail"] | wrong}) == []
    assert len(night.post.buried) == 3
