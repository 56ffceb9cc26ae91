"""Copy promises in the ledger: `COPY#<source recovery point ARN>` / `TO#<destination vault ARN>`.

A continuous backup has a promise for each night: `TO#<destination vault ARN>#NIGHT#<backup job id>`.

`due_bucket` and `due_at` put a promise that is to be looked at on the sparse index `due`.

Until it is settled the item says what its key says, too, for the sweep of the release before, which reads that. What is
settled does not, nor what else follows from the rest: 400 nights of it are kept, and backed up (`settled`).
"""

from datetime import timedelta
from typing import Final

from strongroom.adapters.ledger.changes import AllOf, Change, Equals, Exists, Key, absent
from strongroom.adapters.ledger.copies.promised import PROMISED, promises_of
from strongroom.adapters.ledger.copies.settled import copy_of, reason_of, region_of, shortened, source_of
from strongroom.adapters.ledger.due_buckets import due_bucket
from strongroom.adapters.ledger.table import Item, Table, read_item, to_moment, to_text
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.obstacles import Cause, GroupKey
from strongroom.domain.copies.promises import Learnt, Promise, PromiseKey, PromiseState
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import Lifecycle

_TO: Final = "TO#"
_NIGHT: Final = "#NIGHT#"
# What is settled is remembered for an auditor's year; older answers give the vault and the evidence.
_KEPT: Final = timedelta(days=400)
# By their values: to call an enumeration takes ten times as long, and a page of jobs is read with all its promises.
_STATES: Final = {each.value: each for each in PromiseState}
_LEARNT: Final = {each.value: each for each in Learnt}


class LedgerPromises:
    """The promise book, kept in the ledger; every change is made on what was read, and on nothing newer."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, promise: Promise) -> bool:
        """Open the promise; False when it was known already."""
        return self._table.put_new(_to_item(promise))

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        """The promise as it stands, or None; for a continuous backup see `nights`."""
        return self._stored(_key(recovery_point, destination))

    def nights(self, recovery_point: str, destination: str) -> tuple[Promise, ...]:
        """The promises of a continuous backup to that vault, one for each night."""
        every = self._table.under(promises_of(recovery_point), prefix=_sk(destination, night=""))
        return tuple(to_promise(item) for item in every)

    def of_point(self, recovery_point: str) -> tuple[Promise, ...]:
        """Every promise of the recovery point, to whichever vault and of whichever night."""
        return tuple(to_promise(item) for item in self._table.under(promises_of(recovery_point), prefix=_TO))

    def current(self, key: PromiseKey) -> Promise | None:
        """The promise as it stands, or None."""
        return self._stored(key_of_promise(key))

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""
        return next(iter(self._table.under(promises_of(recovery_point))), None) is not None

    def keep(self, promise: Promise, *, was: Promise) -> bool:
        """Write what became of the promise over what was read; False when somebody else has written it since."""
        read = Equals("revision", was.revision) if was.revision else absent("revision")
        change = Change(set=_standing(promise), when=AllOf(Exists("pk"), read))
        return self._table.change(_key_of(promise), change) is not None

    def _stored(self, key: Key) -> Promise | None:
        return read_item(self._table.get(key), to_promise)


def key_of_promise(key: PromiseKey) -> Key:
    """Where the promise is."""
    return _key(key.recovery_point, key.destination, night=key.night)


def promise_key(item: Item) -> PromiseKey:
    """Which promise an item is, or one of the index `due`."""
    destination, _, night = item["sk"].removeprefix(_TO).partition(_NIGHT)
    return PromiseKey(item["pk"].removeprefix(PROMISED), destination, night or None, AccountId(item["account"]))


def _key(recovery_point: str, destination: str, *, night: str | None = None) -> Key:
    return Key(promises_of(recovery_point), _sk(destination, night=night))


def _key_of(promise: Promise) -> Key:
    return _key(promise.recovery_point, promise.destination, night=promise.night)


def _sk(destination: str, *, night: str | None = None) -> str:
    return f"{_TO}{destination}" if night is None else f"{_TO}{destination}{_NIGHT}{night}"


def _standing(promise: Promise) -> Item:
    """What of a promise changes; None is absence."""
    due_at, settled_at = promise.due_at, promise.settled_at
    is_open = settled_at is None
    standing = {
        "recovery_point": promise.recovery_point if is_open else None,
        "destination": promise.destination if is_open else None,
        "night": promise.night if is_open else None,
        "region": promise.region,
        "source_vault": promise.source_vault,
        "archive": promise.lifecycle.archive,
        "opened_by": promise.opened_by,
        "state": promise.state,
        "reason": promise.reason,
        "due_bucket": None if due_at is None else due_bucket(promise.subject),
        "due_at": None if due_at is None else to_text(due_at),
        "restarts": promise.restarts,
        "remediations": promise.remediations or None,
        "diagnosis": promise.diagnosis,
        "unseen": promise.unseen,
        "looks": promise.looks,
        "failed_jobs": promise.failed_jobs or None,
        "version": promise.version,
        "revision": promise.revision,
        "alert": promise.alert,
        "untold": promise.untold or None,
        "cause_group": None if promise.group is None else promise.group.text,
        "left_groups": [each.text for each in promise.left_groups] or None,
        "learnt": promise.learnt,
        "copy_arn": promise.copy,
        "settled_at": None if settled_at is None else to_text(settled_at),
        # Of what is not settled nothing is ever forgotten.
        "expires_at": None if settled_at is None else int((settled_at + _KEPT).timestamp()),
    }
    return standing if is_open else shortened(standing, promise)


def _to_item(promise: Promise) -> Item:
    return (
        _key_of(promise).item
        | {
            "account": promise.account,
            "resource": promise.resource,
            "tier": promise.tier,
            "rule": promise.rule,
            "retention_days": promise.lifecycle.retention_days,
            "cold_storage_after_days": promise.lifecycle.cold_storage_after_days,
            "created_at": to_text(promise.created_at),
            "deadline": to_text(promise.deadline),
            "allowed": None if promise.allowed is None else round(promise.allowed.total_seconds()),
        }
        | _standing(promise)
    )


def to_promise(item: Item) -> Promise:
    """The promise that the item holds."""
    alert, learnt, settled_at = item.get("alert"), item.get("learnt"), item.get("settled_at")
    key, diagnosis = promise_key(item), item.get("diagnosis")
    region, state, lifecycle = item.get("region"), _STATES[item["state"]], _to_lifecycle(item)
    region = region_of(key.recovery_point) if region is None else Region(region)
    return Promise(
        recovery_point=key.recovery_point,
        destination=key.destination,
        account=key.account,
        region=region,
        source_vault=source_of(item["source_vault"], account=key.account, region=region),
        resource=item["resource"],
        tier=item["tier"],
        rule=item.get("rule"),
        lifecycle=lifecycle,
        created_at=to_moment(item["created_at"]),
        deadline=to_moment(item["deadline"]),
        due_at=to_moment(item["due_at"]) if "due_at" in item else None,
        state=state,
        reason=item["reason"] if "reason" in item else reason_of(state, lifecycle),
        restarts=item.get("restarts", 0),
        remediations=item.get("remediations", 0),
        diagnosis=None if diagnosis is None else Cause(diagnosis),
        unseen=item.get("unseen", 0),
        looks=item.get("looks", 0),
        failed_jobs=tuple(item.get("failed_jobs", ())),
        night=key.night,
        version=item.get("version", 0),
        revision=item.get("revision", 0),
        alert=None if alert is None else AlertKind(alert),
        untold=item.get("untold", False),
        group=GroupKey.parse(item["cause_group"]) if "cause_group" in item else None,
        left_groups=tuple(map(GroupKey.parse, item.get("left_groups", ()))),
        opened_by=_LEARNT[item.get("opened_by", Learnt.EVENT)],
        learnt=None if learnt is None else _LEARNT[learnt],
        copy=copy_of(item.get("copy_arn"), destination=key.destination),
        settled_at=None if settled_at is None else to_moment(settled_at),
        allowed=timedelta(seconds=item["allowed"]) if "allowed" in item else None,
    )


def _to_lifecycle(item: Item) -> Lifecycle:
    # Items of earlier releases say nothing of cold storage.
    return Lifecycle(
        retention_days=item["retention_days"],
        cold_storage_after_days=item.get("cold_storage_after_days"),
        archive=item.get("archive", False),
    )
