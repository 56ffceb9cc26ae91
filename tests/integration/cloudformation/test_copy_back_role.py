"""The role that copies back: lent to its step for a person and a ticket, and each session copies one point only."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION, PAYMENTS_ACCOUNT
from strongroom.domain.identifiers import COPY_BACK_ROLE, function_role
from strongroom.domain.restores.session_policy import copy_session_policy
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT
from tests.builders.restores import a_request
from tests.contract.templates import CONTROL_PLANE

COPY_BACK = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{COPY_BACK_ROLE}"
CENTRAL_ROLE = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-central-backup"
SNAPSHOTS = f"arn:aws:rds:{HOME_REGION}:{BACKUP_ACCOUNT}:snapshot:awsbackup"
TICKET = {"Tags": [{"Key": "ticket", "Value": "CHG-123"}]}
BOTH: dict[str, Any] = {"SourceIdentity": "idp=7Comar", **TICKET}
VAULT = "copy-back-test-vault"
LENDING = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]


def as_json(content: Any) -> Any:
    """A part of our template, whose tags become the functions that they stand for."""
    match content:
        case {"!Sub": text}:
            return {"Fn::Sub": text}
        case {"!GetAtt": name}:
            return {"Fn::GetAtt": name.split(".")}
        case dict():
            return {key: as_json(value) for key, value in content.items()}
        case list():
            return [as_json(each) for each in content]
        case _:
            return content


@pytest.fixture(scope="module")
def roles(sandbox_host: lifecycle.Sandbox) -> None:
    """Both roles of a copy back, as the control plane's own template has them."""
    assert sandbox_host
    resources = {name: as_json(CONTROL_PLANE[name]) for name in ("CentralBackupRole", "CopyBackRole")}
    cloudformation = client("cloudformation", BACKUP_ACCOUNT, HOME_REGION)
    cloudformation.create_stack(
        StackName="test-copy-back",
        TemplateBody=json.dumps({"Resources": resources}),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="test-copy-back", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    client("backup", BACKUP_ACCOUNT, HOME_REGION).create_backup_vault(BackupVaultName=VAULT)


@pytest.fixture(params=["start_copy_back"])
def step(roles: None, request: pytest.FixtureRequest) -> Iterator[Any]:
    """STS as a function's role has it, which may borrow the role by its own policy."""
    iam, (path, _, name) = client("iam", BACKUP_ACCOUNT), function_role(request.param).rpartition("/")
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    made = iam.create_role(RoleName=name, Path=f"/{path}/", AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
    may = {"Effect": "Allow", "Action": LENDING, "Resource": COPY_BACK}
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(may))
    own = client("sts", BACKUP_ACCOUNT).assume_role(RoleArn=made, RoleSessionName="function")["Credentials"]
    yield session_client("sts", own)
    iam.delete_role_policy(RoleName=name, PolicyName="own")
    iam.delete_role(RoleName=name)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_x_10_what_starts_a_copy_back_may_start_no_other_and_pass_no_other_role(step: Any) -> None:
    """The session's own policy narrows the role, which may copy any point back."""
    request = a_request(vault=CENTRAL_VAULT, recovery_point=f"{SNAPSHOTS}:none")
    policy = copy_session_policy(request.recovery_point, role=CENTRAL_ROLE)
    lent = step.assume_role(RoleArn=COPY_BACK, RoleSessionName=request.id, Policy=policy, **BOTH)["Credentials"]
    backup = session_client("backup", lent)

    def code(recovery_point: str, passed: str) -> str:
        with pytest.raises(ClientError) as refused:
            backup.start_copy_job(
                RecoveryPointArn=recovery_point,
                SourceBackupVaultName=VAULT,
                DestinationBackupVaultArn=LOCAL_VAULT,
                IamRoleArn=passed,
            )
        return str(refused.value.response["Error"]["Code"])

    assert code(f"{SNAPSHOTS}:none", CENTRAL_ROLE) == "ResourceNotFoundException"
    assert code(f"{SNAPSHOTS}:other", CENTRAL_ROLE) == "AccessDeniedException"
    assert code(f"{SNAPSHOTS}:none", f"{CENTRAL_ROLE}-other") == "AccessDeniedException"


@pytest.mark.parametrize("session", [{}, TICKET, {"SourceIdentity": "idp=7Comar"}], ids=["neither", "ticket", "person"])
def test_copying_back_is_lent_for_a_person_and_a_ticket_only(session: dict[str, Any], step: Any) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        step.assume_role(RoleArn=COPY_BACK, RoleSessionName="r-1", **session)


@pytest.mark.parametrize("step", ["start_restore"], indirect=True)
def test_copying_back_is_lent_to_no_other_function(step: Any) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        step.assume_role(RoleArn=COPY_BACK, RoleSessionName="r-1", **BOTH)


def test_nobody_of_another_account_copies_back(roles: None) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        client("sts", PAYMENTS_ACCOUNT).assume_role(RoleArn=COPY_BACK, RoleSessionName="r-1", **BOTH)
