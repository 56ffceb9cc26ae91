"""Resources in the ledger: `RESOURCE#<arn>` / `STATE`; other capabilities add their own attributes to the same item.

What waits until it can be tagged is on the sparse index `due` in a bucket of its own, due when it is looked at next;
`task` has what the look takes. In another stands whose tag we wrote, by when, for whoever tells the owners.
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.ledger.changes import AllOf, AnyOf, AtMost, Change, Equals, Key, Not, absent
from strongroom.adapters.ledger.copies.promised import promised_tier
from strongroom.adapters.ledger.copies.protection import new_expected
from strongroom.adapters.ledger.table import ACTIONS_READ_MANY, BATCH, Item, to_moment, to_text
from strongroom.adapters.ledger.telling.alerts import alert_key, is_open
from strongroom.adapters.ledger.written_tags import WRITTEN
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.rows import TYPES
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.quarrels import Drift, Quarrel
from strongroom.domain.tags.remembered import Judged, Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.domain.tags.waiting import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from strongroom.adapters.ledger.changes import Condition
    from strongroom.adapters.ledger.table import WholeTable
    from strongroom.domain.catalogue.model import ResourceType


WAITING: Final = "tag-waiting"
_RESOURCE: Final = "RESOURCE#"
_WRITTEN: Final = (TagState.TAGGED, TagState.CORRECTED)


class LedgerResources:
    """The resource book, kept in the ledger."""

    ACTIONS: Final = ACTIONS_READ_MANY

    def __init__(self, table: WholeTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def recall(self, arns: Iterable[str], *, is_latest: bool = False) -> dict[str, Remembered]:
        """What is remembered of the resources, or was a moment ago; what is not there is not known."""
        wanted = tuple(dict.fromkeys(arns))
        keys = {arn: (_key(arn), _alert_key(arn)) for arn in wanted}
        both = [key for pair in keys.values() for key in pair]
        found = self._latest(both) if is_latest else self._table.get_many(both)
        return {
            arn: _remembered(found.get(key, {}), alert=found.get(alert))
            for arn, (key, alert) in keys.items()
            if key in found or alert in found
        }

    def record(
        self, judged: Sequence[Judged], *, now: datetime, known: Mapping[str, Remembered] | None = None
    ) -> tuple[str, ...]:
        """Remember each verdict, unless a later one is there already, and what else it entails; the ARNs of the rest.

        As many as one call takes are written together; where something is in the way, each by itself. A resource that
        was left alone at the tier we know keeps the reason why it has that tier, and one that somebody else has judged
        since it was `known` keeps that judgement.
        """
        changes = [pair for each in judged for pair in _changes(each, known=known, now=now).items()]
        left: set[Key] = set()
        for some in batched(changes, BATCH, strict=False):
            if not self._written_together(dict(some)):
                left.update(key for key, change in some if not self._table.change(key, change))
        return tuple(each.verdict.resource for each in judged if _key(each.verdict.resource) in left)

    def waiting(self, now: datetime, *, most: int) -> tuple[Task, ...]:
        """What is due to be looked at, the longest due first; what was decided meanwhile is not among it."""
        listed = self._table.due(bucket=WAITING, until=to_text(now))
        keys = [Key(item["pk"], item["sk"]) for item, _ in zip(listed, range(most), strict=False)]
        items = self._table.get_many(keys)
        return tuple(_task(items[key]) for key in keys if key in items and "task" in items[key])

    def tier_of(self, arn: str) -> str | None:
        """The tier of a resource, or of what a recovery point was made of, as far as it is remembered."""
        known = (self._table.get(_key(arn)) or {}).get("tier")
        return str(known) if known else promised_tier(self._table, arn)

    def _latest(self, keys: Iterable[Key]) -> dict[Key, Item]:
        found = ((key, self._table.get(key)) for key in keys)
        return {key: item for key, item in found if item is not None}

    def _written_together(self, changes: dict[Key, Change]) -> bool:
        try:
            return self._table.change_all(changes)
        except TemporarilyUnavailableError:
            # One of the items is being written by somebody else.
            return False


def _changes(judged: Judged, *, known: Mapping[str, Remembered] | None, now: datetime) -> dict[Key, Change]:
    verdict, key = judged.verdict, _key(judged.verdict.resource)
    waits = judged.waits is not None and verdict.until is not None
    is_ours = verdict.state in _WRITTEN and bool(verdict.writes)
    written = {
        "account": verdict.account,
        "region": verdict.region,
        "tag_state": verdict.state,
        "tag_reason": verdict.reason,
        "tag_event": judged.event_id,
        "decided_at": to_text(now),
        "tier": verdict.tier or "",
        "had": judged.had,
        "label": judged.label or None,
        "limits": list(judged.limits) or None,
        "quarrels": [_quarrel_said(each) for each in judged.quarrels] or None,
        "key_untold": judged.is_key_untold or None,
        "told_in": judged.told_in or None,
        "due_bucket": WAITING if waits else WRITTEN if is_ours else None,
        "due_at": to_text(verdict.until) if waits and verdict.until else to_text(now) if is_ours else None,
        "task": _said(judged.waits) if waits and judged.waits else None,
    }
    is_latest = AnyOf(absent("decided_at"), AtMost("decided_at", to_text(now)))
    is_limited = Equals("tag_state", TagState.CANNOT)
    is_other = AnyOf(
        Not(Equals("tier", verdict.tier or "")),
        Not(is_limited) if verdict.state is TagState.CANNOT else is_limited,
        Not(absent("told_in")),
        absent("key_untold") if judged.is_key_untold else Not(absent("key_untold")),
    )
    is_same = verdict.found_right and not judged.quarrels
    is_news = AllOf(is_latest, is_other) if is_same else is_latest
    when = is_news if known is None else AllOf(is_news, _is_as_known(known.get(verdict.resource)))
    return {key: Change(set=written, when=when)} | dict(map(new_expected, judged.expected))


def _is_as_known(known: Remembered | None) -> Condition:
    """Whether the last judgement is still the one that was recalled."""
    if known is None or known.event_id is None:
        return absent("tag_event")
    return Equals("tag_event", known.event_id)


def _key(arn: str) -> Key:
    return Key(f"{_RESOURCE}{arn}", "STATE")


def _alert_key(arn: str) -> Key:
    return alert_key(fingerprint(AlertKind.RESOURCE_NOT_TAGGED, arn))


def _remembered(item: Item, *, alert: Item | None) -> Remembered:
    return Remembered(
        waits="task" in item,
        tier=item.get("tier") or None,
        state=item.get("tag_state"),
        event_id=item.get("tag_event"),
        is_told="told_in" in item or (alert is not None and is_open(alert)),
        had=item.get("had"),
        label=item.get("label"),
        limits=tuple(item.get("limits", ())),
        quarrels=tuple(_quarrel(each) for each in item.get("quarrels", ())),
        is_key_untold="key_untold" in item,
        told_in=item.get("told_in", ""),
    )


def _quarrel_said(quarrel: Quarrel) -> dict[str, Any]:
    times = [to_text(each) for each in quarrel.times]
    return {"by": quarrel.by, "times": times, "is_open": quarrel.is_open}


def _quarrel(said: Item) -> Quarrel:
    return Quarrel(by=said["by"], times=tuple(map(to_moment, said["times"])), is_open=said["is_open"])


def _said(task: Task) -> dict[str, Any]:
    """What the next look takes; facts of the catalogue are said by what they are called there."""
    made, written = task.made, task.written
    return {
        "arn": made.resource.arn,
        "label": made.resource.label,
        "type": made.type.name,
        "of_label": made.type.label,
        "kind": made.kind.name,
        "limits": [each.fact for each in made.limits],
        "origins": list(made.origins),
        "invoked_by": made.invoked_by,
        "keys": list(made.keys),
        "event_id": task.event_id,
        "made_at": to_text(task.made_at),
        "since": to_text(task.since),
        "looks": task.looks,
        "written": None if written is None else _verdict_said(written),
        "drift": None if task.drift is None else _drift_said(task.drift),
    }


def _drift_said(drift: Drift) -> dict[str, Any]:
    return {
        "act": drift.act,
        "at": to_text(drift.at),
        "keys": list(drift.keys),
        "caller": drift.caller,
        "role": drift.role,
        "person": drift.person,
        "through": drift.through,
    }


def _verdict_said(verdict: TagVerdict) -> dict[str, Any]:
    return {
        "state": verdict.state,
        "reason": verdict.reason,
        "tier": verdict.tier,
        "previous": verdict.previous,
        "writes": dict(verdict.writes),
        "is_without_backups": verdict.is_without_backups,
        "is_only_said": verdict.is_only_said,
    }


def _task(item: Item) -> Task:
    said = item["task"]
    account, region = AccountId(item["account"]), Region(item["region"])
    resource = Resource(arn=said["arn"], label=said["label"], account=account, region=region)
    row = _row(said)
    made = Made(
        resource=resource,
        kind=Kind[said["kind"]],
        type=row,
        limits=tuple(each for each in row.limits if each.fact in said["limits"]),
        origins=tuple(said["origins"]),
        invoked_by=said["invoked_by"],
        keys=tuple(said.get("keys", ())),
    )
    written, drift = said["written"], said.get("drift")
    return Task(
        made=made,
        event_id=said["event_id"],
        made_at=to_moment(said["made_at"]),
        since=to_moment(said["since"]),
        looks=said["looks"],
        written=None if written is None else _verdict(written, resource),
        drift=None if drift is None else _drift(drift),
    )


def _drift(said: Item) -> Drift:
    return Drift(
        act=said["act"],
        at=to_moment(said["at"]),
        keys=tuple(said["keys"]),
        caller=said["caller"],
        role=said["role"],
        person=said["person"],
        through=said["through"],
    )


def _row(said: Item) -> ResourceType:
    return next(row for row in TYPES if (row.name, row.label) == (said["type"], said["of_label"]))


def _verdict(said: Item, resource: Resource) -> TagVerdict:
    return TagVerdict(
        state=TagState(said["state"]),
        reason=said["reason"],
        resource=resource.arn,
        account=resource.account,
        region=resource.region,
        tier=said["tier"],
        previous=said["previous"],
        writes=said["writes"],
        is_without_backups=said["is_without_backups"],
        is_only_said=said["is_only_said"],
    )
