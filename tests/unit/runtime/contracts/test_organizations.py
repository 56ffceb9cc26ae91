"""Which account an event is about, in every shape that such events come in."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from strongroom.domain.errors import MalformedEventError, MalformedIdentifierError
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.organizations import ACCOUNT_EVENTS, AccountChange

type Sample = Callable[[str], dict[str, Any]]


def account_of(detail: dict[str, Any]) -> str | None:
    envelope = {"id": "e-1", "source": "aws.any", "detail-type": "any", "time": "2026-11-23T14:20:00Z"}
    place = {"account": "555555555555", "region": "eu-west-1"}
    event = msgspec.convert(envelope | place | {"detail": detail}, Event[AccountChange])
    return event.detail.observed(event).account


@pytest.mark.parametrize("name", ACCOUNT_EVENTS)
def test_the_sample_of_each_event_names_its_account(name: str, sample: Sample) -> None:
    expected = "555555555555" if name == "CloseAccountResult" else "444455556666"
    assert account_of(sample(f"aws.organizations/{name}")["detail"]) == expected


def test_a_finished_member_stack_is_about_the_account_it_is_in(sample: Sample) -> None:
    assert account_of(sample("aws.cloudformation/StackStatusChange")["detail"]) == "555555555555"


@pytest.mark.parametrize(
    ("name", "status"),
    [("StackSet-strongroom-member-1", "CREATE_FAILED"), ("app", "CREATE_COMPLETE")],
    ids=["a member stack that failed", "a stack of somebody else"],
)
def test_other_stacks_are_about_no_account(name: str, status: str) -> None:
    stack = f"arn:aws:cloudformation:eu-west-1:555555555555:stack/{name}/1"
    assert account_of({"stack-id": stack, "status-details": {"status": status}}) is None


MOVE = {"eventName": "MoveAccount", "requestParameters": {"accountId": "444455556666"}}


@pytest.mark.parametrize(
    "detail",
    [
        MOVE | {"errorCode": "AccessDeniedException"},
        {
            "eventName": "CreateAccountResult",
            "serviceEventDetails": {
                "createAccountStatus": {"state": "FAILED", "failureReason": "EMAIL_ALREADY_EXISTS"}
            },
        },
        {
            "eventName": "CloseAccountResult",
            "serviceEventDetails": {"closeAccountStatus": {"state": "FAILED", "accountId": "444455556666"}},
        },
        {"eventName": "AttachPolicy", "requestParameters": {"targetId": "444455556666"}},
    ],
    ids=["a refused move", "an account that was not created", "one that was not closed", "another event"],
)
def test_what_did_not_happen_is_about_no_account(detail: dict[str, Any]) -> None:
    assert account_of(detail) is None


def test_a_membership_event_may_hide_its_account_deeper() -> None:
    details = {"account": [{"accountID": "444455556666"}]}
    assert account_of({"eventName": "AccountJoinedOrganization", "serviceEventDetails": details}) == "444455556666"


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"managementAccountId": "555555555555", "memberAccountId": "444455556666"}, id="a name each"),
        pytest.param({"joinedMethod": "Invited", "account": "444455556666"}, id="another name"),
    ],
)
def test_an_account_of_another_name_is_the_one_that_does_not_manage(details: dict[str, Any]) -> None:
    assert account_of({"eventName": "AccountJoinedOrganization", "serviceEventDetails": details}) == "444455556666"


@pytest.mark.parametrize(
    ("detail", "error"),
    [
        ({"eventName": "MoveAccount", "requestParameters": None}, MalformedEventError),
        ({"eventName": "MoveAccount", "requestParameters": {"accountId": "1112233445566"}}, MalformedIdentifierError),
        (
            {"eventName": "AccountJoinedOrganization", "serviceEventDetails": {"a": "444455556666", "b": "1" * 12}},
            MalformedEventError,
        ),
        ({"eventName": "AccountJoinedOrganization", "serviceEventDetails": {"a": "5" * 12}}, MalformedEventError),
    ],
    ids=["no account", "thirteen digits", "one of two accounts", "the management account alone"],
)
def test_an_event_without_a_proper_account_is_malformed(detail: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        account_of(detail)
