"""What tells of an account's life: Organizations, Control Tower and AWS Backup by CloudTrail, CloudFormation itself.

What of it counts, and what follows, says `domain.accounts.events`.
"""

from typing import Any

import msgspec

from strongroom.domain.accounts.events import AccountHeard
from strongroom.domain.identifiers import parse_region
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.readings import as_mapping


class StackStatus(msgspec.Struct, frozen=True):
    """The status of a CloudFormation stack."""

    status: str


class AccountChange(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename={
        "event_name": "eventName",
        "event_source": "eventSource",
        "event_id": "eventID",
        "user_identity": "userIdentity",
        "request_parameters": "requestParameters",
        "service_event_details": "serviceEventDetails",
        "error_code": "errorCode",
        "stack_id": "stack-id",
        "status_details": "status-details",
    },
):
    """The detail of an event by CloudTrail, or of "CloudFormation Stack Status Change"."""

    event_name: str | None = None
    event_source: str | None = None
    event_id: str | None = None
    user_identity: Any = None
    request_parameters: Any = None
    service_event_details: Any = None
    error_code: str | None = None
    stack_id: str | None = None
    status_details: StackStatus | None = None

    def observed(self, event: Event["AccountChange"]) -> AccountHeard:
        """The event as it came."""
        return AccountHeard(
            service=(self.event_source or event.source.removeprefix("aws.")).partition(".")[0],
            name=self.event_name or "",
            account=event.account,
            region=parse_region(event.region),
            detail={
                "requestParameters": self.request_parameters,
                "serviceEventDetails": self.service_event_details,
            },
            event_id=self.event_id or event.id,
            error=self.error_code,
            actor=_actor(self.user_identity),
            stack=self.stack_id,
            stack_status=self.status_details.status if self.status_details else "",
        )


def _actor(identity: Any) -> str:
    """Who made the call; of a service event the service that did it."""
    known = as_mapping(identity) or {}
    return next((str(known[key]) for key in ("arn", "invokedBy", "accountId") if known.get(key)), "")
