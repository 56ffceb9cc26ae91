"""A sandbox with the organisation alone, in a process of its own, and clients for whoever acts in it."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.clients import client, every, session_client
from sandbox.organization.seed import person_session
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION
from tests.integration.delegation import delegate_to_the_backup_account

HOST = Path(__file__).with_name("organization_host.py")
ROOT = Path(__file__).parents[3]

type Client = Callable[..., Any]


@pytest.fixture(scope="module")
def organization_port() -> Iterator[int]:
    """The port of a fresh organisation, whose backup account is the delegate."""
    command = [sys.executable, str(HOST)]
    with subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GATEWAY_PORT", str(port))
            delegate_to_the_backup_account()
        yield port
        process.stdin.close()
        process.wait(timeout=60)


@pytest.fixture(autouse=True)
def _towards_the_organization(organization_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_PORT", str(organization_port))


@pytest.fixture
def management() -> Any:
    """Organizations, as the management account."""
    return client("organizations", MANAGEMENT_ACCOUNT)


@pytest.fixture
def person() -> Client:
    """Clients of a person in an account: `person("rds", account)`."""

    def as_person(service: str, account: str, role: str = "AdministratorAccess") -> Any:
        return session_client(service, person_session(account, "dana@example.com", role))

    return as_person


@pytest.fixture
def ask(organization_port: int) -> Callable[..., Any]:
    """A call of the control routes: `ask("/organization/heard")`, with a document when it is a POST."""

    def call(path: str, document: dict[str, Any] | None = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{organization_port}/_sandbox{path}", data=body) as answer:
            return json.load(answer)

    return call


@pytest.fixture
def settled(management: Any) -> Callable[[str], dict[str, Any]]:
    """How a request for an account ended: `settled(its id)`."""

    def wait(request: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = management.describe_create_account_status(CreateAccountRequestId=request)
            status: dict[str, Any] = answer["CreateAccountStatus"]
            if status["State"] != "IN_PROGRESS":
                return status
            time.sleep(0.05)
        raise AssertionError(f"{request} is not settled")

    return wait


@pytest.fixture
def create(management: Any, settled: Callable[[str], dict[str, Any]]) -> Callable[[str], str]:
    """A new account by name: `create("new")` gives its id."""

    def make(name: str) -> str:
        asked = management.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
        return str(settled(asked["Id"])["AccountId"])

    return make


@pytest.fixture
def heard() -> Iterator[Callable[[str], dict[str, Any]]]:
    """What the management account's bus was told since: `heard("CloseAccountResult")` waits for it."""
    sqs = client("sqs", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    events = client("events", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    url = sqs.create_queue(QueueName="account-lives")["QueueUrl"]
    arn = f"arn:aws:sqs:{ORGANIZATIONS_REGION}:{MANAGEMENT_ACCOUNT}:account-lives"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})})
    pattern = {"source": ["aws.organizations"], "detail-type": ["AWS Service Event via CloudTrail"]}
    events.put_rule(Name="account-lives", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="account-lives", Targets=[{"Id": "queue", "Arn": arn}])
    told: list[dict[str, Any]] = []

    def wait(name: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get(
                "Messages", []
            ):
                told.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            for event in told:
                if event["detail"]["eventName"] == name:
                    return event
        raise AssertionError(f"{name} was not told, but {[event['detail']['eventName'] for event in told]}")

    yield wait
    events.remove_targets(Rule="account-lives", Ids=["queue"])
    events.delete_rule(Name="account-lives")
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def attached(management: Any) -> Callable[..., Any]:
    """A policy for the length of a block: `with attached(target, statement, ...) as policy_id`."""

    @contextmanager
    def attach(target: str, *statements: dict[str, Any], policy_type: str = "SERVICE_CONTROL_POLICY") -> Iterator[str]:
        content = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        with stored(management, content, policy_type) as policy_id:
            management.attach_policy(PolicyId=policy_id, TargetId=target)
            yield policy_id

    return attach


@contextmanager
def stored(management: Any, content: str, policy_type: str, *, name: str = "under-test") -> Iterator[str]:
    """A policy that exists for the length of a block."""
    created = management.create_policy(Name=name, Description="", Type=policy_type, Content=content)
    policy_id = created["Policy"]["PolicySummary"]["Id"]
    try:
        yield policy_id
    finally:
        for target in every(management, "list_targets_for_policy", PolicyId=policy_id):
            management.detach_policy(PolicyId=policy_id, TargetId=target["TargetId"])
        management.delete_policy(PolicyId=policy_id)
