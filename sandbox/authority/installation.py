"""Authority in its place in the sandbox: at the front door, and wherever a service works for somebody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sandbox.authority import asked as heard
from sandbox.authority.judging import why_principal_may_not, why_role_may_not
from sandbox.authority.keys import uses_of_keys
from sandbox.authority.passing import roles_passed
from sandbox.seams import encrypted, lambda_workers, mappings
from sandbox.seams.iam import authority as seams
from sandbox.seams.iam import evaluator
from sandbox.seams.iam.authority import Asked, Further, Question
from sandbox.seams.machines import step_functions
from sandbox.settings import Settings

_MANAGED: Final = Path(__file__).with_name("managed_policies")
# CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
_ASKED_BY_LOGS: Final = ("Encrypt", "Decrypt", "ReEncryptTo", "GenerateDataKey", "DescribeKey")
_MACHINES: Final = "states.amazonaws.com"
_FUNCTIONS: Final = "lambda.amazonaws.com"
_RECEIVING: Final = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Let nobody do by a service what its role, the resource or the organisation does not allow."""
    evaluator.add_managed_policies(managed_policies())
    evaluator.teach_evaluator()
    heard.begin()
    seams.ask_further(further_questions, why_principal_may_not)
    encrypted.keep_keys_of_stacks(why_logs_may_not)
    step_functions.ask_before_invoking(why_machine_may_not)
    mappings.ask_before_receiving(why_function_may_not)
    lambda_workers.ask_before_lending(lambda_may_assume)


def managed_policies() -> dict[str, str]:
    """AWS's own policies that the emulator does not bring, by name and path: what they say of services played here."""
    paths = sorted(_MANAGED.rglob("*.json"))
    return {str(path.relative_to(_MANAGED).with_suffix("")): path.read_text() for path in paths}


def further_questions(action: str, asked: Asked) -> Iterator[Further]:
    """What a request asks of its caller besides its own action."""
    yield from roles_passed(action, asked.request)
    yield from uses_of_keys(action, asked.resource_arn)


def why_machine_may_not(role_arn: str, function_arn: str) -> str | None:
    """Why a state machine may not invoke a function; None when it may."""
    if not service_may_assume(_MACHINES, role_arn):
        return f"{_MACHINES} is not authorized to assume the provided role {role_arn}"
    return why_role_may_not(Question(role_arn, "lambda:InvokeFunction", function_arn))


def service_may_assume(service: str, role_arn: str) -> bool:
    """Whether a role's trust lets a service in that works for something in the role's own account."""
    question = Question(service, "sts:AssumeRole", role_arn)
    return seams.service_may(service, question, "", role_arn.split(":")[4])


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
