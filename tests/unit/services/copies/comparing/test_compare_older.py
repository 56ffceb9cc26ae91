"""Which of the copies that were noted are missed: those that must be there, and that their vault does not list."""

from collections.abc import Iterable
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.copies.comparing.kept import KeptCopy, day_of
from strongroom.domain.copies.comparing.rounds import there_until
from strongroom.domain.copies.promises import Promise, PromiseKey, PromiseState
from strongroom.domain.intent.destinations import Lifecycle
from strongroom.services.copies.comparing.compare_older import note_kept, unseen_of
from tests.builders.copies import COPY, CREATED_AT, IN_TIME, a_promise
from tests.builders.places import CENTRAL_VAULT
from tests.fakes.copies import FakeExpectedBackups, FakePromises, FakeStandings

LATER = IN_TIME + timedelta(days=50)
KEPT = a_promise(
    state=PromiseState.VERIFIED, copy=COPY, due_at=None, settled_at=IN_TIME, lifecycle=Lifecycle(retention_days=90)
)


@pytest.mark.parametrize(
    ("promise", "is_missed"),
    [
        pytest.param(KEPT, True, id="it is not there"),
        pytest.param(None, False, id="its promise is forgotten"),
        pytest.param(replace(KEPT, state=PromiseState.VANISHED), False, id="told as gone already"),
        pytest.param(replace(KEPT, due_at=LATER), False, id="looked at soon anyway"),
        pytest.param(replace(KEPT, copy="arn:other"), False, id="another copy was verified"),
        pytest.param(replace(KEPT, lifecycle=Lifecycle(retention_days=50)), False, id="its last day"),
    ],
)
def test_what_must_be_there_and_is_not_listed_is_missed(promise: Promise | None, *, is_missed: bool) -> None:
    promises = FakePromises(held={KEPT.key: promise} if promise else {})
    standings = FakeStandings(promises, FakeExpectedBackups())
    noted = [KeptCopy(KEPT.key, COPY, there_until(KEPT))] * 2
    missed = tuple(unseen_of(noted, standings=standings, promises=standings.promised, now=LATER))
    assert missed == ((promise,) if is_missed else ())


def test_copies_are_noted_by_the_day_of_their_backup() -> None:
    kept = LedgerKeptCopies(MemoryTable())
    other = replace(KEPT, recovery_point="arn:next", copy="arn:next-copy", created_at=CREATED_AT + timedelta(days=1))
    note_kept([KEPT, other, replace(KEPT, copy=None)], kept=kept)
    days = [day_of(each.created_at) for each in (KEPT, other)]
    found = [[each.copy for each in kept.of_day(CENTRAL_VAULT, day)] for day in days]
    assert found == [[COPY], ["arn:next-copy"]]


@dataclass
class Counted(FakeStandings):
    """Counts how many promises each request asks for."""

    asked: list[int] = field(default_factory=list)

    def promises(self, keys: Iterable[PromiseKey]) -> dict[PromiseKey, Promise]:
        every = [*keys]
        self.asked.append(len(every))
        return super().promises(every)


def test_a_vault_that_lists_nothing_is_asked_about_in_parts_and_not_for_what_has_ended() -> None:
    standings = Counted(FakePromises(), FakeExpectedBackups())
    noted = [
        KeptCopy(replace(KEPT, recovery_point=f"arn:{number}").key, f"arn:copy-{number}", until)
        for number, until in enumerate([LATER + timedelta(days=1)] * 2_500 + [LATER] * 500)
    ]
    assert [*unseen_of(noted, standings=standings, promises=standings.promised, now=LATER)] == []
    assert standings.asked == [1_000, 1_000, 500]


def test_a_promise_that_a_busy_table_leaves_out_is_asked_for_by_itself() -> None:
    standings = FakeStandings(FakePromises(), FakeExpectedBackups())
    noted = [KeptCopy(KEPT.key, COPY, there_until(KEPT))]
    known = FakePromises(held={KEPT.key: KEPT})
    assert [*unseen_of(noted, standings=standings, promises=known, now=LATER)] == [KEPT]
