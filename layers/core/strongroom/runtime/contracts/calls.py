"""API calls of the trail, as the domain judges them."""

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tampering import ApiCall
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord


def observed_call(event: Event[TrailRecord]) -> ApiCall:
    """The call that the event records; account and Region are the envelope's, where it happened."""
    record = event.detail
    return ApiCall(
        account=AccountId(event.account),
        region=Region(record.aws_region),
        source=record.event_source,
        name=record.event_name,
        caller=record.user_identity.caller,
        caller_type=record.user_identity.type or "unknown",
        role=record.user_identity.role_arn,
        invoked_by=record.user_identity.invoked_by,
        request=record.request_parameters,
        error_code=record.error_code,
        error_message=record.error_message,
    )
