"""Of what AWS restores so many of at once, one less is ours, and the rest waits.

Sources: AWS Backup Developer Guide, "Amazon Aurora DSQL restore" (four in an account) and "AWS Backup quotas" (EKS:
five in an account, one in a cluster); Amazon Timestream Developer Guide, "Quota and limits" of backups (one in an
account).
"""

from typing import Any

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.proofs.risks import RAW
from strongroom.domain.restores.kinds.turns import demand_turn, most_of_ours, of_turn, start_in_turn
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import a_request

CLUSTER = {"resource_type": "Aurora DSQL", "resource": f"arn:aws:dsql:{HOME}:{PAYMENTS}:cluster/{'a' * 26}"}

TABLE = {"resource_type": "Timestream", "resource": f"arn:aws:timestream:{HOME}:{PAYMENTS}:database/d/table/t"}

KUBERNETES = {"resource_type": "EKS", "resource": f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop"}


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        pytest.param(CLUSTER, 3, id="one less than four"),
        pytest.param(TABLE, 1, id="the only one"),
        pytest.param(KUBERNETES, 1, id="five in an account, and one in a cluster"),
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
    waits = f"it waits for its turn: 3 of Aurora DSQL are being restored in account {PAYMENTS} in {HOME}, and at most 3"
    with pytest.raises(TemporarilyUnavailableError, match=f"^{waits} of ours run at once; AWS lets 4 in an account$"):
        demand_turn(request, running=["one", "two", "three"])


def test_where_one_is_all_the_second_waits() -> None:
    demand_turn(a_request(**TABLE), running=[])
    waits = r"1 of Timestream is being .*, and at most 1 of ours runs at once; AWS lets 1 in an account$"
    with pytest.raises(TemporarilyUnavailableError, match=waits):
        demand_turn(a_request(**TABLE), running=["one"])


def test_where_aws_lets_one_into_a_cluster_all_clusters_wait_for_it() -> None:
    waits = r"1 of EKS is .*, and at most 1 of ours runs at once; AWS lets 5 in an account, and 1 into one target$"
    with pytest.raises(TemporarilyUnavailableError, match=waits):
        demand_turn(a_request(**KUBERNETES), running=["one"])


def test_what_its_start_waits_for_is_said() -> None:
    assert start_in_turn(a_request(**KUBERNETES)) == "its start, in its turn: at most 1 of EKS at once"
    assert start_in_turn(a_request()) == ""


def test_what_has_no_such_number_waits_for_nobody() -> None:
    demand_turn(a_request(), running=[str(each) for each in range(100)])


def test_approvers_read_that_it_may_wait() -> None:
    assert of_turn(a_request(**TABLE)) == ("At most 1 of Timestream is restored at once: it waits for its turn.",)
    assert of_turn(a_request(**CLUSTER)) == ("At most 3 of Aurora DSQL are restored at once: it waits for its turn.",)
