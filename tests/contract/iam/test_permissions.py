"""Every function may do what its adapters do, and nothing else."""

import ast
import importlib
import inspect
import re
import runpy
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore import xform_name

from sandbox.clients import service_model
from strongroom.adapters.aws.backup.restores import CentralCopyStarter
from strongroom.adapters.aws.restores.scan_starts import CentralScanStarter
from strongroom.adapters.ledger import table
from strongroom.domain.guardrails.control_plane import protect_control_plane
from strongroom.domain.guardrails.denials import Denial, in_own_account
from strongroom.domain.identifiers import (
    BUCKET_NAMES_ROLE,
    COPY_BACK_ROLE,
    REVOKE_ROLE,
    SCAN_ROLE,
    SETTINGS_ROLE,
    WATCHED_ROLE,
    WITNESS_ROLE,
    function_role,
)
from strongroom.domain.intent.model import Intent
from tests.contract.apps import FUNCTIONS, Adapter, App, app
from tests.contract.templates import (
    APPLICATIONS,
    AUDIT_LOG,
    CONTROL_PLANE,
    MEMBER,
    ROOT,
    actions_of,
    application_of,
    of_type,
    role_of,
    statements_of,
)

# Tables, queues, topic and secrets are encrypted with our key: who reads decrypts, who writes needs a data key.
# DynamoDB decrypts its table's key as whoever calls, for writes, too (Developer Guide, "DynamoDB encryption at rest").
DECRYPTING = {
    *("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
    "dynamodb:UpdateItem",
    *("secretsmanager:GetSecretValue", "sqs:ReceiveMessage"),
}
ENCRYPTING = {"dynamodb:PutItem", "dynamodb:UpdateItem", "sns:Publish", "sqs:SendMessage"}
# What AWS Lambda does as the function: it writes its log, in the control plane its traces, and fetches from its queue.
RUNNING = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
TRACING = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
CONSUMING = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
LAYER = ROOT / "layers/core/strongroom"
# `member_tags` and `finishing` call nothing themselves: they add up what others declare. `resource_lists` calls what
# the catalogue names, and declares the same; so does what reads settings, of the table of readings.
NAMED_ELSEWHERE = (LAYER / "adapters/aws/resource_lists.py", LAYER / "adapters/aws/restores/settings.py")
# Nor do those families of items, and those views, that say what of the table's calls they need.
ADAPTERS = sorted(
    set(LAYER.glob("adapters/**/*.py"))
    - set(LAYER.glob("adapters/**/member_tags.py"))
    - {LAYER / "adapters/aws/restores/finishing.py"}
    - {*NAMED_ELSEWHERE}
    - {
        LAYER / f"adapters/ledger/{name}.py"
        for name in (
            "copies/reconciliation",
            "ends",
            "nonces",
            "resources",
            "restores",
            "settings",
            "telling/alerts",
            "telling/findings",
            "written_tags",
        )
    }
    - (set(LAYER.glob("adapters/ledger/views/*.py")) - {LAYER / "adapters/ledger/views/table.py"})
)
SERVICES = {
    "elasticfilesystem": "efs",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tag": "resourcegroupstaggingapi",
    "timestream": "timestream-write",
}  # IAM's prefix and botocore's name, where they differ
MORE_CLIENTS = {"s3": ("s3control",)}  # other clients whose operations have the prefix, too
# What IAM calls an operation otherwise. An object is never read but by its version (Amazon S3 User Guide, "Required
# permissions for Amazon S3 API operations").
CALLED_OTHERWISE = {
    "dynamodb:TransactWriteItems": "dynamodb:UpdateItem",  # each item is authorised as what is done to it
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:GetObject": "s3:GetObjectVersion",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
    "s3:HeadBucket": "s3:ListBucket",  # Amazon S3 API Reference, HeadBucket
    "s3:ListObjectVersions": "s3:ListBucketVersions",
}
# Permissions that are no operations: a parameter of another operation asks for them.
ASKED_BY_KEYWORD = {"IamRoleArn": "iam:PassRole", "ReplicationConfiguration": "iam:PassRole"}
ASKED_BY_SESSION_KEYWORD = {"SourceIdentity": "sts:SetSourceIdentity", "Tags": "sts:TagSession"}
# What is made with tags is tagged (Service Authorization Reference, Amazon FSx, "Dependent actions"; Amazon EC2 User
# Guide, "Grant permission to tag Amazon EC2 resources during creation").
ASKED_BY_TAGS = {
    ("Tags", "fsx:CreateFileSystemFromBackup"): "fsx:TagResource",
    ("TagSpecifications", "ec2:CreateVolume"): "ec2:CreateTags",
}
# What a client does of itself before a call: it asks where its service's endpoint is.
ASKED_BY_CLIENT = {"timestream-write": "timestream:DescribeEndpoints"}
NAMED = {"sts:AssumeRole", "sts:SetSourceIdentity"}
ATTRIBUTED = {*NAMED, "sts:TagSession"}
MEMBER_ROLE = re.compile(r"arn:\$\{AWS::Partition\}:iam::(?:\*|\$\{AuditAccount\}|\$\{AWS::AccountId\}):role/(.+)")


def used_actions(each: App) -> set[str]:
    """What the adapters of the app do, and what the platform needs for it."""
    resources = APPLICATIONS[application_of(each.logical_id)]
    found = set(RUNNING)
    if any(event["Type"] == "SQS" for event in resources[each.logical_id]["Properties"].get("Events", {}).values()):
        found |= CONSUMING
    for adapter in each.adapters:
        found |= own_actions(each, adapter)
    if resources is CONTROL_PLANE:
        found |= TRACING
        found |= {"kms:Decrypt"} if found & DECRYPTING else set()
        found |= {"kms:GenerateDataKey"} if found & ENCRYPTING else set()
    return found


def own_actions(each: App, adapter: Adapter) -> set[str]:
    """What the adapter declares; of a class that declares by method, only the methods that the app's services use."""
    if adapter.thing is table.LedgerTable:
        return set()  # its families say what they do
    if adapter.is_ledger and "ACTIONS" not in vars(adapter.thing):
        return {*table.ACTIONS_READ, *table.ACTIONS_WRITE}
    declared = adapter.declared("ACTIONS")
    if not isinstance(declared, Mapping):
        return set(declared)
    return {action for method, actions in declared.items() if each.mentions(method) for action in actions}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_allowed_exactly_what_its_adapters_do(function: str) -> None:
    each = app(function)
    allowed = {action for statement in statements_of(each.logical_id) for action in actions_of(statement)}
    used = used_actions(each)
    assert (sorted(allowed - used), sorted(used - allowed)) == ([], []), "(not used, not allowed)"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_works_under_a_role_of_its_own_that_others_can_name_exactly(function: str) -> None:
    role = role_of(app(function).logical_id)
    assert role["Path"] + role["RoleName"] == f"/{function_role(function)}"
    assert [(each["Principal"], each["Action"]) for each in role["AssumeRolePolicyDocument"]["Statement"]] == [
        ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_borrow_exactly_the_member_roles_that_it_names(function: str, intent: Intent) -> None:
    each = app(function)
    allowed = {
        matched.group(1)
        for statement in statements_of(each.logical_id)
        if "sts:AssumeRole" in actions_of(statement) and (matched := MEMBER_ROLE.fullmatch(resource_of(statement)))
    }
    lent = {
        "witness": WITNESS_ROLE,
        "watched": WATCHED_ROLE,
        "copy_back": COPY_BACK_ROLE,
        "scan": SCAN_ROLE,
        "revoke": REVOKE_ROLE,
        "bucket_names": BUCKET_NAMES_ROLE,
        "settings": SETTINGS_ROLE,
    }
    assert allowed == {lent.get(role) or getattr(intent.roles, role) for role in each.borrowed}


def resource_of(statement: dict[str, Any]) -> str:
    """The resource of a statement that has one, written with `!Sub`."""
    resource: str = statement["Resource"]["!Sub"]
    return resource


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_assumes_member_roles_in_statements_of_their_own(function: str) -> None:
    for statement in statements_of(app(function).logical_id):
        if "sts:AssumeRole" in actions_of(statement):
            assert actions_of(statement) in ({"sts:AssumeRole"}, NAMED, ATTRIBUTED)
            assert MEMBER_ROLE.fullmatch(resource_of(statement))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_starts_a_copy_or_passes_a_role_itself(function: str) -> None:
    allowed = {action for statement in statements_of(app(function).logical_id) for action in actions_of(statement)}
    assert allowed.isdisjoint({"backup:StartCopyJob", "backup:StartRestoreJob", "iam:PassRole"})


def test_x_10_copying_back_is_lent_to_its_step_alone_for_a_person_and_a_ticket() -> None:
    role = CONTROL_PLANE["CopyBackRole"]["Properties"]
    assert f"{role['Path']}{role['RoleName']}" == f"/{COPY_BACK_ROLE}"
    root, step = ("arn:${AWS::Partition}:iam::${AWS::AccountId}:" + name for name in ("root", "role/"))
    by = {"ArnEquals": {"aws:PrincipalArn": {"!Sub": step + function_role("start_copy_back")}}}
    named = {
        "StringLike": {"sts:SourceIdentity": "?*", "aws:RequestTag/ticket": "?*"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["ticket"]},
    }
    trusted = role["AssumeRolePolicyDocument"]["Statement"]
    assert [each["Principal"] for each in trusted] == [{"AWS": {"!Sub": root}}] * 2
    assert [(actions_of(each), each["Condition"]) for each in trusted] == [
        ({"sts:AssumeRole"}, by | named),
        ({"sts:SetSourceIdentity", "sts:TagSession"}, by),
    ]
    copying, passing = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert actions_of(copying) | actions_of(passing) == {*CentralCopyStarter.MEMBER_ACTIONS}
    assert passing["Resource"] == {"!GetAtt": "CentralBackupRole.Arn"}
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}


def test_scanning_is_lent_to_its_function_alone_for_a_person_with_the_two_roles_that_it_takes() -> None:
    role = CONTROL_PLANE["ScanRole"]["Properties"]
    assert f"{role['Path']}{role['RoleName']}" == f"/{SCAN_ROLE}"
    ours = "arn:${AWS::Partition}:iam::${AWS::AccountId}:"
    trusted = role["AssumeRolePolicyDocument"]["Statement"]
    assert [each["Principal"] for each in trusted] == [{"AWS": {"!Sub": f"{ours}root"}}] * 2
    by = {"ArnEquals": {"aws:PrincipalArn": {"!Sub": f"{ours}role/{function_role('start_scan')}"}}}
    assert [(each["Action"], each["Condition"]) for each in trusted] == [
        ("sts:AssumeRole", by | {"StringLike": {"sts:SourceIdentity": "?*"}}),
        ("sts:SetSourceIdentity", by),
    ]
    scanning, *passing = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert actions_of(scanning) | actions_of(passing[0]) == {*CentralScanStarter.MEMBER_ACTIONS}
    backup, guardduty = "backup.amazonaws.com", "malware-protection.guardduty.amazonaws.com"
    assert [(actions_of(each), each["Resource"]["!GetAtt"], each["Condition"]) for each in passing] == [
        ({"iam:PassRole"}, "CentralBackupRole.Arn", {"StringEquals": {"iam:PassedToService": backup}}),
        ({"iam:PassRole"}, "ScannerRole.Arn", {"StringEquals": {"iam:PassedToService": [backup, guardduty]}}),
    ]


def test_whoever_scans_are_carried_out_under_may_start_them_at_guardduty() -> None:
    scans = {"!Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSBackupServiceRolePolicyForScans"}
    for role in (CONTROL_PLANE["CentralBackupRole"], MEMBER["BackupRole"]):
        assert scans in role["Properties"]["ManagedPolicyArns"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_policy_allows_by_name_and_never_by_wildcard(function: str) -> None:
    for statement in statements_of(app(function).logical_id):
        assert statement["Effect"] == "Allow"
        assert not any("*" in action for action in actions_of(statement))


def test_a_class_that_declares_by_method_declares_every_method() -> None:
    by_method = {
        adapter.thing
        for function in FUNCTIONS
        for adapter in app(function).adapters
        if "ACTIONS" in vars(adapter.thing) and isinstance(adapter.declared("ACTIONS"), Mapping)
    }
    assert by_method
    for kind in by_method:
        methods = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
        assert set(kind.ACTIONS) == methods, kind


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("OnlyRequestsBegin", "states:StartExecution"),
        ("OnlyTheSweepBegins", "states:StartExecution"),
        ("OnlyProofsRing", "states:SendTaskSuccess"),
        ("OnlyTheLogSigns", "kms:Sign"),
        ("OnlyFunctionsKnowSecrets", "secretsmanager:GetSecretValue"),
    ],
)
def test_a_guardrail_exempts_exactly_the_functions_that_may_do_the_act(
    statement: str, action: str, intent: Intent
) -> None:
    (denial,) = (each for each in protect_control_plane(intent) if each.sid == statement)
    doing = [
        each
        for each in FUNCTIONS
        if any(
            action in actions_of(allowed) and reaches(denial, allowed)
            for allowed in statements_of(app(each).logical_id)
        )
    ]
    functions = [arn for arn in denial.exempt_arns if ":role/strongroom/" in arn]
    assert sorted(functions) == sorted(in_own_account(*map(function_role, doing)))


def reaches(denial: Denial, allowed: dict[str, Any]) -> bool:
    """Whether what a function may do is what the guardrail denies: of state machines there are several, by name."""
    machines = [each.rpartition(":")[2] for each in denial.resources if ":stateMachine:" in each]
    return not machines or resource_of(allowed).rpartition(":")[2] in machines


def test_only_the_roles_of_state_machines_may_run_a_function(intent: Intent) -> None:
    (denial,) = (each for each in protect_control_plane(intent) if each.sid == "OnlyTheCeremonyInvokes")
    machines = of_type(CONTROL_PLANE, "AWS::Serverless::StateMachine")
    invokers = [*map(role_of, machines), AUDIT_LOG["AskWitnessRole"]["Properties"]]
    exempt = in_own_account(*(f"strongroom/{role['RoleName']}" for role in invokers))
    assert sorted(denial.exempt_arns) == sorted(exempt)
    assert {role["Path"] for role in invokers} == {"/strongroom/"}
    invoking = [each for each in FUNCTIONS if "lambda:InvokeFunction" in str(statements_of(app(each).logical_id))]
    assert invoking == []


def test_every_shared_policy_is_used() -> None:
    used = {
        policy["!Ref"]
        for function in FUNCTIONS
        for policy in role_of(app(function).logical_id).get("ManagedPolicyArns", [])
    }
    assert set(of_type(CONTROL_PLANE, "AWS::IAM::ManagedPolicy")) == used


@pytest.mark.parametrize("path", [*APPLICATIONS, *(f"stacks/{path.name}" for path in ROOT.glob("stacks/*.yaml"))])
def test_a_permission_on_everything_says_why(path: str) -> None:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    unexplained = [number for number, line in enumerate(lines, 1) if re.search(r'Resource: "\*"(?! # \w)', line)]
    assert unexplained == []


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.stem)
def test_an_adapter_declares_exactly_what_it_calls(path: Path) -> None:
    module = importlib.import_module(module_name(path))
    declared = declared_in(module)
    called = calls_in(path, declared)
    assert (sorted(declared - called), sorted(called - declared)) == ([], []), "(not called, not declared)"


def test_the_vendor_layer_keeps_the_models_of_the_services_that_adapters_call() -> None:
    every = (*ADAPTERS, *NAMED_ELSEWHERE)
    declared = chain.from_iterable(declared_in(importlib.import_module(module_name(path))) for path in every)
    prefixes = {action.partition(":")[0] for action in declared}
    kept = runpy.run_path(str(ROOT / "layers/vendor/aws_models.py"))["SERVICES"]
    assert kept == {
        service for prefix in prefixes for service in (SERVICES.get(prefix, prefix), *MORE_CLIENTS.get(prefix, ()))
    }


def module_name(path: Path) -> str:
    """What the adapter's module is imported as."""
    return ".".join(("strongroom", *path.relative_to(LAYER).with_suffix("").parts))


def declared_in(module: ModuleType) -> set[str]:
    """Every action that the module or one of its classes declares, its own and those under a member role."""
    found: set[str] = set()
    for holder in (module, *(each for _, each in inspect.getmembers(module, inspect.isclass))):
        if getattr(holder, "__module__", module.__name__) == module.__name__:
            for constant, value in vars(holder).items():
                if "ACTIONS" in constant:
                    found.update(chain.from_iterable(value.values()) if isinstance(value, Mapping) else value)
    return found


def calls_in(path: Path, declared: set[str]) -> set[str]:
    """Every action of the declared services that the source names: as a method, or as what a paginator walks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    found = {
        CALLED_OTHERWISE.get(f"{prefix}:{operation}", f"{prefix}:{operation}")
        for prefix in {action.partition(":")[0] for action in declared}
        for service in (SERVICES.get(prefix, prefix), *MORE_CLIENTS.get(prefix, ()))
        for operation in operations_of(service)
        if xform_name(operation) in names
    }
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    asked = {action for keyword, action in ASKED_BY_KEYWORD.items() if keyword in keywords}
    if "sts:AssumeRole" in found:
        asked |= {action for keyword, action in ASKED_BY_SESSION_KEYWORD.items() if keyword in keywords}
    asked |= {tags for (keyword, call), tags in ASKED_BY_TAGS.items() if call in found and keyword in keywords}
    return found | asked | {action for client, action in ASKED_BY_CLIENT.items() if client in names}


@cache
def operations_of(service: str) -> tuple[str, ...]:
    """The operations that botocore knows of a service."""
    return tuple(service_model(service).operation_names)
