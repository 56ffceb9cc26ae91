"""Copy promises in the ledger: `COPY#<source recovery point ARN>` / `TO#<destination vault ARN>`.

A continuous backup has a promise for each night: `TO#<destination vault ARN>#NIGHT#<backup job id>`.

`due_bucket` and `due_at` put an unsettled promise on the sparse index `due`; a settled one has neither.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from strongroom.adapters.ledger.changes import AllOf, Below, Change, Contains, Key, Not
from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS, due_bucket
from strongroom.adapters.ledger.table import Item, Table, to_moment, to_text
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import Lifecycle

_IS_UNSETTLED = Below("rank", PromiseState.VERIFIED.rank)


class LedgerPromises:
    """The promise book, kept in the ledger; every change is conditional, and the rank of a state only rises."""

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
        every = self._table.under(_pk(recovery_point), prefix=_sk(destination, night=""))
        return tuple(_to_promise(item) for item in every)

    def current(self, promise: Promise) -> Promise | None:
        """The same promise as it stands now, or None."""
        return self._stored(_key_of(promise))

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""
        return next(iter(self._table.under(_pk(recovery_point))), None) is not None

    def verify(self, promise: Promise, *, copy: str, reason: str, now: datetime) -> bool:
        """Record that the copy is as promised; False when that was known."""
        verified = {"reason": reason, "copy_arn": copy, "verified_at": to_text(now)}
        return self._rise(promise, PromiseState.VERIFIED, verified, remove=("due_bucket", "due_at"))

    def fail(self, promise: Promise, *, cause: str, reason: str, look_again_at: datetime) -> bool:
        """Record a failed copy by its `cause` (job or copy); False when it was known, or the promise is settled."""
        failed = _state(PromiseState.FAILED) | _due(promise, look_again_at) | {"reason": reason}
        is_new = AllOf(_IS_UNSETTLED, Not(Contains("failed_jobs", cause)))
        return self._change(promise, Change(set=failed, append={"failed_jobs": cause}, when=is_new))

    def miss(self, promise: Promise, *, reason: str) -> bool:
        """Record that nothing has arrived; False when that or worse was known."""
        return self._rise(promise, PromiseState.MISSING, {"reason": reason})

    def postpone(self, promise: Promise, *, due_at: datetime, restarts: int, unseen: int = 0) -> bool:
        """Look at an unsettled promise again at `due_at`, and remember both counts."""
        later = _due(promise, due_at) | {"restarts": restarts, "unseen": unseen}
        return self._change(promise, Change(set=later, when=_IS_UNSETTLED))

    def due(self, now: datetime) -> Iterator[Promise]:
        """Every unsettled promise whose `due_at` has passed, the longest due first, as the index knows them."""
        buckets = (self._table.due(bucket=bucket, until=to_text(now)) for bucket in DUE_BUCKETS)
        yield from map(_to_promise, merge(*buckets, key=lambda item: item["due_at"]))

    def _rise(self, promise: Promise, state: PromiseState, facts: Item, *, remove: tuple[str, ...] = ()) -> bool:
        change = Change(set=_state(state) | facts, remove=remove, when=Below("rank", state.rank))
        return self._change(promise, change)

    def _change(self, promise: Promise, change: Change) -> bool:
        return self._table.change(_key_of(promise), change) is not None

    def _stored(self, key: Key) -> Promise | None:
        item = self._table.get(key)
        return None if item is None else _to_promise(item)


def _pk(recovery_point: str) -> str:
    return f"COPY#{recovery_point}"


def _key(recovery_point: str, destination: str) -> Key:
    return Key(_pk(recovery_point), _sk(destination))


def _key_of(promise: Promise) -> Key:
    return Key(_pk(promise.recovery_point), _sk(promise.destination, night=promise.night))


def _sk(destination: str, *, night: str | None = None) -> str:
    return f"TO#{destination}" if night is None else f"TO#{destination}#NIGHT#{night}"


def _state(state: PromiseState) -> Item:
    return {"state": state, "rank": state.rank}


def _due(promise: Promise, due_at: datetime) -> Item:
    return {"due_bucket": due_bucket(promise.subject), "due_at": to_text(due_at)}


def _to_item(promise: Promise) -> Item:
    return _key_of(promise).item | {
        "recovery_point": promise.recovery_point,
        "destination": promise.destination,
        "account": promise.account,
        "region": promise.region,
        "source_vault": promise.source_vault,
        "resource": promise.resource,
        "tier": promise.tier,
        "rule": promise.rule,
        "retention_days": promise.lifecycle.retention_days,
        "cold_storage_after_days": promise.lifecycle.cold_storage_after_days,
        "archive": promise.lifecycle.archive,
        "created_at": to_text(promise.created_at),
        "deadline": to_text(promise.deadline),
        **_due(promise, promise.due_at),
        **_state(promise.state),
        "restarts": promise.restarts,
        "night": promise.night,
        "unseen": promise.unseen,
    }


def _to_promise(item: Item) -> Promise:
    deadline = to_moment(item["deadline"])
    return Promise(
        recovery_point=item["recovery_point"],
        destination=item["destination"],
        account=AccountId(item["account"]),
        region=Region(item["region"]),
        source_vault=item["source_vault"],
        resource=item["resource"],
        tier=item["tier"],
        lifecycle=_to_lifecycle(item),
        created_at=to_moment(item["created_at"]),
        deadline=deadline,
        due_at=to_moment(item["due_at"]) if "due_at" in item else deadline,
        state=PromiseState(item["state"]),
        restarts=item["restarts"],
        unseen=item.get("unseen", 0),
        failed_jobs=tuple(item.get("failed_jobs", ())),
        night=item.get("night"),
        rule=item.get("rule"),
    )


def _to_lifecycle(item: Item) -> Lifecycle:
    # Items of earlier releases say nothing of cold storage.
    return Lifecycle(
        retention_days=item["retention_days"],
        cold_storage_after_days=item.get("cold_storage_after_days"),
        archive=item.get("archive", False),
    )
