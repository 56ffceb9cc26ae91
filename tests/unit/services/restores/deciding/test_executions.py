"""A step belongs to the execution that was begun with its request."""

import pytest

from strongroom.domain.errors import ForeignExecutionError
from strongroom.services.restores.deciding.executions import demand_own
from tests.fakes.restores import MACHINE, CeremonyWorld


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
