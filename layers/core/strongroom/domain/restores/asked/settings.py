"""The one parameter of a call that sets again what deletes or calls out: its form, and what approvers read of it.

What is not known here is refused: two people cannot read what a service may add one day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.proofs.risks import is_grave_call
from strongroom.domain.restores.asked.lifecycle import in_one_spelling, is_plain, lifecycle_faults, told_rule
from strongroom.domain.restores.asked.notifications import (
    misplaced_notifications,
    notification_faults,
    notifications_in_one_spelling,
    strangers_called,
    told_notifications,
)
from strongroom.domain.restores.asked.replication import (
    misplaced_replication,
    replication_faults,
    replication_in_one_spelling,
    told_replication,
)
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json, write_json
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from strongroom.domain.restores.asked.places import Place

type Faults = Iterator[str]

ITEMS: Final = "ItemCount"
_LONGEST: Final = 8192  # as of every value of the metadata
_ATTRIBUTE: Final = 255  # Amazon DynamoDB API Reference, TimeToLiveSpecification
# The same reference, TableDescription: ItemCount is brought up to date about every six hours.
_COUNTED_LATE: Final = (
    "DynamoDB counts them about every six hours: soon after a restore there may be far more than that."
)
# Amazon S3 API Reference, Bucket: its CreationDate can change when something on the bucket is changed.
_UNKNOWN_AGE: Final = (
    "No date of S3 tells whether the bucket was deleted and made anew under its name since it was restored: "
    "look whether it holds what was restored."
)
_VIEWS: Final = ("KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE")


def read_setting(step: AskedStep, parameters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The parameters in the one spelling in which they are signed and sent; FaultsFoundError with all that is wrong."""
    name = CALLS[step].parameter
    if set(parameters) != {name}:
        said = ", ".join(sorted(parameters))[:200] or "nothing"
        raise FaultsFoundError(f"{CALLS[step].label} is said by {name} and by nothing else, not by {said}")
    text = parameters[name]
    try:
        content = read_json(text) if len(text) <= _LONGEST else None
    except UnreadableError as error:
        raise FaultsFoundError(f"{name} is no JSON that everybody reads alike: {error}") from error
    if not isinstance(content, dict):
        raise FaultsFoundError(f"{name} must be a mapping in JSON of at most {_LONGEST:,} characters")
    if faults := tuple(_FAULTS[step](content)):
        raise FaultsFoundError(*faults)
    return ((name, write_json(in_the_one_spelling(step, content))),)


def in_the_one_spelling(step: AskedStep, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter that has its form, or that a service tells, as it is sent."""
    match step:
        case AskedStep.TIME_TO_LIVE | AskedStep.STREAM:
            return content
        case AskedStep.LIFECYCLE:
            return {**content, "Rules": in_one_spelling(content["Rules"])}
        case AskedStep.NOTIFICATIONS:
            return notifications_in_one_spelling(content)
        case AskedStep.REPLICATION:
            return replication_in_one_spelling(content)


def misplaced(
    step: AskedStep, metadata: Mapping[str, str], *, place: Place, facts: Mapping[str, str]
) -> tuple[str, ...]:
    """Why parameters that were read cannot be set on what lies there, by what is known of it, a sentence each."""
    content = read_json(metadata[CALLS[step].parameter])
    match step:
        case AskedStep.NOTIFICATIONS:
            return tuple(misplaced_notifications(content, place=place))
        case AskedStep.REPLICATION:
            return tuple(misplaced_replication(content, place=place, facts=facts))
        case _:
            return ()


def why_graver(step: AskedStep, metadata: Mapping[str, str], *, place: Place) -> str:
    """Why the stricter rule decides on parameters that were read, in words; empty where it does not."""
    if not is_grave_call(CALLS[step].call, metadata, account=place.account):
        return ""
    content = read_json(metadata[CALLS[step].parameter])
    if step is AskedStep.REPLICATION:
        return f"S3 gets the role {content['Role']}, and copies objects out of the bucket"
    return f"it calls what belongs to other accounts: {', '.join(strangers_called(content, place=place))}"


def sentences_of(
    step: AskedStep, metadata: Mapping[str, str], *, place: Place, facts: Mapping[str, str]
) -> tuple[str, ...]:
    """What approvers read of parameters that were read.

    `facts` say how many `ITEMS` a table has, and in which Regions buckets lie, where that is known. Names that somebody
    else chose stand in quotes, so that they cannot read as words of the sentence.
    """
    content = read_json(metadata[CALLS[step].parameter])
    match step:
        case AskedStep.TIME_TO_LIVE:
            of = f", of about {int(facts[ITEMS]):,} that it has" if ITEMS in facts else ""
            attribute = write_json(content["AttributeName"])
            yes = f"DynamoDB deletes items whose {attribute} lies in the past{of}, from then on."
            return (yes, *((_COUNTED_LATE,) if of else ()), "Nobody gets back what it deletes but by another restore.")
        case AskedStep.STREAM:
            of = f"Every change of an item ({content['StreamViewType']})"
            yes = f"{of} can be read for 24 hours by whoever may read the table's streams"
            return (f"{yes}, and calls what is attached to them.",)
        case AskedStep.LIFECYCLE:
            return (*(sentence for rule in content["Rules"] for sentence in told_rule(rule)), _UNKNOWN_AGE)
        case AskedStep.NOTIFICATIONS:
            return (*told_notifications(content, place=place), _UNKNOWN_AGE)
        case AskedStep.REPLICATION:
            return (*told_replication(content, place=place, facts=facts), _UNKNOWN_AGE)


def _time_to_live(content: Mapping[str, Any]) -> Faults:
    attribute = content.get("AttributeName")
    if set(content) != {"AttributeName", "Enabled"} or content.get("Enabled") is not True:
        yield "TimeToLiveSpecification must say AttributeName, and Enabled as true, and nothing else"
    if not isinstance(attribute, str) or not 0 < len(attribute) <= _ATTRIBUTE or not is_plain(attribute):
        yield f"AttributeName must be a name of 1 to {_ATTRIBUTE} visible ASCII characters"


def _stream(content: Mapping[str, Any]) -> Faults:
    if set(content) != {"StreamEnabled", "StreamViewType"} or content.get("StreamEnabled") is not True:
        yield "StreamSpecification must say StreamViewType, and StreamEnabled as true, and nothing else"
    if content.get("StreamViewType") not in _VIEWS:
        yield f"StreamViewType must be one of {', '.join(_VIEWS)}"


_FAULTS: Final[Mapping[AskedStep, Callable[[Mapping[str, Any]], Faults]]] = {
    AskedStep.TIME_TO_LIVE: _time_to_live,
    AskedStep.STREAM: _stream,
    AskedStep.LIFECYCLE: lifecycle_faults,
    AskedStep.NOTIFICATIONS: notification_faults,
    AskedStep.REPLICATION: replication_faults,
}
