"""CloudFormation stacks in any account: read, and deployed by change set, from wherever the last try has left them.

Source: CloudFormation API reference; CloudFormation User Guide, "Update CloudFormation stacks using change sets".
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.cloudformation.pauses import growing_pauses
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CallRefusedError, NotFoundError
from strongroom.domain.identifiers import Region
from strongroom.domain.rollout.live import LiveStack
from strongroom.domain.rollout.stacks import MOST_BYTES_IN_A_REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.rollout.desired import DesiredStack, StackPlace

ACTIONS = (
    "cloudformation:ActivateOrganizationsAccess",
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeOrganizationsAccess",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "cloudformation:UpdateStack",
    "s3:GetBucketLocation",
    "s3:PutObject",
)

_POLICY: Final = "AWS::Organizations::Policy"
_RESOURCE_POLICY: Final = "AWS::Organizations::ResourcePolicy"
_EMPTY: Final = "REVIEW_IN_PROGRESS"
_GONE: Final = ("DELETE_COMPLETE", "DELETE_SKIPPED")
# Kept as they are by a creation that failed; CloudFormation lets them be updated without rollback (User Guide, "Choose
# how to handle failures when provisioning resources").
_UNFINISHED: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
_TRIES: Final = 4
_REST_SECONDS: Final = 20.0
_DONE: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
# API reference of CreateChangeSet, UpdateStack and ExecuteChangeSet: "is in UPDATE_IN_PROGRESS state"; and executing a
# change set deletes every other one of its stack. A stack that is there by now is "created again" by no change set.
_OVERTAKEN: Final = (
    "_IN_PROGRESS state",
    "AlreadyExistsException",
    "cannot be created again",
    "InvalidChangeSetStatus",
    "ChangeSetNotFound",
)
_NOTHING_TO_CHANGE: Final = ("didn't contain changes", "No updates are to be performed")


class Stacks:
    """Stacks as an administrator deploys them."""

    def __init__(
        self,
        clients: AccountClients,
        *,
        management_account: AccountId,
        global_region: Region,
        template_bucket: str | None,
        new_id: Callable[[], str],
        sleep: Callable[[float], None],
    ) -> None:
        """`sleep` is `time.sleep` outside of tests; `template_bucket` takes what a request cannot hold."""
        self._clients = clients
        self._management_account = management_account
        self._global_region = global_region
        self._template_bucket = template_bucket
        self._new_id = new_id
        self._sleep = sleep

    def find(self, place: StackPlace) -> LiveStack | None:
        """The stack with its original template, None when there is none."""
        cloudformation = self._cloudformation(place)
        with aws_errors():
            described = _described(cloudformation, place.name)
            if described is None:
                return None
            is_empty = described["StackStatus"] == _EMPTY
            made = {} if is_empty else _made(cloudformation, place.name)
            return LiveStack(
                status=described["StackStatus"],
                template="" if is_empty else _template(cloudformation, place.name),
                parameters={each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])},
                policy_ids=frozenset(made.get(_POLICY, ())),
                changed_at=described.get("LastUpdatedTime") or described["CreationTime"],
                resource_policy_id=next(filter(None, made.get(_RESOURCE_POLICY, ())), None),
            )

    def stack_sets_are_active(self) -> bool:
        """Whether StackSets may deploy to the organisation's units."""
        with aws_errors():
            answer = self._management().describe_organizations_access()
        return bool(answer["Status"] == "ENABLED")

    def activate_stack_sets(self) -> None:
        """Let StackSets deploy to the organisation's units."""
        with aws_errors():
            self._management().activate_organizations_access()

    def deploy(self, stack: DesiredStack) -> None:
        """Create or update the stack and wait for the end; CallRefusedError tells the first thing that failed."""
        for _ in range(_TRIES if stack.is_tried_again else 1, 1, -1):
            try:
                return self._deploy(stack)
            except CallRefusedError:
                self._sleep(_REST_SECONDS)
        return self._deploy(stack)

    def _deploy(self, stack: DesiredStack) -> None:
        """One try: what a creation has made stays when it fails, and the next try goes on from there."""
        with aws_errors():
            if self._is_begun(stack):
                self._wait_until_done(stack.place)

    def _is_begun(self, stack: DesiredStack) -> bool:
        """Whether something is to be waited for; who is overtaken by somebody else lets them end, and looks again."""
        pauses = growing_pauses()
        while True:
            described = self._at_rest(stack.place)
            try:
                return self._begin(stack, status=_EMPTY if described is None else described["StackStatus"])
            except CallRefusedError as error:
                if not _is_somebody_elses(error):
                    raise
                self._sleep(next(pauses))

    def _at_rest(self, place: StackPlace) -> dict[str, Any] | None:
        """The stack once nobody else is at it any more, None where there is none."""
        pauses = growing_pauses()
        while (found := _described(self._cloudformation(place), place.name)) is not None and _is_busy(found):
            self._sleep(next(pauses))
        return found

    def _begin(self, stack: DesiredStack, *, status: str) -> bool:
        """Begin to create or update the stack; False when nothing differs."""
        cloudformation = self._cloudformation(stack.place)
        with aws_errors():
            if status not in _UNFINISHED:
                return self._change(cloudformation, stack, is_new=status == _EMPTY)
            cloudformation.update_stack(DisableRollback=True, **self._request(stack))
            return True

    def _change(self, cloudformation: Any, stack: DesiredStack, *, is_new: bool) -> bool:
        """Create or update the stack by a change set; False when nothing differs."""
        name, change_set = stack.place.name, f"strongroom-{self._new_id()}"
        cloudformation.create_change_set(
            ChangeSetName=change_set, ChangeSetType="CREATE" if is_new else "UPDATE", **self._request(stack)
        )
        if not self._has_changes(cloudformation, name, change_set):
            return False
        cloudformation.execute_change_set(StackName=name, ChangeSetName=change_set, DisableRollback=is_new)
        return True

    def _request(self, stack: DesiredStack) -> dict[str, Any]:
        return {
            "StackName": stack.place.name,
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            **self._template(stack),
        }

    def _has_changes(self, cloudformation: Any, name: str, change_set: str) -> bool:
        described = self._polled(
            lambda: cloudformation.describe_change_set(StackName=name, ChangeSetName=change_set), "Status", name
        )
        if described["Status"] != "FAILED":
            return True
        reason = described.get("StatusReason", "")
        cloudformation.delete_change_set(StackName=name, ChangeSetName=change_set)
        if any(sentence in reason for sentence in _NOTHING_TO_CHANGE):
            return False
        raise CallRefusedError(f"the change set of {name} failed: {reason}")

    def _wait_until_done(self, place: StackPlace) -> None:
        name = place.name
        described = self._polled(lambda: _described(self._cloudformation(place), name), "StackStatus", name)
        if described["StackStatus"] not in _DONE:
            cause = _first_failure(self._cloudformation(place), name) or described.get(
                "StackStatusReason", "no reason given"
            )
            raise CallRefusedError(f"{name} ended as {described['StackStatus']}: {cause}")

    def _polled(self, ask: Callable[[], dict[str, Any] | None], key: str, name: str) -> dict[str, Any]:
        """The first answer that is an end, however long it takes."""
        for pause in growing_pauses():
            answer = ask()
            if answer is None:
                break
            if not _is_under_way(answer[key]):
                return answer
            self._sleep(pause)
        raise CallRefusedError(f"{name} vanished while it was waited for")

    def _template(self, stack: DesiredStack) -> dict[str, str]:
        if stack.size <= MOST_BYTES_IN_A_REQUEST:
            return {"TemplateBody": stack.template}
        if self._template_bucket is None:
            raise CallRefusedError(f"{stack.place.name} has {stack.size} bytes of template; name a --template-bucket")
        s3 = self._clients.client("s3", account=stack.place.account, region=stack.place.region)
        # Answers nothing for us-east-1 (API reference of GetBucketLocation).
        region = s3.get_bucket_location(Bucket=self._template_bucket)["LocationConstraint"] or Region("us-east-1")
        s3 = self._clients.client("s3", account=stack.place.account, region=region)
        digest = hashlib.sha256(stack.template.encode()).hexdigest()
        key = f"{stack.place.name}/{digest}.yaml"
        s3.put_object(Bucket=self._template_bucket, Key=key, Body=stack.template.encode())
        return {"TemplateURL": f"{s3.meta.endpoint_url}/{self._template_bucket}/{key}"}

    def _cloudformation(self, place: StackPlace) -> Any:
        return self._clients.client("cloudformation", account=place.account, region=place.region)

    def _management(self) -> Any:
        return self._clients.client("cloudformation", account=self._management_account, region=self._global_region)


def _is_under_way(status: str) -> bool:
    return status.endswith(("_IN_PROGRESS", "_PENDING"))


def _is_busy(described: dict[str, Any]) -> bool:
    return described["StackStatus"] != _EMPTY and _is_under_way(described["StackStatus"])


def _is_somebody_elses(error: CallRefusedError) -> bool:
    """Whether a change was refused because another one of the same stack came first."""
    return any(words in str(error) for words in _OVERTAKEN)


def _described(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        with aws_errors():
            found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except NotFoundError:
        return None
    return found


def _template(cloudformation: Any, name: str) -> str:
    body = cloudformation.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    # botocore parses templates that are JSON.
    return body if isinstance(body, str) else json.dumps(body)


def _made(cloudformation: Any, name: str) -> dict[str, list[str]]:
    """The physical ids of what the stack has, by resource type."""
    made: dict[str, list[str]] = {}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceStatus"] not in _GONE:
                made.setdefault(resource["ResourceType"], []).append(resource.get("PhysicalResourceId", ""))
    return made


def _first_failure(cloudformation: Any, name: str) -> str:
    """The cause of the last operation's failure: of its events, newest first, the oldest that failed."""
    cause = ""
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:
            status, reason = event.get("ResourceStatus", ""), event.get("ResourceStatusReason", "")
            if event["LogicalResourceId"] == name and reason == "User Initiated":
                return cause
            if status.endswith("_FAILED") and "cancelled" not in reason:
                cause = f"{event['LogicalResourceId']}: {reason}"
    return cause
