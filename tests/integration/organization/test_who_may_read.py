"""Reading the organisation is for management and its delegates.

Source: AWS Organizations API reference, "You can only call this operation from the management account or a member
account that is a delegated administrator".
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, every
from sandbox.settings import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    NETWORK_ACCOUNT,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    ROOT_ID,
)

BACKUP = {"PolicyType": "BACKUP_POLICY"}
READS: list[tuple[str, dict[str, str]]] = [
    ("describe_account", {"AccountId": PAYMENTS_ACCOUNT}),
    ("describe_organizational_unit", {"OrganizationalUnitId": OU_PRODUCTION}),
    ("describe_policy", {"PolicyId": "p-FullAWSAccess"}),
    ("describe_resource_policy", {}),
    ("list_accounts", {}),
    ("list_accounts_for_parent", {"ParentId": OU_PRODUCTION}),
    ("list_accounts_with_invalid_effective_policy", BACKUP),
    ("list_aws_service_access_for_organization", {}),
    ("list_children", {"ParentId": OU_PRODUCTION, "ChildType": "ACCOUNT"}),
    ("list_delegated_administrators", {}),
    ("list_effective_policy_validation_errors", {"AccountId": PAYMENTS_ACCOUNT, **BACKUP}),
    ("list_organizational_units_for_parent", {"ParentId": ROOT_ID}),
    ("list_parents", {"ChildId": PAYMENTS_ACCOUNT}),
    ("list_policies", {"Filter": "BACKUP_POLICY"}),
    ("list_policies_for_target", {"TargetId": OU_PRODUCTION, "Filter": "BACKUP_POLICY"}),
    ("list_roots", {}),
    ("list_tags_for_resource", {"ResourceId": PAYMENTS_ACCOUNT}),
    ("list_targets_for_policy", {"PolicyId": "p-FullAWSAccess"}),
]


def violation_of(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    response: dict[str, Any] = {**caught.value.response}
    return str(response["Error"]["Code"]), str(response.get("Reason", ""))


@pytest.fixture
def reader_by_resource_policy(management: Any) -> Iterator[Any]:
    """A client of an account that administers nothing, and that the resource policy lets read accounts."""
    before = management.describe_resource_policy()["ResourcePolicy"]["Content"]
    reading = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{NETWORK_ACCOUNT}:root"},
        "Action": "organizations:ListAccounts",
        "Resource": "*",
    }
    management.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": [reading]}))
    yield client("organizations", NETWORK_ACCOUNT)
    management.put_resource_policy(Content=before)


@pytest.mark.parametrize(("call", "request_"), READS, ids=[call for call, _ in READS])
def test_a_member_reads_nothing_and_a_delegate_everything(call: str, request_: dict[str, str]) -> None:
    member, delegate = (client("organizations", account) for account in (PAYMENTS_ACCOUNT, BACKUP_ACCOUNT))
    assert violation_of(getattr(member, call), **request_)[0] == "AccessDeniedException"
    assert getattr(delegate, call)(**request_)


def test_a_delegate_that_is_none_any_more_reads_nothing(management: Any) -> None:
    audit = {"AccountId": AUDIT_ACCOUNT, "ServicePrincipal": "backup.amazonaws.com"}
    management.register_delegated_administrator(**audit)
    auditor = client("organizations", AUDIT_ACCOUNT)
    assert len(every(auditor, "list_accounts")) == 20
    management.deregister_delegated_administrator(**audit)
    assert violation_of(auditor.list_accounts)[0] == "AccessDeniedException"


def test_the_resource_policy_lets_read_what_it_names_and_nothing_else(reader_by_resource_policy: Any) -> None:
    assert len(every(reader_by_resource_policy, "list_accounts")) == 20
    assert violation_of(reader_by_resource_policy.list_roots)[0] == "AccessDeniedException"


def test_every_member_knows_which_organization_it_is_in() -> None:
    described = client("organizations", PAYMENTS_ACCOUNT).describe_organization()["Organization"]
    assert described["MasterAccountId"] == MANAGEMENT_ACCOUNT


def test_nobody_administers_a_service_that_is_not_trusted(management: Any) -> None:
    # Source: reason SERVICE_ACCESS_NOT_ENABLED, "Call the EnableAWSServiceAccess API first".
    guard = {"AccountId": AUDIT_ACCOUNT, "ServicePrincipal": "guardduty.amazonaws.com"}
    refused = violation_of(management.register_delegated_administrator, **guard)
    assert refused == ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
    management.enable_aws_service_access(ServicePrincipal="guardduty.amazonaws.com")
    management.register_delegated_administrator(**guard)
    management.deregister_delegated_administrator(**guard)


def test_a_delegate_cannot_be_removed(management: Any) -> None:
    # Source: reason CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG.
    management.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    reports = {"AccountId": REPORTS_ACCOUNT, "ServicePrincipal": "config.amazonaws.com"}
    management.register_delegated_administrator(**reports)
    refused = violation_of(management.remove_account_from_organization, AccountId=REPORTS_ACCOUNT)
    management.deregister_delegated_administrator(**reports)
    assert refused == ("ConstraintViolationException", "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG")
