"""Restores of single tables by Redshift Serverless's own call, in a member account, watched as what it tells of each.

Amazon Redshift Serverless API Reference, RestoreTableFromSnapshot, ListTableRestoreStatus and GetSnapshot: the call
takes neither token nor tags, overwrites no table, and is told of with the name of its snapshot and each of its
parameters. A snapshot's ARN has an id and no name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.restores.table_calls import TABLE_STATUS
from strongroom.domain.catalogue.redshift import NAMESPACE_TABLE_CALL
from strongroom.domain.errors import RestoreFailedError
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.by_hand.own_calls import told_of
from strongroom.domain.restores.jobs import restored_table
from strongroom.domain.restores.session_policy import behalf_of, call_session_policy

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.jobs import RestoreJob
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_SERVICE: Final = "redshift-serverless"


class NamespaceSnapshot(Struct, frozen=True, kw_only=True):
    """What the service calls a snapshot, which its ARN does not tell, and the ARN of the namespace that it is of."""

    name: str
    namespace: str


class MemberNamespaceSnapshots:
    """The snapshots of namespaces in a member account, looked at under its inspection role."""

    MEMBER_ACTIONS = ("redshift-serverless:GetSnapshot",)

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def find(self, recovery_point: str, *, account: AccountId, region: Region) -> NamespaceSnapshot:
        """The snapshot of that ARN; NotFoundError where it is gone."""
        client = self._inspectors.client(_SERVICE, account=account, region=region)
        with aws_errors(f"snapshot {recovery_point} cannot be looked at"):
            found = client.get_snapshot(snapshotArn=recovery_point)["snapshot"]
        return NamespaceSnapshot(name=str(found["snapshotName"]), namespace=str(found.get("namespaceArn", "")))


class MemberNamespaceTableStarter:
    """Has the table restored that was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = (NAMESPACE_TABLE_CALL,)

    def __init__(
        self, callers: AttributedClients, *, snapshots: MemberNamespaceSnapshots, otherwise: RestoreStarter
    ) -> None:
        """`callers` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._callers = callers
        self._snapshots = snapshots
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Ask for the table and return the id of its restore; there is no token, so look for one `started` before.

        What it is asked with may make this one call, out of this snapshot into this namespace, and nothing else.
        """
        if request.call != NAMESPACE_TABLE_CALL:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        policy = call_session_policy(request, recovery_point=recovery_point)
        name = self._snapshots.find(recovery_point, account=request.account, region=request.region).name
        client = self._callers.client(
            _SERVICE, account=request.account, region=request.region, behalf=behalf_of(request), policy=policy
        )
        with aws_errors(f"no table of {recovery_point} can be restored", otherwise=RestoreFailedError):
            answer = client.restore_table_from_snapshot(
                snapshotName=name, **parameters_of(request.call, request.metadata)
            )
        return str(answer["tableRestoreStatus"]["tableRestoreRequestId"])


class MemberNamespaceTables:
    """The restores of tables in a member account, looked at under its inspection role; all else is elsewhere."""

    MEMBER_ACTIONS = ("redshift-serverless:GetTableRestoreStatus", "redshift-serverless:ListTableRestoreStatus")

    def __init__(self, inspectors: Clients, *, snapshots: MemberNamespaceSnapshots, otherwise: RestoreJobs) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors
        self._snapshots = snapshots
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The restore of the table as it is now; NotFoundError where there is none of that id, or no snapshot."""
        if request.call != NAMESPACE_TABLE_CALL:
            return self._otherwise.describe(job_id, request=request)
        with aws_errors(f"the restore {job_id} of a table cannot be described"):
            answer = self._client(request).get_table_restore_status(tableRestoreRequestId=job_id)
        return self._as_job(answer["tableRestoreStatus"], request=request)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The restores of tables out of that snapshot that were asked for since then, by id."""
        if request.call != NAMESPACE_TABLE_CALL:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        name = self._snapshots.find(recovery_point, account=request.account, region=request.region).name
        pages = self._client(request).get_paginator("list_table_restore_status").paginate()
        with aws_errors("restores of tables cannot be listed"):
            found = [status for page in pages for status in page["tableRestoreStatuses"]]
        return tuple(
            str(each["tableRestoreRequestId"])
            for each in found
            if each.get("snapshotName") == name and each["requestTime"] >= since
        )

    def _client(self, request: RestoreRequest) -> Any:
        return self._inspectors.client(_SERVICE, account=request.account, region=request.region)

    def _as_job(self, status: dict[str, Any], *, request: RestoreRequest) -> RestoreJob:
        """Backups of a namespace are copied nowhere, so that its own recovery point is what was restored from."""
        own = self._snapshots.find(request.recovery_point, account=request.account, region=request.region).name
        told, said = status.get("snapshotName", ""), str(status["status"])
        return restored_table(
            status["tableRestoreRequestId"],
            request=request,
            recovery_point=request.recovery_point if told == own else f"another snapshot, {told}",
            asked_at=status["requestTime"],
            status=TABLE_STATUS.get(said, said),
            message=status.get("message", ""),
            told=told_of(request.metadata, described=status),
        )
