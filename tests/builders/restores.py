"""A restore request and what surrounds it, with any detail changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.landing import LandingVault
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.steps import ApprovalClosed, TicketRead
from strongroom.domain.restores.tickets import Ticket
from strongroom.domain.restores.votes import Decision, Vote, VoteState
from tests.builders.places import BACKUP_ACCOUNT, HOME, LOCAL_VAULT, PAYMENTS

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments-db"
POINT = f"arn:aws:rds:{HOME}:{PAYMENTS}:snapshot:awsbackup:job-1"
CENTRAL_POINT = f"arn:aws:rds:{HOME}:{BACKUP_ACCOUNT}:snapshot:awsbackup:copyjob-1"
RESTORED = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments-db-0200"
WORKLOAD_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/workload"
LOCAL_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/local-vault"
# What AWS Backup tells of an instance with Multi-AZ, as public records show it.
RDS_METADATA = {
    "AllocatedStorage": "100",
    "AvailabilityZone": "eu-west-1a",
    "DBInstanceClass": "db.t3.small",
    "DBParameterGroupName": "pg16-payments",
    "DBSnapshotIdentifier": "awsbackup:job-1",
    "DBSubnetGroupName": "prod-db",
    "DeletionProtection": "true",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "InformationalOnly:KmsKeyId": WORKLOAD_KEY,
    "Iops": "3000",
    "LicenseModel": "postgresql-license",
    "MultiAZ": "true",
    "OptionGroupName": "default:postgres-16",
    "Port": "0",
    "PubliclyAccessible": "true",
    "StorageThroughput": "125",
    "StorageType": "gp3",
    "VpcSecurityGroupIds": '["sg-0prod"]',
    "aws:backup:request-id": "1-2",
}
RULES = (ApprovalRule(unit="Production", group="approvers", needed=1),)


def a_request(**changes: Any) -> RestoreRequest:
    """Omar asks for payments-db of 02:00."""
    made = RestoreRequest(
        id="r-abcdefgh2345",
        requester="omar",
        account=PAYMENTS,
        region=HOME,
        unit="Production",
        resource=DATABASE,
        resource_type="RDS",
        recovery_point=POINT,
        recovery_point_created_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        vault=LOCAL_VAULT,
        plan=RestorePlan.LOCAL,
        target_name="payments-db-0200",
        metadata=(("DBInstanceClass", "db.t3.small"), ("DBInstanceIdentifier", "payments-db-0200")),
        ticket="OPS-123",
        reason="UPDATE without WHERE at 14:00",
        rules=RULES,
        intent_digest="0" * 64,
        requested_at=NOW,
        approval_expires_at=NOW + timedelta(hours=4),
        execution_expires_after=timedelta(hours=1),
        key=WORKLOAD_KEY,
    )
    return replace(made, **changes)


def a_recovery_point(**changes: Any) -> RecoveryPoint:
    """The 02:00 recovery point in the local vault."""
    made = RecoveryPoint(
        arn=POINT,
        vault=LOCAL_VAULT,
        resource=DATABASE,
        resource_type="RDS",
        created_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        status="COMPLETED",
        is_cold=False,
        encryption_key=WORKLOAD_KEY,
        restore_metadata=RDS_METADATA,
    )
    return replace(made, **changes)


def a_landing_vault(**changes: Any) -> LandingVault:
    """The local vault, without a lock."""
    return replace(LandingVault(encryption_key=LOCAL_KEY, min_days=None, max_days=None), **changes)


def a_ticket(**changes: Any) -> Ticket:
    """Chiara approved OPS-123, which names the account."""
    made = Ticket(
        key="OPS-123",
        status="Approved",
        approver="chiara",
        text="Restore payments-db to 02:00",
        labels=(PAYMENTS,),
    )
    return replace(made, **changes)


def a_vote(person: str = "maria", **changes: Any) -> Vote:
    """A counted approval."""
    made = Vote(
        person=person,
        decision=Decision.APPROVE,
        state=VoteState.COUNTED,
        reason="proven by mfa",
        cast_at=NOW,
        methods=("mfa",),
        authenticated_at=NOW,
    )
    return replace(made, **changes)


def a_ticket_read(**changes: Any) -> TicketRead:
    """OPS-123 entitled to the restore, on Chiara's word."""
    made = TicketRead(ticket="OPS-123", status="Approved", approver="chiara", reason="-", digest="d", execution="arn:e")
    return replace(made, **changes)


def an_approval_closed(**changes: Any) -> ApprovalClosed:
    """Maria approved."""
    made = ApprovalClosed(decision="approved", reason="approved by maria", people="maria", digest="d", at=NOW)
    return replace(made, **changes)
