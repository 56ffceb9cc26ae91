"""A restore of a table by either Redshift's own call, against a client that answers as boto3 does."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, NamedTuple

import pytest

from strongroom.adapters.aws.restores.namespace_tables import (
    MemberNamespaceSnapshots,
    MemberNamespaceTables,
    MemberNamespaceTableStarter,
)
from strongroom.adapters.aws.restores.table_calls import MemberTables, MemberTableStarter
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.jobs import JobState, JobVerdict, RestoreJob, judge_restore
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf
from strongroom.ports.restores import RestoreJobs, RestoreStarter
from tests.builders.deciding.called import (
    NAMESPACE,
    NAMESPACE_POINT,
    NAMESPACE_TABLE_CALL,
    TABLE_CALL,
    TABLE_POINT,
    WAREHOUSE,
    WRITTEN_NAMESPACE_TABLE,
    WRITTEN_TABLE,
    a_called_request,
    a_namespace_table_request,
    a_table_request,
    a_volume_request,
    small,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request
from tests.fakes.restores.own_calls import Accounts, Others, refused

MADE: Final = "c9b2c9b2-0000-4000-8000-000000000001"


@dataclass
class Redshift:
    """What was asked for, and what there is; of both services, each with members of its own spelling."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""
    snapshots: Mapping[str, str] = field(default_factory=lambda: {NAMESPACE_POINT: "awsbackup-1"})

    def restore_table_from_cluster_snapshot(self, **parameters: Any) -> dict[str, Any]:
        self._ask(parameters)
        return {"TableRestoreStatus": {"TableRestoreRequestId": MADE, "Status": "PENDING"}}

    def restore_table_from_snapshot(self, **parameters: Any) -> dict[str, Any]:
        self._ask(parameters)
        return {"tableRestoreStatus": {"tableRestoreRequestId": MADE, "status": "PENDING"}}

    def describe_table_restore_status(self, TableRestoreRequestId: str) -> dict[str, Any]:  # noqa: N803
        found = [each for each in self.statuses if each["TableRestoreRequestId"] == TableRestoreRequestId]
        if not found:
            raise refused("TableRestoreNotFoundFault", "DescribeTableRestoreStatus")
        return {"TableRestoreStatusDetails": found}

    def get_table_restore_status(self, tableRestoreRequestId: str) -> dict[str, Any]:  # noqa: N803
        found = [each for each in self.statuses if each["tableRestoreRequestId"] == tableRestoreRequestId]
        if not found:
            raise refused("ResourceNotFoundException", "GetTableRestoreStatus")
        return {"tableRestoreStatus": found[0]}

    def get_snapshot(self, snapshotArn: str) -> dict[str, Any]:  # noqa: N803
        if snapshotArn not in self.snapshots:
            raise refused("ResourceNotFoundException", "GetSnapshot")
        return {"snapshot": {"snapshotArn": snapshotArn, "snapshotName": self.snapshots[snapshotArn]}}

    def get_paginator(self, name: str) -> "Pages":
        members = {"describe_table_restore_status": "TableRestoreStatusDetails"}
        return Pages(members.get(name, "tableRestoreStatuses"), self.statuses)

    def _ask(self, parameters: dict[str, Any]) -> None:
        self.calls.append(parameters)
        if self.refusal:
            raise refused(self.refusal, "RestoreTable")


class Pages(NamedTuple):
    """A list, one to a page."""

    member: str
    statuses: list[dict[str, Any]]

    def paginate(self) -> list[dict[str, Any]]:
        return [{self.member: [each]} for each in self.statuses]


class Table(NamedTuple):
    """One of both calls: how it is started and looked at, what for, and how its service spells a member."""

    call: str
    point: str
    into: str
    written: Mapping[str, str]
    snapshot: tuple[str, str]
    request: Callable[[], RestoreRequest]
    starter: Callable[[Accounts[Redshift]], RestoreStarter]
    jobs: Callable[[Accounts[Redshift]], RestoreJobs]
    spelled: Callable[[str], str]

    def start(self, places: Accounts[Redshift], request: RestoreRequest | None = None, *, point: str = "") -> str:
        return self.starter(places).start_job(request or self.request(), recovery_point=point or self.point)

    def status(self, **changes: Any) -> dict[str, Any]:
        """What the service tells of the restore of the table; `changes` in Redshift's spelling."""
        usual = {"TableRestoreRequestId": MADE, "RequestTime": NOW, "Status": "SUCCEEDED", "TotalDataInMegaBytes": 5}
        told = {self.spelled(name): value for name, value in (usual | changes).items()}
        return {**self.written, **dict([self.snapshot]), **told}

    def of(self, *statuses: dict[str, Any]) -> RestoreJobs:
        return self.jobs(Accounts(Redshift(list(statuses))))

    def judged(self, status: dict[str, Any]) -> JobVerdict:
        job = self.of(status).describe(MADE, request=self.request())
        return judge_restore(job, request=self.request(), recovery_point=self.point)


TABLES: Final = (
    Table(
        TABLE_CALL,
        TABLE_POINT,
        WAREHOUSE,
        WRITTEN_TABLE,
        ("SnapshotIdentifier", "awsbackup:job-1"),
        a_table_request,
        lambda places: MemberTableStarter(places, otherwise=Others()),
        lambda places: MemberTables(places, otherwise=Others()),
        str,
    ),
    Table(
        NAMESPACE_TABLE_CALL,
        NAMESPACE_POINT,
        NAMESPACE,
        WRITTEN_NAMESPACE_TABLE,
        ("snapshotName", "awsbackup-1"),
        a_namespace_table_request,
        lambda places: MemberNamespaceTableStarter(
            places, snapshots=MemberNamespaceSnapshots(places), otherwise=Others()
        ),
        lambda places: MemberNamespaceTables(places, snapshots=MemberNamespaceSnapshots(places), otherwise=Others()),
        small,
    ),
)


@pytest.fixture(params=TABLES, ids=lambda table: table.call.partition(":")[0])
def table(request: pytest.FixtureRequest) -> Table:
    found: Table = request.param
    return found


def test_the_call_is_made_with_what_was_approved_and_with_what_names_the_snapshot(table: Table) -> None:
    places = Accounts(Redshift())
    assert table.start(places) == MADE
    assert places.given.calls == [{**table.written, **dict([table.snapshot])}]
    assert places.asked[-1] == (table.call.partition(":")[0], PAYMENTS, HOME)
    assert places.behalf == Behalf(subject="idp|omar", ticket=a_request().ticket, request_id="r-abcdefgh2345")


def test_attack_20_the_session_may_make_this_call_out_of_this_snapshot_into_what_was_backed_up(table: Table) -> None:
    places = Accounts(Redshift())
    table.start(places)
    [calling] = json.loads(places.policy)["Statement"]
    assert calling == {"Effect": "Allow", "Action": [table.call], "Resource": [table.point, table.into]}


@pytest.mark.parametrize("wild", ["*", "?"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(table: Table, wild: str) -> None:
    places = Accounts(Redshift())
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        table.start(places, point=table.point + wild)
    assert (places.asked, places.given.calls) == ([], [])


@pytest.mark.parametrize(
    "code",
    [
        "ClusterSnapshotNotFound",
        "InvalidTableRestoreArgument",
        "ClusterNotFound",
        "ConflictException",
        "ValidationException",
        "ResourceNotFoundException",
    ],
)
def test_what_redshift_refuses_ends_the_request(table: Table, code: str) -> None:
    with pytest.raises((RestoreFailedError, NotFoundError), match=code):
        table.start(Accounts(Redshift(refusal=code)))


@pytest.mark.parametrize(
    "request_", [a_request(), a_called_request(), a_volume_request()], ids=["a job", "a file system", "a volume"]
)
def test_every_other_request_goes_elsewhere(table: Table, request_: RestoreRequest) -> None:
    places = Accounts(Redshift())
    tables = table.jobs(places)
    assert table.start(places, request_) == f"job of {request_.id} out of {table.point}"
    assert tables.describe("j", request=request_).id == "j"
    assert tables.started(request_, recovery_point="p", since=NOW) == (request_.id, "p", str(NOW))
    assert places.asked == []


def test_what_was_restored_is_told_as_a_job_with_all_that_was_approved(table: Table) -> None:
    assert table.of(table.status()).describe(MADE, request=table.request()) == RestoreJob(
        id=MADE,
        account=PAYMENTS,
        recovery_point=table.point,
        role="",
        created_at=NOW,
        status="COMPLETED",
        message="",
        created=table.into,
        metadata=table.written,
        request=a_request().id,
    )


OTHERS: Final = [
    *((each, each.snapshot[0]) for each in TABLES),
    *((each, name) for each in TABLES for name in each.written),
]


@pytest.mark.parametrize(("table", "member"), OTHERS, ids=[f"{each.call} {name}" for each, name in OTHERS])
def test_attack_20_another_table_is_not_the_approved_one(table: Table, member: str) -> None:
    verdict = table.judged({**table.status(), member: "another"})
    assert verdict.state is JobState.FAILED
    assert verdict.reason.startswith("restore of a table of Redshift")
    assert f"{MADE} is not the one that was approved" in verdict.reason


def test_what_was_restored_as_approved_is_the_approved_one(table: Table) -> None:
    verdict = table.judged(table.status())
    assert (verdict.state, verdict.made, verdict.added) == (JobState.COMPLETED, table.into, ())


@pytest.mark.parametrize("state", ["PENDING", "IN_PROGRESS"])
def test_what_is_under_way_is_waited_for(table: Table, state: str) -> None:
    assert table.judged(table.status(Status=state)).state is JobState.RUNNING


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_what_failed_has_made_nothing_and_says_why(table: Table, state: str) -> None:
    verdict = table.judged(table.status(Status=state, Message="Table orders_of_tuesday already exists."))
    assert (verdict.state, verdict.made) == (JobState.FAILED, "")
    assert f"ended {state}: Table orders_of_tuesday already exists." in verdict.reason


def test_what_redshift_does_not_know_is_not_there(table: Table) -> None:
    with pytest.raises(NotFoundError):
        table.of().describe(MADE, request=table.request())


def test_what_may_have_been_asked_for_is_found_by_snapshot_and_time(table: Table) -> None:
    others = [
        table.status(TableRestoreRequestId="early", RequestTime=NOW - timedelta(seconds=1)),
        {**table.status(TableRestoreRequestId="other"), table.snapshot[0]: "another"},
    ]
    tables = table.of(*others, table.status())
    assert tables.started(table.request(), recovery_point=table.point, since=NOW) == (MADE,)


def test_a_snapshot_of_another_cluster_is_another_one() -> None:
    tables = TABLES[0].of(TABLES[0].status(ClusterIdentifier="day"))
    assert tables.started(a_table_request(), recovery_point=TABLE_POINT, since=NOW) == ()


def test_a_snapshot_that_is_gone_is_told_and_nothing_is_called() -> None:
    places = Accounts(Redshift(snapshots={}))
    with pytest.raises(NotFoundError, match=NAMESPACE_POINT):
        TABLES[1].start(places)
    assert places.given.calls == []
