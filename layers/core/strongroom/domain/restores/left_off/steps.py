"""The settings that a restore leaves off because they delete or call out, each by the call that sets it again.

Sources: Amazon DynamoDB API Reference, UpdateTimeToLive and UpdateTable; Amazon S3 API Reference,
PutBucketLifecycleConfiguration, PutBucketNotificationConfiguration and PutBucketReplication.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue import dynamodb, s3


class AskedStep(StrEnum):
    """One of them, as people name it."""

    TIME_TO_LIVE = "time-to-live"
    STREAM = "stream"
    LIFECYCLE = "lifecycle"
    NOTIFICATIONS = "notifications"
    REPLICATION = "replication"


class AskedCall(Struct, frozen=True, kw_only=True):
    """The call of a step, as IAM names its action, and the one parameter besides the name of what it is made on.

    `sentence` is how the step stands among those that a restore leaves, `label` what the setting is called.
    """

    step: AskedStep
    call: str
    parameter: str
    resource_type: str
    label: str
    sentence: str

    @property
    def noted_as(self) -> str:
        """What a note of settings calls what it sets."""
        return self.step.replace("-", " ")


CALLS: Final[Mapping[AskedStep, AskedCall]] = {
    each.step: each
    for each in (
        AskedCall(
            step=AskedStep.TIME_TO_LIVE,
            call="dynamodb:UpdateTimeToLive",
            parameter="TimeToLiveSpecification",
            resource_type=dynamodb.TYPES[0].name,
            label="time to live",
            sentence="Time to live is off, because it deletes items: ask for it by itself, if at all.",
        ),
        AskedCall(
            step=AskedStep.STREAM,
            call="dynamodb:UpdateTable",
            parameter="StreamSpecification",
            resource_type=dynamodb.TYPES[0].name,
            label="stream",
            sentence="Its stream is off, because it calls out: ask for it by itself, if at all.",
        ),
        AskedCall(
            step=AskedStep.LIFECYCLE,
            call="s3:PutLifecycleConfiguration",
            parameter="LifecycleConfiguration",
            resource_type=s3.TYPES[0].name,
            label="lifecycle rules",
            sentence="It has no lifecycle rules, because they delete objects: ask for them by themselves, if at all.",
        ),
        AskedCall(
            step=AskedStep.NOTIFICATIONS,
            call="s3:PutBucketNotification",
            parameter="NotificationConfiguration",
            resource_type=s3.TYPES[0].name,
            label="notifications",
            sentence="It notifies nobody, because notifications call out: ask for them by themselves, if at all.",
        ),
        AskedCall(
            step=AskedStep.REPLICATION,
            call="s3:PutReplicationConfiguration",
            parameter="ReplicationConfiguration",
            resource_type=s3.TYPES[0].name,
            label="replication rules",
            sentence=(
                "It is not replicated, because that writes into other buckets: ask for its rules by themselves, if at "
                "all."
            ),
        ),
    )
}
_BY_CALL: Final = {each.call: each for each in CALLS.values()}
_BY_SENTENCE: Final = {each.sentence: each.step for each in CALLS.values()}


def asked_call(call: str) -> AskedCall | None:
    """The step that is done by that call; None for a call that does none."""
    return _BY_CALL.get(call)


def asked_step(sentence: str) -> AskedStep | None:
    """The step of a sentence; None for a sentence that tells of none."""
    return _BY_SENTENCE.get(sentence)


def step_of_setting(what: str, *, resource_type: str) -> AskedStep | None:
    """The step that sets again what a note of a resource of that type calls so; None where there is none."""
    made = (each.step for each in CALLS.values() if (each.noted_as, each.resource_type) == (what, resource_type))
    return next(made, None)


def said_done(call: str, resource: str) -> str:
    """What was done, in words; empty for what is no such call."""
    asked = asked_call(call)
    return f"{asked.label} of {resource} set as approved" if asked else ""
