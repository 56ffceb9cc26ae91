"""Stacks are deployed by change set; what CloudFormation answers decides how it goes on."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from strongroom.adapters.aws.cloudformation.stacks import Stacks
from strongroom.domain.errors import CallRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rollout.desired import DesiredStack, StackPlace
from strongroom.domain.rollout.live import LiveStack
from tests.builders.places import BACKUP_ACCOUNT, GLOBAL_REGION, REPLICA_REGION
from tests.fakes.account_clients import FakeAccountClients, Pages, refusal

PLACE = StackPlace(name="strongroom-replica", account=BACKUP_ACCOUNT, region=REPLICA_REGION)
STACK = DesiredStack(place=PLACE, template="Resources: {}", parameters={"Min": "30"})
REST = 20.0
UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."
CREATED_AT = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass
class FakeCloudFormation:
    """CloudFormation with one stack; it ends as `ends`, after a moment of progress."""

    status: str | None = None
    body: Any = "Resources: {}"
    change_set: dict[str, str] = field(default_factory=lambda: {"Status": "CREATE_COMPLETE"})
    polls: int = 1
    updated_at: datetime | None = None
    ends: str = "CREATE_COMPLETE"
    ends_again: list[str] = field(default_factory=list)
    events: tuple[tuple[str, str, str], ...] = ()
    resource_policy: str = "rp-1"
    resource_policy_status: str = "CREATE_COMPLETE"
    waiting: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def called(self, name: str) -> list[dict[str, Any]]:
        return [request for called, request in self.calls if called == name]

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        status = self.waiting.pop(0) if self.waiting else self.status
        if status is None:
            raise refusal("ValidationError", "DescribeStacks", f"Stack with id {PLACE.name} does not exist")
        parameters = [{"ParameterKey": "Min", "ParameterValue": "30"}]
        times = {"CreationTime": CREATED_AT, "LastUpdatedTime": self.updated_at}
        told = {name: moment for name, moment in times.items() if moment is not None}
        return {"Stacks": [{"StackStatus": status, "Parameters": parameters, **told}]}

    def get_template(self, **request: str) -> dict[str, Any]:
        assert request["TemplateStage"] == "Original"
        return {"TemplateBody": self.body}

    def list_stack_resources(self, **_: str) -> dict[str, Any]:
        resources = [
            ("AWS::Organizations::Policy", "p-1", "CREATE_COMPLETE"),
            ("AWS::Organizations::Policy", "p-2", "DELETE_COMPLETE"),
            ("AWS::Organizations::ResourcePolicy", self.resource_policy, self.resource_policy_status),
            ("AWS::IAM::Role", "role", "CREATE_COMPLETE"),
        ]
        return {
            "StackResourceSummaries": [
                {"ResourceType": kind, "ResourceStatus": status, **({"PhysicalResourceId": name} if name else {})}
                for kind, name, status in resources
            ]
        }

    def create_change_set(self, **request: Any) -> None:
        self.calls.append(("create", request))

    def describe_change_set(self, **_: str) -> dict[str, str]:
        return self.change_set

    def delete_change_set(self, **request: Any) -> None:
        self.calls.append(("delete", request))

    def execute_change_set(self, **request: Any) -> None:
        self.calls.append(("execute", request))
        self.waiting, self.status = ["REVIEW_IN_PROGRESS", *["CREATE_IN_PROGRESS"] * self.polls], self.ends

    def update_stack(self, **request: Any) -> None:
        self.calls.append(("update", request))
        self.waiting = ["UPDATE_IN_PROGRESS"]
        self.status = self.ends_again.pop(0) if self.ends_again else self.ends

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        return {
            "StackEvents": [
                {"LogicalResourceId": name, "ResourceStatus": status, "ResourceStatusReason": reason}
                for name, status, reason in self.events
            ]
        }

    def describe_organizations_access(self) -> dict[str, str]:
        return {"Status": "DISABLED"}


def of(
    cloudformation: FakeCloudFormation,
    *,
    bucket: str | None = None,
    sleep: Callable[[float], None] = lambda _: None,
    **clients: Any,
) -> Stacks:
    return Stacks(
        FakeAccountClients(own={"cloudformation": cloudformation, **clients}),
        management_account=AccountId("111111111111"),
        global_region=GLOBAL_REGION,
        template_bucket=bucket,
        new_id=lambda: "1",
        sleep=sleep,
    )


def test_a_stack_is_read_as_it_was_given() -> None:
    cloudformation = FakeCloudFormation("UPDATE_COMPLETE", updated_at=CREATED_AT + timedelta(hours=1))
    assert of(cloudformation).find(PLACE) == LiveStack(
        status="UPDATE_COMPLETE",
        template="Resources: {}",
        parameters={"Min": "30"},
        policy_ids=frozenset({"p-1"}),
        changed_at=CREATED_AT + timedelta(hours=1),
        resource_policy_id="rp-1",
    )


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("", "CREATE_FAILED", id="it could not be made"),
        pytest.param("rp-1", "DELETE_SKIPPED", id="the stack let go of it"),
    ],
)
def test_a_resource_policy_that_the_stack_does_not_have_is_none_of_its_own(name: str, status: str) -> None:
    found = of(FakeCloudFormation("UPDATE_COMPLETE", resource_policy=name, resource_policy_status=status)).find(PLACE)
    assert found is not None
    assert found.resource_policy_id is None


def test_a_template_that_boto3_has_parsed_is_text_again() -> None:
    found = of(FakeCloudFormation("UPDATE_COMPLETE", body={"Resources": {}})).find(PLACE)
    assert found is not None
    assert found.template == '{"Resources": {}}'


def test_a_stack_that_does_not_exist_is_none() -> None:
    assert of(FakeCloudFormation()).find(PLACE) is None


def test_a_stack_in_which_nothing_was_deployed_is_not_asked_for_its_template() -> None:
    cloudformation = FakeCloudFormation("REVIEW_IN_PROGRESS", body=None)
    assert of(cloudformation).find(PLACE) == LiveStack(
        status="REVIEW_IN_PROGRESS", template="", parameters={"Min": "30"}, changed_at=CREATED_AT
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [(None, "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("UPDATE_ROLLBACK_COMPLETE", "UPDATE")],
)
def test_a_stack_is_created_or_updated_and_waited_for(status: str | None, kind: str) -> None:
    cloudformation = FakeCloudFormation(status)
    of(cloudformation).deploy(STACK)
    [request] = cloudformation.called("create")
    assert (request["ChangeSetType"], request["TemplateBody"]) == (kind, STACK.template)
    assert request["Parameters"] == [{"ParameterKey": "Min", "ParameterValue": "30"}]
    [executed] = cloudformation.called("execute")
    # What a creation that fails has made stays, so that nothing is lost and no name is taken; an update is rolled back.
    assert executed == {
        "StackName": PLACE.name,
        "ChangeSetName": "strongroom-1",
        "DisableRollback": kind == "CREATE",
    }
    assert cloudformation.waiting == []


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_a_stack_that_kept_what_succeeded_is_updated_without_a_change_set(status: str) -> None:
    """amazon.aws #1655: "please use the disable-rollback parameter with update-stack API"."""
    cloudformation = FakeCloudFormation(status)
    of(cloudformation).deploy(STACK)
    [(call, request)] = cloudformation.calls
    assert (call, request["DisableRollback"], request["TemplateBody"]) == ("update", True, STACK.template)


def test_a_stack_that_leans_on_what_is_not_known_everywhere_yet_is_tried_again() -> None:
    cloudformation = FakeCloudFormation(ends="CREATE_FAILED", ends_again=["CREATE_FAILED", "UPDATE_COMPLETE"])
    rests: list[float] = []
    of(cloudformation, sleep=rests.append).deploy(replace(STACK, is_tried_again=True))
    assert [name for name, _ in cloudformation.calls] == ["create", "execute", "update", "update"]
    assert rests.count(REST) == 2


def test_it_is_not_tried_for_ever() -> None:
    cloudformation = FakeCloudFormation(ends="CREATE_FAILED", ends_again=["UPDATE_FAILED"] * 9)
    rests: list[float] = []
    with pytest.raises(CallRefusedError, match="ended as UPDATE_FAILED"):
        of(cloudformation, sleep=rests.append).deploy(replace(STACK, is_tried_again=True))
    assert rests.count(REST) == 3


def test_any_other_stack_is_tried_once() -> None:
    cloudformation = FakeCloudFormation(ends="CREATE_FAILED")
    with pytest.raises(CallRefusedError, match="ended as CREATE_FAILED"):
        of(cloudformation).deploy(STACK)
    assert [name for name, _ in cloudformation.calls] == ["create", "execute"]


def test_a_change_set_without_changes_is_done_and_leaves_nothing_behind() -> None:
    cloudformation = FakeCloudFormation("CREATE_COMPLETE", change_set={"Status": "FAILED", "StatusReason": UNCHANGED})
    of(cloudformation).deploy(STACK)
    assert [name for name, _ in cloudformation.calls] == ["create", "delete"]


def test_a_change_set_that_fails_is_told() -> None:
    cloudformation = FakeCloudFormation(change_set={"Status": "FAILED", "StatusReason": "no such parameter"})
    with pytest.raises(CallRefusedError, match="the change set of strongroom-replica failed: no such parameter"):
        of(cloudformation).deploy(STACK)


def test_a_stack_that_fails_tells_the_first_cause_of_this_operation() -> None:
    cloudformation = FakeCloudFormation(
        ends="ROLLBACK_COMPLETE",
        events=(
            (PLACE.name, "ROLLBACK_COMPLETE", ""),
            ("Role", "CREATE_FAILED", "Resource creation cancelled"),
            ("Vault", "CREATE_FAILED", "the lock is refused"),
            (PLACE.name, "CREATE_IN_PROGRESS", "User Initiated"),
            ("Old", "UPDATE_FAILED", "an older story"),
        ),
    )
    with pytest.raises(CallRefusedError, match="ended as ROLLBACK_COMPLETE: Vault: the lock is refused"):
        of(cloudformation).deploy(STACK)


def test_a_stack_that_takes_hours_is_waited_for() -> None:
    pauses: list[float] = []
    of(FakeCloudFormation(polls=400), sleep=pauses.append).deploy(STACK)
    assert sum(pauses) > 3 * 60 * 60
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.1, 30)
    assert sum(pauses[:10]) < 5


def test_a_stack_that_vanishes_is_waited_for_no_longer() -> None:
    cloudformation = FakeCloudFormation()

    def sleep(_: float) -> None:
        cloudformation.waiting, cloudformation.status = [], None

    with pytest.raises(CallRefusedError, match="vanished while it was waited for"):
        of(cloudformation, sleep=sleep).deploy(STACK)


@dataclass
class FakeS3:
    """A bucket somewhere."""

    location: str | None
    meta: Any = field(default_factory=lambda: SimpleNamespace(endpoint_url="https://s3.example"))
    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def get_bucket_location(self, **_: str) -> dict[str, str | None]:
        return {"LocationConstraint": self.location}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 AWS's names
        self.objects[Bucket, Key] = Body


@pytest.mark.parametrize(("location", "region"), [(None, "us-east-1"), ("eu-west-1", "eu-west-1")])
def test_a_large_template_goes_through_the_bucket_in_its_own_region(location: str | None, region: str) -> None:
    cloudformation, s3 = FakeCloudFormation(), FakeS3(location)
    stacks = of(cloudformation, bucket="templates", s3=s3)
    large = replace(STACK, template="x" * 51_201)
    stacks.deploy(large)
    [((bucket, key), body)] = s3.objects.items()
    assert (bucket, body) == ("templates", large.template.encode())
    assert cloudformation.called("create")[0]["TemplateURL"] == f"https://s3.example/templates/{key}"
    clients = stacks._clients  # noqa: SLF001 where the bucket was asked for
    assert isinstance(clients, FakeAccountClients)
    assert [where for where in clients.asked if where[0] == "s3"][-1] == ("s3", PLACE.account, region)


def test_a_large_template_without_a_bucket_is_refused() -> None:
    with pytest.raises(CallRefusedError, match="--template-bucket"):
        of(FakeCloudFormation()).deploy(replace(STACK, template="x" * 51_201))


def test_stack_sets_are_off_until_they_are_enabled() -> None:
    assert not of(FakeCloudFormation()).stack_sets_are_active()


@pytest.mark.parametrize("before", ["CREATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_stack_that_somebody_is_at_is_waited_for_and_then_compared(before: str) -> None:
    unchanged = {"Status": "FAILED", "StatusReason": UNCHANGED}
    cloudformation = FakeCloudFormation(status="UPDATE_COMPLETE", waiting=[before, before], change_set=unchanged)
    pauses: list[float] = []
    of(cloudformation, sleep=pauses.append).deploy(STACK)
    assert pauses == [0.1, 0.125]
    [request] = cloudformation.called("create")
    assert request["ChangeSetType"] == "UPDATE"
    assert cloudformation.called("execute") == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationError", "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."),
        ("AlreadyExistsException", "Stack [strongroom-members] already exists"),
        (
            "ValidationError",
            "Stack [strongroom-members] already exists and cannot be created again with the changeSet [strongroom-1].",
        ),
        ("ChangeSetNotFound", "ChangeSet [strongroom-1] does not exist"),
        ("InvalidChangeSetStatus", "ChangeSet [1] cannot be executed in its current status of [OBSOLETE]"),
    ],
)
def test_who_is_overtaken_waits_and_begins_again(code: str, message: str) -> None:
    cloudformation = Overtaken(status="UPDATE_COMPLETE", overtaking=[refusal(code, "ExecuteChangeSet", message)])
    of(cloudformation).deploy(STACK)
    assert [name for name, _ in cloudformation.calls] == ["create", "create", "execute"]


def test_what_is_refused_for_another_reason_is_not_tried_again() -> None:
    refused = refusal("ValidationError", "ExecuteChangeSet", "Template error")
    with pytest.raises(CallRefusedError, match="Template error"):
        of(Overtaken(status="UPDATE_COMPLETE", overtaking=[refused])).deploy(STACK)


@dataclass
class Overtaken(FakeCloudFormation):
    """CloudFormation, at which somebody else is a moment quicker."""

    overtaking: list[ClientError] = field(default_factory=list)

    def execute_change_set(self, **request: Any) -> None:
        if self.overtaking:
            raise self.overtaking.pop()
        super().execute_change_set(**request)
