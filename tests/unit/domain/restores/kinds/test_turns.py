"""Of what AWS restores so many of at once, one less is ours, and the rest waits.

Sources: AWS Backup Developer Guide, "Amazon Aurora DSQL restore" (four in an account); Amazon Timestream Developer
Guide, "Quota and limits" of backups (one in an account).
"""

from typing import Any

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.proofs.risks import RAW
from strongroom.domain.restores.kinds.turns import demand_turn, most_of_ours, of_turn
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_request

CLUSTER = {"resource_type": "Aurora DSQL", "resource": f"arn:aws:dsql:{HOME}:{PAYMENTS}:cluster/{'a' * 26}"}

TABLE = {"resource_type": "Timestream", "resource": f"arn:aws:timestream:{HOME}:{PAYMENTS}:database/d/table/t"}


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        pytest.param(CLUSTER, 3, id="one less than four"),
        pytest.param(TABLE, 1, id="the only one"),
        pytest.param({}, None, id="AWS says no number"),
        pytest.param({"resource_type": "Tape"}, None, id="a type of tomorrow"),
        pytest.param({**CLUSTER, "kind": RAW}, None, id="what a person writes"),
    ],
)
def test_how_many_are_ours(changes: dict[str, Any], most: int | None) -> None:
    assert most_of_ours(a_request(**changes)) == most
    assert bool(of_turn(a_request(**changes))) is (most is not None)


def test_the_third_is_started_and_the_fourth_waits() -> None:
    request = a_request(**CLUSTER)
    demand_turn(request, running=["one", "two"])
    waits = f"it waits for its turn: 3 of Aurora DSQL are being restored in account {PAYMENTS} in {HOME}, and AWS lets"
    with pytest.raises(TemporarilyUnavailableError, match=f"^{waits} 4 run at once, 3 of them ours$"):
        demand_turn(request, running=["one", "two", "three"])


def test_where_one_is_all_the_second_waits() -> None:
    demand_turn(a_request(**TABLE), running=[])
    with pytest.raises(TemporarilyUnavailableError, match=r"AWS lets 1 run at once, 1 of them ours$"):
        demand_turn(a_request(**TABLE), running=["one"])


def test_what_has_no_such_number_waits_for_nobody() -> None:
    demand_turn(a_request(), running=[str(each) for each in range(100)])


def test_approvers_read_that_it_may_wait() -> None:
    assert of_turn(a_request(**TABLE)) == ("At most 1 of Timestream is restored at once: it waits for its turn.",)
    assert of_turn(a_request(**CLUSTER)) == ("At most 3 of Aurora DSQL are restored at once: it waits for its turn.",)
