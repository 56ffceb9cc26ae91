"""What deletes or calls out after a restore, from asking to its end, with DynamoDB, S3 and AWS Backup of the sandbox.

The services, the decision and the adapters are those of the product, and each call is made under the role that the
member stack has for it, narrowed for the one act. Sources: Amazon DynamoDB API Reference, UpdateTimeToLive; Amazon S3
API Reference, PutBucketLifecycleConfiguration, PutBucketNotificationConfiguration and PutBucketReplication.
"""

import json
from copy import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from sandbox.clients import client, session_client
from strongroom.adapters.aws.restores.asked_settings import MemberSettings, MemberSettingStarter
from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.asked.deciding import AfterWish
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.left_off.steps import AskedStep
from strongroom.domain.restores.session_policy import setting_session_policy
from strongroom.domain.restores.source_identity import Behalf, source_identity
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.starting.start_restore import RestoreStartNeeds, start_restore
from strongroom.services.restores.acting.tag_restored import tag_restored
from strongroom.services.restores.asking.show_restores import show_restore
from tests.builders.deciding.afterwards import a_replicated_request, an_after_request
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


FAR: Final = "shop-docs-far-2f9d"
REPLICATING: Final = f"arn:aws:iam::{OWNER}:role/replicates"
QUEUE: Final = f"arn:aws:sqs:{HOME}:{OWNER}:uploads"
NOTIFIED: Final[dict[str, Any]] = {
    "QueueConfigurations": [
        {
            "Id": "up",
            "QueueArn": QUEUE,
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
        }
    ],
    "EventBridgeConfiguration": {},
}
REPLICATED: Final[dict[str, Any]] = {
    "Role": REPLICATING,
    "Rules": [
        {
            "ID": "far",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::{FAR}"},
        }
    ],
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

    def carried_out(self, of: str, step: AskedStep, *approvers: str) -> str:
        """The request from asking to its end; its id."""
        request_id = self.open_after(of, AfterWish(step=step, reason="as it was"))
        self.read_ticket(request_id)
        for name in approvers or ("maria",):
            self.sign(request_id, name)
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
    key = kinds._shared_key(OWNER, HOME)  # noqa: SLF001
    profile = AccountProfile(account=OWNER, region=HOME, keys=(key,), roles=(REPLICATING,))
    proving = a_proving_intent(intent)
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    return with_restores(
        proving,
        profiles=(profile,),
        rules=(*ceremony_of(proving).restores.rules, grave),
        limits=RestoreLimits(replication_role="elevated"),
    )


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
    _call_and_replicate(_name(night.resources["S3"]))
    backup = client("backup", OWNER)
    backup.create_backup_vault(BackupVaultName=LOCAL_NAME, EncryptionKeyArn=night.keys[OWNER])
    by_account = {"AWS": f"arn:aws:iam::{OWNER}:root"}
    for name, role in (
        ("strongroom-restore", "RestoreRole"),
        ("strongroom-restore-after", "RestoreAfterRole"),
        (ASKED, "RestoreAskedRole"),
    ):
        lent = json.dumps(kinds.member_policies(role)).replace(kinds.GIVEN["ReplicationRoleArns"], REPLICATING)
        kinds._role(name, json.loads(lent), by_account)  # noqa: SLF001
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


def _call_and_replicate(bucket: str) -> None:
    """The bucket tells a queue of what is uploaded, and is replicated into another Region."""
    for_s3 = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [for_s3 | {"Resource": QUEUE}]}
    client("sqs", OWNER).create_queue(QueueName="uploads", Attributes={"Policy": json.dumps(policy)})
    kinds._role("replicates", [], {"Service": "s3.amazonaws.com"})  # noqa: SLF001
    client("s3", OWNER, "eu-central-1").create_bucket(
        Bucket=FAR, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    s3 = client("s3", OWNER)
    for name in (FAR, bucket):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=NOTIFIED)
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=REPLICATED)


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
    assert _listed(world, of) == {
        "lifecycle": ("done", request),
        "notifications": ("", ""),
        "replication": ("", ""),
    }
    sealed = world.kept(request).sealed.request
    assert sealed.risk_sentences[0].startswith('Rule "old", objects with {"Prefix":"old/"}: S3 deletes them 30 days')


def test_a_restored_bucket_calls_nobody_until_that_is_asked_for_and_then_whom_the_original_calls(
    night: Any, points: dict[str, str], world: AskedWorld
) -> None:
    of = world.restored(world.wish(night.resources["S3"], points["S3"], "back-notified-2f9d"))
    s3 = client("s3", OWNER)
    told = s3.get_bucket_notification_configuration(Bucket="back-notified-2f9d")
    assert not {"QueueConfigurations", "EventBridgeConfiguration"} & set(told)
    request = world.carried_out(of, AskedStep.NOTIFICATIONS)
    found, original = (
        s3.get_bucket_notification_configuration(Bucket=name)
        for name in ("back-notified-2f9d", _name(night.resources["S3"]))
    )
    for name in NOTIFIED:
        assert found[name] == original[name]
    first = world.kept(request).sealed.request.risk_sentences[0]
    assert first == (
        f'S3 sends a message to the queue {QUEUE} at each s3:ObjectCreated:* of objects with prefix "in/".'
    )


def test_a_restored_bucket_is_replicated_by_the_stricter_rule_and_under_the_role_that_is_lent(
    night: Any, points: dict[str, str], world: AskedWorld
) -> None:
    of = world.restored(world.wish(night.resources["S3"], points["S3"], "back-copied-2f9d"))
    s3 = client("s3", OWNER)
    s3.put_bucket_versioning(Bucket="back-copied-2f9d", VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(RestoreRefusedError, match="back-copied-2f9d keeps no versions"):
        world.open_after(of, AfterWish(step=AskedStep.REPLICATION, reason="as it was"))
    s3.put_bucket_versioning(Bucket="back-copied-2f9d", VersioningConfiguration={"Status": "Enabled"})
    request = world.carried_out(of, AskedStep.REPLICATION, "maria", "sana")
    found = s3.get_bucket_replication(Bucket="back-copied-2f9d")["ReplicationConfiguration"]
    assert found == s3.get_bucket_replication(Bucket=_name(night.resources["S3"]))["ReplicationConfiguration"]
    sealed = world.kept(request).sealed.request
    assert (sealed.risks, sealed.original) == (("elevated",), ((f"{FAR} lies in", "eu-central-1"),))


def test_attack_20_the_session_of_a_bucket_passes_s3_no_other_role(night: Any, points: dict[str, str]) -> None:
    kinds._role("replicates-more", [], {"Service": "s3.amazonaws.com"})  # noqa: SLF001
    bucket, setting = _name(night.resources["S3"]), json.dumps(REPLICATED)
    request = a_replicated_request(
        account=OWNER, resource=night.resources["S3"], metadata=(("ReplicationConfiguration", setting),)
    )
    lent = Setters().client(
        "s3",
        account=OWNER,
        region=HOME,
        behalf=Behalf(subject="idp|omar", ticket="r-1", request_id="r-2"),
        policy=setting_session_policy(request),
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.put_bucket_replication(
            Bucket=bucket, ReplicationConfiguration=REPLICATED | {"Role": f"{REPLICATING}-more"}
        )
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=NOTIFIED)
    lent.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=REPLICATED)


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
