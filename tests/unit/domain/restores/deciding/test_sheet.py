"""What was found is read in one order, whoever said what first."""

from itertools import permutations

import pytest

from strongroom.domain.restores.deciding.decision import Fault, LeftOut, Refusal
from strongroom.domain.restores.deciding.sheet import Sheet
from tests.builders.deciding.restore_cases import a_restore

REFUSALS = (
    Refusal(fault=Fault.BAD_VALUE, key="a", sentence="one"),
    Refusal(fault=Fault.BAD_VALUE, key="a", sentence="two"),
    Refusal(fault=Fault.BAD_VALUE, key="b", sentence="another"),
)
LEFT_OUT = (LeftOut(key="a", reason="one"), LeftOut(key="a", reason="two"), LeftOut(key="b", reason="another"))


@pytest.mark.parametrize("said", list(permutations(range(3))))
def test_what_is_wrong_with_one_key_is_read_in_one_order(said: tuple[int, ...]) -> None:
    sheet = Sheet(a_restore("EBS"))
    for place in said:
        sheet.refuse(REFUSALS[place].fault, REFUSALS[place].sentence, key=REFUSALS[place].key)
        sheet.leave_out(LEFT_OUT[place].key, LEFT_OUT[place].reason)
    assert (sheet.refusals, sheet.left_out) == (REFUSALS, LEFT_OUT)
