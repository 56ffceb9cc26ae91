"""A restore request and what surrounds it, with any detail changed."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.canonical import canonical_text
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.proving.break_glass import BreakGlass
from strongroom.domain.intent.proving.passkeys import Enrolment, Page, Passkey
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.arriving.landing import LandingVault
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.plans import RecoveryPoint, RestorePlan
from strongroom.domain.restores.requests import RestoreRequest, RestoreWish
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval
from strongroom.domain.written import base64url
from tests.builders.intents import with_restores
from tests.builders.places import BACKUP_ACCOUNT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_REGION, TEMPORARY_VAULT
from tests.builders.proving.signing import ORIGIN, RP_ID, Authenticator

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
DATABASE = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments-db"
POINT = f"arn:aws:rds:{HOME}:{PAYMENTS}:snapshot:awsbackup:job-1"
CENTRAL_POINT = f"arn:aws:rds:{HOME}:{BACKUP_ACCOUNT}:snapshot:awsbackup:copyjob-1"
RESTORED = f"arn:aws:rds:{HOME}:{PAYMENTS}:db:payments-db-0200"
WORKLOAD_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/workload"
RESTORE_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/restores"
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
BETWEEN_POINT = f"arn:aws:rds:{REPLICA_REGION}:{BACKUP_ACCOUNT}:snapshot:awsbackup:copyjob-5"
COPIED_POINT = f"arn:aws:rds:{HOME}:{PAYMENTS}:snapshot:awsbackup:copyjob-9"
ROLE = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-job"
# Where restores into the account of the payments lie.
PROFILE = AccountProfile(
    account=AccountId(PAYMENTS),
    region=Region(HOME),
    keys=(RESTORE_KEY,),
    db_subnet_group=("restores-db", "restores-db-2"),
    security_groups=(("sg-0a1",), ("sg-0b2",)),
    parameter_groups=("pg16-payments",),
    classes=("db.r6g.large",),
)
AUTHENTICATORS = {name: Authenticator(name=f"key of {name}") for name in ("omar", "maria", "sana", "piet", "ada")}
POLICY = canonical_text(
    {
        "format": "strongroom-policy/1",
        "groups": {"approvers": ["idp|maria", "idp|sana"], "oncall": ["idp|omar"]},
        "people": {},
        "presence_max_age": 300,
        "requesters": "oncall",
        "rules": [{"group": "approvers", "needed": 1}],
    }
)


def a_request(**changes: Any) -> RestoreRequest:
    """Omar asks for payments-db of 02:00."""
    made = RestoreRequest(
        id="r-abcdefgh2345",
        requester="idp|omar",
        account=PAYMENTS,
        region=HOME,
        unit="Production",
        tier="",
        risks=(),
        resource=DATABASE,
        resource_type="RDS",
        recovery_point=POINT,
        recovery_point_created_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        vault=LOCAL_VAULT,
        plan=RestorePlan.LOCAL,
        target_name="payments-db-0200",
        metadata=(("DBInstanceClass", "db.t3.small"), ("DBInstanceIdentifier", "payments-db-0200")),
        original=(("DBInstanceClass", "db.t3.small"),),
        role=ROLE,
        key=WORKLOAD_KEY,
        ticket="OPS-123",
        reason="UPDATE without WHERE at 14:00",
        policy=POLICY,
        intent_digest="0" * 64,
        requested_at=NOW,
        approve_before=NOW + timedelta(hours=4),
        act_before=NOW + timedelta(hours=5),
        copy_kept_for=timedelta(0),
    )
    return replace(made, **changes)


ORGANIZATION_PLAN = "arn:aws:backup:eu-west-1:222222222222:backup-plan:orgs/544033d1"


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
    """The temporary vault, without a lock."""
    made = LandingVault(arn=TEMPORARY_VAULT, encryption_key=RESTORE_KEY, min_days=None, max_days=None)
    return replace(made, **changes)


def a_local_landing(**changes: Any) -> LandingVault:
    """The local vault, which is copied back into where no profile names a key."""
    return a_landing_vault(**{"arn": LOCAL_VAULT, "encryption_key": LOCAL_KEY, **changes})


def a_ticket(**changes: Any) -> Ticket:
    """OPS-123 names the database in its field, and Chiara approved it ten minutes ago."""
    made = Ticket(
        system="jira",
        key="OPS-123",
        project="OPS",
        type="Change",
        status="Approved",
        summary="Restore payments-db to 02:00",
        description="Balances were overwritten at 14:00.",
        labels=("urgent",),
        resources=(DATABASE,),
        opens_at=None,
        closes_at=None,
        updated_at=NOW - timedelta(minutes=5),
        edited_at=None,
        approvals=(an_approval(),),
    )
    return replace(made, **changes)


def an_approval(account: str = "chiara", **changes: Any) -> TicketApproval:
    """Somebody moved the ticket to Approved."""
    made = TicketApproval(account=account, at=NOW - timedelta(minutes=10), through="changelog 20001")
    return replace(made, **changes)


def a_wish(**changes: Any) -> RestoreWish:
    """Omar wishes for payments-db of 02:00."""
    made = RestoreWish(
        account=PAYMENTS,
        recovery_point=POINT,
        target_name="payments-db-0200",
        ticket="OPS-123",
        reason="UPDATE without WHERE at 14:00",
        vault="",
        metadata={},
    )
    return replace(made, **changes)


def a_proving_intent(intent: Intent) -> Intent:
    """The example, whose people sign by the passkeys of `AUTHENTICATORS` on the page of the tests."""
    people = {
        name: replace(person, passkeys=(_enrolled(AUTHENTICATORS[name]),)) if name in AUTHENTICATORS else person
        for name, person in intent.people.items()
    }
    page = Page(rp_id=RP_ID, origins=(ORIGIN,))
    return replace(with_restores(intent, page=page, profiles=(PROFILE,)), people=people)


# Only compile reads how a passkey was enrolled.
UNREAD = Enrolment(authenticator_data="", client_data="", signature="")


def _enrolled(authenticator: Authenticator) -> Passkey:
    key = authenticator.passkey
    return Passkey(id=key.id, public_key=base64url(key.public_key), algorithm="ES256", proof=UNREAD)


def a_copy_back_job(**changes: Any) -> CopyBackJob:
    """A copy from the central into the local vault, complete."""
    made = CopyBackJob(
        id="copy-1",
        source=CENTRAL_POINT,
        destination=LOCAL_VAULT,
        state="COMPLETED",
        message="",
        recovery_point=COPIED_POINT,
        completed_at=None,
    )
    return replace(made, **changes)


def a_restore_job(**changes: Any) -> RestoreJob:
    """The restore of what Omar asked for, complete."""
    made = RestoreJob(
        id="restore-1",
        account=PAYMENTS,
        recovery_point=POINT,
        role=ROLE,
        created_at=NOW,
        status="COMPLETED",
        message="",
        created=RESTORED,
        metadata=dict(a_request().metadata),
    )
    return replace(made, **changes)


def an_urgent_intent(intent: Intent, **changes: Any) -> Intent:
    """The same, with an incident group of Ada, Piet and Omar; Sana reviews."""
    proving = a_proving_intent(intent)
    groups = ceremony_of(proving).restores.groups | {"incident": ("ada", "piet", "omar")}
    glass = BreakGlass(**{"group": "incident", "reviewers": "security"} | changes)
    return with_restores(proving, groups=groups, break_glass=glass)


def an_urgent_wish(**changes: Any) -> RestoreWish:
    """Omar cannot wait for payments-db of 02:00."""
    return a_wish(**{"ticket": "", "incident": "INC-77"} | changes)
