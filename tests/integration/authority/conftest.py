"""Roles with exactly the statements that a test gives them, and sessions of them."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.settings import LEDGER_ACCOUNT, MANAGEMENT_ACCOUNT

ACCOUNT = LEDGER_ACCOUNT
type Statement = dict[str, Any]


def a_name() -> str:
    """A name that nobody else has."""
    return f"a-{uuid.uuid4().hex[:10]}"


def document(*statements: Statement) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, resource: str = "*", **more: Any) -> Statement:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


@dataclass(frozen=True)
class Role:
    """A role of the account, whose policy can be written anew."""

    name: str
    arn: str
    account: str = ACCOUNT

    def may(self, *statements: Statement) -> None:
        """Let it do this and nothing else."""
        iam = client("iam", self.account)
        if statements:
            iam.put_role_policy(RoleName=self.name, PolicyName="only", PolicyDocument=document(*statements))
        else:
            iam.delete_role_policy(RoleName=self.name, PolicyName="only")

    def client(self, service: str) -> Any:
        """A client of somebody who has assumed it."""
        sts = client("sts", self.account)
        return session_client(service, sts.assume_role(RoleArn=self.arn, RoleSessionName="test")["Credentials"])


def a_role(
    *statements: Statement, service: str | None = None, account: str = ACCOUNT, path: str = "/", name: str = ""
) -> Role:
    """A role that a service, or else anybody in the account, may assume."""
    name = name or a_name()
    principal = {"Service": service} if service else {"AWS": f"arn:aws:iam::{account}:root"}
    trust = document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    made = client("iam", account).create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    arn = made["Role"]["Arn"]
    role = Role(name, arn, account)
    if statements:
        role.may(*statements)
    return role


def a_key(*statements: Statement, account: str = ACCOUNT) -> str:
    """A key that its account governs, with these statements besides."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    policy = document(allow("kms:*", Principal=root), *statements)
    return str(client("kms", account).create_key(Policy=policy)["KeyMetadata"]["Arn"])


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    """The code and the message with which a call is refused; fails when it is not."""
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@contextmanager
def scp(*statements: Statement, account: str = ACCOUNT) -> Iterator[None]:
    """A service control policy on the account for the length of a block."""
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    policy = organizations.create_policy(
        Name=a_name(), Description="", Type="SERVICE_CONTROL_POLICY", Content=document(*statements)
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=account)
    try:
        yield
    finally:
        organizations.detach_policy(PolicyId=policy, TargetId=account)
        organizations.delete_policy(PolicyId=policy)


@pytest.fixture(autouse=True)
def _sandbox(sandbox_host: lifecycle.Sandbox) -> None:
    """A sandbox runs."""
