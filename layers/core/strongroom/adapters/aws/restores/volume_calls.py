"""Restores by EC2's own call, in a member account: made under a role of their own, watched as the volume they made.

Amazon EC2 API Reference, CreateVolume: with a token that was used before, and the same parameters, it answers with the
volume that it made then. It authenticates the key later: a volume whose key it may not use it takes away again. EC2
tells of a volume no caller, so that the request stands in a tag that the call itself gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.catalogue import ec2
from strongroom.domain.errors import NotFoundError, RestoreFailedError
from strongroom.domain.identifiers import REQUEST_TAG, Arn
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.by_hand.own_calls import (
    backup_id,
    request_tags,
    tagged_request,
    told_of,
)
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

_CALL: Final = ec2.VOLUME_CALL
# What a volume's state says, in the words of a job of AWS Backup.
_STATUS: Final = {"available": "COMPLETED", "creating": "RUNNING", "in-use": "COMPLETED"}


class MemberVolumeStarter:
    """Makes the volume that was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = (_CALL, *ec2.VOLUME.tagging)

    def __init__(self, callers: AttributedClients, *, otherwise: RestoreStarter) -> None:
        """`callers` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._callers = callers
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Make the volume for its requester and return its id; the token is the request's own.

        It is encrypted. What it is made with may make this one call, out of this snapshot, and nothing else.
        """
        if request.call != _CALL:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        client = self._callers.client(
            "ec2",
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=call_session_policy(request, recovery_point=recovery_point),
        )
        with aws_errors(f"{recovery_point} cannot be restored", otherwise=RestoreFailedError):
            answer = client.create_volume(
                SnapshotId=backup_id(recovery_point, service="ec2"),
                ClientToken=act_token(request),
                Encrypted=True,
                TagSpecifications=[{"ResourceType": "volume", "Tags": request_tags(request.id)}],
                **parameters_of(request.call, request.metadata),
            )
        return str(answer["VolumeId"])


class MemberVolumes:
    """The volumes of such calls in a member account, looked at under its inspection role; all else is elsewhere."""

    MEMBER_ACTIONS = ("ec2:DescribeVolumes",)

    def __init__(self, inspectors: Clients, *, otherwise: RestoreJobs) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The volume as it is now; NotFoundError where it is gone."""
        if request.call != _CALL:
            return self._otherwise.describe(job_id, request=request)
        found = self._listed(request, by="volume-id", value=job_id)
        if not found:
            why = "EC2 could not use the key that was written, or somebody deleted it"
            raise NotFoundError(f"volume {job_id} is not there any more: {why}")
        return found[0]

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """The volumes that carry the request's tag and were made since then, by id: whoever tags can plant one."""
        if request.call != _CALL:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        found = self._listed(request, by=f"tag:{REQUEST_TAG}", value=request.id)
        return tuple(job.id for job in found if job.created_at >= since)

    def _listed(self, request: RestoreRequest, *, by: str, value: str) -> list[RestoreJob]:
        client = self._inspectors.client("ec2", account=request.account, region=request.region)
        pages = client.get_paginator("describe_volumes").paginate(Filters=[{"Name": by, "Values": [value]}])
        with aws_errors("volumes cannot be described"):
            volumes = [volume for page in pages for volume in page["Volumes"]]
        return [_as_job(each, request=request) for each in volumes]


def _as_job(volume: dict[str, Any], *, request: RestoreRequest) -> RestoreJob:
    state, partition = str(volume["State"]), Arn.parse(request.recovery_point).partition
    return RestoreJob(
        id=volume["VolumeId"],
        account=request.account,
        recovery_point=f"arn:{partition}:ec2:{request.region}::snapshot/{volume.get('SnapshotId', '')}",
        role="",
        created_at=volume["CreateTime"],
        status=_STATUS.get(state, state),
        message="",
        created=str(Arn(partition, "ec2", request.region, request.account, f"volume/{volume['VolumeId']}")),
        metadata=told_of(request.metadata, described=volume) | _otherwise_made(volume),
        request=tagged_request(volume),
    )


def _otherwise_made(volume: dict[str, Any]) -> dict[str, str]:
    """What EC2 tells of it that the call never makes: not encrypted, for several machines at once, or elsewhere."""
    told: dict[str, str] = {}
    if not volume.get("Encrypted"):
        told["Encrypted"] = "false"
    if volume.get("MultiAttachEnabled"):
        told["MultiAttachEnabled"] = "true"
    if outpost := volume.get("OutpostArn"):
        told["OutpostArn"] = str(outpost)
    return told
