"""Service-linked roles, and whether AWS Config records."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.account_inspection import AccountInspection
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import AUDIT_ACCOUNT, HOME
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

REPORTS = "reports.backup.amazonaws.com"


@dataclass
class FakeIam:
    """IAM that refuses to make a role, as it does when the name is taken."""

    paths: set[str] = field(default_factory=set)
    asked_for: list[str] = field(default_factory=list)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def list_roles(self, *, PathPrefix: str) -> dict[str, Any]:  # noqa: N803 AWS's name
        return {"Roles": [path for path in self.paths if path.startswith(PathPrefix)]}

    def create_service_linked_role(self, *, AWSServiceName: str) -> None:  # noqa: N803 AWS's name
        self.asked_for.append(AWSServiceName)
        raise refusal("InvalidInput", "CreateServiceLinkedRole", "has been taken")


@dataclass
class FakeConfig:
    """AWS Config with these recorders."""

    recorders: tuple[bool, ...] = ()

    def describe_configuration_recorder_status(self) -> dict[str, Any]:
        return {"ConfigurationRecordersStatus": [{"recording": is_on} for is_on in self.recorders]}


class Closed(FakeAccountClients):
    """Accounts that nobody may enter."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        raise AccessRefusedError("no")


def test_a_role_that_is_made_is_found(platform_environment: None) -> None:
    with mock_aws():
        accounts = AccountInspection(FakeAccountClients())
        assert not accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)
        accounts.create_service_linked_role(AUDIT_ACCOUNT, REPORTS)
        assert accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)


def test_a_role_that_is_there_is_not_missed() -> None:
    iam = FakeIam({f"/aws-service-role/{REPORTS}/AWSServiceRoleForBackupReports"})
    accounts = AccountInspection(FakeAccountClients(own={"iam": iam}))
    accounts.create_service_linked_role(AUDIT_ACCOUNT, REPORTS)
    assert iam.asked_for == [REPORTS]
    assert accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)


def test_a_role_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(CallRefusedError, match="has been taken"):
        AccountInspection(FakeAccountClients(own={"iam": FakeIam()})).create_service_linked_role(AUDIT_ACCOUNT, REPORTS)


@pytest.mark.parametrize(
    ("recorders", "records"),
    [((), False), ((False,), False), ((False, True), True)],
    ids=["none", "stopped", "one at work"],
)
def test_config_records_when_a_recorder_is_at_work(recorders: tuple[bool, ...], records: object) -> None:
    accounts = AccountInspection(FakeAccountClients(own={"config": FakeConfig(recorders)}))
    assert accounts.recorders([(AUDIT_ACCOUNT, HOME)]) == {(AUDIT_ACCOUNT, HOME): records}


def test_an_account_that_cannot_be_entered_is_unknown() -> None:
    assert AccountInspection(Closed()).recorders([(AUDIT_ACCOUNT, HOME)]) == {(AUDIT_ACCOUNT, HOME): None}
