"""The risks of a request, worked out: whoever wrote it could leave out the one for which more people are needed."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.canonical import read_canonical
from strongroom.domain.catalogue.rows import RISKS_OF_TYPES, VAULT_KEY
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.written import text_of, texts_of

# The kinds of requests that a person wrote: all metadata of a job, or the parameters of a service's own call.
RAW: Final = "raw"
NATIVE: Final = "native"
WRITTEN: Final = (RAW, NATIVE)
# The kind of a request that follows a restore: a call that sets again on what it made what deletes or calls out.
AFTER: Final = "after"
# The kinds that are carried out by a call of a service.
CALLED: Final = (NATIVE, AFTER)
# What follows a restore and is not grave by its call: it names nobody who is called, and no role.
_HARMLESS: Final = ("dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive", "s3:PutLifecycleConfiguration")
_NOTIFYING: Final = "s3:PutBucketNotification"
_NOTIFICATIONS, _BRIDGE = "NotificationConfiguration", "EventBridgeConfiguration"
# Amazon S3 API Reference, NotificationConfiguration: of each list the key under which stands who is called.
_CALLED_BY: Final = {
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
}
_BESIDE: Final = frozenset(("Events", "Filter", "Id"))
_LOCAL: Final = "local"
_SERVICE, _ACCOUNT, _RESOURCE, _PARTS = 2, 4, 5, 6
_BACKUP, _TEMPORARY_VAULT = "backup", "backup-vault:strongroom-restores"


def worked_out_risks(content: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What the request states, and what follows from its kind, its type and the way back, whether stated or not.

    None, which is every risk there is, where it states none, not even an empty list, or its type is unknown or not that
    of its recovery point. MalformedRecordError where they are no texts.
    """
    stated = texts_of(content["risks"], of="risks") if "risks" in content else None
    names = ("resource_type", "vault", "temporary_vault")
    kind, vault, temporary = (text_of(content[name], of=name) if name in content else "" for name in names)
    known = RISKS_OF_TYPES.get(kind)
    if stated is None or known is None or _part(content["recovery_point"], _SERVICE) not in known.services:
        return None
    follows = known.of_copy_back if _is_copied_back(content, vault=vault) else ()
    if _is_temporary(temporary, account=content["account"]):
        follows = tuple(risk for risk in follows if risk != VAULT_KEY)
    written = (ELEVATED_RISK,) if _is_grave(content) else ()
    return tuple(dict.fromkeys((*stated, *written, *known.of_type, *follows)))


def _is_grave(content: Mapping[str, Any]) -> bool:
    """Whether the stricter rule decides on it by its kind, or by its call and the parameter of that."""
    if content.get("kind") != AFTER:
        return content.get("kind") in WRITTEN
    return is_grave_call(content.get("call"), content.get("metadata"), account=content["account"])


def is_grave_call(call: Any, metadata: Any, *, account: str) -> bool:
    """Whether a call that follows a restore calls strangers, or does what is not known here; nothing is believed of it.

    Notifications must be the canonical text of who is called in the account alone.
    """
    if call != _NOTIFYING:
        return call not in _HARMLESS
    if not isinstance(metadata, Mapping) or set(metadata) != {_NOTIFICATIONS}:
        return True
    text = metadata[_NOTIFICATIONS]
    try:
        said = read_canonical(text) if isinstance(text, str) else None
    except MalformedRecordError:
        return True
    return not isinstance(said, dict) or not all(_stays_within(*each, account=account) for each in said.items())


def _stays_within(name: str, said: Any, *, account: str) -> bool:
    """Whether whoever is called by that key of notifications is of the account."""
    if name == _BRIDGE:
        return bool(said == {})
    key = _CALLED_BY.get(name)
    return (
        key is not None
        and isinstance(said, list)
        and all(
            isinstance(one, dict)
            and set(one) <= {key, *_BESIDE}
            and isinstance(one.get(key), str)
            and _part(one[key], _ACCOUNT) == account
            for one in said
        )
    )


def _is_copied_back(content: Mapping[str, Any], *, vault: str) -> bool:
    """Whether it says so, or its recovery point or vault lies in another account, out of which nothing is restored.

    What follows a restore copies nothing, wherever that was out of.
    """
    if content.get("kind") == AFTER:
        return False
    owners = {_part(arn, _ACCOUNT) for arn in (content["recovery_point"], vault)} - {""}
    return content["plan"] != _LOCAL or not owners <= {content["account"]}


def _is_temporary(vault: str, *, account: str) -> bool:
    """Whether it is the account's temporary vault, under whose key whatever comes back may stay."""
    found = tuple(_part(vault, place) for place in (_SERVICE, _ACCOUNT, _RESOURCE))
    return found == (_BACKUP, account, _TEMPORARY_VAULT)


def _part(arn: str, place: int) -> str:
    """That part of an ARN; nothing of what is none."""
    parts = arn.split(":", _PARTS - 1)
    return parts[place] if len(parts) == _PARTS else ""
