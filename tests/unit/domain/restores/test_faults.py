"""All that is wrong with a wish is told at once, and what nobody can mend by asking otherwise is told alone."""

from collections.abc import Callable

import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    FaultsFoundError,
    MalformedRequestError,
    NotFoundError,
    RestoreRefusedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.restores.faults import Faults


def _raising(error: StrongroomError) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def test_where_nothing_is_wrong_the_answer_is_what_was_made() -> None:
    faults = Faults()
    assert (faults.of(lambda: "found"), faults.demand("made")) == ("found", "made")


def test_one_fault_is_told_as_it_is() -> None:
    faults = Faults()
    assert faults.of(_raising(NotFoundError("there is no such thing"))) is None
    with pytest.raises(NotFoundError, match=r"^there is no such thing$"):
        faults.demand("made")


def test_many_are_told_together_in_the_order_in_which_they_were_looked_for() -> None:
    faults = Faults()
    faults.of(_raising(MalformedRequestError("one")))
    faults.of(_raising(FaultsFoundError("two", "three")))
    faults.of(_raising(RestoreRefusedError("four")))
    with pytest.raises(FaultsFoundError, match=r"^4 things are wrong: one; two; three; four$") as found:
        faults.demand("made")
    assert found.value.faults == ("one", "two", "three", "four")


@pytest.mark.parametrize("error", [TemporarilyUnavailableError("later"), AccessRefusedError("no")], ids=str)
def test_what_is_nobody_s_fault_is_not_collected(error: StrongroomError) -> None:
    with pytest.raises(type(error)):
        Faults().of(_raising(error))
