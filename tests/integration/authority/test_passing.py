"""Who hands a role to a service must be allowed to pass it.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; iam:PassRole stands among the
dependent actions of each of these in the Service Authorization Reference.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.settings import HOME_REGION
from tests.builders.places import a_vault_arn
from tests.integration.authority.conftest import ACCOUNT, a_name, a_role, allow, refusal, scp

POINT = f"arn:aws:ec2:{HOME_REGION}::snapshot/snap-1"
VOLUME = f"arn:aws:ec2:{HOME_REGION}:{ACCOUNT}:volume/vol-1"
VAULT = a_vault_arn("there", account=ACCOUNT, region=HOME_REGION)
MACHINE = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'

CALLS: dict[str, tuple[str, str, Callable[[Any, str], Any]]] = {
    "backup:StartBackupJob": (
        "backup",
        "backup.amazonaws.com",
        lambda backup, role: backup.start_backup_job(BackupVaultName="v1", ResourceArn=VOLUME, IamRoleArn=role),
    ),
    "backup:StartCopyJob": (
        "backup",
        "backup.amazonaws.com",
        lambda backup, role: backup.start_copy_job(
            RecoveryPointArn=POINT, SourceBackupVaultName="v1", DestinationBackupVaultArn=VAULT, IamRoleArn=role
        ),
    ),
    "backup:StartRestoreJob": (
        "backup",
        "backup.amazonaws.com",
        lambda backup, role: backup.start_restore_job(RecoveryPointArn=POINT, Metadata={}, IamRoleArn=role),
    ),
    "backup:CreateBackupSelection": (
        "backup",
        "backup.amazonaws.com",
        lambda backup, role: backup.create_backup_selection(
            BackupPlanId="plan", BackupSelection={"SelectionName": "s1", "IamRoleArn": role}
        ),
    ),
    "lambda:CreateFunction": (
        "lambda",
        "lambda.amazonaws.com",
        lambda functions, role: functions.create_function(
            FunctionName=a_name(), Role=role, Runtime="python3.13", Handler="app.handler", Code={"ZipFile": b"x"}
        ),
    ),
    "states:CreateStateMachine": (
        "stepfunctions",
        "states.amazonaws.com",
        lambda states, role: states.create_state_machine(name=a_name(), definition=MACHINE, roleArn=role),
    ),
    "events:PutTargets": (
        "events",
        "events.amazonaws.com",
        lambda events, role: events.put_targets(
            Rule="r", Targets=[{"Id": "1", "Arn": VAULT}, {"Id": "2", "Arn": VAULT, "RoleArn": role}]
        ),
    ),
    "cloudformation:CreateStack": (
        "cloudformation",
        "cloudformation.amazonaws.com",
        lambda stacks, role: stacks.create_stack(StackName=a_name(), TemplateBody="{}", RoleARN=role),
    ),
}


@pytest.mark.parametrize("action", CALLS)
def test_passing_a_role_takes_a_right_of_its_own(action: str) -> None:
    service, receiver, call = CALLS[action]
    passed = a_role(service=receiver)
    caller = a_role(allow(action))
    code, message = refusal(lambda: call(caller.client(service), passed.arn))
    assert code in ("AccessDenied", "AccessDeniedException")
    assert f"is not authorized to perform: iam:PassRole on resource: {passed.arn}" in message
    caller.may(
        allow(action),
        allow("iam:PassRole", resource=passed.arn, Condition={"StringEquals": {"iam:PassedToService": receiver}}),
    )
    assert _was_asked_no_more(lambda: call(caller.client(service), passed.arn))


def _was_asked_no_more(call: Callable[[], Any]) -> bool:
    """Whether the call gets past IAM, whatever the service says to it then."""
    try:
        call()
    except ClientError as error:
        return "iam:PassRole" not in str(error)
    return True


def test_a_role_that_may_be_passed_to_one_service_may_not_be_passed_to_another() -> None:
    passed = a_role(service="backup.amazonaws.com")
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    caller = a_role(allow("backup:StartBackupJob"), allow("iam:PassRole", Condition=to_lambda))
    _, message = refusal(lambda: CALLS["backup:StartBackupJob"][2](caller.client("backup"), passed.arn))
    assert "iam:PassRole" in message


def test_an_scp_that_denies_passing_binds_an_administrator() -> None:
    passed = a_role(service="backup.amazonaws.com")
    caller = a_role(allow("*"))
    with scp({"Effect": "Deny", "Action": "iam:PassRole", "Resource": passed.arn}):
        _, message = refusal(lambda: CALLS["backup:StartBackupJob"][2](caller.client("backup"), passed.arn))
    assert "iam:PassRole" in message
    assert "explicit deny in a service control policy" in message
