"""What deletes or calls out, in a member account: looked at under the inspection role, set under a role of its own.

Sources: Amazon DynamoDB API Reference, DescribeTimeToLive, DescribeTable, UpdateTimeToLive and UpdateTable; Amazon S3
API Reference, GetBucketLifecycleConfiguration, which tells rules in whatever order, and a bucket's owner by
`ExpectedBucketOwner`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError, SettingNotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.asked.deciding import SettingFound, why_not_set
from strongroom.domain.restores.asked.lifecycle import in_one_spelling
from strongroom.domain.restores.deciding.reading import read_json, write_json
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep, asked_call
from strongroom.domain.restores.session_policy import behalf_of, setting_session_policy

if TYPE_CHECKING:
    from strongroom.adapters.aws.backup.recovery_points import Clients
    from strongroom.adapters.aws.backup.restores import AttributedClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.requests import RestoreRequest
    from strongroom.ports.restores import AskedSettings, RestoreJobs, RestoreStarter

ACTIONS: tuple[str, ...] = ()

_PENDING: Final = "ENABLING"
_ON: Final = (_PENDING, "ENABLED")


class MemberSettings:
    """The settings as they are now, under the inspection role."""

    MEMBER_ACTIONS = ("dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "s3:GetLifecycleConfiguration")

    def __init__(self, inspectors: Clients) -> None:
        """`inspectors` are the clients of the inspection role."""
        self._inspectors = inspectors

    def setting(self, request: RestoreRequest) -> SettingFound:
        """What the request would set, as what it acts on has it now; NotFoundError where that is gone."""
        return self.original(request.call, resource=request.resource, account=request.account, region=request.region)

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


class MemberSettingStarter:
    """Sets what was approved, in a member account; every other request goes elsewhere."""

    MEMBER_ACTIONS = tuple(sorted(each.call for each in CALLS.values()))

    def __init__(self, setters: AttributedClients, *, settings: AskedSettings, otherwise: RestoreStarter) -> None:
        """`setters` are the clients of the role for such calls, which is lent for a person and a ticket only."""
        self._setters = setters
        self._settings = settings
        self._otherwise = otherwise

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        """Make the call for its requester, if it is not so already, and return the ARN of what it is made on.

        What it is made with may make this one call, on this resource, and nothing else.
        """
        asked = asked_call(request.call) if request.is_after else None
        if asked is None:
            return self._otherwise.start_job(request, recovery_point=recovery_point)
        found = self._settings.setting(request)
        if why := why_not_set(request, found):
            raise RestoreFailedError(why)
        if not found.parameters:
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


class MemberSettingJobs:
    """Settings that were asked for, looked at as jobs are; all else is elsewhere."""

    MEMBER_ACTIONS = MemberSettings.MEMBER_ACTIONS

    def __init__(self, settings: AskedSettings, *, otherwise: RestoreJobs) -> None:
        """`settings` tells them as they are now."""
        self._settings = settings
        self._otherwise = otherwise

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        """The setting as it is now; NotFoundError where it is not as it was approved (yet)."""
        if not request.is_after:
            return self._otherwise.describe(job_id, request=request)
        found = self._settings.setting(request)
        if found.parameters != request.metadata or job_id != request.resource:
            raise NotFoundError(
                f"{request.resource} has not the setting that was approved, but {dict(found.parameters)}"
            )
        return RestoreJob(
            id=job_id,
            account=request.account,
            recovery_point="",
            role="",
            created_at=request.requested_at,
            status="RUNNING" if found.is_pending else "COMPLETED",
            message="",
            created=request.resource,
            metadata=dict(found.parameters),
            request=request.id,
        )

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        """What the request acts on, where it has the setting that was approved: whoever set it, it is so."""
        if not request.is_after:
            return self._otherwise.started(request, recovery_point=recovery_point, since=since)
        found = self._settings.setting(request)
        return (request.resource,) if found.parameters == request.metadata else ()


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
    return SettingFound(parameters=_said(AskedStep.LIFECYCLE, {"Rules": in_one_spelling(_in_texts(told["Rules"]))}))


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
    return ((CALLS[step].parameter, write_json(content)),)
