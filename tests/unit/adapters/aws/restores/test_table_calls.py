"""A restore of a table by Redshift's own call, against a client that answers as boto3 does."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from strongroom.adapters.aws.restores.table_calls import MemberTables, MemberTableStarter
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.jobs import JobState, RestoreJob, judge_restore
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.deciding.called import (
    TABLE_CALL,
    TABLE_POINT,
    WAREHOUSE,
    WRITTEN_TABLE,
    a_called_request,
    a_table_request,
    a_volume_request,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request, a_restore_job

MADE = "c9b2c9b2-0000-4000-8000-000000000001"


def error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


@dataclass
class Redshift:
    """What was asked for, and what there is."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""

    def restore_table_from_cluster_snapshot(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(parameters)
        if self.refusal:
            raise error(self.refusal, "RestoreTableFromClusterSnapshot")
        return {"TableRestoreStatus": {"TableRestoreRequestId": MADE, "Status": "PENDING"}}

    def describe_table_restore_status(self, TableRestoreRequestId: str) -> dict[str, Any]:  # noqa: N803
        found = [each for each in self.statuses if each["TableRestoreRequestId"] == TableRestoreRequestId]
        if not found:
            raise error("TableRestoreNotFoundFault", "DescribeTableRestoreStatus")
        return {"TableRestoreStatusDetails": found}

    def get_paginator(self, _: str) -> "Redshift":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"TableRestoreStatusDetails": [each]} for each in self.statuses]


@dataclass
class Accounts:
    """The clients of the members, and how they were asked for."""

    redshift: Redshift = field(default_factory=Redshift)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    behalf: Behalf | None = None
    policy: str = ""

    def client(
        self, service: str, *, account: str, region: str, behalf: Behalf | None = None, policy: str = ""
    ) -> Redshift:
        self.asked.append((service, account, region))
        self.behalf, self.policy = behalf, policy
        return self.redshift


class Others:
    """Whatever does all else is told by its name."""

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return f"job of {request.id} out of {recovery_point}"

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        return a_restore_job(id=job_id, account=request.account)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: Any) -> tuple[str, ...]:
        return (request.id, recovery_point, str(since))


def a_status(**changes: Any) -> dict[str, Any]:
    """What Redshift tells of the restore of the table."""
    return {
        **WRITTEN_TABLE,
        "TableRestoreRequestId": MADE,
        "SnapshotIdentifier": "awsbackup:job-1",
        "RequestTime": NOW,
        "Status": "SUCCEEDED",
        "ProgressInMegaBytes": 5,
        "TotalDataInMegaBytes": 5,
    } | changes


def tables_of(*statuses: dict[str, Any]) -> MemberTables:
    return MemberTables(Accounts(Redshift(list(statuses))), otherwise=Others())


def start(places: Accounts, request: RestoreRequest, *, point: str = TABLE_POINT) -> str:
    return MemberTableStarter(places, otherwise=Others()).start_job(request, recovery_point=point)


def test_the_call_is_made_with_what_was_approved_and_with_what_names_the_snapshot() -> None:
    places = Accounts()
    assert start(places, a_table_request()) == MADE
    assert places.redshift.calls == [{**WRITTEN_TABLE, "SnapshotIdentifier": "awsbackup:job-1"}]
    assert places.asked == [("redshift", PAYMENTS, HOME)]
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_attack_20_the_session_may_make_this_call_out_of_this_snapshot_into_this_cluster_and_nothing_else() -> None:
    places = Accounts()
    start(places, a_table_request())
    [calling] = json.loads(places.policy)["Statement"]
    assert calling == {"Effect": "Allow", "Action": [TABLE_CALL], "Resource": [TABLE_POINT, WAREHOUSE]}


@pytest.mark.parametrize("wild", ["*", "?"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(wild: str) -> None:
    places = Accounts()
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        start(places, a_table_request(), point=TABLE_POINT + wild)
    assert (places.asked, places.redshift.calls) == ([], [])


@pytest.mark.parametrize("code", ["ClusterSnapshotNotFound", "InvalidTableRestoreArgument", "ClusterNotFound"])
def test_what_redshift_refuses_ends_the_request(code: str) -> None:
    with pytest.raises((RestoreFailedError, NotFoundError), match=code):
        start(Accounts(Redshift(refusal=code)), a_table_request())


@pytest.mark.parametrize(
    "request_", [a_request(), a_called_request(), a_volume_request()], ids=["a job", "a file system", "a volume"]
)
def test_every_other_request_goes_elsewhere(request_: RestoreRequest) -> None:
    places = Accounts()
    tables = MemberTables(places, otherwise=Others())
    assert start(places, request_) == f"job of {request_.id} out of {TABLE_POINT}"
    assert tables.describe("j", request=request_).id == "j"
    assert tables.started(request_, recovery_point="p", since=NOW) == (request_.id, "p", str(NOW))
    assert places.asked == []


def test_what_was_restored_is_told_as_a_job_with_all_that_was_approved() -> None:
    assert tables_of(a_status()).describe(MADE, request=a_table_request()) == RestoreJob(
        id=MADE,
        account=PAYMENTS,
        recovery_point=TABLE_POINT,
        role="",
        created_at=NOW,
        status="COMPLETED",
        message="",
        created=WAREHOUSE,
        metadata=WRITTEN_TABLE,
        request=a_request().id,
    )


@pytest.mark.parametrize(
    "told",
    [
        {"SnapshotIdentifier": "awsbackup:job-2"},
        {"ClusterIdentifier": "day"},
        *({name: "another"} for name in WRITTEN_TABLE if name != "ClusterIdentifier"),
    ],
    ids=lambda told: next(iter(told)),
)
def test_attack_20_another_table_is_not_the_approved_one(told: dict[str, str]) -> None:
    job = tables_of(a_status(**told)).describe(MADE, request=a_table_request())
    verdict = judge_restore(job, request=a_table_request(), recovery_point=TABLE_POINT)
    assert verdict.state is JobState.FAILED
    assert verdict.reason.startswith(f"restore of a table of Redshift {MADE} is not the one that was approved")


def test_what_was_restored_as_approved_is_the_approved_one() -> None:
    job = tables_of(a_status()).describe(MADE, request=a_table_request())
    verdict = judge_restore(job, request=a_table_request(), recovery_point=TABLE_POINT)
    assert (verdict.state, verdict.made, verdict.added) == (JobState.COMPLETED, WAREHOUSE, ())


@pytest.mark.parametrize("state", ["PENDING", "IN_PROGRESS"])
def test_what_is_under_way_is_waited_for(state: str) -> None:
    job = tables_of(a_status(Status=state)).describe(MADE, request=a_table_request())
    assert judge_restore(job, request=a_table_request(), recovery_point=TABLE_POINT).state is JobState.RUNNING


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_what_failed_has_made_nothing_and_says_why(state: str) -> None:
    told = a_status(Status=state, Message="Table orders_of_tuesday already exists.")
    verdict = judge_restore(
        tables_of(told).describe(MADE, request=a_table_request()),
        request=a_table_request(),
        recovery_point=TABLE_POINT,
    )
    assert (verdict.state, verdict.made) == (JobState.FAILED, "")
    assert f"ended {state}: Table orders_of_tuesday already exists." in verdict.reason


def test_what_redshift_does_not_know_is_not_there() -> None:
    with pytest.raises(NotFoundError):
        tables_of().describe(MADE, request=a_table_request())


def test_what_may_have_been_asked_for_is_found_by_snapshot_and_time() -> None:
    others = [
        a_status(TableRestoreRequestId="early", RequestTime=NOW - timedelta(seconds=1)),
        a_status(TableRestoreRequestId="other", SnapshotIdentifier="awsbackup:job-2"),
        a_status(TableRestoreRequestId="day", ClusterIdentifier="day"),
    ]
    tables = tables_of(*others, a_status())
    assert tables.started(a_table_request(), recovery_point=TABLE_POINT, since=NOW) == (MADE,)
