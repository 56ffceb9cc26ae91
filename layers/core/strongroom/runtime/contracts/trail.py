"""API calls and service events as CloudTrail hands them to EventBridge.

Callers come in every identity type, failed calls carry `errorCode` and null elements, and anything over 100 KB is
left out (CloudTrail User Guide, record contents): nothing here is assumed to be present that need not be.
"""

from typing import Any

import msgspec

from strongroom.domain.calls import ApiCall
from strongroom.domain.identifiers import Region, parse_account_id
from strongroom.runtime.contracts.envelope import Event


class SessionIssuer(msgspec.Struct, frozen=True, rename="camel"):
    """The role behind an assumed-role session."""

    arn: str | None = None


class SessionContext(msgspec.Struct, frozen=True, rename="camel"):
    """What is known of a session; absent for root and IAM users."""

    session_issuer: SessionIssuer | None = None


class UserIdentity(msgspec.Struct, frozen=True, rename="camel"):
    """Who called; `invokedBy` names the AWS service that called on somebody's behalf."""

    type: str | None = None
    arn: str | None = None
    account_id: str | None = None
    invoked_by: str | None = None
    session_context: SessionContext | None = None

    @property
    def caller(self) -> str:
        """The best name there is for the caller: its ARN, else the service, else the account, else `unknown`."""
        return self.arn or self.invoked_by or self.account_id or "unknown"

    @property
    def role_arn(self) -> str | None:
        """The role of an assumed-role session; None for every other kind of caller."""
        if self.session_context is None or self.session_context.session_issuer is None:
            return None
        return self.session_context.session_issuer.arn


class TrailRecord(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "AWS API Call via CloudTrail" and "AWS Service Event via CloudTrail"."""

    event_source: str
    event_name: str
    aws_region: str
    user_identity: UserIdentity
    request_parameters: dict[str, Any] | None = None
    response_elements: dict[str, Any] | None = None
    service_event_details: dict[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None

    def observed(self, event: Event["TrailRecord"]) -> ApiCall:
        """The call that the event records; account and Region are the envelope's, where it happened."""
        return ApiCall(
            event_id=event.id,
            account=parse_account_id(event.account),
            region=Region(event.region),
            source=self.event_source,
            name=self.event_name,
            caller=self.user_identity.caller,
            caller_type=self.user_identity.type or "unknown",
            role=self.user_identity.role_arn,
            invoked_by=self.user_identity.invoked_by,
            request=self.request_parameters,
            response=self.response_elements,
            error_code=self.error_code,
            error_message=self.error_message,
        )
