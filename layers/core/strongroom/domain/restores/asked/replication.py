"""Replication rules of a bucket as they may be asked for: into buckets of its own account, under a role that is lent.

Source: Amazon S3 API Reference, ReplicationConfiguration and the types that it holds; Amazon S3 User Guide,
"Replicating objects within and across Regions", "Replicating delete markers between buckets" and "Replicating encrypted
objects". What gives replicas to another account is not asked for here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.lifecycle import in_one_spelling, is_plain, is_tag, told_scope
from strongroom.domain.restores.asked.rules import MOST_RULES, is_rules, rules_faults
from strongroom.domain.restores.deciding.reading import read_json, write_json
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strongroom.domain.restores.asked.places import Place

_RULE: Final = {
    "DeleteMarkerReplication",
    "Destination",
    "ExistingObjectReplication",
    "Filter",
    "ID",
    "Prefix",
    "Priority",
    "SourceSelectionCriteria",
    "Status",
}
_DESTINATION: Final = {"Bucket", "EncryptionConfiguration", "Metrics", "ReplicationTime", "StorageClass"}
_CRITERIA: Final = ("ReplicaModifications", "SseKmsEncryptedObjects")
_CLASSES: Final = (
    *("DEEP_ARCHIVE", "GLACIER", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "REDUCED_REDUNDANCY"),
    *("STANDARD", "STANDARD_IA"),
)
_ON: Final = {"Status": "Enabled"}
_OFF: Final = {"Status": "Disabled"}
_STATUS: Final = (_ON, _OFF)
_FIFTEEN: Final = {"Minutes": 15}  # Amazon S3 API Reference, ReplicationTimeValue: its only value
_MEASURED: Final = (_ON | {"EventThreshold": _FIFTEEN}, _OFF | {"EventThreshold": _FIFTEEN})
_TIMED: Final = (_ON | {"Time": _FIFTEEN}, _OFF | {"Time": _FIFTEEN})
_LARGEST: Final = 2_147_483_647
_BUCKET: Final = re.compile(r"arn:(aws[a-z-]*):s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
_KEY: Final = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}")


def replication_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a ReplicationConfiguration, a sentence each."""
    role, rules = content.get("Role"), content.get("Rules")
    if set(content) != {"Role", "Rules"} or not is_rules(rules):
        yield f"ReplicationConfiguration must say Role, and Rules, a list of 1 to {MOST_RULES}, and nothing else"
        return
    if not isinstance(role, str) or _ROLE.fullmatch(role) is None:
        yield "Role must be the ARN of a role of IAM"
    yield from rules_faults(rules, known=_RULE, faults_of=_rule_faults)
    places = [write_json([rule.get("Destination"), rule.get("Priority")]) for rule in rules if isinstance(rule, dict)]
    if len(set(places)) != len(places):
        yield "two of the Rules have one Priority for one Destination"


def _rule_faults(rule: Mapping[str, Any]) -> Iterator[str]:
    if "Prefix" in rule:
        yield (
            "write Prefix as Filter: without that S3 takes a rule for one of its first version, which deletes in the "
            "other bucket what is deleted here"
        )
    elif not _is_scope(rule.get("Filter")):
        yield "it must say Filter, in what S3 takes for it, in visible ASCII characters"
    elif rule.get("DeleteMarkerReplication") == _ON and set(rule["Filter"]) & {"And", "Tag"}:
        yield ("DeleteMarkerReplication cannot be Enabled in a rule for tags: S3 replicates no such marker by its tags")
    if not _is_priority(rule.get("Priority")):
        yield "Priority must be a whole number"
    if not _is_one_of(_STATUS, rule.get("DeleteMarkerReplication")):
        yield "DeleteMarkerReplication must say its Status, Enabled or Disabled"
    if rule.get("ExistingObjectReplication", _OFF) != _OFF:
        yield "ExistingObjectReplication can only be Disabled: what was restored is replicated by a job of S3's own"
    if "SourceSelectionCriteria" in rule and not _is_criteria(rule["SourceSelectionCriteria"]):
        yield f"SourceSelectionCriteria must say {' or '.join(_CRITERIA)}, or both, with a Status each"
        return
    yield from _destination_faults(rule.get("Destination"), takes_encrypted=_takes_encrypted(rule))


def _takes_encrypted(rule: Mapping[str, Any]) -> bool:
    """Whether the rule is also for objects under keys of KMS."""
    return bool(rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects") == _ON)


def _is_priority(said: Any) -> bool:
    return type(said) is int and 0 <= said <= _LARGEST


def _is_criteria(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and bool(said)
        and set(said) <= set(_CRITERIA)
        and all(_is_one_of(_STATUS, each) for each in said.values())
    )


def _is_one_of(known: tuple[Mapping[str, Any], ...], said: Any) -> bool:
    """Letter by letter, for 15.0 and true equal other numbers."""
    return write_json(said) in map(write_json, known)


def _destination_faults(said: Any, *, takes_encrypted: bool) -> Iterator[str]:
    if not isinstance(said, dict) or not isinstance(said.get("Bucket"), str) or not _BUCKET.fullmatch(said["Bucket"]):
        yield "Destination must say Bucket, the ARN of a bucket"
        return
    if unknown := sorted(set(said) - _DESTINATION):
        yield f"{', '.join(unknown)[:200]} of its Destination is not set here: who gives replicas away does so by hand"
    if said.get("StorageClass", "STANDARD") not in _CLASSES:
        yield f"StorageClass must be one of {', '.join(_CLASSES)}"
    if "EncryptionConfiguration" in said and not _is_encryption(said["EncryptionConfiguration"]):
        yield "EncryptionConfiguration must say ReplicaKmsKeyID, the ARN of a key by its id, and nothing else"
    if takes_encrypted != ("EncryptionConfiguration" in said):
        yield "EncryptionConfiguration must be said where SseKmsEncryptedObjects is Enabled, and nowhere else"
    if not _is_one_of((*_STATUS, *_MEASURED), said.get("Metrics", _OFF)):
        yield "Metrics must say its Status, Enabled or Disabled, and EventThreshold of 15 Minutes where it says one"
    if "ReplicationTime" in said and not _is_one_of(_TIMED, said["ReplicationTime"]):
        yield "ReplicationTime must say its Status, Enabled or Disabled, and Time of 15 Minutes"
    elif _is_on(said.get("ReplicationTime")) and not _is_one_of(_MEASURED[:1], said.get("Metrics")):
        yield "ReplicationTime takes Metrics that are Enabled, with an EventThreshold of 15 Minutes"


def _is_encryption(said: Any) -> bool:
    key = said["ReplicaKmsKeyID"] if isinstance(said, dict) and set(said) == {"ReplicaKmsKeyID"} else None
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def _is_scope(said: Any) -> bool:
    if not isinstance(said, dict) or len(said) > 1:
        return False
    inner = said.get("And")
    if inner is None:
        return all(
            _is_prefix(each) if name == "Prefix" else name == "Tag" and is_tag(each) for name, each in said.items()
        )
    tags = inner.get("Tags") if isinstance(inner, dict) else None
    if not isinstance(tags, list) or not tags or not all(map(is_tag, tags)):
        return False
    return set(inner) <= {"Prefix", "Tags"} and ("Prefix" not in inner or _is_prefix(inner["Prefix"]))


def _is_prefix(said: Any) -> bool:
    return isinstance(said, str) and is_plain(said)


def replication_in_one_spelling(content: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration as S3 tells it and as it is sent."""
    return {**content, "Rules": in_one_spelling(content["Rules"])}


def misplaced_replication(content: Mapping[str, Any], *, place: Place, facts: Mapping[str, str]) -> Iterator[str]:
    """What is not of the bucket's own account by its ARN, or not of the Region of its bucket, a sentence each."""
    ours = (place.partition, place.account)
    if _owner(content["Role"]) != ours:
        yield f"the role {content['Role']} is not of account {place.account}, and is not lent"
    for rule in content["Rules"]:
        key = _key(rule)
        if key and _owner(key) != ours:
            yield f"rule {rule['ID']}: the key {key} is not of account {place.account}: set such a rule by hand"
        target = Arn.parse(rule["Destination"]["Bucket"])
        if target.partition != place.partition:
            yield (
                f"rule {rule['ID']}: the bucket {target} is not of the partition {place.partition}, in which this one "
                "lies: name one that is"
            )
        bucket = _bucket(rule)
        region = facts.get(lies_in(bucket))
        if key and region is not None and Arn.parse(key).region != region:
            yield (
                f"rule {rule['ID']}: the key {key} lies in another Region than the bucket {bucket}, which lies in "
                f"{region}: name a key of that Region"
            )


def _owner(text: str) -> tuple[str, str]:
    arn = Arn.parse(text)
    return arn.partition, arn.account


def _key(rule: Mapping[str, Any]) -> str:
    """The ARN of the key of its replicas; empty where the bucket's own is taken."""
    said = rule["Destination"].get("EncryptionConfiguration")
    return str(said["ReplicaKmsKeyID"]) if said else ""


def replica_buckets(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the buckets that the rules write into, each once."""
    return tuple(sorted({_bucket(rule) for rule in content["Rules"]}))


def _bucket(rule: Mapping[str, Any]) -> str:
    """The name of the bucket that a rule writes into."""
    return str(rule["Destination"]["Bucket"].rpartition(":")[2])


def passed_role(call: str, metadata: Mapping[str, str]) -> str:
    """The role that a call passes to S3, by parameters that were read; empty for a call that passes none."""
    asked = CALLS[AskedStep.REPLICATION]
    return str(read_json(metadata[asked.parameter])["Role"]) if call == asked.call else ""


def lies_in(bucket: str) -> str:
    """By which name a request says in which Region a bucket lies."""
    return f"{bucket} lies in"


def told_replication(content: Mapping[str, Any], *, place: Place, facts: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each rule, by the Regions of the buckets, and what else there is to know of all."""
    for rule in content["Rules"]:
        where = f"Rule {write_json(rule['ID'])}, {told_scope(rule)}"
        is_off = rule["Status"] == "Disabled"
        still = "it is switched off, and does nothing until somebody switches it on; from then on " if is_off else ""
        yield f"{where}: {still}{_told_copies(rule, place=place, facts=facts)}."
    yield f"S3 does so under the role {content['Role']}, which the profile lends, and with whatever that may do."
    yield (
        "What has the same name there gets a newer version: look whether the original is replicated into the same "
        "bucket. What was restored is not replicated, but what is written from then on."
    )


def _told_copies(rule: Mapping[str, Any], *, place: Place, facts: Mapping[str, str]) -> str:
    said = rule["Destination"]
    bucket = _bucket(rule)
    region = facts.get(lies_in(bucket))
    kept = f", as {said['StorageClass']}" if "StorageClass" in said else ""
    key = _key(rule)
    under = f", under the key {key}" if key else ""
    gone = ", and each marker of a deletion," if rule.get("DeleteMarkerReplication") == _ON else ""
    away = f", another Region than {place.region}" if region != place.region else ""
    return (
        f"S3 copies each that is written{gone} into the bucket {bucket} of account "
        f"{place.account} in {region or 'a Region that nobody told'}{away}{kept}{under}{_told_besides(rule)}"
    )


def _told_besides(rule: Mapping[str, Any]) -> str:
    """What else it copies, and what that costs."""
    said = rule["Destination"]
    changed = rule.get("SourceSelectionCriteria", {}).get("ReplicaModifications") == _ON
    parts = (
        ", also those under a key of KMS, which the role decrypts"
        if _takes_encrypted(rule)
        else ", but none that lies under a key of KMS",
        ", with each change of tags, access and locks of what was replicated into this bucket" if changed else "",
        ", most within 15 minutes, which costs more" if _is_on(said.get("ReplicationTime")) else "",
        ", and CloudWatch counts them, which costs more" if _is_on(said.get("Metrics")) else "",
    )
    return "".join(parts)


def _is_on(said: Mapping[str, Any] | None) -> bool:
    return said is not None and said["Status"] == "Enabled"
