"""Of a settled promise its item says what does not follow from the rest, and what is read of it is the whole."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.table import Item, Table
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState, verified_as_promised
from strongroom.domain.intent.destinations import Lifecycle
from tests.builders.copies import CONTINUOUS, COPY, IN_TIME, SOURCE, TOO_LATE, a_promise
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.fakes.many.units import size_of

FOLLOWS = ("archive", "looks", "opened_by", "reason", "region", "restarts", "unseen")
WELL = verified_as_promised(a_promise().lifecycle)
POINT = f"arn:aws:backup:{HOME}:{BACKUP_ACCOUNT}:recovery-point:1a2b3c4d-0000-4000-8000-000000000001"
ELSEWHERE = f"arn:aws-us-gov:backup:us-gov-west-1:{PAYMENTS}:recovery-point:1"


def settled(promise: Promise, **changes: Any) -> Promise:
    """The same, its copy verified in time."""
    over: dict[str, Any] = {"state": PromiseState.VERIFIED, "reason": WELL, "copy": POINT, "learnt": Learnt.EVENT}
    over |= {"due_at": None, "settled_at": IN_TIME, "version": 2, "revision": promise.revision + 1}
    return replace(promise, **(over | changes))


def stands(table: Table) -> Item:
    [item] = table.under(f"COPY#{SOURCE}")
    return item


def test_what_follows_from_the_rest_is_not_said(ledger_table: Table) -> None:
    book, opened = LedgerPromises(ledger_table), a_promise()
    book.open(opened)
    whole = stands(ledger_table)
    assert set(FOLLOWS) <= set(whole)
    assert book.keep(settled(opened), was=opened)
    item = stands(ledger_table)
    assert set(FOLLOWS).isdisjoint(item)
    assert (item["source_vault"], item["copy_arn"]) == ("local-prod-vault", POINT.rpartition(f"{BACKUP_ACCOUNT}:")[2])
    assert book.current(opened.key) == settled(opened)
    # With what the table adds: 400 nights of two of them are what 1,000 resources have most of.
    assert size_of(item) < 580


@pytest.mark.parametrize(
    ("opened", "over"),
    [
        pytest.param({}, {}, id="as-nearly-all"),
        pytest.param({}, {"reason": f"{WELL}, 0:15:00 late"}, id="late"),
        pytest.param({}, {"reason": ""}, id="releases-before-said-no-reason"),
        pytest.param({}, {"reason": verified_as_promised(Lifecycle(retention_days=9))}, id="kept-otherwise"),
        pytest.param({}, {"copy": COPY}, id="copy-of-another-service"),
        pytest.param({"destination": REPLICA_VAULT}, {}, id="copy-elsewhere-than-its-vault"),
        pytest.param({"destination": "arn:vault"}, {}, id="destination-that-is-no-vault"),
        pytest.param({}, {"copy": None}, id="no-copy"),
        pytest.param({"source_vault": CENTRAL_VAULT}, {}, id="source-in-another-account"),
        pytest.param({"source_vault": LOCAL_VAULT.replace(HOME, "eu-north-1")}, {}, id="source-in-another-region"),
        pytest.param({"recovery_point": f"arn:aws:ec2:{HOME}::snapshot/snap-1"}, {}, id="snapshot"),
        pytest.param({"recovery_point": "arn:no-region"}, {}, id="point-without-region"),
        pytest.param({"recovery_point": ELSEWHERE, "region": "us-gov-west-1"}, {}, id="another-partition"),
        pytest.param({"recovery_point": CONTINUOUS, "night": "backup-1"}, {}, id="night"),
        pytest.param({"opened_by": Learnt.RECONCILIATION}, {"learnt": Learnt.SWEEP}, id="learnt-otherwise"),
        pytest.param({"lifecycle": Lifecycle(retention_days=9, archive=True)}, {}, id="archived"),
        pytest.param({}, {"restarts": 1, "unseen": 2, "looks": 3, "failed_jobs": ("copy-1",)}, id="not-at-once"),
        pytest.param({}, {"due_at": TOO_LATE + timedelta(days=1)}, id="sampled"),
        pytest.param({}, {"state": PromiseState.VANISHED, "reason": "it is gone"}, id="vanished"),
        pytest.param({}, {"state": PromiseState.VANISHED, "reason": ""}, id="vanished-without-a-word"),
        pytest.param({}, {"state": PromiseState.VANISHED}, id="vanished-as-promised"),
    ],
)
def test_a_settled_promise_is_read_back_whole(
    opened: dict[str, Any], over: dict[str, Any], ledger_table: Table
) -> None:
    book, promise = LedgerPromises(ledger_table), a_promise(**opened)
    book.open(promise)
    assert book.keep(settled(promise, **over), was=promise)
    assert book.current(promise.key) == settled(promise, **over)


def test_what_is_not_settled_any_more_says_everything_again(ledger_table: Table) -> None:
    book, opened = LedgerPromises(ledger_table), a_promise()
    book.open(opened)
    whole, again = stands(ledger_table), replace(opened, revision=3)
    assert book.keep(settled(opened), was=opened)
    assert book.keep(again, was=settled(opened))
    assert stands(ledger_table) == whole | {"revision": 3}
    assert book.current(opened.key) == again


def test_a_settled_promise_of_a_release_that_said_everything_is_read(ledger_table: Table) -> None:
    key = Key(f"COPY#{SOURCE}", f"TO#{CENTRAL_VAULT}")
    book, opened = LedgerPromises(ledger_table), a_promise()
    book.open(opened)
    said = {"state": "VERIFIED", "reason": "the copy is there", "copy_arn": POINT, "learnt": "event", "version": 2}
    said |= {"settled_at": IN_TIME.isoformat(), "revision": 2, "restarts": 1}
    ledger_table.put({name: value for name, value in (stands(ledger_table) | said).items() if "due" not in name})
    found = book.current(opened.key)
    assert found == settled(opened, reason="the copy is there", restarts=1)
    assert book.keep(replace(found, revision=3), was=found)
    assert (ledger_table.get(key) or {})["copy_arn"] == POINT.rpartition(f"{BACKUP_ACCOUNT}:")[2]
