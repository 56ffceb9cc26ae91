"""An account begins and ends in steps, CloudTrail tells when it is done, and in a closed one nothing goes.

Sources: AWS Organizations API reference, CreateAccount ("This is an asynchronous request"), CloseAccount ("While the
close account request is in progress, Account status will indicate PENDING_CLOSURE") and CreateAccountStatus; for the
roles of a closed account aws-samples/experimental-programmatic-access-ccft#21.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, every, session_client
from sandbox.organization.seed import person_session
from sandbox.settings import MANAGEMENT_ACCOUNT

ACCESS_ROLE = "OrganizationAccountAccessRole"


def code_of(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return str(caught.value.response["Error"]["Code"])


def test_an_account_is_there_once_the_request_is_through(
    management: Any, settled: Callable[[str], dict[str, Any]], heard: Callable[[str], dict[str, Any]]
) -> None:
    asked = management.create_account(Email="slow@example.com", AccountName="slow")["CreateAccountStatus"]
    assert (asked["State"], "AccountId" in asked) == ("IN_PROGRESS", False)
    status = settled(asked["Id"])
    told = heard("CreateAccountResult")["detail"]["serviceEventDetails"]["createAccountStatus"]
    assert (told["id"], told["state"], told["accountId"]) == (asked["Id"], "SUCCEEDED", status["AccountId"])
    assert heard("AccountJoinedOrganization")["detail"]["serviceEventDetails"]["accountId"] == status["AccountId"]
    assert management.describe_account(AccountId=status["AccountId"])["Account"]["State"] == "ACTIVE"
    assert session_client("sts", person_session(status["AccountId"], "dana@example.com", ACCESS_ROLE))
    assert status in every(management, "list_create_account_status", States=["SUCCEEDED"])


def test_a_request_can_fail_later(
    management: Any, settled: Callable[[str], dict[str, Any]], heard: Callable[[str], dict[str, Any]]
) -> None:
    asked = management.create_account(Email="payments@example.com", AccountName="twice")["CreateAccountStatus"]
    assert settled(asked["Id"])["FailureReason"] == "EMAIL_ALREADY_EXISTS"
    told = heard("CreateAccountResult")["detail"]["serviceEventDetails"]["createAccountStatus"]
    assert (told["state"], "accountId" in told) == ("FAILED", False)


def test_a_closed_account_is_pending_then_suspended_and_refuses_everything(
    management: Any, create: Callable[[str], str], heard: Callable[[str], dict[str, Any]]
) -> None:
    account = create("closing")
    inside = session_client("sqs", person_session(account, "dana@example.com", ACCESS_ROLE))
    inside.list_queues()
    management.close_account(AccountId=account)
    assert management.describe_account(AccountId=account)["Account"]["State"] == "PENDING_CLOSURE"
    assert code_of(management.close_account, AccountId=account) == "ConflictException"
    assert heard("CloseAccountResult")["detail"]["serviceEventDetails"]["closeAccountStatus"]["state"] == "SUCCEEDED"
    assert management.describe_account(AccountId=account)["Account"]["State"] == "SUSPENDED"
    assert account in {each["Id"] for each in every(management, "list_accounts")}
    assert code_of(inside.list_queues) == "AccessDenied"
    assert code_of(client("sqs", account).list_queues) == "AccessDenied"
    sts = client("sts", MANAGEMENT_ACCOUNT)
    entering = {"RoleArn": f"arn:aws:iam::{account}:role/{ACCESS_ROLE}", "RoleSessionName": "late"}
    assert code_of(sts.assume_role, **entering) == "AccessDenied"
    assert code_of(management.close_account, AccountId=account) == "AccountAlreadyClosedException"
    administering = {"AccountId": account, "ServicePrincipal": "backup.amazonaws.com"}
    assert code_of(management.register_delegated_administrator, **administering) == "ConstraintViolationException"


def test_management_cannot_be_closed(management: Any) -> None:
    assert code_of(management.close_account, AccountId=MANAGEMENT_ACCOUNT) == "ConstraintViolationException"


def test_a_departure_is_told(
    management: Any, create: Callable[[str], str], heard: Callable[[str], dict[str, Any]]
) -> None:
    account = create("leaving")
    management.remove_account_from_organization(AccountId=account)
    assert heard("AccountDepartedOrganization")["detail"]["serviceEventDetails"]["accountId"] == account
