"""What AWS was seen or is documented to refuse, one row for each strictness of the sandbox, with its source.

A strictness without a source does not get in. `docs/sandbox.md` shows the table; `make reference` writes it there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.conformance.places import ACCOUNT, NAME, POLICY, STATEMENT, TRUST, role_arn

_RECORDED: Final = "recorded on AWS: localstack/localstack, tests/aws/services/"
_NOBODY: Final = f"arn:aws:iam::{ACCOUNT}:role/nobody"
_PATTERN: Final = f"arn:aws:iam::{ACCOUNT}:role/*"
_QUEUE: Final = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{NAME}"

type Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A call that AWS refuses: why in a sentence, who says so, the call, and the code and words of the refusal."""

    id: str
    says: str
    source: str
    call: str
    parameters: Parameters
    code: str
    words: str
    before: tuple[tuple[str, Parameters], ...] = ()


def _recorded(file: str, test: str) -> str:
    return f"{_RECORDED}{file}.snapshot.json, {test}"


def _guide(page: str) -> str:
    return f"AWS documentation: {page}"


def _targets(*ids: str, **more: Any) -> list[dict[str, Any]]:
    return [{"Id": each, "Arn": _QUEUE, **more} for each in ids]


def _policy_of(characters: int) -> str:
    """A policy that is longer than that."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Sid": "A" * characters}]})


def _allowing(action: str) -> str:
    """A policy that allows this everywhere."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def _naming(principal: str, action: str = "sts:AssumeRole") -> str:
    """A policy that lets somebody in."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _managed(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/one-of-many-{name}"


def _attached(role: str, count: int) -> Iterator[tuple[str, Parameters]]:
    for each in range(count):
        yield "iam:CreatePolicy", {"PolicyName": f"one-of-many-{each}", "PolicyDocument": POLICY}
        yield "iam:AttachRolePolicy", {"RoleName": role, "PolicyArn": _managed(str(each))}


FACTS: Final = (
    Fact(
        "required-member", "every member that a call lacks is named as null",
        _recorded("lambda_/test_lambda_api", "test_tag_exceptions"),
        "lambda:CreateFunction", {"FunctionName": NAME, "Role": role_arn()},
        "ValidationException", "Value null at 'code' failed to satisfy constraint: Member must not be null",
    ),
    Fact(
        "nested-member", "a member inside a list is held to its pattern, too",
        _recorded("events/test_events", "test_put_target_id_validation"),
        "events:PutTargets", {"Rule": NAME, "Targets": _targets("!@#$")},
        "ValidationException", "at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular",
    ),
    Fact(
        "value-of-an-enumeration", "a value outside of its enumeration is refused with the values that are in it",
        _guide("AWS Backup API reference, ListBackupJobs, ByState"),
        "backup:ListBackupJobs", {"ByState": "DONE"},
        "InvalidParameterValueException", "Member must satisfy enum value set: [ABORTED, ",
    ),
    Fact(
        "missing-parameter-of-a-queue", "SQS names the parameter that a request must contain",
        _recorded("sqs/test_sqs", "test_send_empty_message"),
        "sqs:SendMessage", {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NAME}"},
        "MissingParameter", "The request must contain the parameter MessageBody.",
    ),
    Fact(
        "reason-of-organizations", "Organizations gives a reason instead of naming the member",
        _guide("AWS Organizations API reference, ListPolicies, InvalidInputException"),
        "organizations:ListPolicies", {"Filter": "NO_POLICY"},
        "InvalidInputException", '"Reason": "INVALID_ENUM"',
    ),
    Fact(
        "missing-parameter-of-ec2", "EC2 names the parameter that a request must contain",
        _guide("Amazon EC2 API reference, Error codes, MissingParameter"),
        "ec2:DeleteTags", {},
        "MissingParameter", "The request must contain the parameter Resources",
    ),
    Fact(
        "document-of-s3", "a document that its schema forbids is malformed XML",
        _guide("Amazon S3 API reference, Error responses, MalformedXML"),
        "s3:PutBucketVersioning", {"Bucket": "conformance-bucket", "VersioningConfiguration": {"Status": "Perhaps"}},
        "MalformedXML", "did not validate against our published schema",
    ),
    Fact(
        "size-of-a-page", "AWS Backup gives between 1 and 1,000 items in a page",
        _guide("AWS Backup API reference, ListBackupVaults, MaxResults"),
        "backup:ListBackupVaults", {"MaxResults": 1001},
        "InvalidParameterValueException", "Member must have value less than or equal to 1000",
    ),
    Fact(
        "nested-control", "a control of a framework has a name",
        _guide("AWS Backup API reference, FrameworkControl"),
        "backup:CreateFramework", {"FrameworkName": NAME, "FrameworkControls": [{"ControlInputParameters": []}]},
        "MissingParameterValueException", "frameworkControls.1.member.controlName",
    ),
    Fact(
        "sixth-target", "a rule has five targets",
        _recorded("events/test_events", "test_add_exceed_fife_targets_per_rule"),
        "events:PutTargets", {"Rule": "full", "Targets": _targets("six")},
        "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
        before=(
            ("events:PutRule", {"Name": "full", "ScheduleExpression": "rate(1 day)"}),
            ("events:PutTargets", {"Rule": "full", "Targets": _targets("one", "two", "three", "four", "five")}),
        ),
    ),
    Fact(
        "rule-with-targets", "a rule that has targets is not deleted",
        _recorded("events/test_events", "test_delete_rule_with_targets"),
        "events:DeleteRule", {"Name": NAME},
        "ValidationException", "Rule can't be deleted since it has targets.",
    ),
    Fact(
        "statement-that-is-not-there", "a statement is taken out of the policy of a bus that has it",
        _recorded("events/test_events", "test_remove_permission_non_existing_sid"),
        "events:RemovePermission", {"StatementId": "nobodys"},
        "ResourceNotFoundException", "Statement with the provided id does not exist.",
        before=(("events:PutPermission", {"StatementId": "one", "Action": "events:PutEvents", "Principal": ACCOUNT}),),
    ),
    Fact(
        "bus-without-a-policy", "out of a policy that a bus does not have nothing is taken",
        _recorded("events/test_events", "test_remove_permission_non_existing_sid"),
        "events:RemovePermission", {"StatementId": "nobodys", "EventBusName": "of-its-own"},
        "ResourceNotFoundException", "EventBus does not have a policy.",
        before=(("events:CreateEventBus", {"Name": "of-its-own"}),),
    ),
    Fact(
        "two-inputs", "a target has one kind of input",
        _recorded("events/test_events_inputs", "test_put_event_input_path_and_input_transformer"),
        "events:PutTargets", {"Rule": NAME, "Targets": _targets("one", Input="{}", InputPath="$.detail")},
        "ValidationException", "Only one of Input, InputPath, or InputTransformer must be provided for target one.",
    ),
    Fact(
        "length-of-a-pattern", "an event pattern has at most 2,048 characters",
        _guide("Amazon EventBridge quotas, Event pattern size"),
        "events:PutRule", {"Name": "long", "EventPattern": '{"source": ["' + "x" * 2048 + '"]}'},
        "ValidationException", "2048 characters",
    ),
    Fact(
        "size-of-an-event", "the entries of a request have at most 1 MB",
        _recorded("events/test_events", "test_put_event_with_too_big_detail"),
        "events:PutEvents", {"Entries": [{"Source": "s", "DetailType": "t", "Detail": f'"{"x" * (1024 * 1024)}"'}]},
        "ValidationException", "Total size of the entries in the request is over the limit.",
    ),
    Fact(
        "long-poll", "a queue is polled for 20 seconds at most",
        _recorded("sqs/test_sqs", "test_send_receive_wait_time_seconds"),
        "sqs:ReceiveMessage", {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NAME}", "WaitTimeSeconds": 21},
        "InvalidParameterValue", "Value 21 for parameter WaitTimeSeconds is invalid.",
    ),
    Fact(
        "empty-attribute", "an attribute of a message has a value",
        _recorded("sqs/test_sqs", "test_send_message_with_empty_string_attribute"),
        "sqs:SendMessage",
        {
            "QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NAME}", "MessageBody": "x",
            "MessageAttributes": {"reason": {"DataType": "String", "StringValue": ""}},
        },
        "InvalidParameterValue", "Message (user) attribute 'reason' must contain a non-empty value of type 'String'.",
    ),
    Fact(
        "name-of-a-secret", "a secret's name has letters, digits and -/_+=.@! only",
        _recorded("secretsmanager/test_secretsmanager", "test_invalid_secret_name"),
        "secretsmanager:CreateSecret", {"Name": "Inv Name", "SecretString": "x", "ClientRequestToken": "t" * 32},
        "ValidationException", "Invalid name. Must be a valid name containing alphanumeric characters",
    ),
    Fact(
        "name-that-is-not-free-yet", "a secret keeps its name until it is gone",
        _recorded("secretsmanager/test_secretsmanager", "test_exp_raised_on_creation_of_secret_scheduled_for_deletion"),
        "secretsmanager:CreateSecret", {"Name": "deleted", "SecretString": "x", "ClientRequestToken": "u" * 32},
        "InvalidRequestException", "a secret with this name is already scheduled for deletion.",
        before=(
            ("secretsmanager:CreateSecret", {"Name": "deleted", "SecretString": "x", "ClientRequestToken": "t" * 32}),
            ("secretsmanager:DeleteSecret", {"SecretId": "deleted", "RecoveryWindowInDays": 7}),
        ),
    ),
    Fact(
        "usage-of-a-key", "a key that is not for symmetric encryption says what it is for",
        _recorded("kms/test_kms", "test_hmac_create_key_invalid_operations"),
        "kms:CreateKey", {"KeySpec": "ECC_NIST_P256"},
        "ValidationException", "You must specify a KeyUsage value for all KMS keys except",
    ),
    Fact(
        "policy-that-is-no-json", "a policy is a JSON object",
        _recorded("iam/test_iam", "test_create_role_with_malformed_assume_role_policy_document"),
        "iam:CreatePolicy", {"PolicyName": "no-json", "PolicyDocument": "[Statement]"},
        "MalformedPolicyDocument", "This policy contains invalid Json",
    ),
    Fact(
        "suffix-of-a-linked-role", "few services take a suffix for their service-linked role",
        _recorded("iam/test_iam", "test_service_role_lifecycle_custom_suffix_not_allowed"),
        "iam:CreateServiceLinkedRole", {"AWSServiceName": "backup.amazonaws.com", "CustomSuffix": "two"},
        "InvalidInput", "Custom suffix is not allowed for backup.amazonaws.com",
    ),
    Fact(
        "name-of-a-session", "a session's name has letters, digits and _=,.@- only",
        _guide("AWS STS API reference, AssumeRole, RoleSessionName"),
        "sts:AssumeRole", {"RoleArn": role_arn(), "RoleSessionName": "with blank"},
        "ValidationError", "at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression",
    ),
    Fact(
        "large-batch", "more than ten messages at once need a window of time",
        _recorded(
            "lambda_/event_source_mapping/test_lambda_integration_sqs", "test_event_source_mapping_default_batch_size"
        ),
        "lambda:CreateEventSourceMapping", {"FunctionName": NAME, "EventSourceArn": _QUEUE, "BatchSize": 100},
        "InvalidParameterValueException", "Maximum batch window in seconds must be greater than 0",
    ),
    Fact(
        "second-mapping", "a queue is mapped to a function once",
        _recorded(
            "lambda_/event_source_mapping/test_lambda_integration_sqs", "test_duplicate_event_source_mappings"
        ),
        "lambda:CreateEventSourceMapping", {"FunctionName": NAME, "EventSourceArn": f"{_QUEUE}-mapped"},
        "ResourceConflictException", "already exists. Please update or delete the existing mapping with UUID",
        before=(
            ("iam:PutRolePolicy", {"RoleName": NAME, "PolicyName": "queues", "PolicyDocument": _allowing("sqs:*")}),
            ("sqs:CreateQueue", {"QueueName": f"{NAME}-mapped"}),
            ("lambda:CreateEventSourceMapping", {"FunctionName": NAME, "EventSourceArn": f"{_QUEUE}-mapped"}),
        ),
    ),
    Fact(
        "description-of-a-role", "a role's description has printable characters only",
        _guide("IAM API reference, CreateRole, Description"),
        "iam:CreateRole", {"RoleName": "odd", "AssumeRolePolicyDocument": POLICY, "Description": "\u2028"},
        "ValidationError", "at 'description' failed to satisfy constraint: Member must satisfy regular expression",
    ),
    Fact(
        "size-of-a-managed-policy", "a managed policy has at most 6,144 characters, white space aside",
        "seen on AWS: https://github.com/ministryofjustice/analytical-platform/issues/6873",
        "iam:CreatePolicy", {"PolicyName": "long", "PolicyDocument": _policy_of(6_144)},
        "LimitExceeded", "Cannot exceed quota for PolicySize: 6144",
    ),
    Fact(
        "size-of-a-trust", "a role's trust policy has at most 2,048 characters",
        _guide("IAM User Guide, IAM and AWS STS quotas, Role trust policy length"),
        "iam:UpdateAssumeRolePolicy", {"RoleName": NAME, "PolicyDocument": _policy_of(2_048)},
        "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048",
    ),
    Fact(
        "size-of-a-role", "the policies in a role have at most 10,240 characters together",
        "seen on AWS: https://github.com/aws/copilot-cli/issues/5917",
        "iam:PutRolePolicy", {"RoleName": "full", "PolicyName": "second", "PolicyDocument": _policy_of(5_000)},
        "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role full",
        before=(
            ("iam:CreateRole", {"RoleName": "full", "AssumeRolePolicyDocument": TRUST}),
            ("iam:PutRolePolicy", {"RoleName": "full", "PolicyName": "first", "PolicyDocument": _policy_of(5_500)}),
        ),
    ),
    Fact(
        "policies-of-a-role", "a role has ten managed policies",
        "seen on AWS: https://github.com/aws/eks-hybrid/pull/741",
        "iam:AttachRolePolicy", {"RoleName": "crowded", "PolicyArn": _managed("10")},
        "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10",
        before=(
            ("iam:CreateRole", {"RoleName": "crowded", "AssumeRolePolicyDocument": TRUST}),
            *_attached("crowded", 10),
        ),
    ),
    Fact(
        "principal-of-a-trust", "a role's trust policy names nobody who does not exist",
        "seen on AWS: https://github.com/opstrace/opstrace/issues/88",
        "iam:CreateRole", {"RoleName": "trusting", "AssumeRolePolicyDocument": _naming(_NOBODY)},
        "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{_NOBODY}"',
    ),
    Fact(
        "account-of-a-principal", "an account has twelve digits",
        _guide("IAM User Guide, AWS JSON policy elements: Principal"),
        "iam:UpdateAssumeRolePolicy", {"RoleName": NAME, "PolicyDocument": _naming("arn:aws:iam::12345678901:root")},
        "MalformedPolicyDocument", 'Invalid principal in policy: "AWS":"arn:aws:iam::12345678901:root"',
    ),
    Fact(
        "pattern-of-principals", "a principal is no pattern",
        _guide("IAM User Guide, AWS JSON policy elements: Principal"),
        "iam:CreateRole", {"RoleName": "trusting", "AssumeRolePolicyDocument": _naming(_PATTERN)},
        "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{_PATTERN}"',
    ),
    Fact(
        "principal-of-a-key", "a key's policy names nobody who does not exist",
        "seen on AWS: https://github.com/GoogleCloudPlatform/anthos-samples/issues/357",
        "kms:CreateKey", {"Policy": _naming(f"arn:aws:iam::{ACCOUNT}:user/nobody", "kms:*")},
        "MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals.",
    ),
    Fact(
        "principal-of-a-bucket", "a bucket's policy names nobody who does not exist",
        "seen on AWS: https://github.com/serverless/serverless/issues/10361",
        "s3:PutBucketPolicy", {"Bucket": "conformance-bucket", "Policy": _naming(_NOBODY, "s3:GetObject")},
        "MalformedPolicy", "Invalid principal in policy",
    ),
    Fact(
        "tags-of-aws", "nobody sets or removes a tag whose key begins aws:",
        "seen on AWS: https://github.com/kubernetes-sigs/cluster-api-provider-aws/issues/5120",
        "ec2:DeleteTags", {"Resources": ["snap-1"], "Tags": [{"Key": "aws:backup:source-resource"}]},
        "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use",
    ),
)  # fmt: skip
