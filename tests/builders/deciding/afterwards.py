"""A table and a bucket that were restored, and what is asked for after that: with any detail changed."""

import json
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from strongroom.domain.canonical import canonical_text
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile, RestoreLimits
from strongroom.domain.restores.asked.deciding import AfterWish
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
from tests.builders.intents import with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, POLICY, RESTORE_KEY, a_proving_intent, a_recovery_point, a_request, a_wish

TABLE: Final = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
TABLE_POINT: Final = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:table-1"
RESTORED_TABLE: Final = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders-0200"
TTL: Final = CALLS[AskedStep.TIME_TO_LIVE].call
STREAM: Final = CALLS[AskedStep.STREAM].call
LIFECYCLE: Final = CALLS[AskedStep.LIFECYCLE].call
NOTIFICATIONS: Final = CALLS[AskedStep.NOTIFICATIONS].call
REPLICATION: Final = CALLS[AskedStep.REPLICATION].call
DOCS: Final = "arn:aws:s3:::shop-docs"
BUCKET_POINT: Final = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:bucket-1"
RESTORED_BUCKET: Final = "arn:aws:s3:::shop-docs-restored"
EXPIRES: Final = {"TimeToLiveSpecification": '{"AttributeName":"expires","Enabled":true}'}
STREAMED: Final = {"StreamSpecification": '{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}'}
UPLOADS: Final = f"arn:aws:sqs:{HOME}:{PAYMENTS}:uploads"
NOTIFIED: Final = {
    "NotificationConfiguration": (
        f'{{"QueueConfigurations":[{{"Events":["s3:ObjectCreated:*"],"Id":"up","QueueArn":"{UPLOADS}"}}]}}'
    )
}
REPLICATING: Final = f"arn:aws:iam::{PAYMENTS}:role/replicates"
REPLICATED: Final = {
    "ReplicationConfiguration": (
        f'{{"Role":"{REPLICATING}","Rules":[{{"DeleteMarkerReplication":{{"Status":"Disabled"}},'
        '"Destination":{"Bucket":"arn:aws:s3:::shop-docs-far"},"Filter":{"Prefix":""},"ID":"far","Priority":1,'
        '"Status":"Enabled"}]}'
    )
}
FAR: Final = (("shop-docs-far lies in", "us-east-1"),)
ASKED_ROLE: Final = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-asked"


def a_table_intent(intent: Intent) -> Intent:
    """The example, in whose account of the payments tables are restored."""
    profile = AccountProfile(account=AccountId(PAYMENTS), region=Region(HOME), keys=(RESTORE_KEY,))
    return with_restores(a_proving_intent(intent), profiles=(profile,))


def a_bucket_intent(intent: Intent, *, lends: bool = False, limits: RestoreLimits | None = None) -> Intent:
    """The same of buckets, with an approver more for what is grave, and a role that is lent to replication or not."""
    proving = a_proving_intent(intent)
    grave = ApprovalRule(unit="Production", group="approvers", needed=1, risks=("elevated",))
    profile = AccountProfile(
        account=AccountId(PAYMENTS), region=Region(HOME), keys=(RESTORE_KEY,), roles=(REPLICATING,)
    )
    return with_restores(
        proving,
        profiles=(profile,),
        rules=(*ceremony_of(proving).restores.rules, grave),
        limits=limits or RestoreLimits(replication_role="elevated" if lends else "never"),
    )


def with_stricter_rule() -> str:
    """The rules of a request, of which one is for what is grave."""
    rules = json.loads(POLICY)
    rules["rules"].append({"group": "approvers", "needed": 1, "when": {"risks": ["elevated"]}})
    return canonical_text(rules)


def a_bucket_point(**changes: Any) -> RecoveryPoint:
    """A backup of shop-docs."""
    made = a_recovery_point(
        arn=BUCKET_POINT,
        resource=DOCS,
        resource_type="S3",
        encryption_key=RESTORE_KEY,
        restore_metadata={},
    )
    return replace(made, **changes)


def a_bucket_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for shop-docs of 02:00."""
    return a_wish(**{"recovery_point": BUCKET_POINT, "target_name": "shop-docs-restored", **changes})


def a_table_point(**changes: Any) -> RecoveryPoint:
    """A backup of orders."""
    made = a_recovery_point(
        arn=TABLE_POINT,
        resource=TABLE,
        resource_type="DynamoDB",
        encryption_key=RESTORE_KEY,
        restore_metadata={"encryptionType": "Default", "originalTableName": "orders", "targetTableName": "orders"},
    )
    return replace(made, **changes)


def a_table_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for orders of 02:00."""
    return a_wish(**{"recovery_point": TABLE_POINT, "target_name": "orders-0200", **changes})


def an_after_wish(**changes: Any) -> AfterWish:
    """Omar wants items to be deleted again as they expire."""
    made = AfterWish(step=AskedStep.TIME_TO_LIVE, reason="carts must not pile up")
    return replace(made, **changes)


def an_after_request(**changes: Any) -> RestoreRequest:
    """Time to live of orders-0200, an hour after it was restored."""
    made = a_request(
        id="r-bcdefghj2345",
        kind="after",
        call=TTL,
        of="r-abcdefgh2345",
        of_closed="a" * 64,
        of_restored_at=NOW - timedelta(hours=1),
        resource=RESTORED_TABLE,
        resource_type="DynamoDB",
        recovery_point=TABLE_POINT,
        recovery_point_created_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        target_name="orders-0200",
        metadata=tuple(EXPIRES.items()),
        original=(),
        role=ASKED_ROLE,
        key="",
        ticket="",
    )
    return replace(made, **changes)


def a_bucket_request(**changes: Any) -> RestoreRequest:
    """The rules of a bucket that was restored, of which one deletes what is old."""
    rules = '{"Rules":[{"Expiration":{"Days":30},"Filter":{"Prefix":"old/"},"ID":"old","Status":"Enabled"}]}'
    usual = {
        "call": LIFECYCLE,
        "resource": RESTORED_BUCKET,
        "resource_type": "S3",
        "target_name": "shop-docs-restored",
        "metadata": (("LifecycleConfiguration", rules),),
    }
    return an_after_request(**usual | changes)


def a_notified_request(**changes: Any) -> RestoreRequest:
    """A queue of the account that is told of each upload into the bucket."""
    return a_bucket_request(**{"call": NOTIFICATIONS, "metadata": tuple(NOTIFIED.items())} | changes)


def a_replicated_request(**changes: Any) -> RestoreRequest:
    """The bucket is to be replicated into one of the account that lies in another Region."""
    usual = {
        "call": REPLICATION,
        "metadata": tuple(REPLICATED.items()),
        "original": FAR,
    }
    return a_bucket_request(**usual | changes)
