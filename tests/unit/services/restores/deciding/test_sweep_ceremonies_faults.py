"""X7, attacks 14, 17 and 27: whatever dies, is throttled, late or away, there is one restore or none, and an end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import StrongroomError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.requests import RestoreWish
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.asking.open_restore import open_restore
from tests.builders.intents import with_restores
from tests.builders.restores import (
    AUTHENTICATORS,
    CENTRAL_POINT,
    a_proving_intent,
    a_wish,
    an_urgent_intent,
    an_urgent_wish,
)
from tests.fakes.carrying.faults import Faults, FaultyWorld
from tests.fakes.carrying.machine import Carried, KilledError, StoppedError
from tests.fakes.remembering.reading_once import read_texts_once

LOCAL, CENTRAL, URGENT = a_wish(), a_wish(recovery_point=CENTRAL_POINT), an_urgent_wish()
_MOST_MINUTES = 24 * 60


@dataclass
class Day:
    """Omar asks, others say something or nothing, Step Functions carries it, and the sweep comes each minute."""

    world: FaultyWorld
    wish: RestoreWish
    says: Decision | None
    people: tuple[str, ...] = ("maria",)
    request: str = ""
    is_open: bool = False
    signed: set[str] = field(default_factory=set)
    carried: dict[str, Carried] = field(default_factory=dict)

    def go_by(self) -> None:
        """Let minute after minute pass until the request has ended and everybody knows it."""
        self.world.spoil()
        for _ in range(_MOST_MINUTES):
            self._try(self._ask)
            self._try(self._open)
            for person in self.people:
                self._try(partial(self._sign, person))
            for execution in sorted(self.world.running):
                self._carry(execution)
            self._try(self.world.sweep)
            if self.is_open and not self.world.running and not self._listed():
                return
            self.world.later(minutes=1)
        raise AssertionError(f"nothing moves: {[(each.arn, each.state) for each in self.carried.values()]}")

    def _ask(self) -> None:
        if not self.request:
            self.request = self.world.draft(self.wish).request_id

    def _open(self) -> None:
        if self.request and not self.is_open:
            needs, now = self.world.opening, self.world.now
            proposed = propose_statement(self.request, Decision.REQUEST, view=None, needs=self.world.proposing, now=now)
            signed = AUTHENTICATORS["omar"].sign(proposed.statement)
            open_restore(self.request, statement=proposed.statement, signed=signed, needs=needs, now=now)
            self.is_open = True

    def _sign(self, person: str) -> None:
        if self.is_open and self.says and person not in self.signed:
            self.world.sign(self.request, person, self.says)
            self.signed.add(person)

    def deny(self) -> None:
        """Sana denies it, if it is there; it counts unless the restore has started."""
        if request_key(self.request) in self.world.shelf.kept:
            self.world.sign(self.request, "sana", Decision.DENY)

    def _carry(self, execution: str) -> None:
        carried = self.carried.setdefault(execution, Carried(self.world, execution, self.request))
        try:
            carried.go_on()
        except StoppedError:
            carried.end("ABORTED")

    def _listed(self) -> bool:
        lines = self.world.list_at_rest()
        return any(not line.get("outcome") or line.get("untold") for line in lines)

    @staticmethod
    def _try(act: Callable[[], object]) -> None:
        """People try again, and so does a queue."""
        try:
            act()
        except (KilledError, StoppedError, StrongroomError):
            return


@dataclass(frozen=True)
class Ended:
    """What a day has come to."""

    outcome: str
    restores: int
    is_ticket_used: bool
    alerts: frozenset[AlertKind] = frozenset()


def _ended(day: Day) -> Ended:
    world, kinds = day.world, day.world.kinds(day.request)
    assert (kinds[-1], kinds.count("closed")) == ("closed", 1)
    closed = world.kept(day.request).last(EntryKind.CLOSED) or {}
    [line] = world.showing.open_requests.latest(limit=9, now=world.now)
    assert (line.outcome, line.untold) == (closed["outcome"], ())
    ticket = world.table.get(Key("TICKET#OPS-123", "USE")) or {}
    return Ended(
        closed["outcome"],
        len(world.restores.known),
        is_ticket_used="request_id" in ticket,
        alerts=frozenset(world.alerts.kinds),
    )


def _run(intent: Intent, wish: RestoreWish, *, says: Decision | None = Decision.APPROVE, **faults: Any) -> Day:
    people = ("ada", "piet") if wish.incident else ("maria",)
    day = Day(FaultyWorld(intent, faults=Faults(**faults)), wish, says, people)
    day.go_by()
    day.world.faults.is_armed = False
    return day


def _points(intent: Intent, wish: RestoreWish, *, least: int, **more: Any) -> range:
    """Each call of the world in a ceremony in which nothing goes wrong; there are so many at the least."""
    calls = _run(intent, wish, **more).world.faults.calls
    assert calls >= least, f"only {calls} calls may go wrong"
    return range(calls)


@pytest.fixture(autouse=True)
def _texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_texts_once(monkeypatch)


@pytest.fixture
def proving(intent: Intent) -> Intent:
    return a_proving_intent(intent)


RESTORED: Final = Ended("restored", 1, is_ticket_used=True)
UNTAGGED: Final = Ended("restored", 1, is_ticket_used=True, alerts=frozenset({AlertKind.RESOURCE_NOT_TAGGED}))
# Its alarms were not made, by themselves or beside the tags.
UNFINISHED: Final = Ended("restored", 1, is_ticket_used=True, alerts=frozenset({AlertKind.RESTORE_UNFINISHED}))
UNTOUCHED: Final = Ended("restored", 1, is_ticket_used=True, alerts=UNFINISHED.alerts | UNTAGGED.alerts)
# Ended by what failed before AWS Backup had the restore, and after.
GIVEN_UP: Final = Ended("failed", 0, is_ticket_used=False, alerts=frozenset({AlertKind.RESTORE_FAILED}))
LEFT_BEHIND: Final = Ended("failed", 1, is_ticket_used=True, alerts=frozenset({AlertKind.RESTORE_FAILED}))

BRIEF: Final = ("throttled", "timed out", "answered late", "killed before", "killed after")
LASTING: Final = ("stopped before", "stopped after", "refused")


@pytest.mark.parametrize("kind", BRIEF)
def test_x07_whichever_call_goes_wrong_for_a_moment_what_was_approved_is_restored_once(
    kind: str, proving: Intent
) -> None:
    ends = {_ended(_run(proving, LOCAL, at=at, kind=kind)) for at in _points(proving, LOCAL, least=100)}
    assert ends == {RESTORED}


@pytest.mark.parametrize("kind", ["timed out", "killed after"])
def test_x07_the_same_where_the_recovery_point_is_copied_back_first(kind: str, proving: Intent) -> None:
    days = [_run(proving, CENTRAL, at=at, kind=kind) for at in _points(proving, CENTRAL, least=140)]
    assert {_ended(day) for day in days} == {RESTORED}
    assert {tuple(dict.fromkeys(day.world.copies.begun)) for day in days} == {(CENTRAL_POINT,)}


@pytest.mark.parametrize("kind", ["timed out", "killed before", "killed after"])
def test_x07_the_same_where_it_cannot_wait_and_an_incident_stands_in_place_of_the_ticket(
    kind: str, intent: Intent
) -> None:
    urgent = an_urgent_intent(intent)
    ends = {_ended(_run(urgent, URGENT, at=at, kind=kind)) for at in _points(urgent, URGENT, least=90)}
    assert {(end.outcome, end.restores, end.is_ticket_used) for end in ends} == {("restored", 1, False)}
    # That it was opened, everybody hears; that nobody has reviewed it, where it took long enough.
    opened = frozenset({AlertKind.BREAK_GLASS_OPENED})
    assert {end.alerts for end in ends} <= {opened, opened | {AlertKind.BREAK_GLASS_UNREVIEWED}}


@pytest.mark.parametrize("kind", LASTING)
def test_x07_whatever_goes_wrong_for_good_there_is_one_restore_or_none_and_an_end(kind: str, proving: Intent) -> None:
    """And the ticket is free again where nothing was restored."""
    ends = Counter(_ended(_run(proving, LOCAL, at=at, kind=kind)) for at in _points(proving, LOCAL, least=100))
    assert set(ends) <= {RESTORED, UNTAGGED, UNFINISHED, UNTOUCHED, GIVEN_UP, LEFT_BEHIND}
    assert ends[RESTORED] > 40


def test_x07_who_is_away_for_long_ends_nothing_but_what_cannot_be_told_any_more(proving: Intent) -> None:
    days = [_run(proving, LOCAL, at=at, kind="away") for at in _points(proving, LOCAL, least=100)]
    given_up = [day for day in days if _ended(day) == GIVEN_UP]
    # Between the witness's word and the answer of AWS Backup nobody can say what has begun.
    assert {day.world.kinds(day.request)[-2] for day in given_up} == {"restore-intended"}
    assert len(given_up) < 8
    assert {_ended(day) for day in days} == {RESTORED, UNTAGGED, UNFINISHED, UNTOUCHED, GIVEN_UP}


def test_attack_17_an_execution_that_is_stopped_anywhere_while_it_copies_back_is_closed(proving: Intent) -> None:
    ends = {_ended(_run(proving, CENTRAL, at=at, kind="stopped after")) for at in _points(proving, CENTRAL, least=140)}
    assert ends == {RESTORED, UNFINISHED, UNTOUCHED, GIVEN_UP, LEFT_BEHIND}


@pytest.mark.parametrize("kind", ["killed after", "stopped after"])
def test_attack_14_what_was_denied_stays_so_whichever_call_goes_wrong(kind: str, proving: Intent) -> None:
    points = _points(proving, LOCAL, least=35, says=Decision.DENY)
    ends = {_ended(_run(proving, LOCAL, says=Decision.DENY, at=at, kind=kind)) for at in points}
    denied = Ended("denied", 0, is_ticket_used=True)
    # Stopped before Maria had said anything, it is over for her, too.
    assert ends <= {denied, *([GIVEN_UP] if kind == "stopped after" else [])}
    assert denied in ends


def test_attack_14_a_denial_at_any_moment_ends_it_or_comes_too_late(proving: Intent) -> None:
    """Never both: a restore that runs under a ceremony that says that it was denied."""
    ends: Counter[Ended] = Counter()
    for at in _points(proving, LOCAL, least=100):
        world = FaultyWorld(proving, faults=Faults(at=at))
        day = Day(world, LOCAL, Decision.APPROVE)
        world.faults.meanwhile = day.deny
        day.go_by()
        world.faults.is_armed = False
        ends[_ended(day)] += 1
    assert set(ends) == {RESTORED, Ended("denied", 0, is_ticket_used=True)}
    assert min(ends.values()) > 20


def test_attack_27_nothing_that_is_refused_is_taken_for_an_approval(proving: Intent) -> None:
    brief = with_restores(proving, approval_expires_after=timedelta(minutes=8), execution_expires_after=timedelta(0))
    points = _points(brief, LOCAL, least=100, says=None)
    ends = {_ended(_run(brief, LOCAL, says=None, at=at, kind="refused")) for at in points}
    assert ends == {Ended("expired", 0, is_ticket_used=False), GIVEN_UP}
