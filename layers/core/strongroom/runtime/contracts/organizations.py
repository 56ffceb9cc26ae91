"""What tells that an account moved, came, went, or got its stack: Organizations by CloudTrail, CloudFormation itself.

The membership events have no published sample: they are matched by name, and the account is looked for wherever it is
called `accountId`, or else it is the one id that is not that of the management account, which they come from. Nothing
but the account is taken from any of them.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from strongroom.domain.accounts.membership import STACK_NAME_MARK, AccountNotice
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, Arn, is_account_id, parse_account_id
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.readings import as_mapping

RESULT_EVENTS = {"CreateAccountResult": "createAccountStatus", "CloseAccountResult": "closeAccountStatus"}
ACCOUNT_EVENTS = (
    "AccountDepartedOrganization",
    "AccountJoinedOrganization",
    "CloseAccountResult",
    "CreateAccountResult",
    "MoveAccount",
    "RemoveAccountFromOrganization",
)
FINISHED_STACKS = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class StackStatus(msgspec.Struct, frozen=True):
    """The status of a CloudFormation stack."""

    status: str


class AccountChange(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename={
        "event_name": "eventName",
        "request_parameters": "requestParameters",
        "service_event_details": "serviceEventDetails",
        "error_code": "errorCode",
        "stack_id": "stack-id",
        "status_details": "status-details",
    },
):
    """The detail of an Organizations event, or of "CloudFormation Stack Status Change"."""

    event_name: str | None = None
    request_parameters: Any = None
    service_event_details: Any = None
    error_code: str | None = None
    stack_id: str | None = None
    status_details: StackStatus | None = None

    def observed(self, event: Event["AccountChange"]) -> AccountNotice:
        """What the event hints at; a stack lives in the envelope's account."""
        if self.stack_id is not None:
            return self._stack_notice(self.stack_id, event.account)
        if self.event_name not in ACCOUNT_EVENTS:
            return AccountNotice(account=None, reason=f"{self.event_name} says nothing about the place of an account")
        if self.error_code is not None:
            return AccountNotice(account=None, reason=f"{self.event_name} failed with {self.error_code}")
        state = self._result_state()
        if state not in {None, "SUCCEEDED"}:
            return AccountNotice(account=None, reason=f"{self.event_name} ended as {state}")
        account = self._account(event.account)
        return AccountNotice(account=account, reason=f"{self.event_name} of {account}")

    def _account(self, management_account: str) -> AccountId:
        """The account under that name; else the one id of the event that is not the management account's."""
        details = (self.request_parameters, self.service_event_details)
        called = next((text for key, text in _named_texts(details) if key.casefold() == "accountid"), None)
        if called is not None:
            return parse_account_id(called)
        others = {text for _, text in _named_texts(details) if is_account_id(text)} - {management_account}
        if len(others) != 1:
            raise MalformedEventError(f"{self.event_name} names {'several accounts' if others else 'no account'}")
        return parse_account_id(others.pop())

    def _result_state(self) -> str | None:
        details = as_mapping(self.service_event_details) or {}
        result = as_mapping(details.get(RESULT_EVENTS.get(self.event_name or "", ""))) or {}
        state = result.get("state")
        return None if state is None else str(state)

    def _stack_notice(self, stack_id: str, account: str) -> AccountNotice:
        name = Arn.parse(stack_id).name
        status = self.status_details.status if self.status_details else None
        if status not in FINISHED_STACKS or STACK_NAME_MARK not in name:
            return AccountNotice(account=None, reason=f"stack {name} at {status} changes nothing for Strongroom")
        return AccountNotice(account=parse_account_id(account), reason=f"stack {name} is {status}")


def _named_texts(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the document, with the key that it, or the list that it is in, stands under."""
    match node:
        case str():
            yield name, node
        case dict():
            for key, value in node.items():
                yield from _named_texts(value, key)
        case list() | tuple():
            for item in node:
                yield from _named_texts(item, name)
