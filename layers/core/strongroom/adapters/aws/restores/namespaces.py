"""Namespaces that Redshift Serverless's own call overwrites, in a member account: asked for once, and then looked at.

Amazon Redshift Serverless API Reference, RestoreFromSnapshot and GetNamespace: the call takes neither token nor tags,
and names any namespace of the account. A namespace tells its state, and neither out of which snapshot it is nor since
when, nor whether a restore of it failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.catalogue.redshift import NAMESPACE_CALL
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.session_policy import behalf_of, call_session_policy
from strongroom.domain.written import moment_of, moment_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.adapters.aws.restores.namespace_tables import MemberNamespaceSnapshots
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_SERVICE: Final = "redshift-serverless"
# What a namespace's state says, in the words of a job of AWS Backup.
_STATUS: Final = {"AVAILABLE": "COMPLETED", "MODIFYING": "RUNNING"}
_BETWEEN: Final = "/"


class MemberNamespaceStarter:
    """Has the namespace overwritten that was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = (NAMESPACE_CALL,)

    def __init__(
        self,
        callers: AttributedClients,
        *,
        snapshots: MemberNamespaceSnapshots,
        now: Callable[[], datetime],
        otherwise: RestoreStarter,
    ) -> None:
        """`callers` are the clients of the role for such calls, which send a call once, whatever comes of it."""
        self._callers = callers
        self._snapshots = snapshots
        self._now = now
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Ask for it and return when that was answered and the id by which the trail knows the call.

        IAM is asked for the snapshot alone, which must be the namespace's own: ApprovalVoidError where it is not.
        """
        if request.call != NAMESPACE_CALL:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        policy = call_session_policy(request, recovery_point=recovery_point)
        place = {"account": request.account, "region": request.region}
        snapshot = self._snapshots.find(recovery_point, account=request.account, region=request.region)
        if snapshot.namespace != request.resource:
            raise ApprovalVoidError(f"{recovery_point} is of {snapshot.namespace or 'no namespace that is told'}")
        client = self._callers.client(_SERVICE, **place, behalf=behalf_of(request), policy=policy)
        with aws_errors(f"{request.resource} cannot be overwritten", otherwise=RestoreFailedError):
            answer = client.restore_from_snapshot(
                snapshotName=snapshot.name, **parameters_of(request.call, request.metadata)
            )
        return f"{moment_text(self._now())}{_BETWEEN}{answer['ResponseMetadata'].get('RequestId', '')}"


class MemberNamespaces:
    """The namespaces of such calls in a member account, looked at under its inspection role; all else is elsewhere."""

    MEMBER_ACTIONS = ("redshift-serverless:GetNamespace", "redshift-serverless:GetWorkgroup")

    def __init__(self, inspectors: Clients, *, otherwise: RestoreJobs) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The namespace as it is now, as a job of the time when it was asked for; NotFoundError where it is gone."""
        if request.call != NAMESPACE_CALL:
            return self._otherwise.describe(job_id, request=request)
        asked = dict(request.metadata)
        client = self._inspectors.client(_SERVICE, account=request.account, region=request.region)
        with aws_errors("the namespace cannot be described"):
            namespace = client.get_namespace(namespaceName=asked["namespaceName"])["namespace"]
            workgroup = client.get_workgroup(workgroupName=asked["workgroupName"])["workgroup"]
        if namespace["namespaceArn"] != request.resource:
            raise NotFoundError(f"{request.resource} is not there any more: {namespace['namespaceArn']} has its name")
        return RestoreJob(
            id=job_id,
            account=request.account,
            recovery_point="",
            role="",
            created_at=moment_of(job_id.partition(_BETWEEN)[0], of="when it was asked for"),
            status=_STATUS.get(namespace["status"], str(namespace["status"])),
            message="",
            created=request.resource,
            metadata=_told(namespace, workgroup),
            request=request.id,
        )

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """None: nothing that is told shows whether it was overwritten."""
        if request.call != NAMESPACE_CALL:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        return ()


def _told(namespace: dict[str, Any], workgroup: dict[str, Any]) -> dict[str, str]:
    """What was written, as far as the namespace and its workgroup tell of each other."""
    is_its_own = workgroup.get("namespaceName") == namespace["namespaceName"]
    told = {"namespaceName": str(namespace["namespaceName"])}
    return told | ({"workgroupName": str(workgroup["workgroupName"])} if is_its_own else {})
