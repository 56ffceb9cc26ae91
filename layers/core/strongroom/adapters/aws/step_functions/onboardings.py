"""Onboardings of accounts: begun."""

import json
from contextlib import suppress
from typing import Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.accounts.onboarding import execution_name
from strongroom.domain.errors import AlreadyDoneError
from strongroom.domain.identifiers import AccountId


class AccountOnboardings:
    """The state machine `account_onboarding`."""

    ACTIONS = ("states:StartExecution",)

    def __init__(self, step_functions: Any, machine: str) -> None:
        """`step_functions` is a client, `machine` the state machine's ARN."""
        self._step_functions = step_functions
        self._machine = machine

    def begin(self, account: AccountId, *, event_id: str) -> None:
        """Start an execution, whose name is the account's and the event's: once, however often it is asked for."""
        with suppress(AlreadyDoneError), aws_errors():
            self._step_functions.start_execution(
                stateMachineArn=self._machine,
                name=execution_name(account, event_id=event_id),
                input=json.dumps({"account": account}),
            )
