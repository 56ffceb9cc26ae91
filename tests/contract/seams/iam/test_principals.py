"""Who may be named in a policy: whoever MiniStack's IAM knows, in every account of the organisation."""

import json
from collections.abc import Iterator

import pytest

from sandbox.model import principals
from sandbox.organization import seed
from sandbox.seams import host as seams
from sandbox.seams import organizations as seams_organizations
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION, MANAGEMENT_ACCOUNT

FOREIGN = "987654321098"
IAM = f"arn:aws:iam::{BACKUP_ACCOUNT}"
ROLE, USER = f"{IAM}:role/path/worker", f"{IAM}:user/path/ops"
KNOWN = [
    pytest.param("*", id="everybody"),
    pytest.param(f"{IAM}:root", id="root"),
    pytest.param(BACKUP_ACCOUNT, id="an account's number"),
    pytest.param(ROLE, id="role"),
    pytest.param(USER, id="user"),
    pytest.param(f"arn:aws:sts::{BACKUP_ACCOUNT}:assumed-role/worker/session", id="session"),
    pytest.param("AROAEXAMPLEEXAMPLE12", id="what AWS made of one that is gone"),
    pytest.param(f"arn:aws:iam::{FOREIGN}:role/whoever", id="in an account that nobody sees"),
]
UNKNOWN = [
    pytest.param(f"{IAM}:role/nobody", id="no such role"),
    pytest.param(f"{IAM}:user/nobody", id="no such user"),
    pytest.param(f"{IAM}:role/worker", id="another path"),
    pytest.param(f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:role/path/worker", id="in another account"),
    pytest.param(f"{IAM}:role/*", id="a pattern"),
    pytest.param("arn:aws:iam::12345678901:root", id="eleven digits"),
    pytest.param("worker", id="a bare name"),
]


@pytest.fixture(autouse=True)
def people() -> Iterator[None]:
    """The organisation, with a role and a user in one of its accounts."""
    seed.plant()
    iam = seams.service_module("iam")
    with seams.request_scope(BACKUP_ACCOUNT, HOME_REGION):
        iam._create_role({"RoleName": ["worker"], "Path": ["/path/"], "AssumeRolePolicyDocument": ["{}"]})  # noqa: SLF001
        iam._create_user({"UserName": ["ops"], "Path": ["/path/"]})  # noqa: SLF001
    yield
    iam.reset()
    seams_organizations.clear_organizations()


def a_policy(principal: str, element: str = "Principal") -> str:
    statement = {"Effect": "Allow", element: {"AWS": [f"{IAM}:root", principal]}, "Action": "*"}
    return json.dumps({"Statement": statement})


@pytest.mark.parametrize("principal", KNOWN)
def test_who_is_there_is_named(principal: str) -> None:
    assert principals.why_no_trust(a_policy(principal)) is None
    assert principals.why_no_key_policy(json.loads(a_policy(principal))) is None
    assert principals.why_no_bucket_policy(a_policy(principal)) is None


@pytest.mark.parametrize("principal", UNKNOWN)
def test_who_is_not_there_is_refused(principal: str) -> None:
    assert principals.why_no_trust(a_policy(principal)) == f'Invalid principal in policy: "AWS":"{principal}"'
    assert principals.why_no_key_policy(a_policy(principal, "NotPrincipal")) is not None
    assert principals.why_no_bucket_policy(json.loads(a_policy(principal))) is not None


@pytest.mark.parametrize(
    "document", [None, "", "[]", '{"Statement": 1}', '{"Statement": {"Principal": "*"}}', '{"Statement": ["x"]}']
)
def test_what_names_nobody_is_not_refused_for_it(document: str | None) -> None:
    assert principals.why_no_trust(document) is None
