"""What deletes or calls out, looked at and set in a member account, against clients that answer as boto3's do."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.restores.asked_settings import MemberSettingJobs, MemberSettings, MemberSettingStarter
from strongroom.domain.errors import (
    AccessRefusedError,
    ApprovalVoidError,
    NotFoundError,
    RestoreFailedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.jobs import JobState, RestoreJob, judge_restore
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.source_identity import Behalf
from tests.builders.deciding.afterwards import (
    EXPIRES,
    LIFECYCLE,
    NOTIFICATIONS,
    NOTIFIED,
    REPLICATED,
    REPLICATION,
    RESTORED_TABLE,
    STREAM,
    STREAMED,
    TTL,
    a_notified_request,
    a_replicated_request,
    an_after_request,
)
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_request, a_restore_job
from tests.fakes.account_clients import refusal

LATER = datetime(2030, 1, 1, tzinfo=UTC)
MADE = NOW - timedelta(hours=2)
BUCKET = "arn:aws:s3:::shop-docs-restored"
RULE = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 30}}
RULES = {"LifecycleConfiguration": json.dumps({"Rules": [RULE]}, sort_keys=True, separators=(",", ":"))}
REQUESTS = {
    TTL: an_after_request(),
    STREAM: an_after_request(call=STREAM, metadata=tuple(STREAMED.items())),
    LIFECYCLE: an_after_request(
        call=LIFECYCLE,
        resource=BUCKET,
        resource_type="S3",
        target_name="shop-docs-restored",
        metadata=tuple(RULES.items()),
    ),
    NOTIFICATIONS: a_notified_request(),
    REPLICATION: a_replicated_request(),
}
ON = {name: json.loads(text) for name, text in (EXPIRES | STREAMED | NOTIFIED | REPLICATED).items()}
OWNED = {"Bucket": "shop-docs-restored", "ExpectedBucketOwner": PAYMENTS}
CHANGED = {
    TTL: (
        "update_time_to_live",
        {"TableName": "orders-0200", "TimeToLiveSpecification": ON["TimeToLiveSpecification"]},
    ),
    STREAM: ("update_table", {"TableName": "orders-0200", "StreamSpecification": ON["StreamSpecification"]}),
    LIFECYCLE: (
        "put_bucket_lifecycle_configuration",
        OWNED | {"LifecycleConfiguration": {"Rules": [RULE]}},
    ),
    NOTIFICATIONS: (
        "put_bucket_notification_configuration",
        OWNED | {"NotificationConfiguration": ON["NotificationConfiguration"]},
    ),
    REPLICATION: ("put_bucket_replication", OWNED | {"ReplicationConfiguration": ON["ReplicationConfiguration"]}),
}


@dataclass
class Account:
    """DynamoDB and S3 of the account; `done` are the calls that change something, `lent` how clients were asked for."""

    table: dict[str, Any] = field(default_factory=lambda: {"CreationDateTime": MADE, "ItemCount": 7})
    time_to_live: dict[str, Any] = field(default_factory=lambda: {"TimeToLiveStatus": "DISABLED"})
    rules: list[dict[str, Any]] | None = None
    notified: dict[str, Any] = field(default_factory=dict)
    replicated: dict[str, Any] | None = None
    regions: dict[str, str | None] = field(default_factory=lambda: {"shop-docs-restored": HOME, "shop-docs-far": None})
    without_versions: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lent: list[dict[str, Any]] = field(default_factory=list)

    def client(self, service: str, **terms: Any) -> "Account":
        self.lent.append({"service": service} | terms)
        return self

    def describe_table(self, **_: str) -> dict[str, Any]:
        self._refuse("DescribeTable")
        return {"Table": self.table}

    def describe_time_to_live(self, **_: str) -> dict[str, Any]:
        return {"TimeToLiveDescription": self.time_to_live}

    def get_bucket_lifecycle_configuration(self, *, Bucket: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        self._refuse("GetBucketLifecycleConfiguration")
        assert (Bucket, ExpectedBucketOwner) == ("shop-docs-restored", PAYMENTS)
        if self.rules is None:
            raise refusal("NoSuchLifecycleConfiguration", "GetBucketLifecycleConfiguration")
        return {"Rules": self.rules, "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"}

    def get_bucket_notification_configuration(self, **names: str) -> dict[str, Any]:
        assert names == OWNED
        return self.notified | {"ResponseMetadata": {"RequestId": "1"}}

    def get_bucket_replication(self, **names: str) -> dict[str, Any]:
        assert names == OWNED
        if self.replicated is None:
            raise refusal("ReplicationConfigurationNotFoundError", "GetBucketReplication")
        return {"ReplicationConfiguration": self.replicated}

    def get_bucket_versioning(self, *, Bucket: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert ExpectedBucketOwner == PAYMENTS
        self._refuse(f"GetBucketVersioning {Bucket}")
        return {} if Bucket in self.without_versions else {"Status": "Enabled"}

    def get_bucket_location(self, *, Bucket: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        assert ExpectedBucketOwner == PAYMENTS
        return {"LocationConstraint": self.regions[Bucket]}

    def put_bucket_notification_configuration(self, **parameters: Any) -> None:
        self._change("put_bucket_notification_configuration", parameters)

    def put_bucket_replication(self, **parameters: Any) -> None:
        self._change("put_bucket_replication", parameters)

    def update_time_to_live(self, **parameters: Any) -> None:
        self._change("update_time_to_live", parameters)

    def update_table(self, **parameters: Any) -> None:
        self._change("update_table", parameters)

    def put_bucket_lifecycle_configuration(self, **parameters: Any) -> None:
        self._change("put_bucket_lifecycle_configuration", parameters)

    def _change(self, name: str, parameters: dict[str, Any]) -> None:
        self._refuse("change")
        self.done.append((name, parameters))

    def _refuse(self, name: str) -> None:
        if name in self.errors:
            raise refusal(self.errors[name], name)


class Others:
    """Whatever does all else is told by its name."""

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return f"job of {request.id} out of {recovery_point}"

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        return a_restore_job(id=job_id, account=request.account)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: Any) -> tuple[str, ...]:
        return (request.id, recovery_point, str(since))


def start(account: Account, request: RestoreRequest) -> str:
    starter = MemberSettingStarter(account, settings=MemberSettings(account), otherwise=Others())
    return starter.start_job(request, recovery_point="p")


def jobs(account: Account) -> MemberSettingJobs:
    return MemberSettingJobs(MemberSettings(account), otherwise=Others())


def is_set(account: Account, call: str, *, status: str = "ENABLED") -> Account:
    """The account, in which the call was made as it was approved."""
    account.time_to_live = {"TimeToLiveStatus": status, "AttributeName": "expires"} if call == TTL else {}
    if call == STREAM:
        account.table["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        account.table["TableStatus"] = "ACTIVE" if status == "ENABLED" else "UPDATING"
    account.rules = [RULE] if call == LIFECYCLE else None
    account.notified = ON["NotificationConfiguration"] if call == NOTIFICATIONS else {}
    account.replicated = ON["ReplicationConfiguration"] if call == REPLICATION else None
    return account


@pytest.mark.parametrize("call", REQUESTS)
def test_the_call_is_made_with_what_was_approved_for_a_person_and_the_restore_that_it_follows(call: str) -> None:
    account, request = Account(), REQUESTS[call]
    assert start(account, request) == request.resource
    assert account.done == [CHANGED[call]]
    lent = account.lent[-1]
    assert lent["behalf"] == Behalf(subject="idp|omar", ticket="r-abcdefgh2345", request_id=request.id)
    assert (lent["service"], lent["account"], lent["region"]) == (call.partition(":")[0], PAYMENTS, HOME)
    allowed, *passing = json.loads(lent["policy"])["Statement"]
    assert allowed == {"Effect": "Allow", "Action": [call], "Resource": [request.resource]}
    assert [each["Action"] for each in passing] == (["iam:PassRole"] if call == REPLICATION else [])


@pytest.mark.parametrize("call", REQUESTS)
@pytest.mark.parametrize("status", ["ENABLED", "ENABLING"])
def test_what_is_so_already_is_not_set_again(call: str, status: str) -> None:
    account = is_set(Account(), call, status=status)
    assert start(account, REQUESTS[call]) == REQUESTS[call].resource
    assert account.done == []


@pytest.mark.parametrize(
    ("call", "changes"),
    [
        pytest.param(TTL, {"time_to_live": {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}}, id="attribute"),
        pytest.param(LIFECYCLE, {"rules": [RULE | {"Expiration": {"Days": 1}}]}, id="rules"),
        pytest.param(
            LIFECYCLE, {"rules": [RULE | {"Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)}}]}, id="a date"
        ),
    ],
)
def test_another_setting_is_never_replaced(call: str, changes: dict[str, Any]) -> None:
    account = Account(**changes)
    with pytest.raises(RestoreFailedError, match="has another setting by now"):
        start(account, REQUESTS[call])
    assert account.done == []


@pytest.mark.parametrize("wild", ["*", "?"])
def test_attack_20_what_a_policy_would_read_as_more_is_never_called(wild: str) -> None:
    account = Account()
    with pytest.raises(ApprovalVoidError, match="would mean others as well"):
        start(account, an_after_request(resource=f"{RESTORED_TABLE}{wild}"))
    assert account.done == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("ValidationException", RestoreFailedError, id="refused"),
        pytest.param("AccessDeniedException", RestoreFailedError, id="not allowed"),
        pytest.param("ThrottlingException", TemporarilyUnavailableError, id="too often"),
    ],
)
def test_what_time_does_not_mend_ends_the_request(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        start(Account(errors={"change": code}), REQUESTS[TTL])


@pytest.mark.parametrize("call", REQUESTS)
def test_it_is_described_as_approved_and_waited_for_while_it_does_not_work_yet(call: str) -> None:
    request = REQUESTS[call]
    for status, state in (("ENABLING", JobState.RUNNING), ("ENABLED", JobState.COMPLETED)):
        if call.startswith("s3:") and state is JobState.RUNNING:
            continue
        job = jobs(is_set(Account(), call, status=status)).describe(request.resource, request=request)
        verdict = judge_restore(job, request=request, recovery_point=request.recovery_point)
        assert (verdict.state, verdict.made or request.resource) == (state, request.resource)


@pytest.mark.parametrize("call", REQUESTS)
def test_what_is_not_set_is_not_described(call: str) -> None:
    with pytest.raises(NotFoundError, match="has not the setting that was approved"):
        jobs(Account()).describe(REQUESTS[call].resource, request=REQUESTS[call])


@pytest.mark.parametrize("call", REQUESTS)
def test_a_lost_call_is_found_by_what_it_has_set(call: str) -> None:
    request = REQUESTS[call]
    assert jobs(is_set(Account(), call)).started(request, recovery_point="p", since=NOW) == (request.resource,)
    assert jobs(Account()).started(request, recovery_point="p", since=NOW) == ()


def test_a_table_tells_when_it_was_made_and_how_much_it_has() -> None:
    found = MemberSettings(Account()).setting(REQUESTS[TTL])
    assert found == SettingFound(made_at=MADE, items=7)


@pytest.mark.parametrize(
    ("call", "name", "code", "error"),
    [
        (TTL, "DescribeTable", "ResourceNotFoundException", NotFoundError),
        (LIFECYCLE, "GetBucketLifecycleConfiguration", "NoSuchBucket", NotFoundError),
        (LIFECYCLE, "GetBucketLifecycleConfiguration", "AccessDenied", AccessRefusedError),
    ],
)
def test_what_is_gone_or_another_s_is_not_taken_for_off(
    call: str, name: str, code: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        MemberSettings(Account(errors={name: code})).setting(REQUESTS[call])


BRIDGE: dict[str, Any] = {"EventBridgeConfiguration": {}}


@pytest.mark.parametrize(
    ("there", "is_kept"),
    [
        pytest.param(
            {"Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": ""}]}}}, True, id="as S3 tells it"
        ),
        pytest.param({"Events": ["s3:ObjectCreated:Put"]}, False, id="other events"),
        pytest.param({"Id": "other"}, False, id="another one"),
    ],
)
def test_notifications_are_told_in_one_spelling_and_never_replaced(there: dict[str, Any], is_kept: bool) -> None:  # noqa: FBT001
    [queue] = ON["NotificationConfiguration"]["QueueConfigurations"]
    account = Account(notified={"QueueConfigurations": [queue | there]})
    if is_kept:
        assert start(account, REQUESTS[NOTIFICATIONS]) == BUCKET
    else:
        with pytest.raises(RestoreFailedError, match="has another setting by now"):
            start(account, REQUESTS[NOTIFICATIONS])
    assert account.done == []


def test_what_backups_switch_on_is_kept_and_added_to() -> None:
    """AWS Backup has a bucket tell EventBridge as soon as it backs it up."""
    both = BRIDGE | ON["NotificationConfiguration"]
    request = a_notified_request(metadata=(("NotificationConfiguration", json.dumps(both, sort_keys=True)),))
    account = Account(notified=BRIDGE)
    start(account, request)
    assert account.done == [(CHANGED[NOTIFICATIONS][0], OWNED | {"NotificationConfiguration": both})]
    with pytest.raises(RestoreFailedError, match="has another setting by now"):
        start(Account(notified=BRIDGE), REQUESTS[NOTIFICATIONS])


def test_what_backups_switch_on_after_the_call_does_not_undo_it() -> None:
    request, there = REQUESTS[NOTIFICATIONS], BRIDGE | ON["NotificationConfiguration"]
    account = Account(notified=there)
    assert start(account, request) == BUCKET
    assert account.done == []
    assert jobs(account).started(request, recovery_point="p", since=NOW) == (BUCKET,)
    job = jobs(account).describe(BUCKET, request=request)
    assert judge_restore(job, request=request, recovery_point=request.recovery_point).state is JobState.COMPLETED
    [queue] = there["QueueConfigurations"]
    for other in (BRIDGE, there | {"QueueConfigurations": [queue, queue | {"Id": "more"}]}, there | {"More": {}}):
        with pytest.raises(NotFoundError, match="has not the setting that was approved"):
            jobs(Account(notified=other)).describe(BUCKET, request=request)


def test_replication_tells_where_the_buckets_lie_whether_it_is_set_or_not() -> None:
    found = MemberSettings(Account()).setting(REQUESTS[REPLICATION])
    assert found == SettingFound(facts=(("shop-docs-far lies in", "us-east-1"),))
    regions: dict[str, str | None] = {"shop-docs-restored": HOME, "shop-docs-far": "EU"}
    assert MemberSettings(Account(regions=regions)).setting(REQUESTS[REPLICATION]).facts[0][1] == "eu-west-1"
    assert MemberSettings(is_set(Account(), REPLICATION)).setting(REQUESTS[REPLICATION]).facts == found.facts


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param(
            {"errors": {"GetBucketVersioning shop-docs-far": "AccessDenied"}},
            f"shop-docs-far cannot be shown to be of account {PAYMENTS}",
            id="another account's",
        ),
        pytest.param(
            {"errors": {"GetBucketVersioning shop-docs-far": "NoSuchBucket"}},
            f"shop-docs-far cannot be shown to be of account {PAYMENTS}",
            id="nobody's",
        ),
        pytest.param(
            {"without_versions": {"shop-docs-far"}}, "shop-docs-far keeps no versions", id="no versions there"
        ),
        pytest.param(
            {"without_versions": {"shop-docs-restored"}}, "shop-docs-restored keeps no versions", id="nor here"
        ),
        pytest.param(
            {"regions": {"shop-docs-restored": HOME, "shop-docs-far": "eu-central-1"}},
            "it is not as approvers were told: shop-docs-far lies in eu-central-1",
            id="elsewhere",
        ),
    ],
)
def test_attack_20_nothing_is_replicated_into_what_is_not_as_it_was_told(changes: dict[str, Any], why: str) -> None:
    account = Account(**changes)
    with pytest.raises(RestoreFailedError, match=why):
        start(account, REQUESTS[REPLICATION])
    assert account.done == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param(
            {"errors": {"GetBucketVersioning shop-docs-far": "AccessDenied"}},
            f"shop-docs-far cannot be shown to be of account {PAYMENTS}",
            id="another account's by now",
        ),
        pytest.param(
            {"regions": {"shop-docs-restored": HOME, "shop-docs-far": "eu-central-1"}},
            "it is not as approvers were told: shop-docs-far lies in eu-central-1",
            id="made anew elsewhere",
        ),
    ],
)
def test_attack_20_a_bucket_that_was_exchanged_meanwhile_fails_what_was_set(changes: dict[str, Any], why: str) -> None:
    """A name of a bucket may be given up and taken by somebody else between the last look and the call."""
    request = REQUESTS[REPLICATION]
    job = jobs(is_set(Account(**changes), REPLICATION)).describe(request.resource, request=request)
    verdict = judge_restore(job, request=request, recovery_point=request.recovery_point)
    assert verdict.state is JobState.FAILED
    assert f"it is set on {BUCKET}, but {why}" in verdict.reason
    assert "take it away by hand" in verdict.reason


def test_nothing_is_replicated_into_itself() -> None:
    into_itself = REPLICATED["ReplicationConfiguration"].replace("shop-docs-far", "shop-docs-restored")
    request = a_replicated_request(metadata=(("ReplicationConfiguration", into_itself),))
    assert "into itself" in MemberSettings(Account()).setting(request).obstacle


def test_no_other_call_is_made_here() -> None:
    with pytest.raises(ApprovalVoidError, match="is no call that is made here"):
        MemberSettings(Account()).setting(an_after_request(call="dynamodb:DeleteTable"))


def test_every_other_request_goes_elsewhere() -> None:
    account, request = Account(), a_request()
    assert start(account, request) == f"job of {request.id} out of p"
    assert jobs(account).describe("j", request=request).id == "j"
    assert jobs(account).started(request, recovery_point="p", since=NOW) == (request.id, "p", str(NOW))
    assert account.lent == []
