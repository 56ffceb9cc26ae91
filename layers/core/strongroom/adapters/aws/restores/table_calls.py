"""Restores of single tables by Redshift's own call, in a member account, watched as what Redshift tells of each.

Amazon Redshift API Reference, RestoreTableFromClusterSnapshot and DescribeTableRestoreStatus: the call takes neither
token nor tags, overwrites no table, and is told of with its snapshot and each of its parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.catalogue.redshift import TABLE_CALL
from strongroom.domain.errors import RestoreFailedError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.by_hand.own_calls import backup_id, told_of
from strongroom.domain.restores.jobs import restored_table
from strongroom.domain.restores.session_policy import behalf_of, call_session_policy

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.jobs import RestoreJob
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_NO_SUCH: Final = ("TableRestoreNotFoundFault",)
# What the restore of a table says, in the words of a job of AWS Backup.
TABLE_STATUS: Final = {"PENDING": "PENDING", "IN_PROGRESS": "RUNNING", "SUCCEEDED": "COMPLETED"}


class MemberTableStarter:
    """Has the table restored that was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = (TABLE_CALL,)

    def __init__(self, callers: AttributedClients, *, otherwise: RestoreStarter) -> None:
        """`callers` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._callers = callers
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Ask for the table and return the id of its restore; there is no token, so look for one `started` before.

        What it is asked with may make this one call, out of this snapshot into this cluster, and nothing else.
        """
        if request.call != TABLE_CALL:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        client = self._callers.client(
            "redshift",
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=call_session_policy(request, recovery_point=recovery_point),
        )
        with aws_errors(f"no table of {recovery_point} can be restored", otherwise=RestoreFailedError):
            answer = client.restore_table_from_cluster_snapshot(
                SnapshotIdentifier=backup_id(recovery_point, service="redshift"),
                **parameters_of(request.call, request.metadata),
            )
        return str(answer["TableRestoreStatus"]["TableRestoreRequestId"])


class MemberTables:
    """The restores of tables in a member account, looked at under its inspection role; all else is elsewhere."""

    MEMBER_ACTIONS = ("redshift:DescribeTableRestoreStatus",)

    def __init__(self, inspectors: Clients, *, otherwise: RestoreJobs) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The restore of the table as it is now; NotFoundError where Redshift knows none of that id."""
        if request.call != TABLE_CALL:
            return self._otherwise.describe(job_id, request=request)
        with aws_errors(f"the restore {job_id} of a table cannot be described", absent=_NO_SUCH):
            answer = self._client(request).describe_table_restore_status(TableRestoreRequestId=job_id)
        [status] = answer["TableRestoreStatusDetails"]
        return _as_job(status, request=request)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The restores of tables out of that snapshot that were asked for since then, by id."""
        if request.call != TABLE_CALL:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        pages = self._client(request).get_paginator("describe_table_restore_status").paginate()
        with aws_errors("restores of tables cannot be listed"):
            found = [status for page in pages for status in page["TableRestoreStatusDetails"]]
        jobs = (_as_job(each, request=request) for each in found)
        return tuple(job.id for job in jobs if job.recovery_point == recovery_point and job.created_at >= since)

    def _client(self, request: RestoreRequest) -> Any:
        return self._inspectors.client("redshift", account=request.account, region=request.region)


def _as_job(status: dict[str, Any], *, request: RestoreRequest) -> RestoreJob:
    cluster = Arn.parse(request.resource)
    snapshot = f"snapshot:{status['ClusterIdentifier']}/{status['SnapshotIdentifier']}"
    said = str(status["Status"])
    return restored_table(
        status["TableRestoreRequestId"],
        request=request,
        recovery_point=str(Arn(cluster.partition, "redshift", request.region, request.account, snapshot)),
        asked_at=status["RequestTime"],
        status=TABLE_STATUS.get(said, said),
        message=status.get("Message", ""),
        told=told_of(request.metadata, described=status),
    )
