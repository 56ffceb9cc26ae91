"""What a volume out of a snapshot asks of whoever makes it: the snapshot, its tags, and the use of keys.

Sources: Service Authorization Reference, "Amazon EC2" (CreateVolume, CreateTags); Amazon EC2 User Guide, "Grant
permission to tag resources during creation"; EBS User Guide, "Requirements for Amazon EBS encryption".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.authority.judging import why_principal_may_not
from sandbox.seams import request_facts, volumes
from sandbox.seams.iam import authority as seams
from sandbox.seams.iam.authority import Asked, Further, Question

_CREATE: Final = "ec2:CreateVolume"
# The new volume's key is used for the data key and lent to EC2, the snapshot's to read what lies under it.
_OF_THE_NEW: Final = ("kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext")
_OF_THE_OLD: Final = ("kms:Decrypt",)


def parts_of_volumes(action: str, asked: Asked) -> Iterator[Further]:
    """The questions about the snapshot that a volume is made out of, and about the tags that it is made with."""
    if action != _CREATE:
        return
    tags = request_facts.condition_keys(action, asked.request.body, asked.request.params)
    named = asked.request.text("SnapshotId")
    if named and (facts := volumes.snapshot_facts(named)) is not None:
        keys = {f"aws:ResourceTag/{key}": value for key, value in facts["tags"].items()}
        yield Further(action, f"arn:aws:ec2:{asked.region}::snapshot/{named}", keys)
    if tags:
        made = f"arn:aws:ec2:{asked.region}:{asked.account}:volume/*"
        asking = {key: value for key, value in tags.items() if key != request_facts.TAGS_BY_KIND}
        yield Further("ec2:CreateTags", made, {**asking, "ec2:CreateAction": "CreateVolume"})


def keys_of_volumes(action: str, asked: Asked) -> Mapping[str, Any]:
    """Whether a volume is asked for encrypted; nothing of any other call."""
    if action != _CREATE:
        return {}
    return {"ec2:encrypted": "true" if asked.request.text("Encrypted").lower() == "true" else "false"}


def why_key_may_not(key_arn: str, snapshot_key_arn: str | None) -> str | None:
    """Why whoever asks for a volume may not have it under the key; None when it may."""
    asked = seams.asked()
    caller = seams.caller_of(asked) if asked is not None else None
    if asked is None or caller is None:
        return None
    lent: dict[str, Any] = {"kms:ViaService": f"ec2.{asked.region}.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
    uses = [(each, key_arn) for each in _OF_THE_NEW]
    if snapshot_key_arn:
        uses += [(each, snapshot_key_arn) for each in _OF_THE_OLD]
    judged = (why_principal_may_not(caller, Question(caller.arn, action, key, lent)) for action, key in uses)
    return next((why for why in judged if why is not None), None)
