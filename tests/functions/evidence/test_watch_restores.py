"""The watch of the audit account as it is deployed: fed with what AWS Backup tells, and by the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.watch import LedgerWatch
from strongroom.domain.intent.model import Intent
from strongroom.runtime.platform import Surroundings
from strongroom_cli.intent.file import load_intent_file
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, HOME, PAYMENTS, PRODUCTION
from tests.builders.proving.signing import a_key
from tests.builders.restores import NOW, POINT, a_proving_intent
from tests.conftest import LEDGER, ROOT, FakeClients
from tests.fakes.account_clients import Pages, refusal
from tests.fakes.control_plane import FakePost, batch, load_handler
from tests.fakes.evidence.bucket import BUCKET, FakeS3
from tests.fakes.evidence.log import ORIGIN, WITNESS
from tests.fakes.evidence.watching import JOB_ROLE, WatchWorld

Sample = Callable[[str], dict[str, Any]]


@dataclass
class FakeBackupJobs:
    """AWS Backup in one account, as far as the watch asks."""

    restores: list[dict[str, Any]] = field(default_factory=list)

    def list_restore_jobs(self, **request: Any) -> dict[str, Any]:
        return {"RestoreJobs": [job for job in self.restores if job["CreationDate"] >= request["ByCreatedAfter"]]}

    def list_copy_jobs(self, **_: Any) -> dict[str, Any]:
        return {"CopyJobs": []}

    def describe_restore_job(self, *, RestoreJobId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        found = [job for job in self.restores if job["RestoreJobId"] == RestoreJobId]
        if not found:
            raise refusal("ResourceNotFoundException", "DescribeRestoreJob")
        return found[0]

    def get_restore_job_metadata(self, *, RestoreJobId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        job = self.describe_restore_job(RestoreJobId=RestoreJobId)
        return {"RestoreJobId": RestoreJobId, "Metadata": job.get("_metadata", {})}

    def get_paginator(self, method: str) -> Pages:
        return Pages(getattr(self, method))


class FakeTree:
    """Organizations with payments in production, and the backup account beside it."""

    def list_roots(self) -> dict[str, Any]:
        return {"Roots": [{"Id": "r-strg"}]}

    def list_organizational_units_for_parent(self, *, ParentId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        return {"OrganizationalUnits": [{"Id": PRODUCTION}] if ParentId == "r-strg" else []}

    def list_accounts_for_parent(self, *, ParentId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        account = {"r-strg": BACKUP_ACCOUNT, PRODUCTION: PAYMENTS}[ParentId]
        return {"Accounts": [{"Id": account, "Status": "ACTIVE"}]}


class FakeKms:
    """KMS with the keys of the log and its witness, by the ends of their ARNs."""

    def get_public_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803 - boto3's spelling
        name = {"log": ORIGIN, "witness": WITNESS}[KeyId.rpartition("/")[2]]
        public = a_key(name, "EdDSA").public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}


@dataclass
class Deployed:
    """The function and everything around it."""

    world: WatchWorld
    post: FakePost
    payments: FakeBackupJobs

    def run(self, event: dict[str, Any]) -> list[Any]:
        answer: list[Any] = load_handler("watch_restores")(batch(event), None)["batchItemFailures"]
        return answer

    def begin(self, job_id: str, **changes: Any) -> None:
        """Somebody begins a restore in payments."""
        self.payments.restores.append(
            {
                "RestoreJobId": job_id,
                "AccountId": PAYMENTS,
                "RecoveryPointArn": POINT,
                "IamRoleArn": JOB_ROLE,
                "CreationDate": NOW,
                "Status": "PENDING",
            }
            | changes
        )


@pytest.fixture
def intent() -> Intent:
    """The example, whose people sign by passkeys; it does not know the keys of the log."""
    loaded, _ = load_intent_file(ROOT / "strongroom.yaml")
    return a_proving_intent(loaded)


@pytest.fixture
def deployed(
    platform_environment: None,
    intent: Intent,
    dynamodb: Any,
    fake_clients: FakeClients,
    monkeypatch: pytest.MonkeyPatch,
) -> Deployed:
    """The watch, which began long ago."""
    settings = {
        "STRONGROOM_EVIDENCE_BUCKET": BUCKET,
        "STRONGROOM_LOG_KEY": f"arn:aws:kms:{HOME}:{AUDIT_ACCOUNT}:key/log",
        "STRONGROOM_LOG_ORIGIN": ORIGIN,
        "STRONGROOM_WITNESS": WITNESS,
        "STRONGROOM_WITNESS_KEY": f"arn:aws:kms:{HOME}:{AUDIT_ACCOUNT}:key/witness",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Surroundings, "now", lambda _: NOW)
    world, post = WatchWorld(intent), FakePost()
    LedgerWatch(LedgerTable(dynamodb, LEDGER)).began(datetime(2026, 1, 1, tzinfo=UTC))
    fake_clients.own |= {"events": post, "sns": post, "sqs": post, "dynamodb": dynamodb, "kms": FakeKms()}
    fake_clients.own |= {"s3": FakeS3(world.ceremony.shelf), "organizations": FakeTree()}
    payments = FakeBackupJobs()
    fake_clients.member[PAYMENTS, "backup"] = payments
    fake_clients.member[BACKUP_ACCOUNT, "backup"] = FakeBackupJobs()
    return Deployed(world, post, payments)


def an_event(sample: Sample, job_id: str) -> dict[str, Any]:
    """AWS Backup's own event, about this job in payments."""
    event = sample("aws.backup/restore_job__created")
    return event | {"account": PAYMENTS, "region": HOME, "detail": event["detail"] | {"restoreJobId": job_id}}


def test_a_restore_without_a_request_is_told_on_the_topic_of_the_audit_account(
    deployed: Deployed, sample: Sample
) -> None:
    deployed.begin("by-hand")
    assert deployed.run(an_event(sample, "by-hand")) == []
    [told] = deployed.post.announced
    assert (told["kind"], told["severity"], told["account"]) == ("restore-unexplained", "critical", PAYMENTS)


def test_a_restore_of_a_ceremony_is_not(deployed: Deployed, sample: Sample) -> None:
    request = deployed.world.ceremony.come_to_restore()
    used = dict(deployed.world.ceremony.kept(request).sealed.request.metadata)
    deployed.begin("restore-1", _metadata=used)
    assert deployed.run(an_event(sample, "restore-1")) == []
    assert deployed.run(sample("aws.events/tick")) == []
    assert deployed.post.announced == []


def test_the_clock_finds_what_no_event_told_of_and_tells_it_once(deployed: Deployed, sample: Sample) -> None:
    deployed.begin("by-hand")
    tick = sample("aws.events/tick")
    assert [deployed.run(tick), deployed.run(tick)] == [[], []]
    assert [told["kind"] for told in deployed.post.announced] == ["restore-unexplained"]


@pytest.mark.parametrize("ended", ["completed", "failed"])
def test_every_state_of_a_job_is_heard(ended: str, deployed: Deployed, sample: Sample) -> None:
    event = sample(f"aws.backup/restore_job__{ended}") | {"account": PAYMENTS, "region": HOME}
    job = next(value for name, value in event["detail"].items() if name.lower() == "restorejobid")
    deployed.begin(job, Status=ended.upper())
    assert deployed.run(event) == []
    assert [told["kind"] for told in deployed.post.announced] == ["restore-unexplained"]


def test_an_event_that_names_no_account_is_buried(deployed: Deployed, sample: Sample) -> None:
    event = sample("aws.backup/restore_job__created")
    assert deployed.run(event) == []
    assert "account id" in str(deployed.post.buried)
