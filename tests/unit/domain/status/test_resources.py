"""How well a resource is protected: the worst that is true of it."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.status.resources import Known, ResourceStatus, judge_resource
from strongroom.domain.status.states import Protection
from tests.builders.copies import COMPLETED_AT, RESOURCE, SOURCE, a_promise
from tests.builders.expected import FIRING, an_expected
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.status_views.world import MORNING, a_verified


def judged(*promises: Promise, was: ResourceStatus | None = None, expected: Any = None, **known: Any) -> ResourceStatus:
    book = (an_expected(),) if expected is None else expected
    ledger = Known(
        resource=RESOURCE,
        account=PAYMENTS,
        region=HOME,
        **{"tier": "daily-prod", "last_backup": COMPLETED_AT, "last_point": SOURCE, "expected": book, **known},
    )
    return judge_resource(ledger, promises=promises, was=was, sums=(), now=MORNING)


def at(**changes: Any) -> Promise:
    return a_promise(**changes)


@pytest.mark.parametrize(
    ("promises", "expected", "state"),
    [
        pytest.param([a_verified()], None, Protection.PROTECTED, id="all is there"),
        pytest.param([], None, Protection.PROTECTED, id="its rule copies nowhere"),
        pytest.param([at()], None, Protection.AWAITED, id="its first copy is on its way"),
        pytest.param([at(state=PromiseState.MISSING)], None, Protection.COPY_SHORT, id="a copy is missing"),
        pytest.param([at(state=PromiseState.FAILED)], None, Protection.COPY_SHORT, id="a copy failed"),
        pytest.param(
            [at(state=PromiseState.VANISHED, settled_at=MORNING)], None, Protection.LOST, id="a copy vanished"
        ),
        pytest.param([at(unseen=1)], None, Protection.NOT_KNOWN, id="its account is closed to us"),
        pytest.param(
            [a_verified()], (an_expected(state=ExpectedState.MISSING),), Protection.NO_BACKUP, id="no backup began"
        ),
        pytest.param(
            [a_verified()], (an_expected(state=ExpectedState.FAILED),), Protection.NO_BACKUP, id="its backup failed"
        ),
        pytest.param(
            [a_verified()],
            (an_expected(), an_expected(rule="weekly", state=ExpectedState.MISSING)),
            Protection.NO_BACKUP,
            id="one rule of two brought none",
        ),
        pytest.param(
            [a_verified()], (an_expected(state=ExpectedState.ENDED),), Protection.ENDED, id="it is not to be backed up"
        ),
    ],
)
def test_a_resource_is_as_well_as_the_worst_of_it(promises: list[Promise], expected: Any, state: Protection) -> None:
    assert judged(*promises, expected=expected).state is state


def test_a_resource_that_was_never_backed_up_says_when_the_first_one_is_due() -> None:
    status = judged(expected=(an_expected(last_created=None),), last_backup=None)
    assert (status.state, status.reason) == (Protection.AWAITED, "its first backup is due 2026-09-02 02:00 UTC")


def test_while_tonights_copy_is_on_its_way_the_last_verified_one_counts() -> None:
    before = judged(a_verified())
    tonight = at(recovery_point="p-2", created_at=FIRING)
    status = judged(tonight, was=before)
    assert (status.state, status.restorable_to) == (Protection.PROTECTED, before.restorable_to)


def test_an_older_backup_does_not_hide_a_newer_one() -> None:
    before = judged(at(recovery_point="p-2", created_at=FIRING, state=PromiseState.MISSING))
    assert judged(a_verified(), was=before).state is Protection.COPY_SHORT


def test_it_can_be_brought_back_to_what_every_vault_has() -> None:
    older = a_verified(destination="another vault", recovery_point="p-0", created_at=FIRING - timedelta(days=3))
    assert judged(a_verified(), older).restorable_to == older.created_at
    assert judged(a_verified(), replace(older, state=PromiseState.MISSING)).restorable_to is None


def test_a_state_is_known_since_it_began() -> None:
    before = replace(judged(a_verified()), since=FIRING - timedelta(days=9))
    assert judged(a_verified(), was=before).since == before.since
    assert judged(at(recovery_point="p-2", created_at=FIRING, state=PromiseState.FAILED), was=before).since == MORNING


def test_a_vanished_copy_is_remembered_for_a_month_whatever_was_copied_since() -> None:
    lost = judged(at(state=PromiseState.VANISHED, settled_at=MORNING, reason="it is gone"))
    newer = a_verified(recovery_point="p-2", created_at=FIRING)
    assert judged(newer, was=lost).state is Protection.LOST
    old = replace(lost, lost=tuple(replace(each, verified_at=MORNING - timedelta(days=31)) for each in lost.lost))
    assert judged(newer, was=old).state is Protection.PROTECTED
