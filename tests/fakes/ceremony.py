"""The clients and outside systems around the deployed functions of the restore ceremony, over one `CeremonyWorld`."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

import msgspec
import pytest

from strongroom.adapters.identity.oidc import Web
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.slack.answers import SlackAnswers
from strongroom.adapters.slack.web_api import Slack
from strongroom.adapters.tickets.jira import JiraTickets
from strongroom.domain.chat import PostedMessage
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.written import base64url
from strongroom.runtime import compiled_intent
from strongroom.runtime.platform import Surroundings, current_platform
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS, TEMPORARY_VAULT
from tests.builders.restores import (
    CENTRAL_POINT,
    COPIED_POINT,
    DATABASE,
    NOW,
    POINT,
    RDS_METADATA,
    RESTORE_KEY,
    RESTORED,
    WORKLOAD_KEY,
)
from tests.conftest import LEDGER, FakeClients, create_ledger
from tests.fakes.account_clients import Pages, refusal
from tests.fakes.backup import FakeBackup, a_point_answer, a_vault_answer
from tests.fakes.control_plane import FakeOrganizations, FakePost, load_handler
from tests.fakes.evidence.bucket import FakeLogFunction, FakeS3
from tests.fakes.restores.world import MACHINE, PUBLIC_URL, CeremonyWorld

CEREMONY = "ceremony"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TAGS = {"Backup": "daily-prod", "aws:backup:source-resource": "x"}


class FakeSecrets:
    """Secrets Manager with our one secret."""

    def get_secret_value(self, **_: str) -> dict[str, str]:
        kept = {
            "slack_signing_secret": SIGNING_SECRET,
            "slack_bot_token": "xoxb-very-secret",
            "ticket_token": "jira-very-secret",
            "oidc_client_secret": "hush",
            "public_url": PUBLIC_URL,
        }
        return {"SecretString": json.dumps(kept)}


@dataclass
class FakeStates:
    """Step Functions: the executions and the waiting tasks of the world."""

    world: CeremonyWorld

    def start_execution(self, **request: str) -> None:
        assert request["stateMachineArn"] == MACHINE
        name = request["name"]
        assert json.loads(request["input"]) == {"request_id": name.partition("-close-")[0]}
        if self.world.execution(name) in self.world.ended:
            raise refusal("ExecutionAlreadyExists", "StartExecution")
        if self.world.execution(name) not in self.world.running:
            self.world.begin(name)

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        ended_at = self.world.ended_at(executionArn)
        if ended_at is not None:
            return {"stateMachineArn": MACHINE, "status": "ABORTED", "stopDate": ended_at}
        if not self.world.is_running(executionArn):
            raise refusal("ExecutionDoesNotExist", "DescribeExecution")
        return {"stateMachineArn": MACHINE, "status": "RUNNING"}

    def send_task_success(self, *, taskToken: str, output: str) -> None:  # noqa: N803 - boto3's spelling
        if not self.world.tasks.succeed(taskToken, json.loads(output)):
            raise refusal("TaskTimedOut", "SendTaskSuccess")


@dataclass
class WorkingBackup(FakeBackup):
    """AWS Backup whose jobs can be looked at once they are started; all are in the one state."""

    state: str = "COMPLETED"
    now: Callable[[], datetime] = lambda: NOW

    def describe_copy_job(self, **request: Any) -> dict[str, Any]:
        self._called("describe_copy_job")
        asked = self._job(request["CopyJobId"])
        job = {
            "CopyJobId": request["CopyJobId"],
            "SourceRecoveryPointArn": asked["RecoveryPointArn"],
            "DestinationBackupVaultArn": asked["DestinationBackupVaultArn"],
            "State": self.state,
        }
        made = {"DestinationRecoveryPointArn": COPIED_POINT} if self.state == "COMPLETED" else {}
        return {"CopyJob": job | made}

    def describe_restore_job(self, **request: Any) -> dict[str, Any]:
        self._called("describe_restore_job")
        asked = self._job(request["RestoreJobId"])
        job = {
            "RestoreJobId": request["RestoreJobId"],
            "AccountId": PAYMENTS,
            "RecoveryPointArn": asked["RecoveryPointArn"],
            "IamRoleArn": asked["IamRoleArn"],
            "CreationDate": asked["made_at"],
            "Status": self.state,
        }
        return job | ({"CreatedResourceArn": RESTORED} if self.state == "COMPLETED" else {})

    def get_restore_job_metadata(self, **request: Any) -> dict[str, Any]:
        self._called("get_restore_job_metadata")
        return {"Metadata": self._job(request["RestoreJobId"])["Metadata"]}

    def list_restore_jobs(self, **_: Any) -> dict[str, Any]:
        jobs = [each for each in self.started if "Metadata" in each]
        return {"RestoreJobs": [{"RestoreJobId": self._start(each)} | each for each in jobs]}

    def get_paginator(self, method: str) -> Any:
        if method == "list_restore_jobs":
            self._called(method)
            return Pages(self.list_restore_jobs)
        return super().get_paginator(method)

    def _start(self, request: dict[str, Any]) -> str:
        return super()._start({"made_at": self.now()} | request)

    def _job(self, job_id: str) -> dict[str, Any]:
        return self._found(next((each for each in self.started if self._start(each) == job_id), None))


@dataclass
class FakeNetwork:
    """rds, ec2 and cloudwatch of an account that has what its databases lie in, and no alarm."""

    given: list[dict[str, str]] = field(default_factory=list)

    def describe_db_instances(self, **_: str) -> NoReturn:
        raise refusal("DBInstanceNotFound", "DescribeDBInstances")

    def describe_db_clusters(self, **_: str) -> NoReturn:
        raise refusal("DBClusterNotFoundFault", "DescribeDBClusters")

    def describe_db_subnet_groups(self, **_: str) -> dict[str, Any]:
        return {"DBSubnetGroups": [{"VpcId": "vpc-1"}]}

    def describe_db_parameter_groups(self, **_: str) -> dict[str, Any]:
        return {}

    def describe_security_groups(self, **_: Any) -> dict[str, Any]:
        return {"SecurityGroups": [{"GroupId": "sg-0a1", "VpcId": "vpc-1"}]}

    def describe_alarms(self, **_: Any) -> dict[str, Any]:
        return {"MetricAlarms": []}

    def get_paginator(self, method: str) -> Pages:
        return Pages(getattr(self, method))

    def list_tags_for_resource(self, **request: Any) -> dict[str, Any]:
        tags = TAGS if request["ResourceName"] in {POINT, COPIED_POINT} else {}
        return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def add_tags_to_resource(self, **request: Any) -> None:
        self.given.append({"on": request["ResourceName"]} | {tag["Key"]: tag["Value"] for tag in request["Tags"]})


def _point(arn: str, vault: str, *, key: str = WORKLOAD_KEY) -> dict[str, Any]:
    return a_point_answer(
        arn,
        vault=vault,
        ResourceArn=DATABASE,
        ResourceType="RDS",
        CreationDate=NOW.replace(hour=2, minute=0),
        EncryptionKeyArn=key,
        RestoreMetadata=RDS_METADATA,
    )


class Functions:
    """The deployed functions' surroundings: whatever they do happens in `world`, and by its clock."""

    def __init__(self, dynamodb: Any, intent: Intent, clients: FakeClients, monkeypatch: pytest.MonkeyPatch) -> None:
        create_ledger(dynamodb, CEREMONY)
        ledger: Any = LedgerTable(dynamodb, LEDGER)
        table: Any = LedgerTable(dynamodb, CEREMONY)
        self.world = CeremonyWorld(intent, ledger=ledger, table=table)
        self.world.apply_rules()
        self.pace = timedelta(0)
        self.issuer = self.world.issuer
        self.post = FakePost()
        self.log = FakeLogFunction(self.world.shelf, now=self.now)
        self.central = WorkingBackup(now=self.now, points=[_point(CENTRAL_POINT, CENTRAL_VAULT)])
        self.member = WorkingBackup(
            now=self.now,
            vaults={"strongroom-restores": _an_open_vault()},
            points=[_point(POINT, LOCAL_VAULT), _point(COPIED_POINT, TEMPORARY_VAULT, key=RESTORE_KEY)],
        )
        self.network = FakeNetwork()
        self.slack: list[str] = []
        self.clients = clients
        clients.own |= {
            "dynamodb": dynamodb,
            "s3": FakeS3(self.world.shelf),
            "secretsmanager": FakeSecrets(),
            "events": self.post,
            "sns": self.post,
            "sqs": self.post,
            "stepfunctions": FakeStates(self.world),
            "organizations": FakeOrganizations(),
            "backup": self.central,
        }
        clients.member |= {
            (PAYMENTS, "backup"): self.member,
            (BACKUP_ACCOUNT, "backup"): self.central,  # under the role that copies back
            (PAYMENTS, "rds"): self.network,
            (PAYMENTS, "ec2"): self.network,
            (PAYMENTS, "cloudwatch"): self.network,
            (AUDIT_ACCOUNT, "lambda"): self.log,
        }
        monkeypatch.setattr(Surroundings, "now", lambda _: self.now())
        monkeypatch.setattr(Web, "get", lambda _, url: self.issuer.get(url))
        monkeypatch.setattr(Web, "post", lambda _, url, form: self.issuer.post(url, form))
        monkeypatch.setattr(JiraTickets, "read", lambda _, key: self.world.tickets.read(key))
        monkeypatch.setattr(JiraTickets, "comment", lambda _, key, text: self.world.tickets.comment(key, text))
        for name in ("post", "reply", "update"):
            monkeypatch.setattr(Slack, name, self._say)
        monkeypatch.setattr(SlackAnswers, "answer", lambda _, url, text: self._say(None, url, text=text))

    def _say(self, *said: Any, **more: Any) -> PostedMessage:
        self.slack.append(f"{said[1:]} {more}")
        return PostedMessage(channel="C0RESTORE", ts="1.1")

    def deploy(self, intent: Intent) -> None:
        """Let the functions carry another intent from now on."""
        Path(str(import_module("strongroom_intent").__file__)).with_name("intent.json").write_bytes(
            msgspec.json.encode(intent)
        )
        compiled_intent.load_intent.cache_clear()
        current_platform.cache_clear()
        self.world.intent = intent
        self.world.apply_rules()

    def now(self) -> datetime:
        """What the time is; whoever asks takes as long as `pace` says."""
        self.world.now += self.pace
        return self.world.now

    @property
    def facts(self) -> list[str]:
        """What was published, by name."""
        return [fact["DetailType"] for fact in self.post.facts]

    @property
    def alerts(self) -> list[tuple[str, str]]:
        """What was alerted: the kind and the account."""
        return [(alert["kind"], alert["account"]) for alert in self.post.announced]

    def step(self, function: str, request_id: str, **more: str) -> Any:
        """Take a step of the request's own execution; `more` is other input, of which each function reads its own."""
        own = {"request_id": request_id, "execution": self.world.execution(request_id)}
        return load_handler(function)(own | more, None)

    def http(self, method: str, path: str, *, person: str = "", **event: Any) -> dict[str, Any]:
        """An event of API Gateway's proxy integration."""
        headers = {"Authorization": f"Bearer {self.issuer.token(sub=f'idp|{person}')}"} if person else {}
        resource = path
        for name, value in (event.get("pathParameters") or {}).items():
            resource = resource.replace(value, f"{{{name}}}")
        return {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": None,
            "queryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {"stage": "v1", "identity": {"sourceIp": "198.51.100.7"}},
            "body": None,
            "isBase64Encoded": False,
        } | event

    def ask(
        self, function: str, route: str, content: Any = None, *, person: str = "", **parameters: str
    ) -> tuple[int, Any]:
        """The status and the JSON that answer `GET /restores/{id}`, with the content as JSON, or as the text it is."""
        method, _, resource = route.partition(" ")
        body = content if isinstance(content, str) or content is None else json.dumps(content)
        asked = {"resource": resource, "pathParameters": parameters or None, "body": body}
        answer = load_handler(function)(self.http(method, resource, person=person, **asked), None)
        return answer["statusCode"], json.loads(answer["body"])


def proof_body(statement: str, signed: Assertion) -> dict[str, Any]:
    """What a browser sends once somebody has signed."""
    passkey = {
        "credential": signed.credential,
        "authenticator_data": base64url(signed.authenticator_data),
        "client_data": base64url(signed.client_data),
        "signature": base64url(signed.signature),
    }
    return {"statement": statement, "passkey": passkey}


def slack_body(**changes: Any) -> str:
    """The form of a click on a button."""
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MARIA", "username": "maria", "team_id": "T0STRONG"},
        "team": {"id": "T0STRONG", "domain": "strongroom"},
        "api_app_id": "A0STRONG",
        "enterprise": None,
        "actions": [{"action_id": "review", "block_id": "decision", "value": "", "type": "button"}],
        "response_url": "https://hooks.slack.com/actions/T0STRONG/1/x",
        "trigger_id": "1.2.3",
    }
    return urlencode({"payload": json.dumps(payload | changes)})


def _an_open_vault() -> dict[str, Any]:
    """What AWS Backup tells of a vault without a lock."""
    told = a_vault_answer(TEMPORARY_VAULT, key=RESTORE_KEY, Locked=False)
    return {name: value for name, value in told.items() if not name.endswith("RetentionDays")}
