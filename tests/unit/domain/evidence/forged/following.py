"""Bundles of requests that follow a restore: a call on what that made, without a ticket for seven days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.written import moment_text
from tests.builders.proving.ceremony import (
    ACCOUNT,
    START,
    Play,
    a_job,
    a_policy_content,
    a_request_content,
    an_approved_play,
)
from tests.unit.domain.evidence.forged.cases import BROKEN, PROVEN, Case

TABLE: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders-0200"
EXPIRES: Final = {"TimeToLiveSpecification": '{"AttributeName":"expires","Enabled":true}'}
BUCKET: Final = "arn:aws:s3:::shop-docs-restored"
# By these rules a third person must approve what is grave.
GRAVE: Final = a_policy_content(
    rules=[
        {"group": "approvers", "needed": 2},
        {"group": "approvers", "needed": 1, "when": {"risks": ["elevated"]}},
    ]
)
_WEEK: Final = timedelta(days=7)
_FEW: Final = "still needed: approvers"
_LATE: Final = "no ticket entitled to it before"


def following(**changes: Any) -> dict[str, Any]:
    """Time to live of a table that was restored an hour before; None is left out."""
    usual: dict[str, Any] = {
        "kind": "after",
        "call": "dynamodb:UpdateTimeToLive",
        "of": "r-bcdefghj2345",
        "of_closed": "a" * 64,
        "of_restored_at": moment_text(START - timedelta(hours=1)),
        "requested_at": moment_text(START),
        "resource": TABLE,
        "metadata": EXPIRES,
        "risks": [],
        "ticket": None,
    }
    return a_request_content(**usual | changes)


def _carried_out(
    *,
    on: str = TABLE,
    created: str = "",
    waits: float = 0.0,
    asked: dict[str, Any] | None = None,
    entitled: dict[str, Any] | None = None,
    **job: Any,
) -> Callable[[], tuple[str, str]]:
    """The whole of it, made on `on`; `waits` are the hours between the intent and the call.

    `entitled` is what a ticket's entry says.
    """

    def made() -> tuple[str, str]:
        play = an_approved_play(play=Play(request=following(**(asked or {}))))
        if entitled is not None:
            play.happen(EntryKind.TICKET_ENTITLES, **entitled)
        play.intend()
        play.wait(seconds=20, hours=waits)
        play.happen(EntryKind.RESTORE_STARTED, job=on)
        play.wait(seconds=20)
        told = a_job(IamRoleArn=None, RecoveryPointArn=None, Metadata=EXPIRES, CreationDate=moment_text(START))
        told |= {"RestoreJobId": on, "Request": play.request["id"], "Resource": on} | job
        play.happen(EntryKind.RESTORED, job=told, created=created or on)
        play.close("restored")
        return play.bundle(), play.trust()

    return made


def _set_on_bucket(call: str, parameter: str, text: Any) -> Callable[[], tuple[str, str]]:
    """A bucket's setting that states no risk, approved by two of three."""
    asked = {"call": call, "metadata": {parameter: text}, "policy": GRAVE, "resource": BUCKET, "resource_type": "S3"}
    asked["recovery_point"] = f"arn:aws:backup:eu-west-1:{ACCOUNT}:recovery-point:1"
    return _carried_out(on=BUCKET, asked=asked, Metadata={parameter: text})


def _notifying(text: Any) -> Callable[[], tuple[str, str]]:
    return _set_on_bucket("s3:PutBucketNotification", "NotificationConfiguration", text)


def _telling(**changes: Any) -> Callable[[], tuple[str, str]]:
    """A queue of the account, with any key of it changed."""
    told = {"Events": ["s3:ObjectCreated:*"], "Id": "up", "QueueArn": _QUEUE}
    return _notifying(canonical_text({"QueueConfigurations": [told | changes]}))


_QUEUE: Final = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:uploads"
_STRANGER: Final = "arn:aws:sqs:eu-west-1:999999999999:uploads"
# Each is grave by the call and its parameter, whatever is stated; one case a way to hide it.
GRAVE_OR_NOT: Final[dict[str, Case]] = {
    "a lifecycle, of which nothing is grave": Case(
        _set_on_bucket("s3:PutLifecycleConfiguration", "LifecycleConfiguration", '{"Rules":[]}'), PROVEN
    ),
    "a queue of the account": Case(_telling(Filter={"Key": {"FilterRules": []}}), PROVEN),
    "a bridge in the account": Case(_notifying('{"EventBridgeConfiguration":{}}'), PROVEN),
    "replication that states no risk": Case(
        _set_on_bucket("s3:PutReplicationConfiguration", "ReplicationConfiguration", '{"Rules":[]}'), BROKEN, _FEW
    ),
    "a call that nobody knows": Case(_set_on_bucket("s3:PutBucketPolicy", "Policy", "{}"), BROKEN, _FEW),
    "a call in other letters": Case(
        _set_on_bucket("s3:putlifecycleconfiguration", "LifecycleConfiguration", '{"Rules":[]}'), BROKEN, _FEW
    ),
    "a queue of a stranger": Case(_telling(QueueArn=_STRANGER), BROKEN, _FEW),
    "a queue whose name holds the account": Case(
        _telling(QueueArn=f"arn:aws:sqs:eu-west-1:999999999999:{ACCOUNT}"), BROKEN, _FEW
    ),
    "a queue that is no ARN": Case(_telling(QueueArn=ACCOUNT), BROKEN, _FEW),
    "a queue that is no text": Case(_telling(QueueArn=[_QUEUE]), BROKEN, _FEW),
    "a topic of a stranger beside the queue": Case(_telling(TopicArn=_STRANGER), BROKEN, _FEW),
    "a queue in the list of topics": Case(
        _notifying(canonical_text({"TopicConfigurations": [{"QueueArn": _QUEUE}]})), BROKEN, _FEW
    ),
    "a list that nobody knows": Case(
        _notifying(canonical_text({"CloudFunctionConfiguration": [{"QueueArn": _QUEUE}]})), BROKEN, _FEW
    ),
    "a list by a name of all things": Case(_notifying('{"constructor":[]}'), BROKEN, _FEW),
    "a bridge that says something": Case(_notifying('{"EventBridgeConfiguration":{"Bus":"x"}}'), BROKEN, _FEW),
    "a list that is none": Case(_notifying('{"QueueConfigurations":{}}'), BROKEN, _FEW),
    "a queue that is no record": Case(_notifying('{"QueueConfigurations":["x"]}'), BROKEN, _FEW),
    "notifications in another spelling": Case(_notifying('{"EventBridgeConfiguration": {}}'), BROKEN, _FEW),
    "notifications that say a key twice": Case(
        _notifying('{"EventBridgeConfiguration":{},"EventBridgeConfiguration":{}}'), BROKEN, _FEW
    ),
    "notifications that are no record": Case(_notifying("[]"), BROKEN, _FEW),
    "notifications that are no text": Case(_notifying({"EventBridgeConfiguration": {}}), BROKEN, _FEW),
    "notifications by another parameter": Case(
        _set_on_bucket("s3:PutBucketNotification", "Notifications", '{"EventBridgeConfiguration":{}}'), BROKEN, _FEW
    ),
}
_SIGNED_LATE: Final = {
    "of_restored_at": moment_text(START - _WEEK - timedelta(seconds=1)),
    "requested_at": moment_text(START - timedelta(seconds=1)),
}
FOLLOWING: Final[dict[str, Case]] = {
    "what follows a restore, without a ticket": Case(_carried_out(), PROVEN),
    "what follows a restore, with a ticket": Case(_carried_out(asked={"ticket": "OPS-1"}), PROVEN),
    "what follows a restore of a week ago": Case(
        _carried_out(asked={"of_restored_at": moment_text(START - _WEEK)}), PROVEN
    ),
    "what follows a restore, signed after a week": Case(_carried_out(asked=_SIGNED_LATE), BROKEN, _LATE),
    "what follows a restore, signed after a week, and no ticket entitles to it": Case(
        _carried_out(asked=_SIGNED_LATE, entitled={}), BROKEN, "ticket"
    ),
    "what follows a restore, signed after a week, and a ticket without a name entitles to it": Case(
        _carried_out(asked=_SIGNED_LATE, entitled={"ticket": ""}), BROKEN, "ticket"
    ),
    "what follows a restore, and no ticket entitles to it": Case(_carried_out(entitled={}), BROKEN, "ticket"),
    "what follows a restore, and another's ticket entitles to it": Case(
        _carried_out(entitled={"ticket": "OPS-1"}), BROKEN, "another ticket"
    ),
    "what follows a restore, on another table": Case(_carried_out(created=f"{TABLE}-2"), BROKEN, "something else"),
    "what follows a restore, described on another table": Case(_carried_out(Resource=f"{TABLE}-2"), BROKEN, "Resource"),
    "what follows a restore, for another request": Case(_carried_out(Request="r-other23456"), BROKEN, "Request"),
    "what follows a restore, of another attribute": Case(_carried_out(Metadata={}), BROKEN, "Metadata"),
    "what follows a restore, in another account": Case(_carried_out(AccountId="333333333333"), BROKEN, "AccountId"),
    "what follows a restore, after its time": Case(_carried_out(waits=5.0), BROKEN, "not "),
    **GRAVE_OR_NOT,
}
