"""Private touches of MiniStack's S3: whom a bucket calls, and into which buckets it is replicated.

Pinned by `tests/contract/seams/test_calling_out.py`. MiniStack takes queues in order, two notifications of one event,
functions that do not let S3 in, replicas into buckets that nobody has, and rules with a filter that say nothing of
markers of deletions, or no priority; and it tells names of filters in small letters.
Sources: Amazon S3 API Reference, PutBucketNotificationConfiguration and PutBucketReplication; Amazon S3 User Guide,
"Event notification types and destinations", "Configuring event notifications using object key name filtering" and
"Replication configuration file elements".
"""
# ruff: noqa: SLF001

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final
from xml.etree import ElementTree as ET

from sandbox.seams import host as seams

_S3: Final = "ministack.services.s3"
_IN_ORDER: Final = ".fifo"
_UNTRIED: Final = "Unable to validate the following destination configurations"
_OVERLAP: Final = "Configurations overlap. Configurations on the same bucket cannot share a common event type."
_EVERY: Final = "*"
_WITH_A_FILTER: Final = ("DeleteMarkerReplication", "Priority")
_BESIDE_A_FILTER: Final = "must be specified for this version of Cross Region Replication configuration schema."

type Notification = Mapping[str, Any]
type MayInvoke = Callable[[str, str, str], bool]
type Answer = tuple[int, dict[str, str], Any]


def be_strict(may_invoke: MayInvoke) -> None:
    """Refuse what S3 refuses; `may_invoke(function, bucket, account)` tells whether a function lets S3 in, by ARNs."""
    seams.replace(_S3, "_validate_notification_configs", lambda original: _refusing(original, may_invoke))
    seams.replace(_S3, "_get_bucket_notification", _telling_as_s3_does)
    seams.replace(_S3, "_put_bucket_replication", _finding_buckets)


def _refusing(original: Callable[..., Any], may_invoke: MayInvoke) -> Callable[..., Any]:
    s3 = seams.service_module("s3")

    def validate(
        configs: list[dict[str, Any]],
        bucket_region: str,
        bucket_name: str = "",
        skip_destination_validation: bool = False,  # noqa: FBT001, FBT002 - as MiniStack has it
    ) -> Any:
        refused = original(configs, bucket_region, bucket_name, skip_destination_validation)
        if refused is not None:
            return refused
        if any(_overlap(one, other) for one, other in combinations(configs, 2)):
            return s3._error("InvalidArgument", _OVERLAP, 400)
        owner = s3._bucket_owner_account(bucket_name) or ""
        bucket = f"arn:aws:s3:::{bucket_name}"
        shut = [
            each["arn"]
            for each in configs
            if each["arn"].endswith(_IN_ORDER)
            or (each["type"] == "lambda" and not may_invoke(each["arn"], bucket, owner))
        ]
        if not shut or skip_destination_validation:
            return None
        return s3._error("InvalidArgument", f"{_UNTRIED}: {', '.join(shut)}", 400)

    return validate


def _overlap(one: Notification, other: Notification) -> bool:
    """Whether an object's name can meet both, of an event that both are about."""
    if not any(_share(mine, theirs) for mine in one["events"] for theirs in other["events"]):
        return False
    begins, ends = (
        _one_holds(one[f"filter_{name}"] or "", other[f"filter_{name}"] or "", at_its_end=name == "suffix")
        for name in ("prefix", "suffix")
    )
    return begins and ends


def _share(mine: str, theirs: str) -> bool:
    if not {mine[-1], theirs[-1]} & {_EVERY}:
        return mine == theirs
    return _one_holds(mine.rstrip(_EVERY), theirs.rstrip(_EVERY), at_its_end=False)


def _one_holds(mine: str, theirs: str, *, at_its_end: bool) -> bool:
    short, long = sorted((mine, theirs), key=len)
    return long.endswith(short) if at_its_end else long.startswith(short)


def _telling_as_s3_does(original: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Names of filters begin with a capital in what is told, whatever was sent."""

    def get_bucket_notification(name: str) -> Answer:
        status, headers, body = original(name)
        if isinstance(body, str):
            for said in ("prefix", "suffix"):
                body = body.replace(f"<Name>{said}</Name>", f"<Name>{said.capitalize()}</Name>")
        return status, headers, body

    return get_bucket_notification


def _finding_buckets(original: Callable[[str, bytes], Any]) -> Callable[[str, bytes], Any]:
    s3 = seams.service_module("s3")

    def put_bucket_replication(bucket_name: str, body: bytes) -> Any:
        if unsaid := next(_unsaid(body), ""):
            return s3._error("InvalidRequest", f"{unsaid} {_BESIDE_A_FILTER}", 400)
        answer = original(bucket_name, body)
        if answer[0] == 200 and any(s3._bucket_owner_account(name) is None for name in _written_into(body)):
            s3._bucket_replication.pop(bucket_name, None)
            return s3._error("InvalidRequest", "Destination bucket must exist.", 400)
        return answer

    return put_bucket_replication


def _unsaid(body: bytes) -> Iterator[str]:
    """What a rule with a filter has to say, and does not."""
    for rule in ET.fromstring(body).iter():  # noqa: S314 the peer is this machine
        said = {each.tag.rpartition("}")[2] for each in rule}
        if rule.tag.rpartition("}")[2] == "Rule" and "Filter" in said:
            yield from (name for name in _WITH_A_FILTER if name not in said)


def _written_into(body: bytes) -> Iterable[str]:
    found = ET.fromstring(body).iter()  # noqa: S314 the peer is this machine
    return [(each.text or "").rpartition(":")[2] for each in found if each.tag.rpartition("}")[2] == "Bucket"]
