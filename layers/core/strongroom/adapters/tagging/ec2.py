"""Tags of EC2 instances and EBS volumes: one read, one write and one read-back for all of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from copy import replace
from itertools import batched
from typing import Any, Final

from strongroom.adapters.tagging.service_tags import ManyTags, ServiceTags, as_list, as_mapping
from strongroom.domain.identifiers import Arn
from strongroom.domain.tags.seen import Seen

MEMBER_ACTIONS = ("ec2:CreateTags", "ec2:DescribeInstances", "ec2:DescribeTags", "ec2:DescribeVolumes")

# So many values a filter takes (Amazon EC2 API Reference, "Filter").
_MOST_VALUES: Final = 200
_MOST_TAGGED: Final = 1_000
_ENDED: Final = ("shutting-down", "terminated", "deleting", "deleted")
_HELD: Final = ("attached", "attaching")


def _read(ec2: Any, arn: Arn) -> dict[str, str]:
    # DescribeTags answers an empty list for what does not exist; CreateTags is what tells a resource that is gone.
    pages = ec2.get_paginator("describe_tags").paginate(Filters=[{"Name": "resource-id", "Values": [arn.name]}])
    return as_mapping([tag for page in pages for tag in page["Tags"]])


def _add(ec2: Any, arn: Arn, tags: Mapping[str, str]) -> None:
    ec2.create_tags(Resources=[arn.name], Tags=as_list(tags))


def _look_at(ec2: Any, arns: Sequence[Arn]) -> dict[str, Seen]:
    # By a filter, what is not there is left out; by its id, it would fail the call for all.
    # The volumes of instances are described with the others: they alone show by which keys instances are encrypted.
    asked = [arn for arn in arns if arn.resource.startswith("instance/")]
    instances = {str(arn): _instance(arn, found) for arn, found in _described(ec2, asked, _INSTANCES)}
    behind = [Arn.parse(volume) for seen in instances.values() for volume in seen.volumes]
    volumes = {str(arn): _volume(found) for arn, found in _described(ec2, [*_volumes(arns), *behind], _VOLUMES)}
    keyed = {arn: replace(seen, keys=_keys(seen.volumes, volumes)) for arn, seen in instances.items()}
    return keyed | {str(arn): volumes[str(arn)] for arn in _volumes(arns) if str(arn) in volumes}


def _volumes(arns: Sequence[Arn]) -> list[Arn]:
    return [arn for arn in arns if arn.resource.startswith("volume/")]


def _keys(of: Sequence[str], volumes: Mapping[str, Seen]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in of if each in volumes for key in volumes[each].keys))


def _add_to(ec2: Any, arns: Sequence[Arn], tags: Mapping[str, str]) -> None:
    for some in batched((arn.name for arn in arns), _MOST_TAGGED, strict=False):
        ec2.create_tags(Resources=list(some), Tags=as_list(tags))


def _shown_of(ec2: Any, arns: Sequence[Arn]) -> dict[str, Mapping[str, str]]:
    shown: dict[str, dict[str, str]] = {arn.name: {} for arn in arns}
    for some in batched(shown, _MOST_VALUES, strict=False):
        filters = [{"Name": "resource-id", "Values": list(some)}]
        for page in ec2.get_paginator("describe_tags").paginate(Filters=filters):
            for tag in page["Tags"]:
                shown[tag["ResourceId"]][tag["Key"]] = tag["Value"]
    return {str(arn): shown[arn.name] for arn in arns}


# The operation, the filter by id, and the id in what is described.
_INSTANCES: Final = ("describe_instances", "instance-id", "InstanceId")
_VOLUMES: Final = ("describe_volumes", "volume-id", "VolumeId")


def _described(ec2: Any, arns: Sequence[Arn], how: tuple[str, str, str]) -> Iterator[tuple[Arn, dict[str, Any]]]:
    operation, name, key = how
    known = {arn.name: arn for arn in arns}
    for some in batched(known, _MOST_VALUES, strict=False):
        for page in ec2.get_paginator(operation).paginate(Filters=[{"Name": name, "Values": list(some)}]):
            groups = [{"Instances": page.get("Volumes", [])}, *page.get("Reservations", ())]
            for each in (each for group in groups for each in group["Instances"]):
                if each[key] in known and _state(each) not in _ENDED:
                    yield known[each[key]], each


def _state(described: Mapping[str, Any]) -> str:
    """The state of an instance, which is a document, or of a volume, which is a text."""
    state = described.get("State", "")
    return str(state["Name"] if isinstance(state, Mapping) else state)


def _instance(arn: Arn, found: Mapping[str, Any]) -> Seen:
    volumes = [each["Ebs"]["VolumeId"] for each in found.get("BlockDeviceMappings", ()) if "Ebs" in each]
    beside = str(arn).removesuffix(arn.resource)
    return Seen(tags=as_mapping(found.get("Tags", [])), volumes=tuple(f"{beside}volume/{each}" for each in volumes))


def _volume(found: Mapping[str, Any]) -> Seen:
    holders = [each["InstanceId"] for each in found.get("Attachments", ()) if each.get("State") in _HELD]
    keys = (found["KmsKeyId"],) if found.get("KmsKeyId") else ()
    return Seen(tags=as_mapping(found.get("Tags", [])), attached_to=next(iter(holders), None), keys=keys)


TAGS = ServiceTags(client="ec2", read=_read, add=_add, many=ManyTags(look=_look_at, add=_add_to, shown=_shown_of))
