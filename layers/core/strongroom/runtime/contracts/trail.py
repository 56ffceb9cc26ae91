"""API calls and service events as CloudTrail hands them to EventBridge.

Callers come in every identity type, failed calls carry `errorCode` and null elements, and anything over 100 KB is
left out (CloudTrail User Guide, record contents): nothing here is assumed to be present that need not be. Where tags
change, EventBridge tells of the resource by itself, too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from strongroom.domain.calls import TAG_NOTICE, ApiCall, TagNotice
from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.readings import as_mapping, as_text, as_texts


class TrailRecord(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "AWS API Call via CloudTrail" and "AWS Service Event via CloudTrail"."""

    event_source: str
    event_name: str
    user_identity: Any = None
    request_parameters: Any = None
    response_elements: Any = None
    error_code: Any = None
    error_message: Any = None
    resources: Any = None

    def observed(self, event: Event[Any]) -> ApiCall:
        """The call that the event records; account and Region are the envelope's, where it happened."""
        identity = as_mapping(self.user_identity) or {}
        return ApiCall(
            event_id=event.id,
            account=parse_account_id(event.account),
            region=parse_region(event.region),
            source=self.event_source,
            name=self.event_name,
            caller=_caller(identity),
            caller_type=as_text(identity.get("type")) or "unknown",
            role=_role(identity),
            invoked_by=as_text(identity.get("invokedBy")),
            request=as_mapping(self.request_parameters),
            response=as_mapping(self.response_elements),
            error_code=as_text(self.error_code),
            error_message=as_text(self.error_message),
            source_identity=_person(identity),
            told_by=event.source,
            at=event.time,
            owners=dict(_owners(self.resources)),
        )


class TagsChanged(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The detail of "AWS API Call via CloudTrail", or of "Tag Change on Resource", which has the last two fields."""

    event_source: Any = None
    event_name: Any = None
    user_identity: Any = None
    request_parameters: Any = None
    response_elements: Any = None
    error_code: Any = None
    error_message: Any = None
    resources: Any = None
    changed: Any = msgspec.field(name="changed-tag-keys", default=())
    tags: Any = None

    def observed(self, event: Event["TagsChanged"]) -> ApiCall | TagNotice:
        """The call, or the notice; account and Region are the envelope's, where it happened."""
        if event.detail_type == TAG_NOTICE:
            return TagNotice(
                event_id=event.id,
                account=parse_account_id(event.account),
                region=parse_region(event.region),
                resources=as_texts(event.resources),
                keys=as_texts(self.changed),
                tags={key: value for key, value in (as_mapping(self.tags) or {}).items() if isinstance(value, str)},
                at=event.time,
            )
        source, name = as_text(self.event_source), as_text(self.event_name)
        if source is None or name is None:
            raise MalformedEventError(f"{event.detail_type!r} of {event.source} names no call")
        record = TrailRecord(
            event_source=source,
            event_name=name,
            user_identity=self.user_identity,
            request_parameters=self.request_parameters,
            response_elements=self.response_elements,
            error_code=self.error_code,
            error_message=self.error_message,
            resources=self.resources,
        )
        return record.observed(event)


def _owners(resources: Any) -> Iterator[tuple[str, str]]:
    """Whose the resources are, as far as a record says so."""
    for each in resources if isinstance(resources, list) else ():
        resource = as_mapping(each) or {}
        arn, account = as_text(resource.get("ARN")), as_text(resource.get("accountId"))
        if arn and account:
            yield arn, account


def _caller(identity: Mapping[str, Any]) -> str:
    """The best name there is for the caller: its ARN, else the service that called for somebody, else the account."""
    names = (as_text(identity.get(name)) for name in ("arn", "invokedBy", "accountId"))
    return next(filter(None, names), "unknown")


def _person(identity: Mapping[str, Any]) -> str | None:
    """The source identity of a session, which its roles cannot change."""
    return as_text((as_mapping(identity.get("sessionContext")) or {}).get("sourceIdentity"))


def _role(identity: Mapping[str, Any]) -> str | None:
    """The role behind an assumed-role session; None for every other kind of caller."""
    session = as_mapping(identity.get("sessionContext")) or {}
    return as_text((as_mapping(session.get("sessionIssuer")) or {}).get("arn"))
