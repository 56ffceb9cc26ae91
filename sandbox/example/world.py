"""The example organisation at work: Strongroom deployed, its people at their desks, its resources in place."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.example import deployment, estate
from sandbox.example.deployment import Deployment
from sandbox.example.drivers import IdentityDriver, JiraDriver, PageDriver, SlackDriver
from sandbox.example.variants import PLAIN, Variant
from sandbox.organization import seed
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, CONTROL_PLANE_BUS, HOME_REGION, MANAGEMENT_ACCOUNT, Settings
from sandbox.standins.identity import provider as identity
from sandbox.standins.jira import rest_api as jira
from sandbox.standins.slack import web_api as slack

_AUDITORS = "auditors"
_AUDIT_PATIENCE = 10.0  # seconds; the clock of the audit account strikes once a minute here
_CLOCK_PATIENCE = 1.0  # seconds; a minute of the control plane's clocks takes more than two here
_INBOX = "on-call-inbox"
_OBSERVER = "observed-facts"
_LOG_IN = "Log in at: "


@dataclass
class World:
    """The running sandbox with Strongroom in it, as scenes and tests use it."""

    sandbox: lifecycle.Sandbox
    deployment: Deployment
    _alerts: list[dict[str, Any]] = field(default_factory=list)
    _facts: list[dict[str, Any]] = field(default_factory=list)
    _audit_alerts: list[dict[str, Any]] = field(default_factory=list)
    _looked_at: float = 0.0

    @property
    def settings(self) -> Settings:
        """The sandbox's settings."""
        return self.sandbox.settings

    @property
    def api_url(self) -> str:
        """The restore ceremony's API as a browser reaches it."""
        api_id = self.deployment.outputs["ApiUrl"].removeprefix("https://").split(".", 1)[0]
        return f"{self.sandbox.url}/_aws/execute-api/{api_id}/v1"

    @property
    def public_url(self) -> str:
        """The same as people know it."""
        return self.api_url.replace(self.sandbox.url, self.settings.told_endpoint, 1)

    @cached_property
    def page(self) -> PageDriver:
        """People at the page of a restore request, with their passkeys."""
        return PageDriver(self.public_url)

    @cached_property
    def slack(self) -> SlackDriver:
        """People at Slack's window."""
        return SlackDriver(self.sandbox.url)

    @cached_property
    def jira(self) -> JiraDriver:
        """People at Jira's pages."""
        return JiraDriver(self.sandbox.url)

    @cached_property
    def identity(self) -> IdentityDriver:
        """People with a browser and an authenticator app."""
        return IdentityDriver(self.sandbox.url)

    def person(self, name: str, account: str, service: str, region: str = HOME_REGION) -> Any:
        """A client of a person who signed in to the account as its administrator."""
        return session_client(service, seed.person_session(account, f"{name}@strongroom.example"), region)

    def look(self, account: str, service: str, region: str = HOME_REGION) -> Any:
        """A client to look at the state of an account with."""
        return client(service, account, region)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the sandbox's own controls: time, weather, databases."""
        answer = requests.request(method, f"{self.sandbox.url}/_sandbox{path}", json=body or {}, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())

    def strongroom(self, *arguments: str, person: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the `strongroom` command in a terminal of the person, who has signed in to the identity provider."""
        environment = {**os.environ, "STRONGROOM_API": self.api_url}
        if person:
            environment["STRONGROOM_TOKEN"] = self.identity.token_for(person)
        return subprocess.run(
            [sys.executable, "-m", "strongroom_cli", *arguments],
            cwd=deployment.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def strongroom_signing(self, *arguments: str, person: str, mfa: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command that asks for a fresh login, which the person gives in their browser."""
        environment = {
            **os.environ,
            "STRONGROOM_API": self.api_url,
            "STRONGROOM_TOKEN": self.identity.token_for(person),
            "BROWSER": "true",  # the person opens the address, and no browser of this machine
        }
        intent = str(Path(str(self.settings.run_dir)) / "strongroom.yaml")
        command = [sys.executable, "-m", "strongroom_cli", *arguments, "--intent", intent]
        with subprocess.Popen(
            command, cwd=deployment.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            complaints = []
            for line in running.stderr or ():
                if line.startswith(_LOG_IN):
                    self.identity.log_in(line.removeprefix(_LOG_IN).strip(), person, mfa=mfa)
                else:
                    complaints.append(line)
            out = running.stdout.read() if running.stdout else ""
        return subprocess.CompletedProcess(command, running.returncode, out, "".join(complaints))

    def switch_off(self, function: str) -> None:
        """Let a function of the template, by its logical id, be invoked no more."""
        as_deployer("lambda").put_function_concurrency(FunctionName=_part(function), ReservedConcurrentExecutions=0)

    def switch_on(self, function: str) -> None:
        """Let it be invoked again."""
        as_deployer("lambda").delete_function_concurrency(FunctionName=_part(function))

    def strike(self, queue: str, **detail: Any) -> None:
        """Let the clock of the function behind this queue of the template strike now; a wish has details."""
        tick: dict[str, Any] = {"id": "tick", "source": "aws.events", "detail-type": "Scheduled Event"}
        tick |= {"detail": detail}
        tick |= {"account": BACKUP_ACCOUNT, "region": HOME_REGION, "time": "2026-11-26T14:00:00Z"}
        client("sqs", BACKUP_ACCOUNT).send_message(QueueUrl=_part(queue), MessageBody=json.dumps(tick))

    def impatient[Seen](self, look: Callable[[], Seen], *, queue: str) -> Callable[[], Seen]:
        """The same look, for whose sake the clock of the function behind this queue strikes once a second.

        It does not while the function is at work, or has a tick before it: else it would go on long after.
        """
        struck_at = -_CLOCK_PATIENCE

        def struck() -> Seen:
            nonlocal struck_at
            seen, now = look(), time.monotonic()
            if not seen and now - struck_at >= _CLOCK_PATIENCE and _is_empty(_part(queue)):
                struck_at = now
                self.strike(queue)
            return seen

        return struck

    def let_be_due(self, pk: str, sk: str, *, days: int) -> None:
        """Make an item of the ledger so many days older, if it is due at some time, and whatever run it waits for."""
        item = self.ledger(pk, sk) or {}
        moved = {name: datetime.fromisoformat(item[name]) for name in ("due_at", "firing") if name in item}
        if not moved:
            return
        older = {f":{name}": {"S": _written(at - timedelta(days=days))} for name, at in moved.items()}
        as_deployer("dynamodb").update_item(
            TableName=self.deployment.outputs["LedgerTableName"],
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in moved),
            ExpressionAttributeValues=older,
        )

    def alerts(self, **wanted: str) -> list[dict[str, Any]]:
        """Every alert that reached the on-call inbox by SNS so far, narrowed to those with the wanted fields."""
        self._alerts.extend(json.loads(body["Message"]) for body in _received(_INBOX))
        return [alert for alert in self._alerts if _matches(alert, wanted)]

    def audit_alerts(self, **wanted: str) -> list[dict[str, Any]]:
        """The same of what reached the auditors from their own account, past the control plane."""
        self._audit_alerts.extend(json.loads(body["Message"]) for body in _received(_AUDITORS, account=AUDIT_ACCOUNT))
        return [alert for alert in self._audit_alerts if _matches(alert, wanted)]

    def unsettled_evidence(self) -> set[str]:
        """The requests whose evidence the audit account has not found whole; it is made to look every ten seconds."""
        if time.monotonic() - self._looked_at > _AUDIT_PATIENCE:
            self._looked_at = time.monotonic()
            tick = {"id": "tick", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
            tick |= {"account": AUDIT_ACCOUNT, "region": HOME_REGION, "time": "2026-11-26T14:00:00Z"}
            queue = deployment.audit_resource("WatchRestoresQueue")
            client("sqs", AUDIT_ACCOUNT).send_message(QueueUrl=queue, MessageBody=json.dumps(tick))
        bucket = f"strongroom-audit-{AUDIT_ACCOUNT}-{HOME_REGION}"
        kept = client("s3", AUDIT_ACCOUNT).list_objects_v2(Bucket=bucket, Prefix="evidence/", Delimiter="/")
        ids = {each["Prefix"].split("/")[1] for each in kept.get("CommonPrefixes", [])}
        settled = client("dynamodb", AUDIT_ACCOUNT).query(
            TableName=deployment.audit_resource("WatchTable"),
            KeyConditionExpression="pk = :settled",
            ExpressionAttributeValues={":settled": {"S": "SETTLED"}},
        )
        return ids - {item["sk"]["S"] for item in settled["Items"]}

    def fact(self, kind: str, **wanted: str) -> dict[str, Any] | None:
        """The newest event of this kind that Strongroom published and that has the wanted fields; None if none did."""
        found = self.facts(kind, **wanted)
        return found[-1] if found else None

    def facts(self, kind: str, **wanted: str) -> list[dict[str, Any]]:
        """Every event of this kind that Strongroom published and that has the wanted fields, in order."""
        self._facts.extend(body["detail"] | {"detail-type": body["detail-type"]} for body in _received(_OBSERVER))
        return [fact for fact in self._facts if _matches(fact, wanted | {"detail-type": kind})]

    def ledger(self, pk: str, sk: str) -> dict[str, Any] | None:
        """One item of the ledger, its strings as they are."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = client("dynamodb", BACKUP_ACCOUNT).get_item(
            TableName=self.deployment.outputs["LedgerTableName"], Key=key
        )
        return {name: next(iter(value.values())) for name, value in found["Item"].items()} if "Item" in found else None


@contextmanager
def running(
    settings: Settings,
    *,
    variant: Variant = PLAIN,
    tell: Callable[[str], None] = lambda text: None,  # noqa: ARG005
) -> Iterator[World]:
    """Start the sandbox, deploy Strongroom into it, and take all of it away afterwards."""
    began = time.monotonic()

    def told(text: str) -> None:
        tell(f"{time.monotonic() - began:5.1f} s  {text}")

    with lifecycle.running(settings) as sandbox:
        told(f"an organisation of {len(seed.ACCOUNTS)} accounts is up at {sandbox.url}")
        estate.plant(*variant.seeds)
        variant.prepare(sandbox.url)
        profiles = estate.restore_profiles(variant.restored_into)
        compiled = deployment.compile_intent(sandbox.settings, profiles=profiles, variant=variant)
        estate.share_keys(compiled, variant.restored_into)
        with ThreadPoolExecutor(1) as meanwhile:
            building = meanwhile.submit(deployment.build, sandbox.settings, deployment.set_aside(compiled))
            compiled = deployment.deploy_log(sandbox.settings, compiled)
            told("the evidence log is deployed, and the intent that names its keys is compiled")
            template = deployment.with_intent(building.result(), compiled)
        told("`sam build` is done")
        world = World(
            sandbox=sandbox, deployment=deployment.deploy(sandbox.settings, compiled, template, variant=variant)
        )
        told("the stacks are deployed, the policies attached")
        _connect(world)
        _wake()
        yield world


def _connect(world: World) -> None:
    """Do what the README asks for after the first deploy: secrets, addresses for clicks and logins, a subscriber."""
    secrets = {
        "slack_signing_secret": slack.credentials().signing_secret,
        "slack_bot_token": slack.credentials().bot_token,
        "ticket_token": jira.credentials().api_token,
        "oidc_client_secret": identity.credentials().client_secret,
        "public_url": world.public_url,
    }
    outputs = world.deployment.outputs
    as_deployer("secretsmanager").put_secret_value(SecretId=outputs["SecretsName"], SecretString=json.dumps(secrets))
    writer = json.dumps({"ticket_writer_token": jira.credentials().api_token})
    as_deployer("secretsmanager").put_secret_value(SecretId=outputs["TicketWriterSecretName"], SecretString=writer)
    for statement in estate.BALANCES:
        world.control("POST", "/databases/sql", {"arn": estate.PAYMENTS_DATABASE, "sql": statement})
    world.control("POST", "/identity/redirects", {"redirect_uri": f"{world.public_url}/logins/callback"})
    world.control("POST", "/slack/interactivity", {"url": f"{world.api_url}/slack/interactions"})
    inbox = _queue(_INBOX, sender="sns.amazonaws.com")
    client("sns", BACKUP_ACCOUNT).subscribe(TopicArn=outputs["AlertsTopicArn"], Protocol="sqs", Endpoint=inbox)
    auditors = _queue(_AUDITORS, sender="sns.amazonaws.com", account=AUDIT_ACCOUNT)
    topic = deployment.audit_topic()
    client("sns", AUDIT_ACCOUNT).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=auditors)
    events = as_deployer("events")
    events.put_rule(Name=_OBSERVER, EventBusName=CONTROL_PLANE_BUS, EventPattern=json.dumps({"source": ["strongroom"]}))
    target = {"Id": "queue", "Arn": _queue(_OBSERVER, sender="events.amazonaws.com")}
    events.put_targets(Rule=_OBSERVER, EventBusName=CONTROL_PLANE_BUS, Targets=[target])


def _part(logical_id: str) -> str:
    """What a part of the control plane's template is called."""
    described = client("cloudformation", BACKUP_ACCOUNT).describe_stack_resource(
        StackName="strongroom", LogicalResourceId=logical_id
    )
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def _is_empty(queue_url: str) -> bool:
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    held = client("sqs", BACKUP_ACCOUNT).get_queue_attributes(QueueUrl=queue_url, AttributeNames=[*names])["Attributes"]
    return all(held[name] == "0" for name in names)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _wake() -> None:
    """Start the functions that a night's events wait for: here that takes ten seconds, and on AWS a third of one."""
    sqs = client("sqs", BACKUP_ACCOUNT)
    for queue, told in (("OpenPromisesQueue", "backup_job__completed"), ("VerifyCopyQueue", "copy_job__completed")):
        text = (deployment.ROOT / "events" / "aws.backup" / f"{told}.json").read_text(encoding="utf-8")
        sqs.send_message(QueueUrl=_part(queue), MessageBody=text)


def as_deployer(service: str, region: str = HOME_REGION) -> Any:
    """A client of the role that the intent lets deploy in the backup account, which is closed to its root, too."""
    role = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/{seed.ACCESS_ROLE}"
    entered = client("sts", MANAGEMENT_ACCOUNT).assume_role(RoleArn=role, RoleSessionName="deployer")
    return session_client(service, entered["Credentials"], region)


def _queue(name: str, *, sender: str, account: str = BACKUP_ACCOUNT) -> str:
    """Create a queue of the account that the sending service may write to; return its ARN."""
    sqs = client("sqs", account)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
    allow = {"Effect": "Allow", "Principal": {"Service": sender}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return arn


def _received(queue: str, *, account: str = BACKUP_ACCOUNT) -> Iterator[dict[str, Any]]:
    """Take every message off a queue of the account."""
    sqs = client("sqs", account)
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


def _matches(document: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(document.get(name) == value for name, value in wanted.items())
