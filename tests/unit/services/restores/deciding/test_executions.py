"""A step belongs to the execution that was begun with its request."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import ForeignExecutionError, TemporarilyUnavailableError
from strongroom.domain.restores.executions import closing_name
from strongroom.services.restores.deciding.executions import demand_closing, demand_own
from tests.fakes.restores.world import MACHINE, CeremonyWorld


def test_the_execution_that_was_begun_with_the_request_may(world: CeremonyWorld) -> None:
    request = world.open()
    demand_own(world.execution(request), request_id=request, executions=world)
    assert world.begun == [request]


@pytest.mark.parametrize("name", ["r-bbbbbbbbbbbb", "by-hand", ""])
def test_an_execution_of_another_name_may_not(name: str, world: CeremonyWorld) -> None:
    request = world.open()
    other = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"
    world.running.add(other)
    with pytest.raises(ForeignExecutionError):
        demand_own(other, request_id=request, executions=world)


def test_an_execution_that_has_ended_may_not(world: CeremonyWorld) -> None:
    request = world.open()
    world.running.clear()
    with pytest.raises(ForeignExecutionError):
        demand_own(world.execution(request), request_id=request, executions=world)


def _closing(world: CeremonyWorld, request: str) -> str:
    name = closing_name(request, at=world.now)
    world.running.add(world.execution(name))
    return world.execution(name)


def _over(world: CeremonyWorld) -> str:
    request = world.open()
    world.break_off(request)
    return request


def test_the_request_s_own_execution_may_close_it(world: CeremonyWorld) -> None:
    request = world.open()
    demand_closing(world.execution(request), request_id=request, executions=world, now=world.now)
    assert world.is_running(world.execution(request))


def test_another_one_may_close_once_the_own_one_is_over(world: CeremonyWorld) -> None:
    request = _over(world)
    execution = _closing(world, request)
    with pytest.raises(TemporarilyUnavailableError):
        demand_closing(execution, request_id=request, executions=world, now=world.now + timedelta(seconds=59))
    demand_closing(execution, request_id=request, executions=world, now=world.now + timedelta(minutes=1))


def test_attack_17_an_execution_that_may_close_may_do_nothing_else(world: CeremonyWorld) -> None:
    request = _over(world)
    with pytest.raises(ForeignExecutionError):
        demand_own(_closing(world, request), request_id=request, executions=world)


@pytest.mark.parametrize("spoil", ["runs", "was never begun", "is another request's", "does not run itself"])
def test_attack_17_what_may_not_close_is_turned_away(spoil: str, world: CeremonyWorld) -> None:
    request = _over(world)
    closing = _closing(world, request)
    match spoil:
        case "runs":
            world.ended.clear()
            world.running.add(world.execution(request))
        case "was never begun":
            world.ended.clear()
        case "is another request's":
            request = "r-bbbbbbbbbbbb"
        case _:
            world.running.clear()
    with pytest.raises(ForeignExecutionError):
        demand_closing(closing, request_id=request, executions=world, now=world.now + timedelta(hours=1))
