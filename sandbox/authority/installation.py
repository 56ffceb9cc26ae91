"""Authority in its place in the sandbox: at the front door, and wherever a service works for somebody."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.authority import asked as heard
from sandbox.authority.alarms import tags_of_alarms
from sandbox.authority.approvals import sessions_begun
from sandbox.authority.items import keys_of_call, keys_of_transaction
from sandbox.authority.judging import why_principal_may_not, why_role_may_not
from sandbox.authority.keys import uses_in_buckets, uses_of_keys
from sandbox.authority.objects import keys_of_write
from sandbox.authority.passing import roles_passed
from sandbox.authority.volumes import keys_of_volumes, parts_of_volumes, why_key_may_not
from sandbox.authority.warehouses import snapshots_and_keys
from sandbox.seams import calling_out, mappings, objects, request_facts, volumes
from sandbox.seams.alarms import putting
from sandbox.seams.dynamodb import tables, time_to_live
from sandbox.seams.functions import workers
from sandbox.seams.iam import authority as seams
from sandbox.seams.iam import condition_keys, evaluator
from sandbox.seams.iam.authority import Asked, Further, Question
from sandbox.seams.keys import encrypted
from sandbox.seams.machines import step_functions
from sandbox.seams.objects import Caller
from sandbox.settings import Settings

_MANAGED: Final = Path(__file__).with_name("managed_policies")
# CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
_ASKED_BY_LOGS: Final = ("Encrypt", "Decrypt", "ReEncryptTo", "GenerateDataKey", "DescribeKey")
_MACHINES: Final = "states.amazonaws.com"
_BUCKETS: Final = "s3.amazonaws.com"
_FUNCTIONS: Final = "lambda.amazonaws.com"
_RECEIVING: Final = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Let nobody do by a service what its role, the resource or the organisation does not allow."""
    evaluator.add_managed_policies(managed_policies())
    evaluator.teach_evaluator()
    heard.begin()
    seams.ask_further(further_questions, why_principal_may_not)
    encrypted.keep_keys_of_stacks(why_logs_may_not)
    tables.keep_policies()
    time_to_live.be_strict()
    step_functions.ask_before_invoking(why_machine_may_not)
    mappings.ask_before_receiving(why_function_may_not)
    workers.ask_before_lending(lambda_may_assume)
    objects.be_strict(caller_of_bucket, may_read_lock)
    calling_out.be_strict(function_lets_s3_in)
    volumes.install(why_key_may_not)
    putting.be_strict()
    condition_keys.add_condition_keys(keys_of_request, keys_of_items)


def managed_policies() -> dict[str, str]:
    """AWS's own policies that the emulator does not bring, by name and path: what they say of services played here."""
    paths = sorted(_MANAGED.rglob("*.json"))
    return {str(path.relative_to(_MANAGED).with_suffix("")): path.read_text() for path in paths}


def further_questions(action: str, asked: Asked) -> Iterator[Further]:
    """What a request asks of its caller besides its own action."""
    yield from roles_passed(action, asked.request)
    yield from uses_of_keys(action, asked.resource_arn)
    yield from uses_in_buckets(action, asked)
    yield from parts_of_volumes(action, asked)
    yield from tags_of_alarms(action, asked)
    yield from snapshots_and_keys(action, asked)
    yield from sessions_begun(action, asked)


def keys_of_request(action: str, asked: Asked) -> Mapping[str, Any]:
    """What policies may ask of a request, besides what the emulator knows."""
    if asked.service == "dynamodb":
        return keys_of_call(action, asked.request.document, asked.resource_arn, tables.partition_key)
    if asked.service == "s3":
        tags = request_facts.condition_keys(action, asked.request.body, asked.request.params)
        return {**tags, **keys_of_write(action, asked.method, asked.headers, asked.request.params)}
    return keys_of_volumes(action, asked)


def keys_of_items(asked: Asked) -> Iterable[Mapping[str, Any]]:
    """What policies may ask of each item of a transaction."""
    return keys_of_transaction(asked.request.document, tables.partition_key)


def caller_of_bucket() -> Caller | None:
    """Who sent the request about a bucket that is being answered; None where a service works for itself."""
    asked = _asked_of_buckets()
    caller = seams.caller_of(asked) if asked is not None else None
    return Caller(caller.account, is_root=caller.policies is None) if caller is not None else None


def _asked_of_buckets() -> Asked | None:
    asked = seams.asked()
    return asked if asked is not None and asked.service == "s3" else None


def may_read_lock(object_arn: str) -> bool:
    """Whether an answer about an object tells its lock: of a description, only to whoever may read the retention."""
    asked = _asked_of_buckets()
    caller = seams.caller_of(asked) if asked is not None and asked.method == "HEAD" else None
    if caller is None:
        return True
    return why_principal_may_not(caller, Question(caller.arn, "s3:GetObjectRetention", object_arn)) is None


def why_machine_may_not(role_arn: str, function_arn: str) -> str | None:
    """Why a state machine may not invoke a function; None when it may."""
    if not service_may_assume(_MACHINES, role_arn):
        return f"{_MACHINES} is not authorized to assume the provided role {role_arn}"
    return why_role_may_not(Question(role_arn, "lambda:InvokeFunction", function_arn))


def service_may_assume(service: str, role_arn: str) -> bool:
    """Whether a role's trust lets a service in that works for something in the role's own account."""
    question = Question(service, "sts:AssumeRole", role_arn)
    return seams.service_may(service, question, "", role_arn.split(":")[4])


def function_lets_s3_in(function_arn: str, bucket_arn: str, account: str) -> bool:
    """Whether a function's own policy lets S3 invoke it for that bucket of that account."""
    return seams.service_may(_BUCKETS, Question(_BUCKETS, "lambda:InvokeFunction", function_arn), bucket_arn, account)


def lambda_may_assume(role_arn: str) -> bool:
    """Whether AWS Lambda gets a session of a function's role."""
    return service_may_assume(_FUNCTIONS, role_arn)


def why_function_may_not(role_arn: str, queue_arn: str) -> str | None:
    """Why a function may not take messages from a queue; None when it may."""
    asked = [Question(role_arn, f"sqs:{name}", queue_arn) for name in _RECEIVING]
    key = encrypted.customer_key_of(queue_arn)
    if key is not None:
        via = {"kms:ViaService": f"sqs.{queue_arn.split(':')[3]}.amazonaws.com"}
        asked.append(Question(role_arn, "kms:Decrypt", key, via))
    return next((why for each in asked if (why := why_role_may_not(each)) is not None), None)


def why_logs_may_not(key_arn: str, log_group_arn: str) -> str | None:
    """Why CloudWatch Logs may not encrypt a log group with a key; None when it may."""
    region, account = key_arn.split(":")[3:5]
    context = {"kms:EncryptionContext:aws:logs:arn": log_group_arn}
    for name in _ASKED_BY_LOGS:
        question = Question(f"logs.{region}.amazonaws.com", f"kms:{name}", key_arn, context)
        if not seams.service_may(question.principal, question, log_group_arn, account):
            return f"The specified KMS key does not exist or is not allowed to be used with {log_group_arn}"
    return None
