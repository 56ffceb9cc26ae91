"""What a function's role may do by all of its policies, and whom the evidence's bucket lets in.

Judged by an IAM engine that is not ours, from the templates as AWS sees them.
"""

from functools import cache
from typing import Any, Final

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from strongroom.domain.identifiers import function_role
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME
from tests.contract.apps import app
from tests.contract.iam.iam_documents import documents_of
from tests.contract.templates import APPLICATIONS, application_of, role_of
from tests.guardrails.scp_engines import refuses
from tests.guardrails.scp_requests import Case

# The functions of the audit account, which have nothing to do with the ceremony's table.
OF_AUDITORS: Final = ("log_evidence", "watch_issuer_keys", "watch_restores")
BUCKET: Final = "arn:aws:s3:::strongroom-audit"
# A template calls the account that it is deployed in by this number.
OWN: Final = "999999999999"
AUDIT_DEPLOYER: Final = f"arn:aws:iam::{OWN}:role/DeploysTheAudit"
_VALUES: Final = {
    "AuditAccount": AUDIT_ACCOUNT,
    "BackupAccount": BACKUP_ACCOUNT,
    "DeployerRoles": AUDIT_DEPLOYER,
}


def role_arn(function: str) -> str:
    """The role that the function works under."""
    account = OWN if function in OF_AUDITORS else BACKUP_ACCOUNT
    return f"arn:aws:iam::{account}:role/{function_role(function)}"


def may(function: str, action: str, resource: str, **context: Any) -> bool:
    """Whether the role's own policies allow the function that; what a resource's policy says comes on top."""
    asked = EvalContext(
        principal_arn=role_arn(function),
        principal_type="AssumedRole",
        principal_account=role_arn(function).split(":")[4],
        action=action,
        resource_arn=resource,
        region=HOME,
        service_context={key.lower(): value for key, value in context.items()},
    )
    return bool(evaluate(asked, _policies(function)).decision == "Allow")


@cache
def _policies(function: str) -> list[Any]:
    """The role's own policies and the managed ones that it refers to."""
    path, properties = application_of(app(function).logical_id), role_of(app(function).logical_id)
    role = APPLICATIONS[path][app(function).logical_id]["Properties"]["Role"]["!GetAtt"].removesuffix(".Arn")
    own = [f"{path}: {role}.Policies.{number}." for number, _ in enumerate(properties.get("Policies", []))]
    managed = [f"{path}: {policy['!Ref']}.PolicyDocument" for policy in properties.get("ManagedPolicyArns", [])]
    found = [
        parse_policy_document(each.document)
        for each in documents_of(path, _VALUES)
        if each.name.startswith((*own, *managed))
    ]
    assert len(found) == len(own) + len(managed), f"not every policy of {function} was found"
    return found


def bucket_lets_in(who: str, action: str, key: str, context: dict[str, Any]) -> bool:
    """Whether the bucket's policy allows a role that, and nothing in it refuses; without a key the bucket is meant."""
    fits = _fitting(who, action, key, context)
    named = [each for each in fits if each["Effect"] == "Allow" and _is_meant(each["Principal"], who)]
    return bool(named) and not any(each["Effect"] == "Deny" for each in fits)


def bucket_refuses(who: str, action: str, key: str, context: dict[str, Any]) -> bool:
    """Whether the bucket's policy refuses a role that, whatever its own account allows."""
    return any(each["Effect"] == "Deny" for each in _fitting(who, action, key, context))


def _fitting(who: str, action: str, key: str, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements whose words fit: the engine is asked about one at a time, as if it were a denial."""
    case = Case("", who, action, f"{BUCKET}/{key}" if key else BUCKET, context)
    return [
        each
        for each in _bucket_policy()
        if refuses({name: value for name, value in each.items() if name != "Principal"} | {"Effect": "Deny"}, case)
    ]


@cache
def _bucket_policy() -> list[dict[str, Any]]:
    [policy] = (
        each.document
        for each in documents_of("stacks/audit.yaml", _VALUES)
        if each.name.endswith("BucketPolicy.PolicyDocument")
    )
    # The engine knows no aws:SecureTransport: whatever is asked of it counts as plain text.
    return [each for each in policy["Statement"] if each["Sid"] != "NothingWithoutTls"]


def _is_meant(principal: Any, who: str) -> bool:
    return principal == "*" or f":{who.split(':')[4]}:root" in str(principal)
