"""Where CloudFormation is stricter than MiniStack: failed stacks, dangling references, characters that are forgotten.

Sources: CloudFormation User Guide, "Choose how to handle failures when provisioning resources"; serverless #5630, lamby
#132 and amazon.aws #1655 for what is said of a failed stack; aws/copilot-cli for what is said of one that is there;
cloudformation-coverage-roadmap #1220 for GetTemplate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.cloudformation import references
from sandbox.model import principals, quotas
from sandbox.seams import cloudformation as seams
from sandbox.seams import host as seams_host
from sandbox.settings import Settings
from sandbox.web import control

FAILED: Final = ("CREATE_FAILED", "UPDATE_FAILED")
_DEAD: Final = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")
_NOT_MADE: Final = ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE")


class OrderedFailureError(ValueError):
    """The resource failed because somebody asked for it, so that nobody needs to be told."""


@dataclass(slots=True)
class Fault:
    """One resource that fails a number of times, in every stack whose name begins like this."""

    stack: str
    resource: str
    reason: str
    times: int


_faults: list[Fault] = []


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Refuse what CloudFormation refuses, and fail a resource on request."""
    _faults.clear()
    seams.let_failed_stacks_go_on(FAILED)
    seams.check_actions(
        {
            "CreateStack": _why_no_new_stack,
            "CreateChangeSet": _why_no_change_set,
            "ExecuteChangeSet": _why_no_execution,
            "UpdateStack": _why_no_update,
        }
    )
    seams.rewrite_answers("GetTemplate", _forgetting)
    seams.validate_templates(references.unresolved)
    seams.before_each_resource(_look_at)
    seams.log_no_failure_of(OrderedFailureError)
    control.register("POST", "/cloudformation/faults", _order)


def _forgetting(text: str) -> str:
    return "".join(character if character.isascii() else "?" for character in text)


def _why_no_new_stack(request: seams.Request) -> seams.Refusal | None:
    name = seams.text_of(request, "StackName")
    stack = seams.stack_record(name)
    if stack is None or stack["StackStatus"] not in _DEAD:
        return None
    return seams.Refusal(f"Stack [{name}] already exists", code="AlreadyExistsException")


def _why_no_change_set(request: seams.Request) -> seams.Refusal | None:
    name = seams.text_of(request, "StackName")
    stack = seams.stack_record(name)
    if stack is None or stack["StackStatus"] in _NOT_MADE:
        return None
    if seams.text_of(request, "ChangeSetType") == "CREATE":
        change_set = seams.text_of(request, "ChangeSetName")
        return seams.Refusal(
            f"Stack [{name}] already exists and cannot be created again with the changeSet [{change_set}]."
        )
    return _cannot_be_updated(stack) if stack["StackStatus"] in _DEAD else None


def _why_no_execution(request: seams.Request) -> seams.Refusal | None:
    change_set = seams.change_set_record(seams.text_of(request, "ChangeSetName"), seams.text_of(request, "StackName"))
    stack = None if change_set is None else seams.stack_record(change_set["StackName"])
    if change_set is None or stack is None:
        return None
    if change_set["ChangeSetType"] == "CREATE" and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
        # Executed before, or deleted when another one was: MiniStack forgets only those of the newest stack id.
        return seams.Refusal(f"ChangeSet [{change_set['ChangeSetName']}] does not exist", "ChangeSetNotFound", 404)
    return _unless_rollback_is_off(request, stack)


def _why_no_update(request: seams.Request) -> seams.Refusal | None:
    stack = seams.stack_record(seams.text_of(request, "StackName"))
    if stack is not None and stack["StackStatus"] in _DEAD:
        return _cannot_be_updated(stack)
    return None if stack is None else _unless_rollback_is_off(request, stack)


def _cannot_be_updated(stack: Mapping[str, Any]) -> seams.Refusal:
    return seams.Refusal(f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")


def _unless_rollback_is_off(request: seams.Request, stack: Mapping[str, Any]) -> seams.Refusal | None:
    if stack["StackStatus"] not in FAILED or seams.text_of(request, "DisableRollback") == "true":
        return None
    return seams.Refusal(
        f"This stack is currently in a non-terminal [{stack['StackStatus']}] state. To update the stack from this "
        "state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good "
        "state, use the rollback-stack API"
    )


def _order(request: dict[str, Any]) -> dict[str, Any]:
    """Take an order: `{"stack", "resource", "reason", "times"}`; a stack is known by how its name begins."""
    _faults.append(Fault(request["stack"], request["resource"], request["reason"], int(request.get("times", 1))))
    return {}


def _look_at(stack: str, logical_id: str, kind: str, properties: dict[str, Any]) -> None:
    """ValueError where the resource shall fail, or must: IAM keeps one role of a name (API reference of CreateRole)."""
    if kind == "AWS::IAM::Role" and (name := properties.get("RoleName")):
        role = f"arn:aws:iam::{seams_host.request_account()}:role{properties.get('Path', '/')}{name}"
        if seams_host.role_exists(role):
            raise ValueError(f"Resource of type 'AWS::IAM::Role' with identifier '{name}' already exists.")
    if why := _over_quota(kind, properties) or _why_unknown(kind, properties):
        raise ValueError(why)
    for fault in _waiting():
        if stack.startswith(fault.stack) and logical_id == fault.resource:
            fault.times -= 1
            raise OrderedFailureError(fault.reason)


def _over_quota(kind: str, properties: Mapping[str, Any]) -> str | None:
    match kind:
        case "AWS::IAM::ManagedPolicy":
            return quotas.why_no_managed_policy(properties["PolicyDocument"])
        case "AWS::IAM::Role":
            inline = [each["PolicyDocument"] for each in properties.get("Policies", ())]
            return (
                quotas.why_no_trust(properties["AssumeRolePolicyDocument"])
                or quotas.why_not_attached(properties.get("ManagedPolicyArns", ()))
                or quotas.why_not_inline(properties.get("RoleName", ""), inline)
            )
        case _:
            return None


def _why_unknown(kind: str, properties: Mapping[str, Any]) -> str | None:
    match kind:
        case "AWS::IAM::Role":
            return principals.why_no_trust(properties["AssumeRolePolicyDocument"])
        case "AWS::KMS::Key":
            return principals.why_no_key_policy(properties.get("KeyPolicy"))
        case "AWS::S3::BucketPolicy":
            return principals.why_no_bucket_policy(properties["PolicyDocument"])
        case _:
            return None


def _waiting() -> Iterator[Fault]:
    return (fault for fault in _faults if fault.times > 0)
