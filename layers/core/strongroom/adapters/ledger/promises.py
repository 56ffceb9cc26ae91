"""Copy promises in the ledger: `COPY#<source recovery point ARN>` / `TO#<destination vault ARN>`.

`due_bucket` and `due_at` put an unsettled promise on the sparse index `due`; a settled one has neither.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from strongroom.adapters.ledger.table import Item, LedgerTable, to_moment, to_text
from strongroom.domain.copies import Promise, PromiseState
from strongroom.domain.deadlines import due_bucket, due_buckets
from strongroom.domain.destinations import Lifecycle
from strongroom.domain.identifiers import AccountId, Region

_RANK = {"#rank": "rank", "#state": "state"}
_INDEX = "due"


class LedgerPromises:
    """The promise book, kept in the ledger; every change is conditional, and the rank of a state only rises."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def open(self, promise: Promise) -> bool:
        """Open the promise; False when it was known already."""
        return self._table.put_new(_to_item(promise))

    def get(self, recovery_point: str, destination: str) -> Promise | None:
        """The promise as it stands, or None."""
        item = self._table.get(_pk(recovery_point), _sk(destination))
        return None if item is None else _to_promise(item)

    def knows(self, recovery_point: str) -> bool:
        """Whether any promise was ever opened for the recovery point."""
        return next(iter(self._table.under(_pk(recovery_point))), None) is not None

    def verify(self, promise: Promise, *, copy: str, reason: str, now: datetime) -> bool:
        """Record that the copy is as promised; False when that was known, or the promise waived."""
        return self._change(
            promise,
            "SET #state = :state, #rank = :rank, reason = :reason, copy_arn = :copy, verified_at = :now "
            "REMOVE due_bucket, due_at",
            values={":copy": copy, ":now": to_text(now), ":reason": reason} | _state(PromiseState.VERIFIED),
        )

    def fail(self, promise: Promise, *, cause: str, reason: str, look_again_at: datetime) -> bool:
        """Record a failed copy by its `cause` (job or copy); False when it was known, or the promise is settled."""
        values = {":cause": cause, ":causes": [cause], ":none": [], ":reason": reason, ":settled": _SETTLED}
        return self._change(
            promise,
            "SET #state = :state, #rank = :rank, reason = :reason, due_bucket = :bucket, due_at = :due, "
            "failed_jobs = list_append(if_not_exists(failed_jobs, :none), :causes)",
            values=values | _state(PromiseState.FAILED) | _due(promise, look_again_at),
            condition="#rank < :settled AND (attribute_not_exists(failed_jobs) OR NOT contains(failed_jobs, :cause))",
        )

    def miss(self, promise: Promise, *, reason: str) -> bool:
        """Record that nothing has arrived; False when that or worse was known."""
        return self._change(
            promise,
            "SET #state = :state, #rank = :rank, reason = :reason",
            values={":reason": reason} | _state(PromiseState.MISSING),
        )

    def postpone(self, promise: Promise, *, due_at: datetime, restarts: int) -> bool:
        """Look at an unsettled promise again at `due_at`; `restarts` is how often its copy was started again."""
        changed = self._table.change(
            _pk(promise.recovery_point),
            _sk(promise.destination),
            update="SET due_bucket = :bucket, due_at = :due, restarts = :restarts",
            values={":restarts": restarts, ":settled": _SETTLED} | _due(promise, due_at),
            condition="#rank < :settled",
            names={"#rank": "rank"},
        )
        return changed is not None

    def due(self, now: datetime) -> Iterator[Promise]:
        """Every unsettled promise whose `due_at` has passed, oldest day first."""
        for bucket in due_buckets(now):
            for item in self._table.due(_INDEX, bucket=bucket, until=to_text(now)):
                # The index may lag behind the table: what counts is the promise itself.
                promise = self.get(item["recovery_point"], item["destination"])
                if promise is not None and not promise.is_settled and promise.due_at <= now:
                    yield promise

    def _change(
        self, promise: Promise, update: str, *, values: dict[str, Any], condition: str = "#rank < :rank"
    ) -> bool:
        changed = self._table.change(
            _pk(promise.recovery_point),
            _sk(promise.destination),
            update=update,
            values=values,
            condition=condition,
            names=_RANK,
        )
        return changed is not None


_SETTLED = PromiseState.VERIFIED.rank


def _pk(recovery_point: str) -> str:
    return f"COPY#{recovery_point}"


def _sk(destination: str) -> str:
    return f"TO#{destination}"


def _state(state: PromiseState) -> dict[str, Any]:
    return {":state": state, ":rank": state.rank}


def _due(promise: Promise, due_at: datetime) -> dict[str, str]:
    return {":bucket": due_bucket(due_at, key=promise.subject), ":due": to_text(due_at)}


def _to_item(promise: Promise) -> Item:
    return {
        "pk": _pk(promise.recovery_point),
        "sk": _sk(promise.destination),
        "recovery_point": promise.recovery_point,
        "destination": promise.destination,
        "account": promise.account,
        "region": promise.region,
        "source_vault": promise.source_vault,
        "resource": promise.resource,
        "tier": promise.tier,
        "retention_days": promise.lifecycle.retention_days,
        "cold_storage_after_days": promise.lifecycle.cold_storage_after_days,
        "archive": promise.lifecycle.archive,
        "created_at": to_text(promise.created_at),
        "deadline": to_text(promise.deadline),
        "due_at": to_text(promise.due_at),
        "due_bucket": due_bucket(promise.due_at, key=promise.subject),
        "state": promise.state,
        "rank": promise.state.rank,
        "restarts": promise.restarts,
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
        failed_jobs=tuple(item.get("failed_jobs", ())),
    )


def _to_lifecycle(item: Item) -> Lifecycle:
    # Items of earlier releases say nothing of cold storage.
    return Lifecycle(
        retention_days=item["retention_days"],
        cold_storage_after_days=item.get("cold_storage_after_days"),
        archive=item.get("archive", False),
    )
