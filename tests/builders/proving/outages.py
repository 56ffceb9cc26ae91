"""A restore that two people made while the control plane was away, and what is signed about it."""

from collections.abc import Sequence
from copy import replace
from datetime import datetime, timedelta
from typing import Any

from strongroom.domain.evidence.outages import (
    OutagePart,
    OutageReport,
    make_outage_statement,
    make_report,
    outage_evidence_text,
)
from strongroom.domain.restores.jobs import RestoreJob
from tests.builders.places import HOME, OUTAGE_USERS, PAYMENTS
from tests.builders.restores import AUTHENTICATORS, NOW, POINT

JOB_ROLE = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-job"
NONCE = "AAAAAAAAAAAAAAAAAAAAAA"
MADE_AT = NOW + timedelta(seconds=30)

type Signed = tuple[str, OutagePart]

ALL: Sequence[Signed] = (
    ("ada", OutagePart.MADE),
    ("piet", OutagePart.MADE),
    ("sana", OutagePart.REVIEWED),
)


def an_outage_job(**changes: Any) -> RestoreJob:
    """The restore that Ada and Piet made in payments while the control plane was away."""
    made = RestoreJob(
        id="by-hand",
        account=PAYMENTS,
        recovery_point=POINT,
        role=JOB_ROLE,
        created_at=MADE_AT,
        status="COMPLETED",
        message="",
        created="",
        metadata={"DBInstanceIdentifier": "payments-db-0200"},
    )
    return replace(made, **changes)


def an_outage_report(**changes: Any) -> OutageReport:
    """What they tell of it."""
    told = {
        "account": PAYMENTS,
        "region": HOME,
        "job": "by-hand",
        "recovery_point": POINT,
        "role": JOB_ROLE,
        "user": OUTAGE_USERS[0],
        "incident": "INC-77",
        "reason": "the control plane was away, and payments-db was overwritten at 14:00, from Köln",
    }
    return make_report(**{**told, **changes})


def an_outage_evidence(
    by: Sequence[Signed] = ALL,
    *,
    about: OutageReport | None = None,
    signed: OutageReport | None = None,
    at: datetime = MADE_AT + timedelta(hours=1),
) -> str:
    """What is kept: the report `about` it, and what these people signed, each by a passkey, about this or another."""
    report = about or an_outage_report()
    statements = [
        (name, make_outage_statement(signed or report, part, nonce=NONCE, issued_at=at).text) for name, part in by
    ]
    return outage_evidence_text(report, [(text, AUTHENTICATORS[name].sign(text)) for name, text in statements])
