"""Events as people have them: as EventBridge delivers them, as CloudTrail writes them down, and lists of either."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from strongroom.domain.errors import MalformedError

# What EventBridge calls the records of CloudTrail, by their `eventType` (CloudTrail User Guide, record contents).
_DETAIL_TYPES: Final = {
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
    "AwsConsoleSignIn": "AWS Console Sign In via CloudTrail",
    "AwsConsoleAction": "AWS Console Action via CloudTrail",
}
_CALLS: Final = "AWS API Call via CloudTrail"
# The fields without which a rule's target never gets an event.
_ENVELOPE: Final = ("id", "source", "detail-type", "account", "region", "time", "detail")
_NOT_AN_EVENT: Final = (
    "it is neither an event of EventBridge (`source`, `detail-type`, `detail`) nor a record of CloudTrail"
    " (`eventSource`, `eventName`)"
)


class EventFileError(MalformedError):
    """The file holds no JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One event as EventBridge would deliver it, and in which form it was given; `fault` says why it can be none."""

    form: str
    event: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None


def events_in(text: bytes, *, name: str) -> tuple[Given, ...]:
    """Every event of a JSON document, in its order; EventFileError where it is no JSON, or holds nothing."""
    try:
        document = msgspec.json.decode(text)
        found = tuple(_read(document))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EventFileError(f"{name} is no JSON: {error}") from error
    except RecursionError as error:
        raise EventFileError(f"{name} is nested too deeply to be read; no function of ours reads it, either") from error
    if not found:
        raise EventFileError(f"{name} holds no event")
    return found


def _read(document: Any) -> Iterator[Given]:
    match document:
        case list():
            for each in document:
                yield from _read(each)
        case {"source": _, "detail-type": _} | {"detail": _}:
            yield _envelope(document)
        case {"eventSource": _, "eventName": _}:
            yield Given(form="record", event=_enveloped(document))
        case {"CloudTrailEvent": str(inner)}:
            yield from _read(msgspec.json.decode(inner))
        case {"Records": list(inner)} | {"Events": list(inner)}:
            yield from _read(inner)
        case _:
            yield Given(form="unknown", fault=_NOT_AN_EVENT)


def _envelope(document: Mapping[str, Any]) -> Given:
    lacking = [name for name in _ENVELOPE if name not in document]
    fault = f"EventBridge delivers no event without {', '.join(lacking)}" if lacking else None
    return Given(form="event", event=document, fault=fault)


def _enveloped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record in the envelope in which EventBridge would deliver it."""
    identity = record.get("userIdentity")
    caller = identity.get("accountId") if isinstance(identity, Mapping) else None
    return {
        "id": _text(record.get("eventID")),
        "source": f"aws.{_text(record['eventSource']).removesuffix('.amazonaws.com')}",
        "detail-type": _DETAIL_TYPES.get(_text(record.get("eventType")), _CALLS),
        "account": _text(record.get("recipientAccountId") or caller),
        "region": _text(record.get("awsRegion")),
        "time": record.get("eventTime"),
        "resources": [],
        "detail": record,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
