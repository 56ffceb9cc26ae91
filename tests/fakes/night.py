"""One night as the handlers see it: a payments account and the central vault, with clients installed."""

import json
from dataclasses import dataclass, field
from typing import Any

from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.table import Table
from tests.builders.copies import COMPLETED_AT, CREATED_AT, KEY, PLAN
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.backup import FakeBackup, a_copy_job_answer, a_point_answer, a_vault_answer
from tests.fakes.control_plane import FakePost, batch, load_handler

VOLUME = "arn:aws:ec2:eu-west-1:222222222222:volume/vol-0aaaaaaaaaaaaaaaa"
SOURCE_SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-0aaaaaaaaaaaaaaaa"
COPIED_SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-0bbbbbbbbbbbbbbbb"


@dataclass
class FakeTagging:
    """The Resource Groups Tagging API of one account: its resources with their tags."""

    tagged: dict[str, dict[str, str]] = field(default_factory=lambda: {VOLUME: {"Backup": "daily-prod"}})

    def get_resources(self, **request: Any) -> dict[str, Any]:
        found = {arn: self.tagged[arn] for arn in request["ResourceARNList"] if arn in self.tagged}
        listed = {arn: [{"Key": key, "Value": value} for key, value in tags.items()] for arn, tags in found.items()}
        return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn, tags in listed.items()]}


@dataclass
class FakeMachines:
    """Step Functions, which notes what is begun and runs nothing by itself."""

    started: list[dict[str, str]] = field(default_factory=list)

    def start_execution(self, **request: str) -> None:
        self.started.append(request)


@dataclass
class Night:
    post: FakePost
    central: FakeBackup
    member: FakeBackup
    table: Table
    promises: LedgerPromises
    tagging: FakeTagging
    machines: FakeMachines

    def run(self, function: str, *events: dict[str, Any] | str) -> list[Any]:
        """Hand the events to the function's handler; answers the failures that it reports."""
        answer: list[Any] = load_handler(function)(batch(*events), None)["batchItemFailures"]
        return answer

    def remediate(self) -> list[str]:
        """Let every remediation that was begun do its first step; what each came to."""
        begun = [json.loads(execution["input"]) for execution in self.machines.started]
        self.machines.started.clear()
        return [load_handler("start_copy")(step, None)["remedy"] for step in begun]

    def back_up(self, *, tier: str = "daily-prod", **changes: Any) -> None:
        self.member.points.append(
            a_point_answer(
                SOURCE_SNAPSHOT,
                vault=LOCAL_VAULT,
                ResourceArn=VOLUME,
                **{
                    "CreationDate": CREATED_AT,
                    "CompletionDate": COMPLETED_AT,
                    "CreatedBy": {"BackupPlanArn": PLAN},
                }
                | changes,
            )
        )
        self.member.tags[SOURCE_SNAPSHOT] = {"Backup": tier}

    def backup_job(self, event: dict[str, Any], **changes: Any) -> None:
        """AWS Backup knows the job that the event tells of."""
        told = event["detail"]
        job = {"BackupJobId": told["backupJobId"], "State": told["state"], "StatusMessage": told.get("statusMessage")}
        self.member.backup_jobs.append(job | changes)

    def copy(self, **changes: Any) -> None:
        point = {
            "ResourceArn": VOLUME,
            "CreationDate": CREATED_AT,
            "EncryptionKeyArn": KEY,
            "Lifecycle": {"DeleteAfterDays": 2555},
        }
        self.central.points.append(a_point_answer(COPIED_SNAPSHOT, vault=CENTRAL_VAULT, **point | changes))

    def copy_job(self, **changes: Any) -> None:
        job = {
            "SourceRecoveryPointArn": SOURCE_SNAPSHOT,
            "SourceBackupVaultArn": LOCAL_VAULT,
            "DestinationBackupVaultArn": CENTRAL_VAULT,
            "CreationDate": COMPLETED_AT,
        }
        self.member.copy_jobs.append(a_copy_job_answer(**job | changes))

    @property
    def facts(self) -> list[str]:
        """What was published, but for the last word of each sweep."""
        return [fact["DetailType"] for fact in self.post.facts if fact["DetailType"] != "SweepEnded"]

    @property
    def announced(self) -> list[tuple[str, str]]:
        return [(message["kind"], message["status"]) for message in self.post.announced]


def a_night(fake_clients: FakeClients, dynamodb: Any, table: Table) -> Night:
    """A night before anything has happened."""
    post, machines = FakePost(), FakeMachines()
    central = FakeBackup(vaults={"central-backup-vault": a_vault_answer(CENTRAL_VAULT, key=KEY)})
    member = FakeBackup(vaults={"local-prod-vault": a_vault_answer(LOCAL_VAULT, key="arn:aws:kms:local-key")})
    fake_clients.own |= {"events": post, "sns": post, "sqs": post, "dynamodb": dynamodb, "backup": central}
    fake_clients.own["stepfunctions"] = machines
    fake_clients.member[PAYMENTS, "backup"] = member
    tagging = FakeTagging()
    fake_clients.member[PAYMENTS, "resourcegroupstaggingapi"] = tagging
    return Night(post, central, member, table, LedgerPromises(table), tagging, machines)


def of_payments(event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    """The sample, moved from AWS's 13-digit example account to the payments account's volume and vault."""
    moved = {"backupVaultArn": LOCAL_VAULT, "resourceArn": VOLUME} | detail
    return event | {"account": PAYMENTS, "region": HOME, "detail": event["detail"] | moved}
