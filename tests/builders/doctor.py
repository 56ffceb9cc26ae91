"""What the doctor finds where all is well; tests change one thing and look what it says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.doctor.found import (
    BusFound,
    JobFound,
    LogFound,
    RuleFound,
    VaultContent,
    VaultedPoint,
)
from strongroom.domain.evidence.log.notes import Note, note_text
from strongroom.domain.evidence.log.proofs import Checkpoint
from strongroom.domain.rollout.surroundings.keys import KeyFound
from strongroom.domain.rollout.surroundings.trails import TrailFound
from tests.builders.places import BACKUP_ACCOUNT, BUS, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.proving.ceremony import LOG_ORIGIN, THE_LOG, THE_WITNESS, NoteSigner

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ORGANIZATION = "o-strongroom1"
KEY = f"arn:aws:kms:{HOME}:{BACKUP_ACCOUNT}:key/central"
DEAD_LETTERS = f"arn:aws:sqs:{HOME}:{PAYMENTS}:dead-letters"
OPEN_QUEUE = f"arn:aws:sqs:{HOME}:{BACKUP_ACCOUNT}:verify-copy"
COPYING = ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant"]


def a_statement(action: Any, **changed: Any) -> dict[str, Any]:
    """A statement that grants to the organisation."""
    return {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
    } | changed


def a_key(**changed: Any) -> KeyFound:
    """A customer key that the organisation may copy with."""
    found = {"arn": KEY, "manager": "CUSTOMER", "state": "Enabled", "statements": (a_statement(COPYING),)}
    return KeyFound(**found | changed)


def a_checkpoint(*signers: NoteSigner, at: datetime = NOW - timedelta(hours=1), origin: str = LOG_ORIGIN) -> str:
    """A signed checkpoint, by log and witness if nobody is named."""
    text = Checkpoint(origin=origin, size=7, root=bytes(32)).text
    return note_text(Note(text=text, lines=tuple(each.sign(text, at=at) for each in signers or (THE_LOG, THE_WITNESS))))


def a_log(**changed: Any) -> LogFound:
    """A log at work, whose newest piece of evidence was put just before its newest checkpoint."""
    found: dict[str, Any] = {
        "state": "Active",
        "checkpoint": a_checkpoint(),
        "newest": NOW - timedelta(minutes=61),
    }
    return LogFound(**found | changed)


def a_trail(**changed: Any) -> TrailFound:
    """A trail of the organisation that sees everything."""
    found: dict[str, Any] = {
        "name": "organization",
        "is_of_organization": True,
        "is_of_every_region": True,
        "is_logging": True,
        "logs_reads_and_writes": True,
        "excluded": frozenset(),
    }
    return TrailFound(**found | changed)


def a_rule(name: str = "strongroom-forwarder", **changed: Any) -> RuleFound:
    """A forwarding rule at work."""
    found: dict[str, Any] = {
        "name": name,
        "is_enabled": True,
        "targets": (BUS,),
        "dead_letters": {DEAD_LETTERS: 0},
    }
    return RuleFound(**found | changed)


def a_bus(**changed: Any) -> BusFound:
    """A bus of the organisation with one rule that fills one queue."""
    filled = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    found: dict[str, Any] = {
        "statements": (a_statement("events:PutEvents"),),
        "rules": (a_rule("copies", targets=(OPEN_QUEUE,)),),
        "queues": {OPEN_QUEUE: (filled,)},
    }
    return BusFound(**found | changed)


def a_point(arn: str = "arn:aws:backup:eu-west-1:222222222222:recovery-point:1", **changed: Any) -> VaultedPoint:
    """Yesterday's backup of a database by a plan."""
    found: dict[str, Any] = {
        "arn": arn,
        "type": "RDS",
        "status": "COMPLETED",
        "key": KEY,
        "plan_name": "strongroom-daily-prod",
        "is_by_plan": True,
        "created_at": NOW - timedelta(days=1),
        "delete_at": NOW + timedelta(days=34),
    }
    return VaultedPoint(**found | changed)


def a_vault(*points: VaultedPoint, **changed: Any) -> VaultContent:
    """A vault with these recovery points."""
    return VaultContent(**{"arn": LOCAL_VAULT, "key": KEY, "points": points} | changed)


def a_job(kind: str = "backup", **changed: Any) -> JobFound:
    """Yesterday's job of a plan, which completed."""
    found: dict[str, Any] = {
        "kind": kind,
        "type": "RDS",
        "state": "COMPLETED",
        "account": PAYMENTS,
        "created_at": NOW - timedelta(days=1),
        "ended_at": NOW - timedelta(hours=23),
        "is_by_plan": True,
        "vault": LOCAL_VAULT,
        "point": a_point().arn,
    }
    return JobFound(**found | changed)
