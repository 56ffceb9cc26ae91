"""Service-linked roles, what AWS Config records, which Regions are on, and whether the name of a bucket is taken."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.account_inspection import AccountInspection
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from tests.builders.places import AUDIT_ACCOUNT, GLOBAL_REGION, HOME
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal
from tests.fakes.member_account import FakeMemberAccount

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
    """AWS Config with one recorder of this group, at work or not; none without a group."""

    group: dict[str, Any] | None = None
    is_at_work: bool = True

    def describe_configuration_recorder_status(self) -> dict[str, Any]:
        states = [] if self.group is None else [{"name": "default", "recording": self.is_at_work}]
        return {"ConfigurationRecordersStatus": states}

    def describe_configuration_recorders(self) -> dict[str, Any]:
        recorders = [] if self.group is None else [{"name": "default", "recordingGroup": self.group}]
        return {"ConfigurationRecorders": recorders}


@dataclass
class FakeS3:
    """S3 with one bucket, or the code by which it refuses."""

    answers: str = ""

    def get_bucket_location(self, *, Bucket: str) -> dict[str, str]:  # noqa: N803 AWS's name
        if self.answers:
            raise refusal(self.answers, "GetBucketLocation", Bucket)
        return {"LocationConstraint": HOME}


class Closed(FakeAccountClients):
    """Accounts that nobody may enter."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        raise AccessRefusedError("no")


def test_a_role_that_is_made_is_found(platform_environment: None) -> None:
    with mock_aws():
        accounts = AccountInspection(FakeAccountClients(), global_region=GLOBAL_REGION)
        assert not accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)
        accounts.create_service_linked_role(AUDIT_ACCOUNT, REPORTS)
        assert accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)


def test_a_role_that_is_there_is_not_missed() -> None:
    iam = FakeIam({f"/aws-service-role/{REPORTS}/AWSServiceRoleForBackupReports"})
    accounts = AccountInspection(FakeAccountClients(own={"iam": iam}), global_region=GLOBAL_REGION)
    accounts.create_service_linked_role(AUDIT_ACCOUNT, REPORTS)
    assert iam.asked_for == [REPORTS]
    assert accounts.has_service_linked_role(AUDIT_ACCOUNT, REPORTS)


def test_a_role_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(CallRefusedError, match="has been taken"):
        AccountInspection(
            FakeAccountClients(own={"iam": FakeIam()}), global_region=GLOBAL_REGION
        ).create_service_linked_role(AUDIT_ACCOUNT, REPORTS)


ALL = {
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::BackupVault",
    "AWS::Backup::RecoveryPoint",
}
VAULT = "AWS::Backup::BackupVault"


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        pytest.param(FakeConfig(), ALL, id="no recorder"),
        pytest.param(FakeConfig({"allSupported": True}, is_at_work=False), ALL, id="stopped"),
        pytest.param(FakeConfig({"allSupported": True}), set(), id="all types"),
        pytest.param(FakeConfig({}), set(), id="a group that says nothing"),
        pytest.param(
            FakeConfig({"allSupported": False, "resourceTypes": ["AWS::S3::Bucket", VAULT]}),
            ALL - {VAULT},
            id="some types",
        ),
        pytest.param(
            FakeConfig(
                {
                    "allSupported": False,
                    "exclusionByResourceTypes": {"resourceTypes": [VAULT]},
                    "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                }
            ),
            {VAULT},
            id="all but some",
        ),
    ],
)
def test_what_config_does_not_record_is_read_from_the_group_of_the_recorder_at_work(
    config: FakeConfig, missing: set[str]
) -> None:
    """AWS Config API reference, RecordingGroup."""
    accounts = AccountInspection(FakeAccountClients(own={"config": config}), global_region=GLOBAL_REGION)
    assert accounts.unrecorded([(AUDIT_ACCOUNT, HOME)]) == {(AUDIT_ACCOUNT, HOME): frozenset(missing)}


def test_an_account_that_cannot_be_entered_is_unknown() -> None:
    assert AccountInspection(Closed(), global_region=GLOBAL_REGION).unrecorded([(AUDIT_ACCOUNT, HOME)]) == {
        (AUDIT_ACCOUNT, HOME): None
    }


def test_whether_a_region_is_on_is_asked_in_the_account_itself() -> None:
    member = FakeMemberAccount(AUDIT_ACCOUNT, [], opt_statuses={"eu-south-1": "DISABLED"})
    clients = FakeAccountClients(own={"account": member})
    place = (AUDIT_ACCOUNT, Region("eu-south-1"))
    assert AccountInspection(clients, global_region=GLOBAL_REGION).opt_statuses([place]) == {place: "DISABLED"}
    assert clients.asked == [("account", AUDIT_ACCOUNT, GLOBAL_REGION)]


def test_where_nobody_may_ask_whether_a_region_is_on_that_is_unknown() -> None:
    accounts = AccountInspection(Closed(), global_region=GLOBAL_REGION)
    assert accounts.opt_statuses([(AUDIT_ACCOUNT, HOME)]) == {(AUDIT_ACCOUNT, HOME): None}


@pytest.mark.parametrize(
    ("answers", "is_taken"),
    [("", True), ("NoSuchBucket", False), ("AccessDenied", True)],
    ids=["ours", "nobody's", "somebody else's"],
)
def test_the_name_of_a_bucket_is_taken_by_whomever(answers: str, is_taken: bool) -> None:  # noqa: FBT001
    accounts = AccountInspection(FakeAccountClients(own={"s3": FakeS3(answers)}), global_region=GLOBAL_REGION)
    assert accounts.has_bucket("reports", account=AUDIT_ACCOUNT, region=HOME) is is_taken
