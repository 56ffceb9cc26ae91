"""The function that takes up interrupted ceremonies, woken by its schedule."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.domain.canonical import read_canonical
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.evidence.object_keys import end_closed_key, end_key, proof_key, request_key
from strongroom.domain.restores.executions import closing_name
from strongroom.domain.written import moment_of
from tests.builders.places import PAYMENTS, TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, DATABASE, a_wish
from tests.fakes.aws_failures import FailingClient, answered
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import batch, load_handler
from tests.fakes.restores.evidence import FakeShelf


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


def test_what_a_copy_back_left_is_followed_until_it_is_gone(functions: Functions, tick: dict[str, Any]) -> None:
    world = functions.world
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    functions.step("start_copy_back", request)
    functions.step("close_restore", request, error="CopyBackFailedError", reason="it went wrong")
    for _ in range(2):
        assert _sweep(tick) == []
        world.later(minutes=5)
    left = read_canonical(world.shelf.kept[end_key(request, 1)])
    assert (left["recovery_point"], left["vault"], left["owner"]) == (COPIED_POINT, TEMPORARY_VAULT, "idp|omar")
    world.now = moment_of(left["gone_by"], of="gone_by") + timedelta(minutes=10)
    assert _sweep(tick) == []
    assert functions.alerts[-1] == ("temporary-copy-overdue", PAYMENTS)
    functions.member.points = [each for each in functions.member.points if each["RecoveryPointArn"] != COPIED_POINT]
    for _ in range(2):
        world.later(hours=1)
        assert _sweep(tick) == []
    assert read_canonical(world.shelf.kept[end_closed_key(request, 1)])["recovery_point"] == COPIED_POINT
    assert functions.post.announced[-1]["status"] == "resolved"


def test_a_copy_whose_start_nobody_wrote_down_is_found(functions: Functions, tick: dict[str, Any]) -> None:
    world = functions.world
    request = world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    facts = {"recovery_point": CENTRAL_POINT}
    world.keeper.record(world.kept(request), EntryKind.COPY_BACK_INTENDED, facts=facts, at=world.now)
    functions.step("close_restore", request, error="ExecutionEndedError", reason="it broke off")
    job = functions.central.start_copy_job(
        RecoveryPointArn=CENTRAL_POINT, DestinationBackupVaultArn=TEMPORARY_VAULT, IdempotencyToken="lost"
    )
    told = {
        "SourceRecoveryPointArn": CENTRAL_POINT,
        "DestinationBackupVaultArn": TEMPORARY_VAULT,
        "CreationDate": world.now,
        "ResourceArn": DATABASE,
    }
    functions.central.copy_jobs = [
        told | {"CopyJobId": "another", "SourceRecoveryPointArn": f"{CENTRAL_POINT}-2"},
        told | {"CopyJobId": job["CopyJobId"]},
    ]
    for _ in range(2):
        assert _sweep(tick) == []
    assert end_key(request, 1) in world.shelf.kept


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
