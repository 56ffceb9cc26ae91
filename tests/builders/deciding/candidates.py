"""Recovery points as lists tell them, and what events tell of their scans, with any detail changed."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.candidates.model import ListedPoint
from strongroom.domain.restores.choosing.kept import KeptCandidates, KeptRow, KeptWay, Unread
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.scans.judging import ScanNotice
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT

TWO_O_CLOCK = NOW.replace(hour=2, minute=0)
BEFORE = NOW.replace(hour=14, minute=0)
GIB = 2**30


def a_listed_point(**changes: Any) -> ListedPoint:
    """The 02:00 recovery point in the local vault, of a database of 100 GiB."""
    made = ListedPoint(
        arn=POINT,
        vault=LOCAL_VAULT,
        resource=DATABASE,
        resource_type="RDS",
        created_at=TWO_O_CLOCK,
        status="COMPLETED",
        is_cold=False,
        completed_at=TWO_O_CLOCK + timedelta(minutes=10),
        expires_at=NOW + timedelta(days=35),
        kept_for_days=35,
        size=100 * GIB,
    )
    return replace(made, **changes)


def a_listed_copy(**changes: Any) -> ListedPoint:
    """Its copy in the central vault."""
    copied_at: datetime = TWO_O_CLOCK + timedelta(minutes=30)
    copied = {"arn": CENTRAL_POINT, "vault": CENTRAL_VAULT, "source_vault": LOCAL_VAULT, "completed_at": copied_at}
    return a_listed_point(**(copied | changes))


def a_scan_notice(**changes: Any) -> ScanNotice:
    """Malware was found in the 02:00 recovery point, just now."""
    made = ScanNotice(
        account=AccountId(PAYMENTS),
        region=Region(HOME),
        recovery_point=POINT,
        vault=LOCAL_VAULT,
        resource=DATABASE,
        says=Scan.THREATS,
        told_at=NOW,
    )
    return replace(made, **changes)


def a_kept_way(**changes: Any) -> KeptWay:
    """Out of the local vault, in about a quarter of an hour."""
    made = KeptWay(recovery_point=POINT, vault=LOCAL_VAULT, plan="local", storage="WARM", minutes=15)
    return replace(made, **changes)


def a_kept_row(**changes: Any) -> KeptRow:
    """The backup of 02:00, in both vaults."""
    central = a_kept_way(recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT, plan="copy-back", minutes=42)
    made = KeptRow(
        ways=(a_kept_way(), central),
        scan="never",
        instant=TWO_O_CLOCK,
        minutes_lost=720,
        verified=True,
        marks=("least loss", "soonest"),
    )
    return replace(made, **changes)


def kept_candidates(**changes: Any) -> KeptCandidates:
    """One row for 14:00, and a list that could not be read."""
    unread = (Unread(vault=REPLICA_VAULT, reason="there is no such vault"),)
    return replace(KeptCandidates(before=BEFORE, rows=(a_kept_row(),), more=3, unread=unread), **changes)
