"""Promises, recovery points, vaults and jobs of one night in the payments account, with one thing changed."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, MadeBy, RecoveryPointFound, VaultFound
from strongroom.domain.copies.origins import Origin
from strongroom.domain.copies.promises import Promise
from strongroom.domain.intent.destinations import Lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import ONLY_RULE, rules_of
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS

RESOURCE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments"
SOURCE = f"arn:aws:rds:{HOME}:{PAYMENTS}:snapshot:awsbackup:job-1"
COPY = f"arn:aws:rds:{HOME}:{BACKUP_ACCOUNT}:snapshot:awsbackup:copyjob-1"
KEY = f"arn:aws:kms:{HOME}:{BACKUP_ACCOUNT}:key/central"
PLAN = f"arn:aws:backup:{HOME}:{PAYMENTS}:backup-plan:orgs/11111111-2222-3333-4444-555555555555"
CONTINUOUS = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:continuous:db-abcdefghij-1a2b3c4d"
BY_PLAN = MadeBy(plan=PLAN)

CREATED_AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
COMPLETED_AT = datetime(2026, 9, 1, 2, 10, tzinfo=UTC)
DEADLINE = COMPLETED_AT + timedelta(hours=4)
IN_TIME = COMPLETED_AT + timedelta(hours=1)
DUE_AT = DEADLINE + timedelta(minutes=10)
TOO_LATE = DEADLINE + timedelta(minutes=15)


def a_promise(**changes: Any) -> Promise:
    promise = Promise(
        recovery_point=SOURCE,
        destination=CENTRAL_VAULT,
        account=PAYMENTS,
        region=HOME,
        source_vault=LOCAL_VAULT,
        resource=RESOURCE,
        tier="daily-prod",
        rule=ONLY_RULE,
        lifecycle=Lifecycle(retention_days=2555),
        created_at=CREATED_AT,
        deadline=DEADLINE,
        due_at=DUE_AT,
    )
    return replace(promise, **changes)


def an_origin(intent: Intent, tier: str = "daily-prod") -> Origin:
    """A tier of one rule as the origin of a backup."""
    (rule,) = rules_of(intent.tiers[tier])
    return Origin(tier=tier, rule=rule)


def a_source(**changes: Any) -> RecoveryPointFound:
    point = RecoveryPointFound(
        arn=SOURCE,
        vault=LOCAL_VAULT,
        resource=RESOURCE,
        status="COMPLETED",
        encryption_key=f"arn:aws:kms:{HOME}:{PAYMENTS}:key/local",
        retention_days=35,
        created_at=CREATED_AT,
        completed_at=COMPLETED_AT,
        made_by=BY_PLAN,
    )
    return replace(point, **changes)


def a_copy(**changes: Any) -> RecoveryPointFound:
    copy = replace(a_source(), arn=COPY, vault=CENTRAL_VAULT, encryption_key=KEY, retention_days=2555)
    return replace(copy, **changes)


def a_vault(**changes: Any) -> VaultFound:
    vault = VaultFound(
        arn=CENTRAL_VAULT, encryption_key=KEY, is_locked=True, min_retention_days=30, max_retention_days=2555
    )
    return replace(vault, **changes)


def a_copy_job(**changes: Any) -> CopyJob:
    job = CopyJob(
        id="copy-1",
        state="COMPLETED",
        recovery_point=SOURCE,
        source_vault=LOCAL_VAULT,
        destination=CENTRAL_VAULT,
        destination_recovery_point=COPY,
        created_at=COMPLETED_AT,
        message=None,
    )
    return replace(job, **changes)


def a_backup_job(**changes: Any) -> BackupJob:
    job = BackupJob(
        id="backup-1",
        state="COMPLETED",
        account=PAYMENTS,
        region=HOME,
        vault=LOCAL_VAULT,
        resource=RESOURCE,
        recovery_point=SOURCE,
        created_at=CREATED_AT,
        message=None,
        made_by=BY_PLAN,
    )
    return replace(job, **changes)
