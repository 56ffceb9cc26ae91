"""What deletes or calls out, in a member account: looked at under the inspection role, set under a role of its own.

Sources: Amazon DynamoDB API Reference, DescribeTimeToLive, DescribeTable, UpdateTimeToLive and UpdateTable; Amazon S3
API Reference, GetBucketLifecycleConfiguration, which tells rules in whatever order, GetBucketNotificationConfiguration,
GetBucketReplication and PutBucketReplication, which takes versions on both sides; a bucket's owner by
`ExpectedBucketOwner`, and its Region by GetBucketLocation, which tells none of us-east-1.
"""

from __future__ import annotations

from copy import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    NotFoundError,
    RestoreFailedError,
    SettingNotFoundError,
)
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.deciding import SettingFound, is_as_approved, why_not_set, why_otherwise
from strongroom.domain.restores.asked.replication import lies_in, replica_buckets
from strongroom.domain.restores.asked.settings import in_the_one_spelling
from strongroom.domain.restores.deciding.reading import read_json, write_json
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep, asked_call
from strongroom.domain.restores.session_policy import behalf_of, setting_session_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import AskedSettings, RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_PENDING: Final = "ENABLING"
_ON: Final = (_PENDING, "ENABLED")
# Amazon S3 API Reference, GetBucketLocation: none of us-east-1, and an old word for eu-west-1.
_CALLED_OTHERWISE: Final[Mapping[str | None, str]] = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


class MemberSettings:
    """The settings as they are now, under the inspection role."""

    MEMBER_ACTIONS = (
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "s3:GetBucketLocation",
        "s3:GetBucketNotification",
        "s3:GetBucketVersioning",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
    )

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def setting(self, request: RestoreRequest) -> SettingFound:
        """What the request would set, as what it acts on has it now; NotFoundError where that is gone.

        Of replication also where the buckets lie that it writes into, and what of them stands against it, set or not.
        """
        found = self.original(request.call, resource=request.resource, account=request.account, region=request.region)
        asked = asked_call(request.call)
        if asked is None or asked.step is not AskedStep.REPLICATION:
            return found
        client = self._inspectors.client("s3", account=request.account, region=request.region)
        return _with_replicas(found, client, request)

    def original(self, call: str, *, resource: str, account: AccountId, region: Region) -> SettingFound:
        """What that call sets, as a resource of the account has it; NotFoundError where that is gone."""
        asked = asked_call(call)
        if asked is None:
            raise ApprovalVoidError(f"{call[:80]} is no call that is made here")
        client = self._inspectors.client("s3" if call.startswith("s3:") else "dynamodb", account=account, region=region)
        name = Arn.parse(resource).name
        match asked.step:
            case AskedStep.TIME_TO_LIVE:
                return _time_to_live(client, name)
            case AskedStep.STREAM:
                return _stream(client, name)
            case AskedStep.LIFECYCLE:
                return _lifecycle(client, name, owner=account)
            case AskedStep.NOTIFICATIONS:
                return _notifications(client, name, owner=account)
            case AskedStep.REPLICATION:
                return _replication(client, name, owner=account)


class MemberSettingStarter:
    """Sets what was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = tuple(sorted({"iam:PassRole", *(each.call for each in CALLS.values())}))

    def __init__(self, setters: AttributedClients, *, settings: AskedSettings, otherwise: RestoreStarter) -> None:
        """`setters` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._setters = setters
        self._settings = settings
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Make the call for its requester, if it is not so already, and return the ARN of what it is made on.

        What it is made with may make this one call, on this resource, pass the role that it names, and nothing else.
        """
        asked = asked_call(request.call) if request.is_after else None
        if asked is None:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        found = self._settings.setting(request)
        if why := why_not_set(request, found):
            raise RestoreFailedError(why)
        if not is_as_approved(request, found):
            self._set(asked.step, request)
        return request.resource

    def _set(self, step: AskedStep, request: RestoreRequest) -> None:
        client = self._setters.client(
            request.call.partition(":")[0],
            account=request.account,
            region=request.region,
            behalf=behalf_of(request),
            policy=setting_session_policy(request),
        )
        name = Arn.parse(request.resource).name
        parameters = {key: read_json(value) for key, value in request.metadata}
        with aws_errors(f"{CALLS[step].label} of {request.resource} cannot be set", otherwise=RestoreFailedError):
            match step:
                case AskedStep.TIME_TO_LIVE:
                    client.update_time_to_live(TableName=name, **parameters)
                case AskedStep.STREAM:
                    client.update_table(TableName=name, **parameters)
                case AskedStep.LIFECYCLE:
                    client.put_bucket_lifecycle_configuration(
                        Bucket=name, ExpectedBucketOwner=request.account, **parameters
                    )
                case AskedStep.NOTIFICATIONS:
                    client.put_bucket_notification_configuration(
                        Bucket=name, ExpectedBucketOwner=request.account, **parameters
                    )
                case AskedStep.REPLICATION:
                    client.put_bucket_replication(
                        Bucket=name,
                        ExpectedBucketOwner=request.account,
                        ReplicationConfiguration=parameters["ReplicationConfiguration"],
                    )


class MemberSettingJobs:
    """Settings that were asked for, looked at as jobs are; all else is elsewhere."""

    MEMBER_ACTIONS = MemberSettings.MEMBER_ACTIONS

    def __init__(self, settings: AskedSettings, *, otherwise: RestoreJobs) -> None:
        """`settings` tells them as they are now."""
        self._settings = settings
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The setting as it is now; NotFoundError where it is not as it was approved (yet).

        It has failed where what it names was exchanged around the call, which nobody notices before.
        """
        if not request.is_after:
            return self._otherwise.describe(job_id, request=request)
        found = self._settings.setting(request)
        if not is_as_approved(request, found) or job_id != request.resource:
            raise NotFoundError(
                f"{request.resource} has not the setting that was approved, but {dict(found.parameters)}"
            )
        why = why_otherwise(request, found)
        status = "RUNNING" if found.is_pending else "COMPLETED"
        return RestoreJob(
            id=job_id,
            account=request.account,
            recovery_point="",
            role="",
            created_at=request.requested_at,
            status="FAILED" if why else status,
            message=f"it is set on {request.resource}, but {why}: take it away by hand" if why else "",
            created=request.resource,
            metadata=dict(request.metadata),
            request=request.id,
        )

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """What the request acts on, where it has the setting that was approved: whoever set it, it is so."""
        if not request.is_after:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        found = self._settings.setting(request)
        return (request.resource,) if is_as_approved(request, found) else ()


def _time_to_live(client: Any, table: str) -> SettingFound:
    described = _table(client, table)
    with aws_errors(f"time to live of {table} cannot be described"):
        told = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    status = told.get("TimeToLiveStatus", "")
    said = {"AttributeName": told.get("AttributeName", ""), "Enabled": True}
    return SettingFound(
        parameters=_said(AskedStep.TIME_TO_LIVE, said) if status in _ON else (),
        made_at=described.get("CreationDateTime"),
        items=described.get("ItemCount"),
        is_pending=status == _PENDING,
    )


def _stream(client: Any, table: str) -> SettingFound:
    described = _table(client, table)
    told = described.get("StreamSpecification", {})
    said = {"StreamEnabled": True, "StreamViewType": told.get("StreamViewType", "")}
    return SettingFound(
        parameters=_said(AskedStep.STREAM, said) if told.get("StreamEnabled") else (),
        made_at=described.get("CreationDateTime"),
        items=described.get("ItemCount"),
        is_pending=described.get("TableStatus") == "UPDATING",
    )


def _lifecycle(client: Any, bucket: str, *, owner: AccountId) -> SettingFound:
    try:
        with aws_errors(f"lifecycle rules of {bucket} cannot be read"):
            told = client.get_bucket_lifecycle_configuration(Bucket=bucket, ExpectedBucketOwner=owner)
    except SettingNotFoundError:
        return SettingFound()
    return SettingFound(parameters=_said(AskedStep.LIFECYCLE, {"Rules": _in_texts(told["Rules"])}))


def _notifications(client: Any, bucket: str, *, owner: AccountId) -> SettingFound:
    with aws_errors(f"notifications of {bucket} cannot be read"):
        told = client.get_bucket_notification_configuration(Bucket=bucket, ExpectedBucketOwner=owner)
    said = {name: value for name, value in told.items() if name != "ResponseMetadata"}
    return SettingFound(parameters=_said(AskedStep.NOTIFICATIONS, said) if said else ())


def _replication(client: Any, bucket: str, *, owner: AccountId) -> SettingFound:
    try:
        with aws_errors(f"replication rules of {bucket} cannot be read"):
            told = client.get_bucket_replication(Bucket=bucket, ExpectedBucketOwner=owner)
    except SettingNotFoundError:
        return SettingFound()
    return SettingFound(parameters=_said(AskedStep.REPLICATION, told["ReplicationConfiguration"]))


def _with_replicas(found: SettingFound, client: Any, request: RestoreRequest) -> SettingFound:
    """With the Region of each bucket that is written into, or why that cannot be: it is another account's, or keeps no
    versions.
    """
    source = Arn.parse(request.resource).name
    replicas = replica_buckets(read_json(dict(request.metadata)[CALLS[AskedStep.REPLICATION].parameter]))
    if source in replicas:
        return replace(found, obstacle=f"{source} cannot be replicated into itself")
    facts = []
    for bucket in (source, *replicas):
        try:
            region, has_versions = _kept_in(client, bucket, owner=request.account)
        except (AccessRefusedError, NotFoundError) as error:
            return replace(found, obstacle=f"{bucket} cannot be shown to be of account {request.account}: {error}")
        if not has_versions:
            return replace(found, obstacle=f"{bucket} keeps no versions, without which nothing is replicated")
        if bucket != source:
            facts.append((lies_in(bucket), region))
    return replace(found, facts=tuple(facts))


def _kept_in(client: Any, bucket: str, *, owner: AccountId) -> tuple[str, bool]:
    """The Region of a bucket of that account, and whether it keeps versions."""
    with aws_errors(f"bucket {bucket} cannot be looked at"):
        versions = client.get_bucket_versioning(Bucket=bucket, ExpectedBucketOwner=owner).get("Status")
        told = client.get_bucket_location(Bucket=bucket, ExpectedBucketOwner=owner).get("LocationConstraint")
    return _CALLED_OTHERWISE.get(told, told), versions == "Enabled"


def _table(client: Any, table: str) -> dict[str, Any]:
    with aws_errors(f"table {table} cannot be described"):
        described: dict[str, Any] = client.describe_table(TableName=table)["Table"]
    return described


def _in_texts(content: Any) -> Any:
    """What was told, with each date as a text, of which none is asked for."""
    match content:
        case dict():
            return {name: _in_texts(each) for name, each in content.items()}
        case list():
            return [_in_texts(each) for each in content]
        case datetime():
            return content.isoformat()
        case _:
            return content


def _said(step: AskedStep, content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return ((CALLS[step].parameter, write_json(in_the_one_spelling(step, content))),)
