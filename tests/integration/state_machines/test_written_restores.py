"""A machine whose metadata a person wrote, through the whole ceremony: real state machine, real services, the stage.

What is started is a job of the stage's AWS Backup, under the role of the member stack, which makes the machine; people,
ticket, Slack and the log's witness are fakes, as in the tests of every path. Source of what the stage takes and
refuses: AWS Backup Developer Guide, "Restoring a virtual machine".
"""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest
from ministack.services import stepfunctions

from sandbox.clients import client
from sandbox.lifecycle import Sandbox
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.restores import MemberRestoreJobs, MemberRestoreStarter
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.deciding.written import (
    MACHINE,
    RAW_ROLE,
    WRITTEN,
    a_machine_point,
    a_machine_ticket,
    a_written_wish,
    an_intent_with_raw,
)
from tests.builders.places import LOCAL_VAULT
from tests.contract.iam.iam_documents import documents_of
from tests.integration.state_machines.ceremonies import RunningWorld, make_machine, settle_backup

READ_HERE: Final = "999999999999"  # the account that templates are read with
MANAGED: Final = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"


class StageRestores:
    """Restores of the stage's AWS Backup, by the adapters that are deployed."""

    def __init__(self) -> None:
        clients = SimpleNamespace(client=_client)
        self._starter, self._jobs = MemberRestoreStarter(clients), MemberRestoreJobs(clients)

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return self._starter.start_job(request, recovery_point=recovery_point)

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        return self._jobs.describe(job_id, request=request)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        return self._jobs.started(request, recovery_point=recovery_point, since=since)


def _client(service: str, *, account: str, region: str, **_: object) -> Any:
    return client(service, account, region)


def _trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def point(sandbox_host: Sandbox) -> str:
    """The machine's recovery point on the stage, and the role of the member stack that restores by hand."""
    iam, backup = client("iam", PAYMENTS_ACCOUNT), client("backup", PAYMENTS_ACCOUNT)
    machine = client("iam", BACKUP_ACCOUNT)
    machine.create_role(RoleName="machine", AssumeRolePolicyDocument=_trust("states.amazonaws.com"))
    trust = _trust("backup.amazonaws.com")
    keeper = iam.create_role(RoleName="keeper", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="keeper", PolicyArn=MANAGED)
    name = RAW_ROLE.rpartition("/")[2]
    iam.create_role(RoleName=name, Path="/strongroom/", AssumeRolePolicyDocument=trust)
    for number, policy in enumerate(_policies()):
        iam.put_role_policy(RoleName=name, PolicyName=f"part-{number}", PolicyDocument=json.dumps(policy))
    backup.create_backup_vault(BackupVaultName="by-hand")
    job = backup.start_backup_job(BackupVaultName="by-hand", ResourceArn=MACHINE, IamRoleArn=keeper)
    settle_backup(sandbox_host.url)
    done = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
    assert done["State"] == "COMPLETED", done["StatusMessage"]
    return str(done["RecoveryPointArn"])


def _policies() -> list[dict[str, Any]]:
    found = [
        json.loads(json.dumps(each.document).replace(READ_HERE, PAYMENTS_ACCOUNT))
        for each in documents_of("stacks/member.yaml", {})
        if "RestoreRawRole.Policies" in each.name
    ]
    assert found
    return found


@pytest.fixture
def world(intent: Intent, platform_environment: None, point: str, monkeypatch: pytest.MonkeyPatch) -> RunningWorld:
    """A world whose functions the engine calls, and whose restores are the stage's."""
    monkeypatch.setattr(stepfunctions, "_SFN_WAIT_SCALE", 0.01)
    made = RunningWorld(an_intent_with_raw(intent))
    made.points.points[point, LOCAL_VAULT] = a_machine_point(arn=point)
    made.tickets.ticket = a_machine_ticket()
    made.restores = StageRestores()  # type: ignore[assignment]
    monkeypatch.setattr(stepfunctions, "_call_lambda", made.call)
    # The stage, which runs in this process, has put its own Step Functions in place.
    made.machine = make_machine(bell_seconds=300)
    return made


def test_a_machine_comes_back_by_what_a_person_wrote_and_two_approved(world: RunningWorld, point: str) -> None:
    ceremony = world.asked_for(a_written_wish(recovery_point=point))
    first = ceremony.bell()
    ceremony.says("maria")
    ceremony.bell(after=first)
    assert list(_jobs(point)) == [], "one approval is not enough"
    ceremony.says("sana")
    assert ceremony.end() == ("SUCCEEDED", "restored")
    [job] = _jobs(point)
    assert (job["IamRoleArn"], job["Status"]) == (RAW_ROLE, "COMPLETED")
    used = client("backup", PAYMENTS_ACCOUNT).get_restore_job_metadata(RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert {key: used[key] for key in WRITTEN} == WRITTEN
    restored = world.kept(ceremony.request).last(EntryKind.RESTORED) or {}
    assert restored["created"] == job["CreatedResourceArn"]


def test_a_key_that_aws_does_not_know_ends_the_ceremony_and_starts_nothing(world: RunningWorld, point: str) -> None:
    before = len(_jobs(point))
    metadata = WRITTEN | {"GuestCustomization": "none"}
    ceremony = world.asked_for(a_written_wish(recovery_point=point, metadata=metadata))
    first = ceremony.bell()
    ceremony.says("maria")
    ceremony.bell(after=first)
    ceremony.says("sana")
    assert ceremony.end()[1] == "failed"
    closed = world.kept(ceremony.request).last(EntryKind.CLOSED) or {}
    assert "Unrecognized key: guestcustomization" in closed["reason"]
    assert len(_jobs(point)) == before


def _jobs(point: str) -> list[dict[str, Any]]:
    jobs = client("backup", PAYMENTS_ACCOUNT).list_restore_jobs()["RestoreJobs"]
    return [job for job in jobs if job["RecoveryPointArn"] == point]
