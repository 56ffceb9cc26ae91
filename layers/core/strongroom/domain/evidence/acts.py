"""Whether what was carried out is what was asked for: the intent, and the restore job as it was at its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.identifiers import ACCESS_VAULTS, AccountId, Arn, Region
from strongroom.domain.proofs.risks import AFTER, CALLED
from strongroom.domain.restores.metadata import differing_keys, told_settings
from strongroom.domain.written import moment_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.evidence.entries import ChainEntry
    from strongroom.domain.evidence.history import History
    from strongroom.domain.proofs.asked import AskedRestore

COPY_BACK: Final = "copy-back"
COMPLETED: Final = "COMPLETED"
# A job is made just after the call that asks for it, and a call that was not answered is made again.
_LATEST: Final = timedelta(minutes=10)


def why_not_intended(asked: AskedRestore, history: History, intent: ChainEntry) -> str:
    """Why the recovery point of the intent is not the approved one, or what was copied of it; empty if it is.

    What is copied back is the approved one itself, but where the request names a vault to copy it through: then it is
    what lies there.
    """
    point, is_copying = intent.facts.get("recovery_point"), intent.kind == EntryKind.COPY_BACK_INTENDED
    is_in_two = bool(asked.content.get("through_vault"))
    if point == asked.content["recovery_point"]:
        return "it was not copied through the vault between before" if is_copying and is_in_two else ""
    if asked.content["plan"] != COPY_BACK or (is_copying and not is_in_two):
        return "it is about another recovery point than the one that was asked for"
    made_by = EntryKind.COPIED_THROUGH if is_copying else EntryKind.COPIED_BACK
    copied = [entry.facts.get("recovery_point") for entry in history.before_intent(made_by)]
    how = "through the vault between" if is_copying else "back"
    return "" if point in copied and isinstance(point, str) else f"its recovery point was not copied {how} before"


def why_not_let_in(asked: AskedRestore, history: History) -> str:
    """Why the approval team of the request had not opened its vault before the intent; empty if it had, or has none.

    What the team was asked must be this request's alone each time, and what it opened what it was asked for.
    MalformedRecordError where the request does not say where that is.
    """
    if "approval_team" not in asked.content:
        return ""
    wanted = _access_of(asked)
    asks = history.before_intent(EntryKind.ACCESS_INTENDED)
    if not asks:
        return "its approval team was not asked before to open its vault"
    for entry in asks:
        if any(entry.facts.get(name) != value for name, value in wanted.items()):
            return f"what its approval team was asked in entry {entry.number} is not what was asked for"
    opened = history.before_intent(EntryKind.ACCESS_OPENED)
    is_open = any(each.number > asks[0].number and each.facts.get("vault") == wanted["vault"] for each in opened)
    return "" if is_open else "its approval team had not opened its vault before"


def _access_of(asked: AskedRestore) -> Mapping[str, str]:
    """Which team opens which vault, and through which one of the account it is seen then."""
    names = ("approval_team", "region", "vault")
    team, region, source = (text_of(asked.content.get(name), of=f"the request's {name}") for name in names)
    partition = source.split(":")[1] if ":" in source else ""
    account, name = AccountId(str(asked.content["account"])), f"{ACCESS_VAULTS}{asked.id}"
    vault = str(Arn(partition, "backup", Region(region), account, f"backup-vault:{name}"))
    return {"source": source, "team": team, "vault": vault}


def why_not_restored(
    asked: AskedRestore, *, intent: ChainEntry, started: ChainEntry, restored: ChainEntry, intended_at: datetime
) -> str:
    """Why the job as it was described at its end is not the one that was asked for; empty if it is.

    `intended_at` is when the witness saw the intent.
    """
    job = _record(restored.facts.get("job"), of="the job")
    wanted = {
        "Status": COMPLETED,
        "AccountId": asked.content["account"],
        **_made_of(asked, intent=intent),
    }
    for name, value in wanted.items():
        if job.get(name) != value:
            return f"the job's {name} is not {value}"
    if job.get("RestoreJobId", started.facts["job"]) != started.facts["job"]:
        return "it is another job than the one that was started"
    metadata = _record(job.get("Metadata"), of="the job's Metadata")
    approved = told_settings(tuple(asked.content["metadata"].items()), kind=asked.content.get("kind", ""))
    if differing := differing_keys(approved, used=metadata):
        return f"the job's Metadata has another {differing[0][:60]} than was approved"
    if asked.content.get("kind") == AFTER:
        if restored.facts.get("created") != asked.content["resource"]:
            return "it was done on something else than what was asked for"
        # A setting tells no time at which it was made, so that of its call counts.
        return why_not_made_then(asked, started.at, intended_at=intended_at)
    made = moment_of(job.get("CreationDate"), of="the job's CreationDate")
    return why_not_made_then(asked, made, intended_at=intended_at)


def _made_of(asked: AskedRestore, *, intent: ChainEntry) -> dict[str, Any]:
    """What tells the restore from others; of a service's own call neither backup nor role is told, but the request."""
    kind = asked.content.get("kind")
    if kind == AFTER:
        return {"Request": asked.id, "Resource": asked.content["resource"]}
    if kind in CALLED:
        return {"Request": asked.id}
    return {"RecoveryPointArn": intent.facts["recovery_point"], "IamRoleArn": asked.content["role"]}


def why_not_made_then(asked: AskedRestore, made: datetime, *, intended_at: datetime) -> str:
    """Why a job that was made at that time is not the one that was intended; empty if it may be."""
    if made < intended_at or made - asked.act_before > _LATEST:
        return "the job was not made between the intent and the end of the approval"
    return ""


def started_job(started: ChainEntry) -> str:
    """The id of the job that was started."""
    return text_of(started.facts.get("job"), of="job")


def _record(content: Any, *, of: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise MalformedRecordError(f"{of} is not a record")
    return content
