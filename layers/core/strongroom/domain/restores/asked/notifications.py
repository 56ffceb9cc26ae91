"""Notifications of a bucket as they may be asked for: whom S3 calls, and what approvers read of each.

Source: Amazon S3 API Reference, NotificationConfiguration and the types that it holds; Amazon S3 User Guide, "Amazon S3
Event Notifications": destinations lie in the bucket's Region, and queues and topics that keep an order are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.restores.asked.lifecycle import is_plain
from strongroom.domain.restores.deciding.reading import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.domain.restores.asked.places import Place

BRIDGE: Final = "EventBridgeConfiguration"
# Of each list the key under which a destination stands, what people call it, and the form of its ARN.
_ARN: Final = r"arn:(?P<partition>aws[a-z-]*):{}:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{{12}}):{}"
_LISTS: Final = {
    "LambdaFunctionConfigurations": (
        "LambdaFunctionArn",
        "function",
        re.compile(_ARN.format("lambda", r"function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?")),
    ),
    "QueueConfigurations": ("QueueArn", "queue", re.compile(_ARN.format("sqs", "[A-Za-z0-9_-]{1,80}"))),
    "TopicConfigurations": ("TopicArn", "topic", re.compile(_ARN.format("sns", "[A-Za-z0-9_-]{1,256}"))),
}
_MOST: Final = 20
_ID: Final = re.compile(r"[ -~]{1,255}")
_EVENTS: Final = frozenset(
    (
        *(f"s3:LifecycleExpiration:{each}" for each in ("*", "Delete", "DeleteMarkerCreated")),
        *(f"s3:ObjectCreated:{each}" for each in ("*", "CompleteMultipartUpload", "Copy", "Post", "Put")),
        *(f"s3:ObjectRemoved:{each}" for each in ("*", "Delete", "DeleteMarkerCreated")),
        *(f"s3:ObjectRestore:{each}" for each in ("*", "Completed", "Delete", "Post")),
        *(f"s3:ObjectTagging:{each}" for each in ("*", "Delete", "Put")),
        *("s3:IntelligentTiering", "s3:LifecycleTransition", "s3:ObjectAcl:Put", "s3:ReducedRedundancyLostObject"),
        *("s3:Replication:*", "s3:Replication:OperationFailedReplication", "s3:Replication:OperationMissedThreshold"),
        *("s3:Replication:OperationNotTracked", "s3:Replication:OperationReplicatedAfterThreshold"),
    )
)
_NAMES: Final = ("prefix", "suffix")
_LONGEST_VALUE: Final = 1024


def notification_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a NotificationConfiguration, a sentence each."""
    if not content or set(content) - {BRIDGE, *_LISTS}:
        known = ", ".join(sorted({BRIDGE, *_LISTS}))
        yield f"NotificationConfiguration must say one of {known} at least, and nothing else"
        return
    if content.get(BRIDGE, {}) != {}:
        yield f"{BRIDGE} must be an empty mapping"
    lists = [content[name] for name in _LISTS if name in content]
    if not all(isinstance(each, list) and each and all(isinstance(one, dict) for one in each) for each in lists):
        yield "each of its lists must have mappings, and one at least"
        return
    ids = [one.get("Id") for each in lists for one in each]
    if len(ids) > _MOST or not all(isinstance(each, str) and _ID.fullmatch(each) for each in ids):
        yield f"each of at most {_MOST} must have an Id of its own, of 1 to 255 visible ASCII characters"
    elif len(set(ids)) != len(ids):
        yield "two of them have one Id"
    for name in _LISTS:
        yield from (f"{name}: {fault}" for one in content.get(name, ()) for fault in _faults(name, one))


def _faults(name: str, one: Mapping[str, Any]) -> Iterator[str]:
    key, what, form = _LISTS[name]
    if unknown := sorted(set(one) - {key, "Events", "Filter", "Id"}):
        yield f"{', '.join(unknown)[:200]} is not known here"
    arn, events = one.get(key), one.get("Events")
    if not isinstance(arn, str) or form.fullmatch(arn) is None:
        yield f"{key} must be the ARN of a {what} that keeps no order, with its account and its Region"
    if not isinstance(events, list) or not events or not all(isinstance(each, str) for each in events):
        yield "Events must be a list of events, and have one at least"
    elif unknown := sorted(set(events) - _EVENTS):
        yield f"{', '.join(unknown)[:200]} is no event that is known here"
    if not _is_filter(one.get("Filter", {})):
        yield "Filter must say Key with FilterRules: one prefix and one suffix at most, in visible ASCII characters"


def _is_filter(said: Any) -> bool:
    if said == {}:
        return True
    rules = said["Key"].get("FilterRules") if _has_only(said, "Key") and isinstance(said["Key"], dict) else None
    if not isinstance(rules, list) or set(said["Key"]) != {"FilterRules"} or not all(map(_is_rule, rules)):
        return False
    names = [rule["Name"].lower() for rule in rules]
    return len(set(names)) == len(names)


def _is_rule(said: Any) -> bool:
    if not _has_only(said, "Name", "Value") or not all(isinstance(each, str) for each in said.values()):
        return False
    return said["Name"].lower() in _NAMES and len(said["Value"]) <= _LONGEST_VALUE and is_plain(said["Value"])


def _has_only(said: Any, *names: str) -> bool:
    return isinstance(said, dict) and set(said) == set(names)


def notifications_in_one_spelling(content: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration as S3 tells it and as it is sent: in one order, the names of filters in small letters.

    An empty prefix or suffix, which every key has, is left out, and so is a list that is empty. What is not known here
    stays as it is.
    """
    return {
        name: sorted(map(_spelled, said), key=lambda one: str(one.get("Id"))) if name in _LISTS else said
        for name, said in content.items()
        if said or name not in _LISTS
    }


def _spelled(one: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_filter(one.get("Filter", {})):
        return dict(one)
    rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    kept = sorted((rule["Name"].lower(), rule["Value"]) for rule in rules if rule["Value"])
    said = {name: value for name, value in one.items() if name != "Filter"}
    if kept:
        said["Filter"] = {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in kept]}}
    return said | {"Events": sorted(set(one.get("Events", ())))}


def keeps_notifications(wanted: Mapping[str, Any], *, found: Mapping[str, Any]) -> bool:
    """Whether all that is there is among what would take its place; both in the one spelling.

    AWS Backup has each bucket that it backs up tell EventBridge (AWS Backup Developer Guide, "Amazon S3 backups").
    """
    if not set(found) <= {BRIDGE, *_LISTS} & set(wanted):
        return False
    return all(one in wanted[name] for name in set(found) - {BRIDGE} for one in found[name])


def misplaced_notifications(content: Mapping[str, Any], *, place: Place) -> Iterator[str]:
    """What S3 takes for no destination of a bucket that lies there, a sentence each."""
    for what, arn, said in _destinations(content):
        if (said["partition"], said["region"]) != (place.partition, place.region):
            yield (
                f"the {what} {arn} lies elsewhere than the bucket, and S3 calls nothing out of {place.region}: "
                f"write a file with what there is in {place.region}"
            )


def strangers_called(content: Mapping[str, Any], *, place: Place) -> tuple[str, ...]:
    """The ARNs of what is called in other accounts than the bucket's."""
    return tuple(arn for _, arn, said in _destinations(content) if said["account"] != place.account)


def _destinations(content: Mapping[str, Any]) -> Iterator[tuple[str, str, re.Match[str]]]:
    for name, (key, what, form) in _LISTS.items():
        for one in content.get(name, ()):
            if said := form.fullmatch(one[key]):
                yield what, one[key], said


def told_notifications(content: Mapping[str, Any], *, place: Place) -> Iterator[str]:
    """A sentence for each that is called, and by what; those of other accounts are told as such."""
    for name, (key, what, form) in _LISTS.items():
        for one in content.get(name, ()):
            said = form.fullmatch(one[key])
            owner = "" if said is None else said["account"]
            verb = "invokes" if what == "function" else "sends a message to"
            yield f"S3 {verb} the {what} {one[key]} at each {_told_events(one)}."
            if owner != place.account:
                yield (
                    f"This {what} belongs to account {owner}, which is not the bucket's: it is told the names of the "
                    "objects, and whoever holds it decides what becomes of that."
                )
    if BRIDGE in content:
        yield (
            f"Every event of the bucket goes to EventBridge in account {place.account}, {place.region}, and calls "
            "whatever the rules there say."
        )
    if set(content) & {"QueueConfigurations", "TopicConfigurations"}:
        yield "Queues and topics get a message that tries them as soon as it is set."


def _told_events(one: Mapping[str, Any]) -> str:
    rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    which = " and ".join(f"{rule['Name']} {write_json(rule['Value'])}" for rule in rules)
    return f"{' or '.join(one['Events'])} of {f'objects with {which}' if which else 'every object'}"
