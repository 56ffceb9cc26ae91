"""The name under which a step fails is what its state machine matches."""

from typing import Any

import msgspec
import pytest

from strongroom.domain import errors
from strongroom.domain.errors import StrongroomError, TemporarilyUnavailableError
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step

KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, StrongroomError)]


class Input(msgspec.Struct):
    """A step's input."""

    request_id: str = ""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_may_pass_leaves_under_the_one_name_that_is_retried_and_the_rest_under_its_own(
    kind: type[StrongroomError], platform_environment: None
) -> None:
    def act(_: Input, __: Platform) -> Any:
        raise kind("because")

    with pytest.raises(StrongroomError, match=r"^because$") as caught:
        each_step(Input)(act)({}, None)
    name = "TemporarilyUnavailableError" if issubclass(kind, TemporarilyUnavailableError) else kind.__name__
    assert type(caught.value).__name__ == name
