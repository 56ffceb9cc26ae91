"""What was interrupted is taken up again, and what decided itself unheard is woken."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.ends import LedgerEnds
from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import MalformedIdentifierError, MalformedRecordError, TemporarilyUnavailableError
from strongroom.domain.evidence.object_keys import end_key, request_key
from strongroom.domain.proofs.decisions import Verdict
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.ends.standing import EndState
from strongroom.domain.restores.executions import closing_name
from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.deciding.judge import CeremonyJudge
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from tests.builders.restores import COPIED_POINT, DATABASE
from tests.fakes.restores.opened import come_to_approval
from tests.fakes.restores.world import CeremonyWorld


def _sweep(world: CeremonyWorld) -> tuple[int, int]:
    swept = sweep_ceremonies(needs=world.sweeping, now=world.now)
    return swept.open, swept.woken


def test_a_request_whose_execution_was_never_begun_is_begun(world: CeremonyWorld) -> None:
    request = world.open()
    world.begun.clear()
    assert _sweep(world) == (1, 0)
    assert world.begun == [request]


def test_a_judge_who_missed_the_bell_is_woken(world: CeremonyWorld) -> None:
    request = world.open()
    world.sign(request, "maria")
    CeremonyBells(world.table).hang(request, "t-late")
    assert _sweep(world) == (1, 1)
    assert world.tasks.answered == {"t-late": {}}


def test_nobody_is_woken_while_somebody_is_still_needed(world: CeremonyWorld) -> None:
    request = world.open()
    CeremonyBells(world.table).hang(request, "t-1")
    assert _sweep(world) == (1, 0)
    assert world.tasks.answered == {}


def test_what_expired_is_woken_to_its_end(world: CeremonyWorld) -> None:
    request = world.open()
    CeremonyBells(world.table).hang(request, "t-1")
    world.later(hours=9)
    assert _sweep(world) == (1, 1)
    assert "t-1" in world.tasks.answered


def test_a_vote_of_a_day_is_looked_for_every_five_minutes_and_what_ends_it_at_once(world: CeremonyWorld) -> None:
    """An execution has 25,000 events in its history, and each round takes about ten."""
    request = come_to_approval(world)
    with pytest.raises(TemporarilyUnavailableError, match="it waits for its vault"):
        start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)
    woken = []
    for minute in range(1, 21):
        CeremonyBells(world.table).hang(request, f"t-{minute}")
        world.now += timedelta(minutes=1)
        if _sweep(world) == (1, 1):
            woken.append(minute)
    # Twice where the clocks of two sweeps are a little apart, so that none is passed by.
    assert woken == [1, 5, 6, 10, 11, 15, 16, 20]
    CeremonyBells(world.table).hang(request, "t-last")
    world.now += timedelta(minutes=2)
    assert _sweep(world) == (1, 0)
    world.sign(request, "sana", Decision.DENY, why="not now")
    CeremonyBells(world.table).hang(request, "t-late")
    assert _sweep(world) == (1, 1)


def test_evidence_that_was_tampered_with_is_woken_to_its_end_and_stops_nobody_else(world: CeremonyWorld) -> None:
    first, second = world.open(), world.open_another()
    world.shelf.tampered.add(request_key(first))
    CeremonyBells(world.table).hang(first, "t-first")
    world.begun.clear()
    assert _sweep(world) == (2, 1)
    assert (set(world.begun), world.tasks.answered) == ({first, second}, {"t-first": {}})


def test_x07_one_request_that_cannot_be_looked_at_now_keeps_nobody_from_the_others(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.open(), world.open_another()
    world.sign(first, "maria")
    CeremonyBells(world.table).hang(first, "t-first")
    decide = CeremonyJudge.decide

    def ask(judge: CeremonyJudge, kept: KeptCeremony, *, now: datetime) -> Verdict:
        if kept.sealed.request.id == second:
            raise TemporarilyUnavailableError("the identity provider cannot be reached")
        return decide(judge, kept, now=now)

    monkeypatch.setattr(CeremonyJudge, "decide", ask)
    with pytest.raises(TemporarilyUnavailableError, match=f"1 of 2 could not be looked at, first {second}"):
        world.sweep()
    assert world.tasks.answered == {"t-first": {}}


def test_x07_nor_does_one_at_which_nobody_can_ever_look(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = world.open(), world.open_another()
    world.sign(first, "maria")
    CeremonyBells(world.table).hang(first, "t-first")
    monkeypatch.setattr(CeremonyJudge, "decide", _unless(CeremonyJudge.decide, second))
    with pytest.raises(TemporarilyUnavailableError, match=f"1 of 2 could not be looked at, first {second}: 'x' is not"):
        world.sweep()
    assert world.tasks.answered == {"t-first": {}}


def _unless(decide: Callable[..., Verdict], request: str) -> Callable[..., Verdict]:
    def ask(judge: CeremonyJudge, kept: KeptCeremony, *, now: datetime) -> Verdict:
        if kept.sealed.request.id == request:
            raise MalformedIdentifierError("'x' is not an ARN")
        return decide(judge, kept, now=now)

    return ask


def test_x07_an_execution_that_is_over_and_left_its_request_open_is_closed_by_another(world: CeremonyWorld) -> None:
    request = world.come_to_approval()
    world.break_off(request)
    world.begun.clear()
    assert _sweep(world) == (1, 0)
    assert world.begun == []
    assert world.is_running(world.execution(closing_name(request, at=world.now)))


def test_x07_who_could_not_be_told_of_an_end_is_told_for_some_days(world: CeremonyWorld) -> None:
    request = world.open()
    world.tickets.is_down = True
    world.close(request, error="RestoreFailedError")
    world.break_off(request)
    assert _sweep(world) == (1, 0)
    world.later(days=15)
    assert _sweep(world) == (0, 0)


def test_what_a_copy_back_leaves_is_followed_though_its_request_was_closed_before_anybody_swept(
    world: CeremonyWorld,
) -> None:
    request = world.come_to_copied()
    world.close(request, error="RestoreFailedError")
    for _ in range(2):
        world.sweep()
    assert end_key(request, 1) in world.shelf.kept
    assert sweep_ceremonies(needs=world.sweeping, now=world.now).ends == 0
    world.later(days=1)
    assert sweep_ceremonies(needs=world.sweeping, now=world.now).ends == 1


def test_a_copy_that_is_taken_back_is_an_open_end_by_the_first_sweep_after_it_is_there(world: CeremonyWorld) -> None:
    request = world.come_to_copy()
    world.copies.states = ["RUNNING"]
    for _ in range(3):
        _sweep(world)
        [end] = world.following.ends.open_ends()
        assert (end.state, end.reason) == (EndState.ARRIVING, "copy job copy-1 is RUNNING")
        world.later(minutes=1)
    world.copies.states = ["COMPLETED"]
    _sweep(world)
    [end] = world.following.ends.open_ends()
    assert (end.request_id, end.state, end.recovery_point) == (request, EndState.OPEN, COPIED_POINT)


def test_the_evidence_of_what_ended_is_read_once(world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    request = world.open()
    world.close(request, error="RestoreFailedError")
    world.sweep()
    monkeypatch.setattr(EvidenceReading, "read", _refuse)
    assert _sweep(world) == (0, 0)


def test_where_the_evidence_of_what_ended_cannot_be_read_its_end_is_listed_counted_and_told_until_it_can(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.come_to_copied()
    world.close(request, error="RestoreFailedError")
    with monkeypatch.context() as broken:
        broken.setattr(EvidenceReading, "read", _broken)
        swept = [sweep_ceremonies(needs=world.sweeping, now=world.now) for _ in range(2)]
    assert [each.unread for each in swept] == [1, 1]
    [end] = world.following.ends.open_ends()
    assert (end.request_id, end.state, end.owner) == (request, EndState.UNREAD, "idp|omar")
    [told] = [each for each in world.alerts.told if each.kind is AlertKind.TEMPORARY_COPY_OVERDUE]
    assert (
        told.reason == f"whether {request} of {DATABASE} left a copy behind is not known: its evidence cannot be read"
    )
    world.later(hours=1)
    assert sweep_ceremonies(needs=world.sweeping, now=world.now).unread == 0
    assert [each.kind for each in world.alerts.settled] == [AlertKind.TEMPORARY_COPY_OVERDUE]
    for _ in range(2):
        world.sweep()
    assert end_key(request, 1) in world.shelf.kept


def _broken(*_: object, **__: object) -> None:
    raise MalformedRecordError("an entry was changed")


def test_one_end_that_cannot_be_followed_now_keeps_nobody_from_the_others(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.come_to_copied()
    world.sweep()
    second = world.open_another()
    world.begun.clear()
    monkeypatch.setattr(LedgerEnds, "keep_end", _refuse)
    with pytest.raises(TemporarilyUnavailableError, match=f"first {first}"):
        world.sweep()
    assert second in world.begun


def _refuse(*_: object, **__: object) -> None:
    raise TemporarilyUnavailableError("throttled")


def test_what_was_closed_is_left_alone(world: CeremonyWorld) -> None:
    request = world.open()
    world.close(request, error="RestoreFailedError")
    world.begun.clear()
    assert _sweep(world) == (0, 0)
    assert world.begun == []


def test_what_nobody_wrote_as_an_open_end_is_told_once(world: CeremonyWorld) -> None:
    torn = {"pk": "END#r-nobodyasked2", "sk": "3", "due_bucket": "open-end", "due_at": "2000-01-01T00:00:00Z"}
    assert world.ledger.put_new(torn)
    for _ in range(2):
        _sweep(world)
    [told] = world.alerts.told
    assert (told.kind, told.subject) == (AlertKind.TAMPERING_ATTEMPTED, "the list of open ends")
    assert "'END#r-nobodyasked2 3'" in told.reason


def test_a_torn_row_of_one_request_keeps_no_other_from_being_looked_at(world: CeremonyWorld) -> None:
    torn = world.open()
    world.close(torn, error="RestoreFailedError")
    assert world.ledger.put_new({"pk": f"END#{torn}", "sk": "1", "state": "nothing"})
    other = world.open()
    world.begun.clear()
    with pytest.raises(TemporarilyUnavailableError, match=f"first {torn}: the row 1 of"):
        _sweep(world)
    assert world.begun == [other]
