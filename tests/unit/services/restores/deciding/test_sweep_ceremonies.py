"""What was interrupted is taken up again, and what decided itself unheard is woken."""

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.evidence.object_keys import request_key
from strongroom.services.restores.deciding.sweep_ceremonies import sweep_ceremonies
from tests.fakes.restores import CeremonyWorld


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


def test_evidence_that_was_tampered_with_stops_nobody_else(world: CeremonyWorld) -> None:
    first, second = world.open(), world.open_another()
    world.shelf.tampered.add(request_key(first))
    world.begun.clear()
    assert _sweep(world) == (2, 0)
    assert world.begun == [second]


def test_what_was_closed_is_left_alone(world: CeremonyWorld) -> None:
    request = world.open()
    world.close(request, error="RestoreFailedError")
    world.begun.clear()
    assert _sweep(world) == (0, 0)
    assert world.begun == []
