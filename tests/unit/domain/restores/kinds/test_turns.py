"""Of what AWS restores so many of at once, one less is ours, and the rest waits.

Sources: AWS Backup Developer Guide, "Amazon Aurora DSQL restore" (four in an account) and "AWS Backup quotas" (EKS:
five in an account, one in a cluster); Amazon Timestream Developer Guide, "Quota and limits" of backups (one in an
account).
"""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.proofs.risks import AFTER, RAW
from strongroom.domain.restores.kinds.turns import (
    RunningJob,
    demand_turn,
    goes_one_into,
    most_of_ours,
    of_turn,
    start_in_turn,
)
from strongroom.domain.written import moment_text
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request

CLUSTER = {"resource_type": "Aurora DSQL", "resource": f"arn:aws:dsql:{HOME}:{PAYMENTS}:cluster/{'a' * 26}"}

TABLE = {"resource_type": "Timestream", "resource": f"arn:aws:timestream:{HOME}:{PAYMENTS}:database/d/table/t"}

KUBERNETES = {"resource_type": "EKS", "resource": f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop"}


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        pytest.param(CLUSTER, 3, id="one less than four"),
        pytest.param(TABLE, 1, id="the only one"),
        pytest.param(KUBERNETES, 4, id="one less than five"),
        pytest.param({}, None, id="AWS says no number"),
        pytest.param({"resource_type": "Tape"}, None, id="a type of tomorrow"),
        pytest.param({**CLUSTER, "kind": RAW}, None, id="what a person writes"),
        pytest.param({**CLUSTER, "kind": AFTER}, None, id="what follows a restore"),
    ],
)
def test_how_many_are_ours(changes: dict[str, Any], most: int | None) -> None:
    assert most_of_ours(a_request(**changes)) == most
    assert bool(of_turn(a_request(**changes))) is (most is not None)


def running(*ids: str) -> list[RunningJob]:
    return [RunningJob(id=each, since=NOW) for each in ids]


def test_the_third_is_started_and_the_fourth_waits() -> None:
    request = a_request(**CLUSTER)
    demand_turn(request, running=running("one", "two"), now=NOW)
    waits = f"it waits for its turn: 3 of Aurora DSQL are being restored in account {PAYMENTS} in {HOME}, and AWS lets"
    with pytest.raises(TemporarilyUnavailableError, match=f"^{waits} 4 run at once, 3 of them ours$"):
        demand_turn(request, running=running("one", "two", "three"), now=NOW)


def test_where_one_is_all_the_second_waits() -> None:
    demand_turn(a_request(**TABLE), running=[], now=NOW)
    with pytest.raises(TemporarilyUnavailableError, match=r"AWS lets 1 run at once, 1 of them ours$"):
        demand_turn(a_request(**TABLE), running=running("one"), now=NOW)


def test_what_its_start_waits_for_is_said() -> None:
    assert start_in_turn(a_request(**KUBERNETES)) == "its start, in its turn: at most 4 of EKS at once"
    assert start_in_turn(a_request()) == ""


def test_what_has_no_such_number_waits_for_nobody() -> None:
    demand_turn(a_request(), running=running(*map(str, range(100))), now=NOW)


OF_EKS = {
    "resource_type": "EKS",
    "resource": f"arn:aws:eks:{HOME}:{PAYMENTS}:cluster/shop",
    "metadata": (("clusterName", "shop"), ("newCluster", "false")),
}


def into(*clusters: str) -> list[RunningJob]:
    said = [{"clusterName": each} if each else {} for each in clusters]
    return [RunningJob(id=f"job-{place}", since=NOW, metadata=each) for place, each in enumerate(said)]


def test_into_one_cluster_goes_one_at_a_time_and_four_into_others() -> None:
    """AWS Backup Developer Guide, "AWS Backup quotas": one for a cluster, five in an account."""
    request = a_request(**OF_EKS)
    demand_turn(request, running=into("a", "b", "c"), now=NOW)
    with pytest.raises(TemporarilyUnavailableError, match=r"AWS lets 5 run at once, 4 of them ours$"):
        demand_turn(request, running=into("a", "b", "c", "d"), now=NOW)
    for running_now in (into("a", "shop"), into("a", "")):
        with pytest.raises(TemporarilyUnavailableError, match=r"job job-1 restores into shop .* one at a time$"):
            demand_turn(request, running=running_now, now=NOW)


@pytest.mark.parametrize(
    ("changes", "size", "minutes"),
    [
        pytest.param(TABLE, 30 * 2**30, 80, id="by its size"),
        pytest.param(OF_EKS, None, 60, id="of a kind that takes as long whatever its size"),
    ],
)
def test_what_runs_far_too_long_still_counts_and_is_named(
    changes: dict[str, Any], size: int | None, minutes: int
) -> None:
    """AWS Backup has no call that stops a restore: somebody must hear which job it is."""
    [job] = [replace(each, size=size) for each in into("shop")]
    for later, is_named in ((minutes, False), (minutes + 1, True)):
        with pytest.raises(TemporarilyUnavailableError) as waits:
            demand_turn(a_request(**changes), running=[job], now=NOW + timedelta(minutes=later))
        assert ("job-0 since 2026-11-" in str(waits.value)) is is_named


def test_of_what_size_nobody_knows_nothing_is_late() -> None:
    with pytest.raises(TemporarilyUnavailableError, match=r"ours$"):
        demand_turn(a_request(**TABLE), running=running("one"), now=NOW + timedelta(days=9))


def test_approvers_read_that_it_may_wait() -> None:
    assert of_turn(a_request(**TABLE)) == ("At most 1 of Timestream is restored at once: it waits for its turn.",)
    one = "At most 4 of EKS are restored at once, and one into the same clusterName: it waits for its turn."
    assert of_turn(a_request(**OF_EKS)) == (one,)
    assert [goes_one_into(a_request(**each)) for each in (OF_EKS, TABLE)] == [True, False]
    assert of_turn(a_request(**CLUSTER)) == ("At most 3 of Aurora DSQL are restored at once: it waits for its turn.",)


FAR = "far longer than such a restore takes, and nobody but AWS Support can end it"


def test_what_waits_says_for_which_job_and_since_when() -> None:
    running_now, later = into("shop", "shop"), NOW + timedelta(hours=2)
    with pytest.raises(TemporarilyUnavailableError) as waits:
        demand_turn(a_request(**OF_EKS), running=running_now, now=later)
    assert str(waits.value) == (
        f"it waits for its turn: job job-0 restores into shop in account {PAYMENTS} in {HOME}, and AWS lets one at a "
        f"time; job-0 since {moment_text(NOW)}, job-1 since {moment_text(NOW)} runs {FAR}"
    )


def test_what_names_no_cluster_waits_for_whatever_names_none() -> None:
    unnamed = a_request(**KUBERNETES)
    demand_turn(unnamed, running=into("a"), now=NOW)
    with pytest.raises(TemporarilyUnavailableError, match=r"^it waits for its turn: job job-0 restores into  in"):
        demand_turn(unnamed, running=[replace(into("a")[0], metadata={"clusterName": ""})], now=NOW)


def test_of_what_aws_says_no_number_nothing_is_said() -> None:
    assert of_turn(a_request()) == ()
    assert not goes_one_into(a_request(resource_type="Tape"))
