"""The function that takes up interrupted ceremonies, woken by its schedule."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.evidence.object_keys import proof_key, request_key
from strongroom.domain.restores.executions import closing_name
from tests.fakes.aws_failures import FailingClient, answered
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import batch, load_handler
from tests.fakes.restores import FakeShelf


@pytest.fixture
def tick(sample: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return batch(sample("aws.events/tick"))


def _sweep(tick: dict[str, Any]) -> list[dict[str, str]]:
    answer: list[dict[str, str]] = load_handler("sweep_ceremonies")(tick, None)["batchItemFailures"]
    return answer


def test_what_was_signed_and_never_begun_is_begun(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    functions.world.begun.clear()
    functions.world.running.clear()
    assert _sweep(tick) == []
    assert functions.world.begun == [request]


def test_what_runs_is_begun_once(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    for _ in range(2):
        assert _sweep(tick) == []
    assert functions.world.begun == [request]


def test_a_judge_who_missed_the_bell_is_woken_once(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    functions.world.sign(request, "maria")
    CeremonyBells(functions.world.table).hang(request, "t-late")
    for _ in range(2):
        assert _sweep(tick) == []
    assert functions.world.tasks.answered == {"t-late": {}}


def _tamper(shelf: FakeShelf, request: str) -> None:
    shelf.tampered.add(request_key(request))


def _flood(shelf: FakeShelf, request: str) -> None:
    shelf.put_new(proof_key(request, "0" * 64), "x" * 1_000_001)


def _lose(shelf: FakeShelf, request: str) -> None:
    del shelf.kept[request_key(request)]


@pytest.mark.parametrize("spoil", [_tamper, _lose])
def test_evidence_that_nobody_can_judge_stops_nobody_else(
    spoil: Callable[[FakeShelf, str], None], functions: Functions, tick: dict[str, Any]
) -> None:
    first, second = functions.world.open(), functions.world.open_another()
    spoil(functions.world.shelf, first)
    functions.world.begun.clear()
    functions.world.running.clear()
    assert _sweep(tick) == []
    assert set(functions.world.begun) == {first, second}


def test_x07_what_an_execution_that_is_over_left_open_is_closed(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    functions.world.break_off(request)
    for _ in range(2):
        assert _sweep(tick) == []
    name = closing_name(request, at=functions.world.now)
    assert (functions.world.begun, functions.world.is_running(functions.world.execution(name))) == (
        [request, name],
        True,
    )
    functions.world.later(minutes=1)
    answer = functions.step(
        "close_restore", request, execution=functions.world.execution(name), error="ExecutionEndedError", reason="over"
    )
    assert answer["outcome"] == "failed"
    assert functions.world.kinds(request) == ["closed"]


def test_what_is_no_text_among_the_proofs_stops_nobody(functions: Functions, tick: dict[str, Any]) -> None:
    request = functions.world.open()
    _flood(functions.world.shelf, request)
    functions.world.begun.clear()
    functions.world.running.clear()
    assert _sweep(tick) == []
    assert functions.world.begun == [request]


def test_where_nothing_is_open_nobody_is_asked(functions: Functions, tick: dict[str, Any]) -> None:
    """Neither bucket nor identity provider: their bad day is no alarm of ours while nobody restores."""
    functions.clients.own["s3"] = functions.clients.own["stepfunctions"] = FailingClient(answered("AccessDenied"))
    functions.issuer.name = "https://elsewhere.example"
    assert _sweep(tick) == []


@pytest.mark.parametrize("service", ["dynamodb", "s3", "stepfunctions"])
def test_a_tick_on_a_bad_day_stays_on_its_queue(service: str, functions: Functions, tick: dict[str, Any]) -> None:
    functions.world.open()
    functions.clients.own[service] = FailingClient(answered("ThrottlingException"))
    assert _sweep(tick) == [{"itemIdentifier": "m-0"}]
    assert functions.post.buried == []
