"""What deletes or calls out after a restore, from asking to its end, with DynamoDB, S3 and AWS Backup of the sandbox.

The services, the decision and the adapters are those of the product, and each call is made under the role that the
member stack has for it, narrowed for the one act. Sources: Amazon DynamoDB API Reference, UpdateTimeToLive; Amazon S3
API Reference, PutBucketLifecycleConfiguration.
"""

from copy import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, session_client
from strongroom.adapters.aws.restores.asked_settings import MemberSettings, MemberSettingStarter
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.asked.deciding import AfterWish
from strongroom.domain.restores.left_off.steps import AskedStep
from strongroom.domain.restores.session_policy import setting_session_policy
from strongroom.domain.restores.source_identity import Behalf, source_identity
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds, start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.deciding.afterwards import an_after_request
from tests.builders.intents import with_restores
from tests.builders.places import HOME, LOCAL_NAME
from tests.builders.restores import a_proving_intent
from tests.integration.backup_service import test_kinds_through_the_ceremony as kinds

OWNER: Final = kinds.OWNER
ASKED: Final = "strongroom-restore-asked"
RULES: Final = {
    "Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 30}},
        {
            "ID": "parts",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "parts/", "Tags": [{"Key": "kind", "Value": "part"}]}},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
}


class Setters:
    """Clients in the account under the role for what is asked for, as the member stack has it, and narrowed."""

    def client(self, service: str, *, account: str, region: str, behalf: Behalf, policy: str) -> Any:
        lent = client("sts", account).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/strongroom/{ASKED}",
            RoleSessionName=behalf.request_id,
            Policy=policy,
            SourceIdentity=source_identity(behalf.subject),
            Tags=[{"Key": "ticket", "Value": behalf.ticket}],
        )
        return session_client(service, lent["Credentials"], region)


class AskedWorld(kinds.RealWorld):
    """The ceremony around the settings of what was restored."""

    def __init__(self, intent: Intent, night: Any) -> None:
        super().__init__(intent, night.settle)
        self.settings = MemberSettings(kinds.Members())  # type: ignore[assignment]
        self.now += timedelta(minutes=5)  # what is made meanwhile is made before it is restored

    @property
    def restoring(self) -> RestoreStartNeeds:
        needs = super().restoring
        return replace(needs, starter=MemberSettingStarter(Setters(), settings=self.settings, otherwise=needs.starter))

    def carried_out(self, of: str, step: AskedStep) -> str:
        """The request from asking to its end; its id."""
        request_id = self.open_after(of, AfterWish(step=step, reason="as it was"))
        self.read_ticket(request_id)
        self.sign(request_id, "maria")
        execution = self.execution(request_id)
        start_restore(request_id, execution=execution, needs=self.restoring, now=self.now)
        found = check_restore(request_id, execution=execution, needs=self.checking_restore, now=self.now)
        assert found.state == "completed", found
        tag_restored(request_id, execution=execution, needs=self.tagging, now=self.now)
        assert self.close(request_id, reason="").outcome == "restored"
        return request_id


@pytest.fixture(scope="module")
def restoring(night: Any, intent: Intent) -> Intent:
    """The example, with a profile that has a key of the account."""
    profile = AccountProfile(account=OWNER, region=HOME, keys=(kinds._shared_key(OWNER, HOME),))  # noqa: SLF001
    return with_restores(a_proving_intent(intent), profiles=(profile,))


@pytest.fixture(scope="module")
def points(night: Any) -> dict[str, str]:
    """A recovery point of a table that has time to live, and of a bucket that has rules, by kind."""
    client("dynamodb", OWNER).update_time_to_live(
        TableName=_name(night.resources["DynamoDB"]),
        TimeToLiveSpecification={"AttributeName": "expires", "Enabled": True},
    )
    client("s3", OWNER).put_bucket_lifecycle_configuration(
        Bucket=_name(night.resources["S3"]), LifecycleConfiguration=RULES
    )
    backup = client("backup", OWNER)
    backup.create_backup_vault(BackupVaultName=LOCAL_NAME, EncryptionKeyArn=night.keys[OWNER])
    by_account = {"AWS": f"arn:aws:iam::{OWNER}:root"}
    for name, role in (
        ("strongroom-restore", "RestoreRole"),
        ("strongroom-restore-after", "RestoreAfterRole"),
        (ASKED, "RestoreAskedRole"),
    ):
        kinds._role(name, kinds.member_policies(role), by_account)  # noqa: SLF001
    job_policies = kinds.member_policies("RestoreJobRole")
    kinds._role("strongroom-restore-job", job_policies, {"Service": "backup.amazonaws.com"})  # noqa: SLF001
    jobs = {
        kind: backup.start_backup_job(
            BackupVaultName=LOCAL_NAME, ResourceArn=night.resources[kind], IamRoleArn=night.role_arn
        )
        for kind in ("DynamoDB", "S3")
    }
    night.settle()
    done = {kind: backup.describe_backup_job(BackupJobId=job["BackupJobId"]) for kind, job in jobs.items()}
    return {kind: job["RecoveryPointArn"] for kind, job in done.items()}


@pytest.fixture
def world(night: Any, restoring: Intent) -> AskedWorld:
    """A ceremony of its own."""
    return AskedWorld(restoring, night)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]


def _listed(world: AskedWorld, of: str) -> dict[str, tuple[str, str]]:
    shown = show_restore(of, needs=world.showing, now=world.now)
    return {each.asked: (each.outcome, each.request) for each in shown.checklist if each.asked}


def test_time_to_live_is_off_until_it_is_asked_for_and_then_as_it_was(
    night: Any, points: dict[str, str], world: AskedWorld
) -> None:
    of = world.restored(world.wish(night.resources["DynamoDB"], points["DynamoDB"], "back-orders"))
    dynamodb = client("dynamodb", OWNER)
    told = dynamodb.describe_time_to_live(TableName="back-orders")["TimeToLiveDescription"]
    assert told["TimeToLiveStatus"] == "DISABLED"
    assert _listed(world, of) == {"time-to-live": ("", ""), "stream": ("", "")}
    request = world.carried_out(of, AskedStep.TIME_TO_LIVE)
    told = dynamodb.describe_time_to_live(TableName="back-orders")["TimeToLiveDescription"]
    assert (told["TimeToLiveStatus"], told["AttributeName"]) == ("ENABLED", "expires")
    assert _listed(world, of) == {"time-to-live": ("done", request), "stream": ("", "")}
    created = (world.kept(of).last(EntryKind.RESTORED) or {})["created"]
    assert (world.kept(request).last(EntryKind.RESTORED) or {})["created"] == created


def test_lifecycle_rules_are_off_until_they_are_asked_for_and_then_as_they_were(
    night: Any, points: dict[str, str], world: AskedWorld
) -> None:
    of = world.restored(world.wish(night.resources["S3"], points["S3"], "back-objects-2f9d"))
    s3 = client("s3", OWNER)
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket="back-objects-2f9d")
    request = world.carried_out(of, AskedStep.LIFECYCLE)
    found, original = (
        s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
        for name in ("back-objects-2f9d", _name(night.resources["S3"]))
    )
    assert found == original
    assert _listed(world, of) == {"lifecycle": ("done", request)}
    sealed = world.kept(request).sealed.request
    assert sealed.risk_sentences[0].startswith('Rule "old", objects with {"Prefix":"old/"}: S3 deletes them 30 days')


def test_attack_20_the_session_of_one_table_sets_nothing_on_another_and_nothing_else_on_it(
    night: Any, points: dict[str, str]
) -> None:
    made = night.resources["DynamoDB"]
    request = an_after_request(account=OWNER, resource=made)
    lent = Setters().client(
        "dynamodb",
        account=OWNER,
        region=HOME,
        behalf=Behalf(subject="idp|omar", ticket="r-1", request_id="r-2"),
        policy=setting_session_policy(request),
    )
    off = {"AttributeName": "expires", "Enabled": False}
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.update_time_to_live(TableName="another", TimeToLiveSpecification=off)
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.delete_table(TableName=_name(made))
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.update_table(TableName=_name(made), DeletionProtectionEnabled=False)
