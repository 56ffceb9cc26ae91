"""What AWS refuses although the model lets it pass: a rule for each operation, pinned in `tests/conformance`."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.model import principals, quotas
from sandbox.model.refusals import Refusal
from sandbox.seams import host as seams
from sandbox.wire.calls import Call
from sandbox.wire.requests import Signature

type Parameters = Mapping[str, Any]

MOST_TARGETS: Final = 5
LONGEST_PATTERN: Final = 2048
LARGEST_ENTRY: Final = 1024 * 1024
LONGEST_WAIT: Final = 20
LARGEST_PLAIN_BATCH: Final = 10
_INPUTS: Final = ("Input", "InputPath", "InputTransformer")
_TOKEN_OF_RULES: Final = re.compile(
    r"[MNO][\w-]*"
)  # a number in base64: the emulator takes any other for the beginning
_SECRET_NAME: Final = re.compile(r"[A-Za-z0-9/_+=.@!-]+")
_WITHOUT_SUFFIX: Final = ("backup.amazonaws.com", "config.amazonaws.com")
_POLICIES: Final = ("AssumeRolePolicyDocument", "PolicyDocument")


type Rule = Callable[[Parameters, Signature], Refusal | None]


def broken_rule(call: Call, signature: Signature) -> Refusal | None:
    """What AWS answers to this call in place of doing it; None where it does it."""
    rule = _RULES.get((call.operation.service_model.service_name, call.operation.name))
    return rule(call.parameters, signature) if rule else None


def _list_rules(parameters: Parameters, _: Signature) -> Refusal | None:
    if _TOKEN_OF_RULES.fullmatch(parameters.get("NextToken", "MA")):
        return None
    return Refusal("ValidationException", "The pagination token is not valid.")


def _put_rule(parameters: Parameters, _: Signature) -> Refusal | None:
    if len(parameters.get("EventPattern", "")) <= LONGEST_PATTERN:
        return None
    return Refusal("ValidationException", f"The event pattern is longer than {LONGEST_PATTERN} characters.")


def _put_targets(parameters: Parameters, signature: Signature) -> Refusal | None:
    for target in parameters["Targets"]:
        if sum(name in target for name in _INPUTS) > 1:
            only = "Only one of Input, InputPath, or InputTransformer must be provided"
            return Refusal("ValidationException", f"{only} for target {target['Id']}.")
    there = _targets_of(parameters["Rule"], parameters, signature)
    if len(there | {target["Id"] for target in parameters["Targets"]}) <= MOST_TARGETS:
        return None
    return Refusal("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def _delete_rule(parameters: Parameters, signature: Signature) -> Refusal | None:
    if not _targets_of(parameters["Name"], parameters, signature):
        return None
    return Refusal("ValidationException", "Rule can't be deleted since it has targets.")


def _remove_permission(parameters: Parameters, signature: Signature) -> Refusal | None:
    if parameters.get("RemoveAllPermissions"):
        return None
    bus = parameters.get("EventBusName", "default").rpartition("/")[2]
    policy = seams.bus_policy(_account_of(signature), signature.region, bus)
    if policy is None:
        return Refusal("ResourceNotFoundException", "EventBus does not have a policy.")
    if any(statement.get("Sid") == parameters.get("StatementId") for statement in policy["Statement"]):
        return None
    return Refusal("ResourceNotFoundException", "Statement with the provided id does not exist.")


def _targets_of(rule: str, parameters: Parameters, signature: Signature) -> frozenset[str]:
    bus = str(parameters.get("EventBusName", "default")).rpartition("/")[2]
    return seams.target_ids(_account_of(signature), signature.region, rule, bus)


def _account_of(signature: Signature) -> str:
    """Whose key it is; a root's key is the account's own number, before the emulator has begun to answer."""
    if signature.access_key.isdigit():
        return signature.access_key
    caller = seams.caller(signature.access_key)
    return caller.account if caller else ""


def _put_events(parameters: Parameters, _: Signature) -> Refusal | None:
    sizes = [
        sum(len(str(entry.get(name, "")).encode()) for name in ("Detail", "DetailType", "Source"))
        + sum(len(resource.encode()) for resource in entry.get("Resources", ()))
        for entry in parameters["Entries"]
    ]
    if sum(sizes) <= LARGEST_ENTRY:
        return None
    return Refusal("ValidationException", "Total size of the entries in the request is over the limit.")


def _receive_message(parameters: Parameters, _: Signature) -> Refusal | None:
    wait = parameters.get("WaitTimeSeconds", 0)
    if 0 <= wait <= LONGEST_WAIT:
        return None
    reason = f"Must be >= 0 and <= {LONGEST_WAIT}, if provided."
    return Refusal("InvalidParameterValue", f"Value {wait} for parameter WaitTimeSeconds is invalid. Reason: {reason}")


def _send_message(parameters: Parameters, _: Signature) -> Refusal | None:
    for name, attribute in parameters.get("MessageAttributes", {}).items():
        kind = attribute["DataType"].partition(".")[0]
        if not attribute.get("BinaryValue" if kind == "Binary" else "StringValue"):
            wanted = f"must contain a non-empty value of type '{kind}'."
            return Refusal("InvalidParameterValue", f"Message (user) attribute '{name}' {wanted}")
    return None


def _create_secret(parameters: Parameters, signature: Signature) -> Refusal | None:
    name = parameters["Name"]
    if not _SECRET_NAME.fullmatch(name):
        allowed = "alphanumeric characters, or any of the following: -/_+=.@!"
        return Refusal("ValidationException", f"Invalid name. Must be a valid name containing {allowed}")
    if not seams.is_secret_leaving(_account_of(signature), signature.region, name):
        return None
    why = "a secret with this name is already scheduled for deletion."
    return Refusal("InvalidRequestException", f"You can't create this secret because {why}")


def _create_key(parameters: Parameters, signature: Signature) -> Refusal | None:
    spec = parameters.get("KeySpec") or parameters.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    if spec == "SYMMETRIC_DEFAULT" or "KeyUsage" in parameters:
        return _key_policy(parameters, signature)
    wanted = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    return Refusal("ValidationException", wanted)


def _key_policy(parameters: Parameters, _: Signature) -> Refusal | None:
    why = principals.why_no_key_policy(parameters.get("Policy"))
    return None if why is None else Refusal("MalformedPolicyDocumentException", why)


def _bucket_policy(parameters: Parameters, _: Signature) -> Refusal | None:
    why = principals.why_no_bucket_policy(parameters["Policy"])
    return None if why is None else Refusal("MalformedPolicy", why)


def _create_service_linked_role(parameters: Parameters, _: Signature) -> Refusal | None:
    service = parameters["AWSServiceName"]
    if not parameters.get("CustomSuffix") or service not in _WITHOUT_SUFFIX:
        return None
    return Refusal("InvalidInput", f"Custom suffix is not allowed for {service}")


def _policy(parameters: Parameters, _: Signature) -> Refusal | None:
    if all(_is_object(parameters[name]) for name in _POLICIES if name in parameters):
        return None
    return _malformed("This policy contains invalid Json")


def _managed_policy(parameters: Parameters, signature: Signature) -> Refusal | None:
    return _policy(parameters, signature) or _limit(quotas.why_no_managed_policy(parameters["PolicyDocument"]))


def _trusted_role(parameters: Parameters, signature: Signature) -> Refusal | None:
    name = "AssumeRolePolicyDocument" if "AssumeRolePolicyDocument" in parameters else "PolicyDocument"
    return (
        _policy(parameters, signature)
        or _limit(quotas.why_no_trust(parameters[name]))
        or _malformed(principals.why_no_trust(parameters[name]))
    )


def _put_role_policy(parameters: Parameters, signature: Signature) -> Refusal | None:
    role = parameters["RoleName"]
    there = seams.inline_policies_of(_account_of(signature), role)
    documents = {**there, parameters["PolicyName"]: parameters["PolicyDocument"]}
    return _policy(parameters, signature) or _limit(quotas.why_not_inline(role, documents.values()))


def _attach_role_policy(parameters: Parameters, signature: Signature) -> Refusal | None:
    there = seams.managed_policies_of(_account_of(signature), parameters["RoleName"])
    return _limit(quotas.why_not_attached([*there, parameters["PolicyArn"]]))


def _limit(why: str | None) -> Refusal | None:
    return None if why is None else Refusal("LimitExceeded", why)


def _malformed(why: str | None) -> Refusal | None:
    return None if why is None else Refusal("MalformedPolicyDocument", why)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _create_event_source_mapping(parameters: Parameters, _: Signature) -> Refusal | None:
    is_queue = ":sqs:" in parameters.get("EventSourceArn", "")
    window = parameters.get("MaximumBatchingWindowInSeconds", 0)
    if not is_queue or window or parameters.get("BatchSize", 1) <= LARGEST_PLAIN_BATCH:
        return None
    wanted = "must be greater than 0 if maximum batch size is greater than 10"
    return Refusal("InvalidParameterValueException", f"Maximum batch window in seconds {wanted}")


def _ec2_tags(parameters: Parameters, _: Signature) -> Refusal | None:
    reserved = next(
        (each["Key"] for each in parameters.get("Tags", ()) if each.get("Key", "").startswith("aws:")), None
    )
    if reserved is None:
        return None
    words = "Tag keys starting with 'aws:' are reserved for internal use"
    return Refusal("InvalidParameterValue", f"Value ( {reserved} ) for parameter key is invalid. {words}")


_RULES: Final[dict[tuple[str, str], Rule]] = {
    ("ec2", "CreateTags"): _ec2_tags,
    ("ec2", "DeleteTags"): _ec2_tags,
    ("events", "DeleteRule"): _delete_rule,
    ("events", "ListRules"): _list_rules,
    ("events", "PutEvents"): _put_events,
    ("events", "PutRule"): _put_rule,
    ("events", "PutTargets"): _put_targets,
    ("events", "RemovePermission"): _remove_permission,
    ("iam", "AttachRolePolicy"): _attach_role_policy,
    ("iam", "CreatePolicy"): _managed_policy,
    ("iam", "CreatePolicyVersion"): _managed_policy,
    ("iam", "CreateRole"): _trusted_role,
    ("iam", "CreateServiceLinkedRole"): _create_service_linked_role,
    ("iam", "PutRolePolicy"): _put_role_policy,
    ("iam", "UpdateAssumeRolePolicy"): _trusted_role,
    ("kms", "CreateKey"): _create_key,
    ("kms", "PutKeyPolicy"): _key_policy,
    ("lambda", "CreateEventSourceMapping"): _create_event_source_mapping,
    ("lambda", "UpdateEventSourceMapping"): _create_event_source_mapping,
    ("s3", "PutBucketPolicy"): _bucket_policy,
    ("secretsmanager", "CreateSecret"): _create_secret,
    ("sqs", "ReceiveMessage"): _receive_message,
    ("sqs", "SendMessage"): _send_message,
}
