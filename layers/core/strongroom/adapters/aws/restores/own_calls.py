"""Restores by FSx's own call, in a member account: made under a role of their own, watched as what they made.

Amazon FSx API Reference, CreateFileSystemFromBackup: with a token that was used before, and the same parameters, it
answers with the file system that it made then. FSx tells of a file system no backup and no caller, so that the request
stands in a tag that the call itself gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.catalogue import fsx
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.by_hand.own_calls import backup_id, request_tags, tagged_request, told_of
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.requests import act_token
from strongroom.domain.restores.session_policy import behalf_of, call_session_policy

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_CALL: Final = fsx.SYSTEM_CALL
# What a file system's lifecycle says, in the words of a job of AWS Backup.
_STATUS: Final = {"AVAILABLE": "COMPLETED", "CREATING": "RUNNING", "UPDATING": "RUNNING"}


class MemberCallStarter:
    """Makes the call that was approved, in a member account; every other request goes to AWS Backup."""

    MEMBER_ACTIONS = (_CALL, *fsx.FILE_SYSTEM.tagging)

    def __init__(self, callers: AttributedClients, *, otherwise: RestoreStarter) -> None:
        """`callers` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._callers = callers
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Make the call for its requester and return the file system's id; the token is the request's own.

        What it is made with may make this one call, out of this backup, and nothing else.
        """
        if not request.is_native:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        if request.call != _CALL:
            raise ApprovalVoidError(f"{request.call[:80]} is no call that is made here")
        client = self._callers.client(
            "fsx",
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=call_session_policy(request, recovery_point=recovery_point),
        )
        with aws_errors(f"{recovery_point} cannot be restored", otherwise=RestoreFailedError):
            answer = client.create_file_system_from_backup(
                BackupId=backup_id(recovery_point, service="fsx"),
                ClientRequestToken=act_token(request),
                Tags=request_tags(request.id),
                **parameters_of(request.call, request.metadata),
            )
        return str(answer["FileSystem"]["FileSystemId"])


class MemberCallJobs:
    """What such calls made in a member account, looked at under its inspection role; all else are AWS Backup's jobs."""

    MEMBER_ACTIONS = ("fsx:DescribeFileSystems",)

    def __init__(self, inspectors: Clients, *, otherwise: RestoreJobs) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The file system as it is now; NotFoundError where it is gone."""
        if not request.is_native:
            return self._otherwise.describe(job_id, request=request)
        with aws_errors(f"file system {job_id} cannot be described"):
            found = self._client(request).describe_file_systems(FileSystemIds=[job_id])["FileSystems"]
        system = next(iter(found), None)
        if system is None:
            raise NotFoundError(f"file system {job_id} is not there any more")
        return _as_job(system, request=request)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The file systems that carry the request's tag and were made since then, by id: whoever tags can plant one."""
        if not request.is_native:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        pages = self._client(request).get_paginator("describe_file_systems").paginate()
        with aws_errors("file systems cannot be listed"):
            systems = [system for page in pages for system in page["FileSystems"]]
        return tuple(
            str(system["FileSystemId"])
            for system in systems
            if tagged_request(system) == request.id and system["CreationTime"] >= since
        )

    def _client(self, request: RestoreRequest) -> Any:
        return self._inspectors.client("fsx", account=request.account, region=request.region)


def _as_job(system: dict[str, Any], *, request: RestoreRequest) -> RestoreJob:
    lifecycle = str(system["Lifecycle"])
    return RestoreJob(
        id=system["FileSystemId"],
        account=system["OwnerId"],
        recovery_point="",
        role="",
        created_at=system["CreationTime"],
        status=_STATUS.get(lifecycle, lifecycle),
        message=system.get("FailureDetails", {}).get("Message", ""),
        created=system["ResourceARN"],
        metadata=told_of(request.metadata, described=system),
        request=tagged_request(system),
    )
