"""What deletes in a table: how the original has it, and how it is put on what was restored.

Sources: Amazon DynamoDB API Reference, DescribeTimeToLive and UpdateTimeToLive (it takes up to an hour, and no other
change meanwhile); Amazon DynamoDB Developer Guide, "Using time to live (TTL) in DynamoDB".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.asked_steps import AskedStep, read_attribute
from strongroom.domain.restores.kinds.finishing import StepOutcome, StepTaken
from strongroom.domain.restores.session_policy import asked_session_policy, behalf_of

if TYPE_CHECKING:
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.restores.requests import RestoreRequest

ACTIONS: tuple[str, ...] = ()
_ON: Final = ("ENABLED", "ENABLING")
_TABLES: Final = "dynamodb"


class OriginalSettings:
    """What originals have of what deletes, read in their account."""

    MEMBER_ACTIONS = ("dynamodb:DescribeTimeToLive",)

    def __init__(self, readers: MemberClients) -> None:
        """`readers` are the clients of the role that looks and changes nothing."""
        self._readers = readers

    def left_off(self, resource: str, *, account: AccountId) -> tuple[tuple[str, str], ...]:
        """What a restore of it leaves off, by its step; the value is empty where nobody can read it."""
        arn = Arn.parse(resource)
        if arn.service != _TABLES:
            return ()
        try:
            with aws_errors():
                dynamodb = self._readers.client(arn.service, account=account, region=arn.region)
                told = _time_to_live(dynamodb, arn)
        except (AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError):
            # A restore does not wait for it.
            return ((AskedStep.TIME_TO_LIVE, ""),)
        if told.get("TimeToLiveStatus") not in _ON:
            return ()
        return ((AskedStep.TIME_TO_LIVE, read_attribute(str(told.get("AttributeName", "")))),)


class MemberAskedSteps:
    """Takes a step that somebody asked for on what a restore made, in a session that may take that and no other."""

    MEMBER_ACTIONS = ("dynamodb:DescribeTimeToLive", "dynamodb:UpdateTimeToLive")

    def __init__(self, borrowers: AttributedClients) -> None:
        """`borrowers` are the clients of the role for what follows a restore, lent for a person and a ticket."""
        self._borrowers = borrowers

    def take(self, step: AskedStep, wanted: str, *, created: str, request: RestoreRequest, subject: str) -> StepTaken:
        """Put it on as the original had it, unless it is so already; `subject` is who asked for it."""
        arn = Arn.parse(created)
        dynamodb = self._borrowers.client(
            arn.service,
            account=request.account,
            region=request.region,
            behalf=behalf_of(request, subject=subject),
            policy=asked_session_policy(created),
        )
        with aws_errors():
            told = _time_to_live(dynamodb, arn)
            is_on, attribute = told.get("TimeToLiveStatus") in _ON, str(told.get("AttributeName", ""))
            if is_on and attribute != wanted:
                reason = f"somebody has put it on by another attribute, {attribute[:255]!r}: look at it by hand"
                return StepTaken(step=step, outcome=StepOutcome.FAILED, reason=reason)
            if not is_on:
                wish = {"Enabled": True, "AttributeName": wanted}
                dynamodb.update_time_to_live(TableName=arn.name, TimeToLiveSpecification=wish)
        reason = f"items are deleted once {wanted} lies in the past; it may take an hour to be on"
        return StepTaken(step=step, outcome=StepOutcome.DONE, reason=reason)


def _time_to_live(dynamodb: Any, table: Arn) -> dict[str, Any]:
    told: dict[str, Any] = dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    return told
