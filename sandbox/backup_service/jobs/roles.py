"""The role that a job works with: it exists in the job's account, lets AWS Backup in, and may do what the job does."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from sandbox.backup_service.surroundings import AccountServices
from sandbox.seams.backup import InternalCallError, PolicyQuestion
from sandbox.seams.iam.authority import Question

_PRINCIPAL = "backup.amazonaws.com"


def service_linked_role(account: str) -> str:
    """The role of AWS Backup itself in an account, which works on what arrives there."""
    return f"arn:aws:iam::{account}:role/aws-service-role/{_PRINCIPAL}/AWSServiceRoleForBackup"


async def why_role_fails(services: AccountServices, role_arn: str, asked: Iterable[Question] = ()) -> str | None:
    """Why AWS Backup cannot take a role for what is asked, or None if it can."""
    refusal = f"IAM Role {role_arn} does not have sufficient permissions or cannot be assumed by AWS Backup"
    if not role_arn.startswith(f"arn:aws:iam::{services.place.account}:role/"):
        return refusal
    try:
        role = (await services.call("iam", "GetRole", RoleName=role_arn.rpartition("/")[2]))["Role"]
    except InternalCallError:
        return refusal
    if role["Arn"] != role_arn or not _lets_backup_in(services, role_arn, role["AssumeRolePolicyDocument"]):
        return refusal
    return why_may_not(services, asked)


def why_may_not(services: AccountServices, asked: Iterable[Question]) -> str | None:
    """Why a role may not do one of these things, with the words that the service would use; None if it may do all."""
    refusals = (services.surroundings.why_role_may_not(each) for each in asked)
    why = next((each for each in refusals if each is not None), None)
    return f"Insufficient privileges to perform this action. {why}" if why else None


def _lets_backup_in(services: AccountServices, role_arn: str, trust: Any) -> bool:
    account, region = services.place.account, services.place.region
    question = PolicyQuestion(
        document=unquote(trust) if isinstance(trust, str) else json.dumps(trust),
        action="sts:AssumeRole",
        resource_arn=role_arn,
        principal_arn=f"arn:aws:iam::aws:service/{_PRINCIPAL}",
        principal_account="aws",
        region=region,
        request_keys={"aws:SourceAccount": account, "aws:SourceArn": f"arn:aws:backup:{region}:{account}:*"},
        service=_PRINCIPAL,
    )
    return services.surroundings.decide_by_resource_policy(question) == "Allow"
