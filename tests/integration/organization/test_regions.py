"""A Region that is off in one account: nobody of it is known there, and everybody else is.

Sources: Account Management API reference, GetRegionOptStatus, ListRegions, EnableRegion; STS API reference, AssumeRole
(RegionDisabledException); "Common errors" of the services' API references.
"""

import urllib.error
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client
from sandbox.settings import LEDGER_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT

MILAN = "eu-south-1"


def code_of(call: Callable[..., Any], **request: Any) -> str:
    """How AWS refuses."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    return str(caught.value.response["Error"]["Code"])


@pytest.fixture
def off(ask: Callable[..., Any]) -> Iterator[None]:
    """Milan is off in the payments account for the length of a test."""
    place = {"account": PAYMENTS_ACCOUNT, "region": MILAN}
    ask("/organization/regions", {**place, "status": "DISABLED"})
    yield
    ask("/organization/regions", {**place, "status": "ENABLED"})


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("events", "list_rules", "UnrecognizedClientException"),
        ("dynamodb", "list_tables", "UnrecognizedClientException"),
        ("lambda", "list_functions", "UnrecognizedClientException"),
        ("cloudformation", "list_stacks", "InvalidClientTokenId"),
        ("ec2", "describe_volumes", "AuthFailure"),
        ("s3", "list_buckets", "InvalidToken"),
        ("sts", "get_caller_identity", "RegionDisabledException"),
    ],
)
def test_nobody_of_the_account_is_known_there(service: str, operation: str, code: str) -> None:
    assert code_of(getattr(client(service, PAYMENTS_ACCOUNT, MILAN), operation)) == code


@pytest.mark.usefixtures("off")
def test_everybody_else_is_known_there_and_the_account_elsewhere() -> None:
    client("events", LEDGER_ACCOUNT, MILAN).list_rules()
    client("events", PAYMENTS_ACCOUNT).list_rules()
    client("iam", PAYMENTS_ACCOUNT, MILAN).list_roles()


@pytest.mark.usefixtures("off")
def test_the_account_is_told_of_each_region_and_may_enable_it() -> None:
    management = client("account", PAYMENTS_ACCOUNT, "us-east-1")
    assert management.get_region_opt_status(RegionName=MILAN)["RegionOptStatus"] == "DISABLED"
    assert management.get_region_opt_status(RegionName="eu-west-1")["RegionOptStatus"] == "ENABLED_BY_DEFAULT"
    off = management.list_regions(RegionOptStatusContains=["DISABLED"])["Regions"]
    assert [each["RegionName"] for each in off] == [MILAN]
    management.enable_region(RegionName=MILAN)
    client("events", PAYMENTS_ACCOUNT, MILAN).list_rules()


@pytest.mark.usefixtures("off")
def test_the_management_account_asks_and_acts_for_a_member_and_no_member_for_another() -> None:
    management = client("account", MANAGEMENT_ACCOUNT, "us-east-1")
    there = {"AccountId": PAYMENTS_ACCOUNT, "RegionName": MILAN}
    assert code_of(management.enable_region, **there) == "AccessDeniedException"
    organizations = client("organizations", MANAGEMENT_ACCOUNT, "us-east-1")
    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    assert management.get_region_opt_status(**there)["RegionOptStatus"] == "DISABLED"
    other = client("account", LEDGER_ACCOUNT, "us-east-1")
    assert code_of(other.get_region_opt_status, **there) == "AccessDeniedException"
    own = {"AccountId": MANAGEMENT_ACCOUNT, "RegionName": MILAN}
    assert code_of(management.get_region_opt_status, **own) == "AccessDeniedException"
    management.enable_region(**there)
    assert management.get_region_opt_status(**there)["RegionOptStatus"] == "ENABLED"


@pytest.mark.usefixtures("off")
@pytest.mark.parametrize("status", ["ENABLING", "DISABLING"])
def test_no_order_is_taken_while_the_status_is_being_changed(status: str, ask: Callable[..., Any]) -> None:
    ask("/organization/regions", {"account": PAYMENTS_ACCOUNT, "region": MILAN, "status": status})
    management = client("account", PAYMENTS_ACCOUNT, "us-east-1")
    assert code_of(management.enable_region, RegionName=MILAN) == "ConflictException"


@pytest.mark.parametrize(
    "wrong",
    [{"account": "123456789012"}, {"region": "eu-west-1"}, {"status": "OFF"}],
    ids=["an account of nobody", "a Region that is always on", "a status that AWS has not"],
)
def test_what_cannot_be_is_refused_by_the_control(wrong: dict[str, str], ask: Callable[..., Any]) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask("/organization/regions", {"account": PAYMENTS_ACCOUNT, "region": MILAN, "status": "DISABLED", **wrong})
    with caught.value as refused:
        assert refused.code == 400
